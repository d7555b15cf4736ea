/** A run whose executor does not end it in time is ended by the workspace. */
import type { RunFacts } from '../protocol/flow-run.ts'
import { MICROS_PER_SECOND, type Instant } from '../protocol/instants.ts'
import { CANCEL_GRACE_SECONDS } from '../protocol/limits.ts'
import type { StateProposal } from '../protocol/states.ts'
import { currentState } from './facts.ts'

/** When the grace of a run that is being cancelled ends; null for other runs. */
export function cancelDeadline(run: RunFacts, graceSeconds: number = CANCEL_GRACE_SECONDS): Instant | null {
  const state = currentState(run)
  return state?.type === 'CANCELLING' ? state.timestamp + graceSeconds * MICROS_PER_SECOND : null
}

/** The state to propose for a run whose cancellation is overdue at `now`; null when there is nothing to do. */
export function overdueCancellation(run: RunFacts, now: Instant, graceSeconds: number = CANCEL_GRACE_SECONDS): StateProposal | null {
  const deadline = cancelDeadline(run, graceSeconds)
  if (deadline === null || now < deadline) return null
  return { type: 'CANCELLED', message: `Cancelled by the workspace: the executor did not end the run within ${graceSeconds} s.` }
}
