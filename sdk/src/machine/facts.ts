/** What is derived from a run and never stored. */
import { MICROS_PER_SECOND, type Instant } from '../protocol/instants.ts'
import type { RunFacts } from '../protocol/flow-run.ts'
import type { State, StateType } from '../protocol/states.ts'
import { isTerminal } from '../protocol/state-types.ts'

/** The state a run is in; null before its first. */
export function currentState(run: RunFacts): State | null {
  return run.states.at(-1) ?? null
}

/** The type of the state a run is in; null before its first. */
export function currentType(run: RunFacts): StateType | null {
  return currentState(run)?.type ?? null
}

/** True once a run has ended. It may be run again. */
export function hasEnded(run: RunFacts): boolean {
  const state = currentState(run)
  return state !== null && isTerminal(state.type)
}

/** Seconds spent in RUNNING so far, the present interval included. */
export function estimatedRunTimeSeconds(run: RunFacts, now: Instant): number {
  const state = currentState(run)
  const sinceStarted = state?.type === 'RUNNING' ? Math.max(0, now - state.timestamp) : 0
  return (run.total_run_micros + sinceStarted) / MICROS_PER_SECOND
}

/** Seconds that a run started, or is still waiting to start, after its expected time; 0 when it was on time or has ended without a start. */
export function estimatedStartDeltaSeconds(run: RunFacts, now: Instant): number {
  if (run.expected_start_time === null) return 0
  if (run.start_time !== null) return Math.max(0, run.start_time - run.expected_start_time) / MICROS_PER_SECOND
  return hasEnded(run) ? 0 : Math.max(0, now - run.expected_start_time) / MICROS_PER_SECOND
}
