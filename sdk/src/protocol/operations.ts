/**
 * The one table of operations. Router, OpenAPI document, typed client, command line and role test are made from it.
 * An operation that is missing here does not exist; one whose role is missing does not compile.
 *
 * Paths are below `/w/{workspace}/api`. `prefect`: Prefect's API has it too, with the same path, fields and status codes.
 * `kernel`: a notebook's kernel may use it. `creates`: honours `Idempotency-Key`.
 */
import * as z from 'zod'
import { LogQuery, FlowPage, FlowQuery, FlowRunPage, FlowRunQuery, HistoryQuery, Scope, TaskRunPage, TaskRunQuery } from './filters.ts'
import { FlowCreate, FlowName, FlowOutput, FlowUpdate } from './flow.ts'
import { FlowRunCreate, FlowRunOutput, FlowRunUpdate } from './flow-run.ts'
import { FlowId, FlowRunId, StateId, TaskRunId } from './ids.ts'
import { InstantInput, InstantOutput } from './instants.ts'
import { Labels } from './json.ts'
import { MAX_BULK } from './limits.ts'
import { LogCreate, LogOutput } from './log.ts'
import type { RequiredRole } from './roles.ts'
import { StateCreate, StateOutput, StateType, VerdictStatus } from './states.ts'
import { TaskRunCreate, TaskRunOutput, TaskRunUpdate } from './task-run.ts'
import { SessionCreate, SessionCreated } from './workspaces.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
export interface Operation {
  readonly method: Method
  readonly path: string
  readonly summary: string
  readonly role: RequiredRole
  /** Where it is answered: by the workspace's object, or before it is reached. */
  readonly at: 'workspace' | 'edge'
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** The body may be left out. */
  readonly bodyOptional?: true
  /** Null: no body. A string: that media type, streamed or not JSON. */
  readonly output: z.ZodType | null | 'text/csv' | 'text/html' | 'websocket'
  readonly status: 200 | 201 | 204 | 101
  readonly kernel?: true
  readonly prefect?: true
  readonly creates?: true
}

const op = <const T extends Operation>(operation: T): T => operation

const flowId = z.strictObject({ id: FlowId })
const flowRunId = z.strictObject({ id: FlowRunId })
const taskRunId = z.strictObject({ id: TaskRunId })
const stateId = z.strictObject({ id: StateId })
const paginated = <T extends z.ZodType>(row: T) =>
  z.object({ results: z.array(row), count: z.int(), limit: z.int(), pages: z.int(), page: z.int() })
const count = z.int()

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

const ids = <T extends z.ZodType>(id: T) => z.array(id).max(MAX_BULK)
const BulkScope = <T extends z.ZodObject>(filter: T) => filter
const FlowBulkDelete = BulkScope(z.strictObject({ flows: Scope.shape.flows, limit: z.int().min(1).max(MAX_BULK).default(MAX_BULK) }))
const FlowRunBulkDelete = BulkScope(
  z.strictObject({ flow_runs: Scope.shape.flow_runs, limit: z.int().min(1).max(MAX_BULK).default(MAX_BULK) }),
)
const FlowRunBulkSetState = FlowRunBulkDelete.extend({ state: StateCreate, force: z.boolean().default(false) })

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

export const OPERATIONS = {
  // The workspace itself
  'admin.health': op({
    method: 'GET',
    path: '/health',
    summary: 'True as soon as requests are answered.',
    role: 'public',
    at: 'edge',
    output: z.literal(true),
    status: 200,
    prefect: true,
  }),
  'admin.ready': op({
    method: 'GET',
    path: '/ready',
    summary: 'Answers when the workspace can read and write.',
    role: 'public',
    at: 'workspace',
    output: z.object({ message: z.string() }),
    status: 200,
    prefect: true,
  }),
  'admin.hello': op({
    method: 'GET',
    path: '/hello',
    summary: 'Says hello; proves the credential.',
    role: 'viewer',
    at: 'workspace',
    output: z.string(),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'admin.version': op({
    method: 'GET',
    path: '/version',
    summary: 'Version of the server.',
    role: 'viewer',
    at: 'workspace',
    output: z.string(),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'admin.server_version': op({
    method: 'GET',
    path: '/admin/version',
    summary: 'Version of Prefect whose dialect is spoken.',
    role: 'viewer',
    at: 'workspace',
    output: z.string(),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'admin.openapi': op({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document.',
    role: 'public',
    at: 'edge',
    output: z.looseObject({}),
    status: 200,
  }),
  'admin.docs': op({
    method: 'GET',
    path: '/docs',
    summary: 'This API as a page.',
    role: 'public',
    at: 'edge',
    output: 'text/html',
    status: 200,
  }),
  'sessions.create': op({
    method: 'POST',
    path: '/sessions',
    summary: "Exchanges a link's secret for a cookie.",
    role: 'public',
    at: 'workspace',
    body: SessionCreate,
    output: SessionCreated,
    status: 201,
  }),
  'live.connect': op({
    method: 'GET',
    path: '/live',
    summary: 'The live socket.',
    role: 'viewer',
    at: 'workspace',
    output: 'websocket',
    status: 101,
    kernel: true,
  }),

  // Flows
  'flows.create': op({
    method: 'POST',
    path: '/flows/',
    summary: 'Creates a flow, or answers the one of that name (200).',
    role: 'editor',
    at: 'workspace',
    body: FlowCreate,
    output: FlowOutput,
    status: 201,
    kernel: true,
    prefect: true,
    creates: true,
  }),
  'flows.read': op({
    method: 'GET',
    path: '/flows/:id',
    summary: 'Reads a flow.',
    role: 'viewer',
    at: 'workspace',
    params: flowId,
    output: FlowOutput,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flows.read_by_name': op({
    method: 'GET',
    path: '/flows/name/:name',
    summary: 'Reads a flow by its name.',
    role: 'viewer',
    at: 'workspace',
    params: z.strictObject({ name: FlowName }),
    output: FlowOutput,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flows.update': op({
    method: 'PATCH',
    path: '/flows/:id',
    summary: 'Changes tags and labels.',
    role: 'editor',
    at: 'workspace',
    params: flowId,
    body: FlowUpdate,
    output: null,
    status: 204,
    prefect: true,
  }),
  'flows.delete': op({
    method: 'DELETE',
    path: '/flows/:id',
    summary: 'Deletes a flow and its runs.',
    role: 'owner',
    at: 'workspace',
    params: flowId,
    output: null,
    status: 204,
    prefect: true,
  }),
  'flows.filter': op({
    method: 'POST',
    path: '/flows/filter',
    summary: 'Lists flows.',
    role: 'viewer',
    at: 'workspace',
    body: FlowQuery,
    bodyOptional: true,
    output: z.array(FlowOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flows.paginate': op({
    method: 'POST',
    path: '/flows/paginate',
    summary: 'Lists flows by page.',
    role: 'viewer',
    at: 'workspace',
    body: FlowPage,
    bodyOptional: true,
    output: paginated(FlowOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flows.count': op({
    method: 'POST',
    path: '/flows/count',
    summary: 'Counts flows.',
    role: 'viewer',
    at: 'workspace',
    body: Scope,
    bodyOptional: true,
    output: count,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flows.bulk_delete': op({
    method: 'POST',
    path: '/flows/bulk_delete',
    summary: 'Deletes up to 50 flows and their runs.',
    role: 'owner',
    at: 'workspace',
    body: FlowBulkDelete,
    output: z.object({ deleted: ids(FlowId) }),
    status: 200,
    prefect: true,
  }),

  // Flow runs
  'flow_runs.create': op({
    method: 'POST',
    path: '/flow_runs/',
    summary: 'Creates a flow run; the same idempotency_key answers the first (200).',
    role: 'editor',
    at: 'workspace',
    body: FlowRunCreate,
    output: FlowRunOutput,
    status: 201,
    kernel: true,
    prefect: true,
    creates: true,
  }),
  'flow_runs.read': op({
    method: 'GET',
    path: '/flow_runs/:id',
    summary: 'Reads a flow run.',
    role: 'viewer',
    at: 'workspace',
    params: flowRunId,
    output: FlowRunOutput,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flow_runs.update': op({
    method: 'PATCH',
    path: '/flow_runs/:id',
    summary: 'Changes name, tags, version, policy or process id.',
    role: 'editor',
    at: 'workspace',
    params: flowRunId,
    body: FlowRunUpdate,
    output: null,
    status: 204,
    kernel: true,
    prefect: true,
  }),
  'flow_runs.update_labels': op({
    method: 'PATCH',
    path: '/flow_runs/:id/labels',
    summary: 'Adds labels.',
    role: 'editor',
    at: 'workspace',
    params: flowRunId,
    body: Labels,
    output: null,
    status: 204,
    kernel: true,
    prefect: true,
  }),
  'flow_runs.delete': op({
    method: 'DELETE',
    path: '/flow_runs/:id',
    summary: 'Deletes a flow run, its task runs and its log.',
    role: 'owner',
    at: 'workspace',
    params: flowRunId,
    output: null,
    status: 204,
    prefect: true,
  }),
  'flow_runs.filter': op({
    method: 'POST',
    path: '/flow_runs/filter',
    summary: 'Lists flow runs.',
    role: 'viewer',
    at: 'workspace',
    body: FlowRunQuery,
    bodyOptional: true,
    output: z.array(FlowRunOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flow_runs.paginate': op({
    method: 'POST',
    path: '/flow_runs/paginate',
    summary: 'Lists flow runs by page.',
    role: 'viewer',
    at: 'workspace',
    body: FlowRunPage,
    bodyOptional: true,
    output: paginated(FlowRunOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flow_runs.count': op({
    method: 'POST',
    path: '/flow_runs/count',
    summary: 'Counts flow runs.',
    role: 'viewer',
    at: 'workspace',
    body: Scope,
    bodyOptional: true,
    output: count,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flow_runs.lateness': op({
    method: 'POST',
    path: '/flow_runs/lateness',
    summary: 'Mean lateness in seconds; null without runs.',
    role: 'viewer',
    at: 'workspace',
    body: Scope,
    bodyOptional: true,
    output: z.number().nullable(),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flow_runs.history': op({
    method: 'POST',
    path: '/flow_runs/history',
    summary: 'Counts by interval and state, by expected start.',
    role: 'viewer',
    at: 'workspace',
    body: HistoryQuery,
    output: z.array(HistoryBar),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flow_runs.graph': op({
    method: 'GET',
    path: '/flow_runs/:id/graph-v2',
    summary: 'Task runs and subflow runs with their edges.',
    role: 'viewer',
    at: 'workspace',
    params: flowRunId,
    query: z.strictObject({ since: InstantInput.optional() }),
    output: Graph,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flow_runs.set_state': op({
    method: 'POST',
    path: '/flow_runs/:id/set_state',
    summary: 'Proposes a state.',
    role: 'editor',
    at: 'workspace',
    params: flowRunId,
    body: SetState,
    output: OrchestrationResult,
    status: 201,
    kernel: true,
    prefect: true,
  }),
  'flow_runs.bulk_set_state': op({
    method: 'POST',
    path: '/flow_runs/bulk_set_state',
    summary: 'Proposes a state for up to 50 runs.',
    role: 'editor',
    at: 'workspace',
    body: FlowRunBulkSetState,
    output: z.object({ results: z.array(OrchestrationResult.extend({ flow_run_id: FlowRunId })) }),
    status: 200,
    prefect: true,
  }),
  'flow_runs.bulk_delete': op({
    method: 'POST',
    path: '/flow_runs/bulk_delete',
    summary: 'Deletes up to 50 flow runs.',
    role: 'owner',
    at: 'workspace',
    body: FlowRunBulkDelete,
    output: z.object({ deleted: ids(FlowRunId) }),
    status: 200,
    prefect: true,
  }),
  'flow_runs.download_logs': op({
    method: 'GET',
    path: '/flow_runs/:id/logs/download',
    summary: 'The log as CSV.',
    role: 'viewer',
    at: 'workspace',
    params: flowRunId,
    output: 'text/csv',
    status: 200,
    kernel: true,
    prefect: true,
  }),

  // Task runs
  'task_runs.create': op({
    method: 'POST',
    path: '/task_runs/',
    summary: 'Creates a task run; the same keys answer the first (200).',
    role: 'editor',
    at: 'workspace',
    body: TaskRunCreate,
    output: TaskRunOutput,
    status: 201,
    kernel: true,
    prefect: true,
    creates: true,
  }),
  'task_runs.read': op({
    method: 'GET',
    path: '/task_runs/:id',
    summary: 'Reads a task run.',
    role: 'viewer',
    at: 'workspace',
    params: taskRunId,
    output: TaskRunOutput,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'task_runs.update': op({
    method: 'PATCH',
    path: '/task_runs/:id',
    summary: 'Renames a task run.',
    role: 'editor',
    at: 'workspace',
    params: taskRunId,
    body: TaskRunUpdate,
    output: null,
    status: 204,
    kernel: true,
    prefect: true,
  }),
  'task_runs.delete': op({
    method: 'DELETE',
    path: '/task_runs/:id',
    summary: 'Deletes a task run.',
    role: 'owner',
    at: 'workspace',
    params: taskRunId,
    output: null,
    status: 204,
    prefect: true,
  }),
  'task_runs.filter': op({
    method: 'POST',
    path: '/task_runs/filter',
    summary: 'Lists task runs.',
    role: 'viewer',
    at: 'workspace',
    body: TaskRunQuery,
    bodyOptional: true,
    output: z.array(TaskRunOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'task_runs.paginate': op({
    method: 'POST',
    path: '/task_runs/paginate',
    summary: 'Lists task runs by page.',
    role: 'viewer',
    at: 'workspace',
    body: TaskRunPage,
    bodyOptional: true,
    output: paginated(TaskRunOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'task_runs.count': op({
    method: 'POST',
    path: '/task_runs/count',
    summary: 'Counts task runs.',
    role: 'viewer',
    at: 'workspace',
    body: Scope,
    bodyOptional: true,
    output: count,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'task_runs.history': op({
    method: 'POST',
    path: '/task_runs/history',
    summary: 'Counts by interval and state, by expected start.',
    role: 'viewer',
    at: 'workspace',
    body: HistoryQuery,
    output: z.array(HistoryBar),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'task_runs.set_state': op({
    method: 'POST',
    path: '/task_runs/:id/set_state',
    summary: 'Proposes a state of a task run that a REST client drives.',
    role: 'editor',
    at: 'workspace',
    params: taskRunId,
    body: SetState,
    output: OrchestrationResult,
    status: 201,
    kernel: true,
    prefect: true,
  }),

  // States
  'flow_run_states.read': op({
    method: 'GET',
    path: '/flow_run_states/:id',
    summary: 'Reads one state of a flow run.',
    role: 'viewer',
    at: 'workspace',
    params: stateId,
    output: StateOutput,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flow_run_states.list': op({
    method: 'GET',
    path: '/flow_run_states/',
    summary: 'The states of a flow run, oldest first.',
    role: 'viewer',
    at: 'workspace',
    query: z.strictObject({ flow_run_id: FlowRunId }),
    output: z.array(StateOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'task_run_states.read': op({
    method: 'GET',
    path: '/task_run_states/:id',
    summary: 'Reads one state of a task run.',
    role: 'viewer',
    at: 'workspace',
    params: stateId,
    output: StateOutput,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'task_run_states.list': op({
    method: 'GET',
    path: '/task_run_states/',
    summary: 'The states of a task run, oldest first.',
    role: 'viewer',
    at: 'workspace',
    query: z.strictObject({ task_run_id: TaskRunId }),
    output: z.array(StateOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),

  // Logs
  'logs.create': op({
    method: 'POST',
    path: '/logs/',
    summary: 'Adds log lines.',
    role: 'editor',
    at: 'workspace',
    body: z.array(LogCreate),
    output: null,
    status: 201,
    kernel: true,
    prefect: true,
  }),
  'logs.filter': op({
    method: 'POST',
    path: '/logs/filter',
    summary: 'Lists log lines. A whole log is read with `cursor` (of the header x-flowcell-next-cursor), which costs less than `offset`.',
    role: 'viewer',
    at: 'workspace',
    body: LogQuery,
    bodyOptional: true,
    output: z.array(LogOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),
} as const satisfies Record<string, Operation>

export type Operations = typeof OPERATIONS
export type OperationId = keyof Operations
type Shape<T, K extends string> = T extends { readonly [P in K]: infer S extends z.ZodType } ? z.output<S> : undefined
/** What an operation gets, validated and decoded: path parameters, query and body. */
export interface OperationInput<Id extends OperationId> {
  readonly params: Shape<Operations[Id], 'params'>
  readonly query: Shape<Operations[Id], 'query'>
  readonly body: Shape<Operations[Id], 'body'>
}
type Raw<T, K extends string> = T extends { readonly [P in K]: infer S extends z.ZodType } ? z.input<S> : undefined
/** What a client sends: the same before decoding (times are text). */
export interface OperationRequest<Id extends OperationId> {
  readonly params: Raw<Operations[Id], 'params'>
  readonly query: Raw<Operations[Id], 'query'>
  readonly body: Raw<Operations[Id], 'body'>
}
export type OperationOutput<Id extends OperationId> = Operations[Id]['output'] extends infer S extends z.ZodType
  ? z.output<S>
  : Operations[Id]['output'] extends null
    ? undefined
    : string
