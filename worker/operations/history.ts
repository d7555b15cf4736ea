/** Bars of runs by interval and state, as Prefect's dashboard draws them. */
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { HistoryQuery } from '#sdk/protocol/filters.ts'
import { formatInstant, MICROS_PER_SECOND } from '#sdk/protocol/instants.ts'
import { MAX_HISTORY_BARS } from '#sdk/protocol/limits.ts'
import type { HistoryBar } from '#sdk/protocol/answers.ts'
import type { HistoryRow } from '../storage/history.ts'
import type { Handler } from './unit.ts'

function barsOf(query: HistoryQuery, read: () => readonly HistoryRow[]): readonly HistoryBar[] {
  const { history_start, history_end } = query
  const interval = Math.round(query.history_interval_seconds * MICROS_PER_SECOND)
  const count = Math.ceil((history_end - history_start) / interval)
  if (count <= 0) throw new ProblemError('invalid_request', 'body.history_end: must be after history_start.')
  if (count > MAX_HISTORY_BARS) {
    throw new ProblemError(
      'invalid_request',
      `The given interval would create ${count} bars; at most ${MAX_HISTORY_BARS} are answered. Ask for a longer interval.`,
    )
  }
  const rows = Map.groupBy(read(), ({ bar }) => bar)
  return Array.from({ length: count }, (_, bar) => ({
    interval_start: formatInstant(history_start + bar * interval),
    interval_end: formatInstant(history_start + (bar + 1) * interval),
    states: (rows.get(bar) ?? []).map(({ stateType, stateName, count: runs, runTimeSeconds, latenessSeconds }) => ({
      state_type: stateType,
      state_name: stateName,
      count_runs: runs,
      sum_estimated_run_time: runTimeSeconds,
      sum_estimated_lateness: latenessSeconds,
    })),
  }))
}

export const historyOfFlowRuns: Handler<'flow_runs.history'> = ({ store, now }, { body }) => ({
  output: barsOf(body, () => store.flowRuns.history(body, now)),
})

export const historyOfTaskRuns: Handler<'task_runs.history'> = ({ store, now }, { body }) => ({
  output: barsOf(body, () => store.taskRuns.history(body, now)),
})
