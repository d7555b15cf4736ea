/** What pages draw many runs from. Ours: Prefect's API has nothing like it. */
import * as z from 'zod'
import { Scope } from '../filters.ts'
import { FlowRunId, TaskRunId } from '../ids.ts'
import { op, type Operation } from '../operation.ts'
import { LogPage, RecentRuns, RecentRunsQuery, RunStats, TaskStates, TaskStatesQuery, Timeline } from '../overviews.ts'

const flowRunId = z.strictObject({ id: FlowRunId })
const before = z.strictObject({
  before: z
    .string()
    .regex(/^\d{1,16}$/, 'expected the number that `next` of the page before said')
    .transform(Number)
    .optional(),
})

export const OVERVIEW_OPERATIONS = {
  'flow_runs.timeline': op({
    method: 'GET',
    path: '/flow_runs/:id/timeline',
    summary: 'Task runs with all their states, in short rows.',
    role: 'viewer',
    at: 'workspace',
    params: flowRunId,
    query: z.strictObject({ after: TaskRunId.optional() }),
    output: Timeline,
    status: 200,
  }),
  'flow_runs.log': op({
    method: 'GET',
    path: '/flow_runs/:id/log',
    summary: 'The log in short lines, from the newest page to the oldest.',
    role: 'viewer',
    at: 'workspace',
    params: flowRunId,
    query: before,
    output: LogPage,
    status: 200,
  }),
  'task_runs.log': op({
    method: 'GET',
    path: '/task_runs/:id/log',
    summary: 'The lines of one task run, from the newest page to the oldest.',
    role: 'viewer',
    at: 'workspace',
    params: z.strictObject({ id: TaskRunId }),
    query: before,
    output: LogPage,
    status: 200,
  }),
  'flow_runs.stats': op({
    method: 'POST',
    path: '/flow_runs/stats',
    summary: 'Counts by state, and how long runs took.',
    role: 'viewer',
    at: 'workspace',
    body: Scope,
    bodyOptional: true,
    output: RunStats,
    status: 200,
  }),
  'task_runs.stats': op({
    method: 'POST',
    path: '/task_runs/stats',
    summary: 'Counts by state, and how long runs took.',
    role: 'viewer',
    at: 'workspace',
    body: Scope,
    bodyOptional: true,
    output: RunStats,
    status: 200,
  }),
  'flow_runs.task_states': op({
    method: 'POST',
    path: '/flow_runs/task_states',
    summary: 'How many task runs of each flow run are in which state.',
    role: 'viewer',
    at: 'workspace',
    body: TaskStatesQuery,
    output: TaskStates,
    status: 200,
  }),
  'flows.recent_runs': op({
    method: 'POST',
    path: '/flows/recent_runs',
    summary: 'The newest runs of each flow.',
    role: 'viewer',
    at: 'workspace',
    body: RecentRunsQuery,
    output: RecentRuns,
    status: 200,
  }),
} as const satisfies Record<string, Operation>
