/** Many runs at a glance: counts by state, how long they took, the newest of each flow. */
import type { RunStats } from '#sdk/protocol/overviews.ts'
import type { Sorted } from '../storage/overviews.ts'
import type { Handler } from './unit.ts'

const MICROS = 1_000_000

export const statsOfFlowRuns: Handler<'flow_runs.stats'> = ({ store }, { body }) => ({
  output: {
    states: store.overviews.statesOfFlowRuns(body),
    run_time: percentiles(store.overviews.runTimesOfFlowRuns(body)),
  } satisfies RunStats,
})

export const statsOfTaskRuns: Handler<'task_runs.stats'> = ({ store }, { body }) => ({
  output: {
    states: store.overviews.statesOfTaskRuns(body),
    run_time: percentiles(store.overviews.runTimesOfTaskRuns(body)),
  } satisfies RunStats,
})

function percentiles(sorted: Sorted): RunStats['run_time'] {
  if (sorted.count === 0) return null
  const nearest = (share: number): number => sorted.at(Math.ceil(share * sorted.count) - 1) / MICROS
  return { p50: nearest(0.5), p95: nearest(0.95) }
}

export const taskStates: Handler<'flow_runs.task_states'> = ({ store }, { body }) => {
  const rows = Map.groupBy(store.overviews.taskStatesOf(body.flow_run_ids), ({ flow_run_id }) => flow_run_id)
  return {
    output: [...rows].map(([flow_run_id, states]) => ({ flow_run_id, states: states.map(({ flow_run_id: _, ...state }) => state) })),
  }
}

export const recentRuns: Handler<'flows.recent_runs'> = ({ store }, { body }) => ({
  output: store.overviews.recentRuns(body.flow_ids, body.limit),
})
