/** Task runs: one row and one entry of the one index each. */
import type { TaskRunSort, HistoryQuery, Scope } from '#sdk/protocol/filters.ts'
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import { fromText, jsonOf, numberOf, textOf, textOrNull, toJson, toText } from './columns.ts'
import { taskRunScope } from './filters.ts'
import { historyOf, type HistoryRow } from './history.ts'
import { assignments, FACT_COLUMNS, factBindings, factsOf, lastState, placeholders } from './runs.ts'
import type { Binding, Database, Row } from './sql.ts'

const REST_COLUMNS = ['name', 'flow_run_run_count', 'doc'] as const
const INSERT_COLUMNS = [
  'id',
  'flow_run_id',
  'task_key',
  'dynamic_key',
  'created',
  'expected_start_time',
  'tags',
  ...REST_COLUMNS,
  ...FACT_COLUMNS,
]
const INSERT = `INSERT INTO task_run (${INSERT_COLUMNS.join(', ')}) VALUES (${placeholders(INSERT_COLUMNS)})`
const UPDATE = `UPDATE task_run SET ${assignments(['expected_start_time', ...REST_COLUMNS, ...FACT_COLUMNS])} WHERE id = ?`

const SORTS: Readonly<Record<TaskRunSort, string>> = {
  ID_DESC: 't.id DESC',
  EXPECTED_START_TIME_ASC: 't.expected_start_time ASC, t.id',
  EXPECTED_START_TIME_DESC: 't.expected_start_time DESC, t.id DESC',
  NAME_ASC: 't.name ASC, t.id',
  NAME_DESC: 't.name DESC, t.id DESC',
  NEXT_SCHEDULED_START_TIME_ASC: 't.next_scheduled_start_time ASC NULLS LAST, t.id',
  END_TIME_DESC: 't.end_time DESC NULLS LAST, t.id DESC',
}

/** Flow runs whose task runs are counted in memory. */
const MAX_COUNTS = 1_000

export class TaskRuns {
  readonly #database: Database
  readonly #counts = new Map<FlowRunId, number>()
  constructor(database: Database) {
    this.#database = database
  }

  find(id: TaskRunId): TaskRun | undefined {
    return this.#one('SELECT * FROM task_run WHERE id = ?', id)
  }

  findByKeys(run: FlowRunId | null, taskKey: string, dynamicKey: string): TaskRun | undefined {
    const query = 'SELECT * FROM task_run WHERE flow_run_id IS ? AND task_key = ? AND dynamic_key = ? LIMIT 1'
    return this.#one(query, run, toText(taskKey), toText(dynamicKey))
  }

  /** 1 row and 1 entry of the index. */
  insert(task: TaskRun): void {
    const own: readonly Binding[] = [
      task.id,
      task.flow_run_id,
      toText(task.task_key),
      toText(task.dynamic_key),
      task.created,
      task.expected_start_time,
      toJson(task.tags.map(toText)),
    ]
    this.#database.exec(INSERT, ...own, ...restBindings(task), ...factBindings(task))
    const count = task.flow_run_id === null ? undefined : this.#counts.get(task.flow_run_id)
    if (task.flow_run_id !== null && count !== undefined) this.#counts.set(task.flow_run_id, count + 1)
  }

  /** 1 row. */
  update(task: TaskRun): void {
    this.#database.exec(UPDATE, task.expected_start_time, ...restBindings(task), ...factBindings(task), task.id)
  }

  delete(id: TaskRunId): boolean {
    this.#counts.clear()
    return this.#database.exec('DELETE FROM task_run WHERE id = ? RETURNING id', id).rows.length > 0
  }

  /** Deletes up to `limit` task runs of a flow run; answers their ids. */
  deleteOf(run: FlowRunId, limit: number): readonly TaskRunId[] {
    const query = 'DELETE FROM task_run WHERE id IN (SELECT id FROM task_run WHERE flow_run_id = ? LIMIT ?) RETURNING id'
    return this.#database.exec(query, run, limit).rows.map((row) => textOf(row, 'id') as TaskRunId)
  }

  list(scope: Scope, sort: TaskRunSort, limit: number, offset: number, cursor: TaskRunId | null = null): readonly TaskRun[] {
    const { sql, bindings } = taskRunScope(scope)
    if (cursor !== null) {
      const query = `SELECT t.* FROM task_run t WHERE t.id < ? AND ${sql} ORDER BY ${SORTS.ID_DESC} LIMIT ?`
      return this.#database.exec(query, cursor, ...bindings, limit).rows.map(taskRunOf)
    }
    const query = `SELECT t.* FROM task_run t WHERE ${sql} ORDER BY ${SORTS[sort]} LIMIT ? OFFSET ?`
    return this.#database.exec(query, ...bindings, limit, offset).rows.map(taskRunOf)
  }

  /** Task runs of a flow run, in the order of their ids (which is the order of their making for ids that we minted). */
  ofFlowRun(run: FlowRunId, limit: number, after = ''): readonly TaskRun[] {
    const query = 'SELECT * FROM task_run WHERE flow_run_id = ? AND id > ? ORDER BY id LIMIT ?'
    return this.#database.exec(query, run, after, limit).rows.map(taskRunOf)
  }

  newestOfFlowRun(run: FlowRunId, limit: number): readonly TaskRun[] {
    return this.#database.exec('SELECT * FROM task_run WHERE flow_run_id = ? ORDER BY id DESC LIMIT ?', run, limit).rows.map(taskRunOf)
  }

  /** Task runs of a flow run that have not ended. */
  liveOf(run: FlowRunId, limit: number): readonly TaskRun[] {
    const query = `SELECT * FROM task_run WHERE flow_run_id = ?
      AND state_type NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED') AND state_name <> 'NotReady' LIMIT ?`
    return this.#database.exec(query, run, limit).rows.map(taskRunOf)
  }

  /** How many task runs a flow run has; counted once, then kept up. A commit that was undone may leave it too high until it is counted again. */
  countOf(run: FlowRunId, isExact = false): number {
    const known = isExact ? undefined : this.#counts.get(run)
    if (known !== undefined) return known
    if (this.#counts.size >= MAX_COUNTS) this.#counts.clear()
    const counted = this.#countRows(run)
    this.#counts.set(run, counted)
    return counted
  }

  #countRows(run: FlowRunId): number {
    const [row] = this.#database.exec('SELECT count(*) AS n FROM task_run WHERE flow_run_id = ?', run).rows
    return row === undefined ? 0 : numberOf(row, 'n')
  }

  count(scope: Scope): number {
    const { sql, bindings } = taskRunScope(scope)
    const [row] = this.#database.exec(`SELECT count(*) AS n FROM task_run t WHERE ${sql}`, ...bindings).rows
    return row === undefined ? 0 : numberOf(row, 'n')
  }

  history(query: HistoryQuery, now: Instant): readonly HistoryRow[] {
    return historyOf(this.#database, 'task_run', taskRunScope(query), query, now)
  }

  #one(sql: string, ...bindings: readonly Binding[]): TaskRun | undefined {
    const [row] = this.#database.exec(sql, ...bindings).rows
    return row === undefined ? undefined : taskRunOf(row)
  }
}

type TaskRunDoc = Partial<Pick<TaskRun, 'cache_key' | 'cache_expiration' | 'task_version' | 'empirical_policy' | 'labels' | 'task_inputs'>>

const isEmpty = (value: object): boolean => Object.keys(value).length === 0

/** Only what differs from the default is written. */
function docOf(task: TaskRun): TaskRunDoc {
  return {
    ...(task.cache_key !== null && { cache_key: task.cache_key }),
    ...(task.cache_expiration !== null && { cache_expiration: task.cache_expiration }),
    ...(task.task_version !== null && { task_version: task.task_version }),
    ...(!isEmpty(task.empirical_policy) && { empirical_policy: task.empirical_policy }),
    ...(!isEmpty(task.labels) && { labels: task.labels }),
    ...(!isEmpty(task.task_inputs) && { task_inputs: task.task_inputs }),
  }
}

const restBindings = (task: TaskRun): readonly Binding[] => [toText(task.name), task.flow_run_run_count, toJson(docOf(task))]

function taskRunOf(row: Row): TaskRun {
  const doc = jsonOf<TaskRunDoc>(row, 'doc')
  const task: TaskRun = {
    ...factsOf(row),
    id: textOf(row, 'id') as TaskRunId,
    created: numberOf(row, 'created'),
    name: fromText(textOf(row, 'name')),
    flow_run_id: textOrNull(row, 'flow_run_id') as FlowRunId | null,
    task_key: fromText(textOf(row, 'task_key')),
    dynamic_key: fromText(textOf(row, 'dynamic_key')),
    cache_key: doc.cache_key ?? null,
    cache_expiration: doc.cache_expiration ?? null,
    task_version: doc.task_version ?? null,
    empirical_policy: doc.empirical_policy ?? {},
    tags: jsonOf<string[]>(row, 'tags').map(fromText),
    labels: doc.labels ?? {},
    task_inputs: doc.task_inputs ?? {},
    flow_run_run_count: numberOf(row, 'flow_run_run_count'),
  }
  lastState(task)
  return task
}
