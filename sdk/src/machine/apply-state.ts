/** How a new state changes what a run knows of itself: timestamps and counters, no rules (Prefect `orchestration/global_policy.py`). */
import type { RunFacts } from '../protocol/flow-run.ts'
import type { Instant } from '../protocol/instants.ts'
import type { State, StateType } from '../protocol/states.ts'
import { isTerminal } from '../protocol/state-types.ts'
import { currentState } from './facts.ts'

/**
 * The run with `state` as its newest state. A timestamp that is not later than the last one's becomes that plus one microsecond, so that
 * a history is strictly ordered. Decides nothing: reported states of task runs are recorded by folding this over them.
 *
 * @example
 * const run = states.reduce(applyState, newTaskRun(create, now))
 */
export function applyState<R extends RunFacts>(run: R, state: State): R {
  const from = currentState(run)
  const timestamp = from === null ? state.timestamp : Math.max(state.timestamp, from.timestamp + 1)
  const next: State = timestamp === state.timestamp ? state : { ...state, timestamp }
  const scheduled = next.type === 'SCHEDULED' ? (next.state_details.scheduled_time ?? timestamp) : null
  return {
    ...run,
    states: [...run.states, next],
    run_count: runCountAfter(run, from?.type ?? null, next.type),
    expected_start_time: expectedStartAfter(run, scheduled, timestamp),
    next_scheduled_start_time: scheduled,
    start_time: run.start_time ?? (next.type === 'RUNNING' || isTerminal(next.type) ? timestamp : null),
    end_time: endAfter(run, from, next),
    total_run_micros: run.total_run_micros + (from?.type === 'RUNNING' ? timestamp - from.timestamp : 0),
  }
}

/** Entering RUNNING counts, also from RUNNING. A task run that leaves its end counts from the start again: it has all its retries. */
function runCountAfter(run: RunFacts, from: StateType | null, to: StateType): number {
  const leavesEnd = from !== null && isTerminal(from) && !isTerminal(to)
  const before = leavesEnd && isTaskRun(run) ? 0 : run.run_count
  return before + (to === 'RUNNING' ? 1 : 0)
}

function isTaskRun(run: RunFacts): boolean {
  return 'task_key' in run
}

/** Set by the first state; a later schedule moves it until the run has started. */
function expectedStartAfter(run: RunFacts, scheduled: Instant | null, timestamp: Instant): Instant {
  if (run.expected_start_time === null) return scheduled ?? timestamp
  return scheduled !== null && run.start_time === null ? scheduled : run.expected_start_time
}

/** Set on the way into an end, cleared on the way out, kept from one end to another. */
function endAfter(run: RunFacts, from: State | null, to: State): Instant | null {
  if (!isTerminal(to.type)) return null
  return from !== null && isTerminal(from.type) ? run.end_time : to.timestamp
}
