/** States: what a run is, was and may become. Types decide, names are shown. Source: Prefect 3 `server/schemas/states.py`. */
import * as z from 'zod'
import { ForeignId, FlowRunId, StateId, TaskRunId, TransitionId } from './ids.ts'
import { InstantInput, InstantMicros, InstantOutput } from './instants.ts'
import { JsonValue } from './json.ts'
import { MAX_NAME_LENGTH, MAX_STATE_MESSAGE_LENGTH } from './limits.ts'
import { STATE_TYPES } from './state-types.ts'

export const StateType = z.enum(STATE_TYPES)
export type StateType = z.infer<typeof StateType>

const detailsOf = <T extends z.ZodType>(instant: T) => ({
  flow_run_id: FlowRunId.nullish(),
  task_run_id: TaskRunId.nullish(),
  child_flow_run_id: FlowRunId.nullish(),
  scheduled_time: instant.nullish(),
  cache_key: z
    .string()
    .max(MAX_NAME_LENGTH * 8)
    .nullish(),
  cache_expiration: instant.nullish(),
  deferred: z.boolean().nullish(),
  untrackable_result: z.boolean().optional(),
  pause_timeout: instant.nullish(),
  pause_reschedule: z.boolean().optional(),
  pause_key: z.string().max(MAX_NAME_LENGTH).nullish(),
  run_input_keyset: z.record(z.string(), z.string()).nullish(),
  refresh_cache: z.boolean().nullish(),
  retriable: z.boolean().nullish(),
  transition_id: TransitionId.nullish(),
  task_parameters_id: ForeignId.nullish(),
  traceparent: z.string().max(MAX_NAME_LENGTH).nullish(),
  deployment_concurrency_lease_id: ForeignId.nullish(),
})

/** Facts that belong to one state. Absent and null mean the same; only what is set is stored. */
export const StateDetails = z.strictObject(detailsOf(InstantMicros))
export type StateDetails = Readonly<z.infer<typeof StateDetails>>
export const StateDetailsInput = z.strictObject(detailsOf(InstantInput))
export const StateDetailsOutput = z.object(detailsOf(InstantOutput))

const message = z.string().max(MAX_STATE_MESSAGE_LENGTH).nullish()
const name = z.string().min(1).max(MAX_NAME_LENGTH)

/** One state of a run, as the machine, the database and our socket hold it. */
export const State = z.strictObject({
  id: StateId,
  type: StateType,
  name,
  timestamp: InstantMicros,
  message: z.string().max(MAX_STATE_MESSAGE_LENGTH).nullable(),
  /** A {@link ResultReference}, or what a foreign client put there. */
  data: JsonValue.optional(),
  state_details: StateDetails,
})
export type State = Readonly<z.infer<typeof State>>

/** A state that somebody proposes: it gets its id and its timestamp when it is accepted. */
export const StateProposal = z.strictObject({
  type: StateType,
  name: name.nullish(),
  message,
  data: JsonValue.optional(),
  state_details: StateDetails.optional(),
})
export type StateProposal = Readonly<z.infer<typeof StateProposal>>

/** A proposal in a REST request. Like Prefect's it has no `id` and no `timestamp`: the workspace gives both. */
export const StateCreate = z.strictObject({
  type: StateType,
  name: name.nullish(),
  message,
  data: JsonValue.optional(),
  state_details: StateDetailsInput.optional(),
})
export type StateCreate = Readonly<z.infer<typeof StateCreate>>

export const StateOutput = z.object({
  id: StateId,
  type: StateType,
  name: z.string().nullable(),
  timestamp: InstantOutput,
  message: z.string().nullable(),
  data: JsonValue.nullable(),
  state_details: StateDetailsOutput,
})
export type StateOutput = z.infer<typeof StateOutput>

/** What happened to a proposal. ACCEPT: it is the state now. REJECT: adopt `state`. WAIT: propose again later. ABORT: stop, nothing changed. */
const VERDICTS = ['ACCEPT', 'REJECT', 'WAIT', 'ABORT'] as const
export const VerdictStatus = z.enum(VERDICTS)
export type VerdictStatus = z.infer<typeof VerdictStatus>
