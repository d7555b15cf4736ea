/**
 * Leases of executor sessions: who is alive, and what becomes of the runs of those who are not.
 *
 * 1. A lease belongs to a session and is looked at when it is due, not at every sign of life: one write per session and lease time.
 * 2. A session is dead only when its last sign of life is a whole lease time ago and the workspace itself was there to hear it.
 * 3. Here it is decided; who asks, stores and announces it.
 */
import type { FlowRun } from '../protocol/flow-run.ts'
import type { SessionId } from '../protocol/ids.ts'
import { formatInstant, MICROS_PER_SECOND, type Instant } from '../protocol/instants.ts'
import { ABSENCE_SECONDS, LEASE_SECONDS } from '../protocol/limits.ts'
import type { StateProposal } from '../protocol/states.ts'
import type { TaskRun } from '../protocol/task-run.ts'
import { currentState, hasEnded } from './facts.ts'
import { hasRoomForRetry } from './retry.ts'

/** The lease of a session that holds runs. */
export interface SessionLease {
  readonly sessionId: SessionId
  /** When it must be looked at. */
  readonly leaseUntil: Instant
  /** The last frame or `ping` that was heard. */
  readonly lastSign: Instant
  /** It already lives on time that was given for our own absence. Any later sign of life makes this false again. */
  readonly absenceGraceUsed: boolean
}

/** `extend`: store `lease`. `dead`: delete it, tell its runs, tell the executor should it come back. */
export type LeaseDecision =
  | { readonly kind: 'extend'; readonly lease: SessionLease }
  | { readonly kind: 'dead'; readonly lease: SessionLease }

/** A session's lease as it begins to hold runs. */
export function newLease(sessionId: SessionId, now: Instant, leaseSeconds: number = LEASE_SECONDS): SessionLease {
  return { sessionId, leaseUntil: now + leaseSeconds * MICROS_PER_SECOND, lastSign: now, absenceGraceUsed: false }
}

/**
 * What an alarm at `now` does with each lease that is due; the others are not in the answer.
 * A lease that is looked at more than {@link ABSENCE_SECONDS} late tells of our own absence, in which nobody could be heard: it gets one
 * lease time more, once.
 */
export function decideLeases(
  leases: readonly SessionLease[],
  now: Instant,
  leaseSeconds: number = LEASE_SECONDS,
): readonly LeaseDecision[] {
  return leases.filter(({ leaseUntil }) => leaseUntil <= now).map((lease) => decideLease(lease, now, leaseSeconds * MICROS_PER_SECOND))
}

function decideLease(lease: SessionLease, now: Instant, leaseMicros: number): LeaseDecision {
  const leaseUntil = lease.lastSign + leaseMicros
  if (leaseUntil > now) return { kind: 'extend', lease: { ...lease, leaseUntil, absenceGraceUsed: false } }
  const wasAway = now - lease.leaseUntil > ABSENCE_SECONDS * MICROS_PER_SECOND
  if (wasAway && !lease.absenceGraceUsed)
    return { kind: 'extend', lease: { ...lease, leaseUntil: now + leaseMicros, absenceGraceUsed: true } }
  return { kind: 'dead', lease }
}

/**
 * The state to propose for a flow run whose session is dead; null when it has ended already. A run of a deployment goes back to the queue
 * at the time it was scheduled for, one that was being cancelled is Cancelled, any other is Crashed.
 */
export function endOfLostFlowRun(run: FlowRun, lastSign: Instant, now: Instant): StateProposal | null {
  if (hasEnded(run)) return null
  const lost = `Executor lost: no sign of life since ${formatInstant(lastSign)}.`
  const state = currentState(run)
  if (state?.type === 'CANCELLING') return { type: 'CANCELLED', message: `${lost} The run was being cancelled.` }
  if (run.deployment_id === null || !hasRoomForRetry(run)) return { type: 'CRASHED', message: `${lost} Run it again to start over.` }
  const scheduled_time = Math.max(now, state?.state_details.scheduled_time ?? now)
  return { type: 'SCHEDULED', message: `${lost} The run is back in the queue.`, state_details: { scheduled_time } }
}

/**
 * The state to record for a task run that its lost, crashed or cancelled flow run left behind; null when it has ended, or was never going to
 * run (NotReady).
 */
export function endOfLostTaskRun(task: TaskRun, flowRunWasCancelled: boolean): StateProposal | null {
  if (hasEnded(task) || currentState(task)?.name === 'NotReady') return null
  if (flowRunWasCancelled) return { type: 'CANCELLED', message: 'Its flow run was cancelled.' }
  return { type: 'CRASHED', message: 'Its flow run crashed.' }
}
