/**
 * Leases of executor sessions in the store: begun with the first run that is held, looked at when due, ended with the session's death.
 * What it means that one is due is decided by `machine/leases.ts`.
 */
import { decideLeases, endOfLostFlowRun, newLease } from '#sdk/machine/leases.ts'
import { MICROS_PER_SECOND, type Instant } from '#sdk/protocol/instants.ts'
import type { SessionId } from '#sdk/protocol/ids.ts'
import type { LostRun, SessionRow } from '../storage/sessions.ts'
import type { Executor } from './items.ts'
import { proposeFlowRunState } from './propose.ts'
import type { Unit } from './unit.ts'

/** Sessions that one commit looks at, and runs that it ends. */
const SESSIONS_AT_ONCE = 100
const RUNS_AT_ONCE = 100
/** What a dead session is told when it comes back; of more it hears when it writes. */
const MAX_LOST_RUNS = 1_000
/** How long it may take to come back. */
const REMEMBERED_SECONDS = 24 * 3_600

/** The session is about to hold a run: it has a row from now on. No row is written when it has one. */
export function hold(unit: Unit, { id, name, kind, credential }: Executor): void {
  const { store, changes, now, leaseSeconds } = unit
  const known = store.sessions.find(id)
  if (known !== undefined && known.lost === null) return
  const { leaseUntil } = newLease(id, now, leaseSeconds)
  store.sessions.save({ id, name, kind, credential, leaseUntil, absenceGraceUsed: false, lost: null })
  changes.isWakeChanged = true
}

/** Looks at the leases that are due. `lastSignOf`: when a session was last heard, as far as the sockets know. Answers whether that was all. */
export function stepLeases(unit: Unit, lastSignOf: (session: SessionId) => Instant | null): boolean {
  const { store, now } = unit
  const due = store.sessions.due(now, SESSIONS_AT_ONCE)
  const isAll = due.map((session) => stepLease(unit, session, lastSignOf(session.id))).every(Boolean)
  return isAll && due.length < SESSIONS_AT_ONCE
}

function stepLease(unit: Unit, session: SessionRow, heard: Instant | null): boolean {
  const { store, now, leaseSeconds } = unit
  if (!store.flowRuns.isHolding(session.id)) {
    store.sessions.delete(session.id)
    return true
  }
  const { id: sessionId, leaseUntil, absenceGraceUsed } = session
  const lastSign = heard ?? leaseUntil - leaseSeconds * MICROS_PER_SECOND
  if (session.lost !== null) return buryRuns(unit, session, lastSign)
  const [decision] = decideLeases([{ sessionId, leaseUntil, lastSign, absenceGraceUsed }], now, leaseSeconds)
  if (decision === undefined) return true
  if (decision.kind === 'dead') return buryRuns(unit, session, lastSign)
  const { leaseUntil: until, absenceGraceUsed: used } = decision.lease
  store.sessions.save({ ...session, leaseUntil: until, absenceGraceUsed: used })
  return true
}

/** Ends a bounded number of a dead session's runs; its row says which it lost, for when it comes back. */
function buryRuns(unit: Unit, session: SessionRow, lastSign: Instant): boolean {
  const { store, now } = unit
  const held = store.flowRuns.heldBy(session.id, RUNS_AT_ONCE)
  const lost = held.map(({ id, epoch }): LostRun => ({ run: id, epoch, reason: buryRun(unit, id, lastSign) }))
  const isAll = held.length < RUNS_AT_ONCE
  const all = [...(session.lost ?? []), ...lost].slice(0, MAX_LOST_RUNS)
  store.sessions.save({ ...session, lost: all, leaseUntil: now + (isAll ? REMEMBERED_SECONDS * MICROS_PER_SECOND : 0) })
  return isAll
}

function buryRun(unit: Unit, id: LostRun['run'], lastSign: Instant): string {
  const run = unit.store.flowRuns.find(id)
  const end = run === undefined ? null : endOfLostFlowRun(run, lastSign, unit.now)
  if (run === undefined || end === null) return 'The run has ended.'
  proposeFlowRunState(unit, run, end, { force: true })
  return end.message ?? 'Executor lost.'
}

/** A session that comes back hears what it lost, once. */
export function takeLost({ store }: Unit, session: SessionId): readonly LostRun[] {
  const row = store.sessions.find(session)
  if (row === undefined || row.lost === null) return []
  store.sessions.delete(session)
  return row.lost
}
