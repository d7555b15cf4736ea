/**
 * Prefect's filter language: objects of fields, fields of operators, all joined by `operator` (and_ by default).
 * Unknown keys are refused. Filters over what this workspace does not have (deployments, pools) must be null.
 */
import * as z from 'zod'
import { FlowId, FlowRunId, ForeignId, TaskRunId } from './ids.ts'
import { InstantInput } from './instant-schemas.ts'
import { MAX_FILTER_VALUES, MAX_HISTORY_INTERVAL_SECONDS, MAX_NAME_LENGTH, MAX_OFFSET, MAX_PAGE, MAX_TEXT_SEARCH_LENGTH } from './limits.ts'
import { NotebookId } from './notebook.ts'
import { StateType } from './states.ts'

const operator = z.enum(['and_', 'or_']).optional()
const text = z.string().max(MAX_NAME_LENGTH)
const values = <T extends z.ZodType>(item: T) => z.array(item).max(MAX_FILTER_VALUES).nullish()
const oneOf = <T extends z.ZodType>(item: T) => z.strictObject({ any_: values(item), not_any_: values(item) }).nullish()
const anyOf = <T extends z.ZodType>(item: T) => z.strictObject({ any_: values(item) }).nullish()
const name = z.strictObject({ any_: values(text), like_: text.nullish() }).nullish()
const tags = z.strictObject({ operator, all_: values(text), any_: values(text), is_null_: z.boolean().nullish() }).nullish()
const time = z.strictObject({ before_: InstantInput.nullish(), after_: InstantInput.nullish(), is_null_: z.boolean().nullish() }).nullish()
const state = z.strictObject({ operator, type: oneOf(StateType), name: oneOf(text) }).nullish()

export const FlowFilter = z.strictObject({ operator, id: oneOf(FlowId), name, tags, deployment: z.null().optional() })
export type FlowFilter = z.infer<typeof FlowFilter>

export const FlowRunFilter = z.strictObject({
  operator,
  id: oneOf(FlowRunId),
  name,
  tags,
  deployment_id: z.strictObject({ operator, any_: values(ForeignId), is_null_: z.boolean().nullish() }).nullish(),
  work_queue_name: z.null().optional(),
  state,
  flow_version: anyOf(text),
  start_time: time,
  end_time: time,
  expected_start_time: time,
  next_scheduled_start_time: time,
  parent_flow_run_id: z.strictObject({ operator, any_: values(FlowRunId) }).nullish(),
  parent_task_run_id: z.strictObject({ operator, any_: values(TaskRunId), is_null_: z.boolean().nullish() }).nullish(),
  idempotency_key: oneOf(text),
  created_by: z.null().optional(),
})
export type FlowRunFilter = z.infer<typeof FlowRunFilter>

export const TaskRunFilter = z.strictObject({
  operator,
  id: oneOf(TaskRunId),
  name,
  tags,
  state,
  start_time: time,
  end_time: time,
  expected_start_time: time,
  subflow_runs: z.strictObject({ exists_: z.boolean().nullish() }).nullish(),
  flow_run_id: z.strictObject({ operator, any_: values(FlowRunId), is_null_: z.boolean().nullish() }).nullish(),
})
export type TaskRunFilter = z.infer<typeof TaskRunFilter>

export const LogFilter = z.strictObject({
  operator,
  level: z.strictObject({ ge_: z.int().nullish(), le_: z.int().nullish() }).nullish(),
  timestamp: z.strictObject({ before_: InstantInput.nullish(), after_: InstantInput.nullish() }).nullish(),
  flow_run_id: anyOf(FlowRunId),
  task_run_id: z.strictObject({ any_: values(TaskRunId), is_null_: z.boolean().nullish() }).nullish(),
  text: z.strictObject({ query: z.string().max(MAX_TEXT_SEARCH_LENGTH) }).nullish(),
})
export type LogFilter = z.infer<typeof LogFilter>

export const FlowSort = z.enum(['CREATED_DESC', 'UPDATED_DESC', 'NAME_ASC', 'NAME_DESC'])
export type FlowSort = z.infer<typeof FlowSort>
export const FlowRunSort = z.enum([
  'ID_DESC',
  'START_TIME_ASC',
  'START_TIME_DESC',
  'EXPECTED_START_TIME_ASC',
  'EXPECTED_START_TIME_DESC',
  'NAME_ASC',
  'NAME_DESC',
  'NEXT_SCHEDULED_START_TIME_ASC',
  'END_TIME_DESC',
])
export type FlowRunSort = z.infer<typeof FlowRunSort>
export const TaskRunSort = z.enum([
  'ID_DESC',
  'EXPECTED_START_TIME_ASC',
  'EXPECTED_START_TIME_DESC',
  'NAME_ASC',
  'NAME_DESC',
  'NEXT_SCHEDULED_START_TIME_ASC',
  'END_TIME_DESC',
])
export type TaskRunSort = z.infer<typeof TaskRunSort>
const LogSort = z.enum(['TIMESTAMP_ASC', 'TIMESTAMP_DESC'])

/** The object filters of one question; all that are given are joined. */
export const Scope = z.strictObject({
  flows: FlowFilter.nullish(),
  flow_runs: FlowRunFilter.nullish(),
  task_runs: TaskRunFilter.nullish(),
  deployments: z.null('there are no deployments in this workspace; send null').optional(),
  work_pools: z.null('there are no work pools in this workspace; send null').optional(),
  work_pool_queues: z.null('there are no work queues in this workspace; send null').optional(),
  work_queues: z.null('there are no work queues in this workspace; send null').optional(),
})
export type Scope = Readonly<z.infer<typeof Scope>>

/** Null means the default, as Prefect's server reads it: its client sends null for what its user left out. */
const orDefault = <T extends z.ZodType>(schema: T, value: z.output<T>) => schema.nullish().transform((given) => given ?? value)

const limit = orDefault(z.int().min(0).max(MAX_PAGE), MAX_PAGE)
/** `cursor` is ours: the id after which the page starts, in the order ID_DESC; fast at any depth. */
const page = { limit, offset: orDefault(z.int().min(0).max(MAX_OFFSET), 0) }
const paged = { limit, page: orDefault(z.int().min(1).max(MAX_OFFSET), 1) }

export const FlowQuery = Scope.extend({ ...page, sort: orDefault(FlowSort, 'NAME_ASC') })
export type FlowQuery = z.infer<typeof FlowQuery>
export const FlowPage = Scope.extend({ ...paged, sort: orDefault(FlowSort, 'NAME_ASC') })
export type FlowPage = z.infer<typeof FlowPage>
export const FlowRunQuery = Scope.extend({ ...page, sort: orDefault(FlowRunSort, 'ID_DESC'), cursor: FlowRunId.nullish() })
export type FlowRunQuery = z.infer<typeof FlowRunQuery>
export const FlowRunPage = Scope.extend({ ...paged, sort: orDefault(FlowRunSort, 'ID_DESC') })
export type FlowRunPage = z.infer<typeof FlowRunPage>
export const TaskRunQuery = Scope.extend({ ...page, sort: orDefault(TaskRunSort, 'ID_DESC'), cursor: TaskRunId.nullish() })
export type TaskRunQuery = z.infer<typeof TaskRunQuery>
export const TaskRunPage = Scope.extend({ ...paged, sort: orDefault(TaskRunSort, 'ID_DESC') })
export type TaskRunPage = z.infer<typeof TaskRunPage>
/** `cursor` is ours: what `next_cursor` of the answer's `x-flowcell-next-cursor` header said. */
export const LogQuery = z.strictObject({
  logs: LogFilter.nullish(),
  ...page,
  sort: orDefault(LogSort, 'TIMESTAMP_ASC'),
  cursor: z.string().max(200).nullish(),
})
export type LogQuery = z.infer<typeof LogQuery>
/** Ours, in the same language. */
export const NotebookQuery = z.strictObject({
  notebooks: z.strictObject({ id: anyOf(NotebookId), title: z.strictObject({ like_: text.nullish() }).nullish() }).nullish(),
  ...page,
  sort: orDefault(z.enum(['UPDATED_DESC', 'CREATED_DESC', 'NAME_ASC']), 'UPDATED_DESC'),
})
export type NotebookQuery = z.infer<typeof NotebookQuery>
export const HistoryQuery = Scope.extend({
  history_start: InstantInput,
  history_end: InstantInput,
  history_interval_seconds: z.number().min(1).max(MAX_HISTORY_INTERVAL_SECONDS),
})
export type HistoryQuery = z.infer<typeof HistoryQuery>
