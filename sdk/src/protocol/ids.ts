/**
 * Ids are UUIDs. We mint version 7 (time-sortable) and accept any from clients.
 *
 * The last 16 bits of an id that we mint are zero: they are the place where the ordinal of a state goes. So a state's id tells its
 * run's id and `flow_run_states/{id}` needs no row of its own. Ids that others mint have no such room; their states get ids of their own.
 */
import * as z from 'zod'
import { MICROS_PER_MS, type Instant } from './instants.ts'

/** A source of chance: numbers in [0, 1). An argument wherever it is needed, so that everything can be replayed. */
export type Random = () => number

const uuid = () => z.guid().toLowerCase()
const branded = <Name extends string>() => uuid().brand<Name>()
// Marked as pure, so that kernel and pages, which only mint ids, carry no schemas.
export const FlowId = /* @__PURE__ */ branded<'FlowId'>()
export type FlowId = z.infer<typeof FlowId>
export const FlowRunId = /* @__PURE__ */ branded<'FlowRunId'>()
export type FlowRunId = z.infer<typeof FlowRunId>
export const TaskRunId = /* @__PURE__ */ branded<'TaskRunId'>()
export type TaskRunId = z.infer<typeof TaskRunId>
export const StateId = /* @__PURE__ */ branded<'StateId'>()
export type StateId = z.infer<typeof StateId>
export const TransitionId = /* @__PURE__ */ branded<'TransitionId'>()
export type TransitionId = z.infer<typeof TransitionId>
export const SessionId = /* @__PURE__ */ branded<'SessionId'>()
export type SessionId = z.infer<typeof SessionId>
/** Of what stands outside this server: documents, workers, leases. */
export const ForeignId = /* @__PURE__ */ uuid()

const ORDINAL_DIGITS = 4
const NO_ORDINAL = '0'.repeat(ORDINAL_DIGITS)
export const MAX_STATE_ORDINAL = 0xffff

/** A new UUIDv7 with room for a state's ordinal: 48 bits of milliseconds, 58 bits of chance, 16 zero bits. */
export function mintId(now: Instant, random: Random): string {
  const time = Math.floor(now / MICROS_PER_MS)
    .toString(16)
    .padStart(12, '0')
  const a = hex(random, 3)
  const variant = (8 + Math.floor(random() * 4)).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${variant}${hex(random, 3)}-${hex(random, 8)}${NO_ORDINAL}`
}

export const mintFlowId = (now: Instant, random: Random): FlowId => mintId(now, random) as FlowId
export const mintFlowRunId = (now: Instant, random: Random): FlowRunId => mintId(now, random) as FlowRunId
export const mintTaskRunId = (now: Instant, random: Random): TaskRunId => mintId(now, random) as TaskRunId
export const mintTransitionId = (now: Instant, random: Random): TransitionId => mintId(now, random) as TransitionId
export const mintSessionId = (now: Instant, random: Random): SessionId => mintId(now, random) as SessionId

/** True for ids that leave room for a state's ordinal. */
export function hasOrdinalRoom(id: string): boolean {
  return id.endsWith(NO_ORDINAL) && id[14] === '7'
}

/**
 * The id of the state number `ordinal` (1 for the first) of a run. Where the run's id has no room, or more than
 * {@link MAX_STATE_ORDINAL} states were counted, a new id is minted.
 */
export function stateIdOf(runId: FlowRunId | TaskRunId, ordinal: number, now: Instant, random: Random): StateId {
  if (!hasOrdinalRoom(runId) || ordinal < 1 || ordinal > MAX_STATE_ORDINAL) return mintId(now, random) as StateId
  return (runId.slice(0, -ORDINAL_DIGITS) + ordinal.toString(16).padStart(ORDINAL_DIGITS, '0')) as StateId
}

/** The time in a UUIDv7, to the millisecond; undefined for other versions. */
export function timeOfId(id: string): Instant | undefined {
  return id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) * MICROS_PER_MS : undefined
}

/** The run's id that a state's id of ours names; for foreign ids it names nothing that exists. */
export function runIdOf(stateId: StateId): string {
  return stateId.slice(0, -ORDINAL_DIGITS) + NO_ORDINAL
}

function hex(random: Random, digits: number): string {
  return Math.floor(random() * 16 ** digits)
    .toString(16)
    .padStart(digits, '0')
}
