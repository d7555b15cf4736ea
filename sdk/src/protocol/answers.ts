/** Bodies and answers that belong to operations rather than to a resource: proposals, bars of a history, graphs. */
import * as z from 'zod'
import { StateId } from './ids.ts'
import { InstantOutput } from './instant-schemas.ts'
import { count } from './operation.ts'
import { StateCreate, StateOutput, StateType, VerdictStatus } from './states.ts'

export const SetState = z.strictObject({ state: StateCreate, force: z.boolean().default(false) })
export type SetState = z.infer<typeof SetState>

/** The answer to a proposal: what Prefect calls an orchestration result. */
export const OrchestrationResult = z.object({
  state: StateOutput.nullable(),
  status: VerdictStatus,
  details: z.object({
    type: z.enum(['accept_details', 'reject_details', 'wait_details', 'abort_details']),
    reason: z.string().nullish(),
    delay_seconds: z.int().optional(),
  }),
})
export type OrchestrationResult = z.infer<typeof OrchestrationResult>

export const HistoryBar = z.object({
  interval_start: InstantOutput,
  interval_end: InstantOutput,
  states: z.array(
    z.object({
      state_type: StateType,
      state_name: z.string(),
      count_runs: count,
      sum_estimated_run_time: z.number(),
      sum_estimated_lateness: z.number(),
    }),
  ),
})
export type HistoryBar = z.infer<typeof HistoryBar>

const edges = z.array(z.object({ id: z.guid() }))
export const GraphNode = z.object({
  kind: z.enum(['flow-run', 'task-run']),
  id: z.guid(),
  label: z.string(),
  state_type: StateType,
  start_time: InstantOutput,
  end_time: InstantOutput.nullable(),
  parents: edges,
  children: edges,
  encapsulating: edges,
  artifacts: z.array(z.never()),
})
export const Graph = z.object({
  start_time: InstantOutput.nullable(),
  end_time: InstantOutput.nullable(),
  root_node_ids: z.array(z.guid()),
  nodes: z.array(z.tuple([z.guid(), GraphNode])),
  artifacts: z.array(z.never()),
  states: z.array(z.object({ id: StateId, timestamp: InstantOutput, type: StateType, name: z.string() })),
})
export type Graph = z.infer<typeof Graph>
