/**
 * Flow runs: one row each. What an UPDATE names costs a row per index it stands in, so there is one statement for each set of changes:
 * a step of an ordinary run touches no index and costs 1 row, letting go of a run removes index entries, which is free.
 */
import type { FlowRun } from '#sdk/protocol/flow-run.ts'
import type { FlowRunSort, HistoryQuery, Scope } from '#sdk/protocol/filters.ts'
import type { FlowId, FlowRunId, SessionId, TaskRunId } from '#sdk/protocol/ids.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import { numberOf, numberOrNull, textOf, toJson, toText } from './columns.ts'
import { flowRunScope } from './filters.ts'
import { docOf, flowRunOf, flowRunRowOf, isRestChanged, REST_COLUMNS, restBindings, type FlowRunRow } from './flow-run-row.ts'
import { historyOf, LATENESS, type HistoryRow } from './history.ts'
import { assignments, FACT_COLUMNS, factBindings, placeholders } from './runs.ts'
import type { Binding, Database } from './sql.ts'

/** What the alarm or a list of held runs needs, without the documents. */
export interface HeldRun {
  readonly id: FlowRunId
  readonly epoch: number
  readonly stateType: string
}

const INSERT_COLUMNS = [
  'id',
  'flow_id',
  'name',
  'flow_version',
  'parent_task_run_id',
  'idempotency_key',
  'session_id',
  'epoch',
  'due_at',
  'created',
  'expected_start_time',
  'tags',
  'doc',
  ...FACT_COLUMNS,
]
const INSERT = `INSERT INTO flow_run (${INSERT_COLUMNS.join(', ')}) VALUES (${placeholders(INSERT_COLUMNS)})`
const REST = `UPDATE flow_run SET ${assignments([...REST_COLUMNS, 'updated'])} WHERE id = ?`
/** One statement for each set of changes, made once: the database knows statements by their text. */
const UPDATES = new Map<string, string>()

function updateOf(isMoved: boolean, isPostponed: boolean, isEdited: boolean): string {
  const key = `${isMoved} ${isPostponed} ${isEdited}`
  const known = UPDATES.get(key)
  if (known !== undefined) return known
  const columns = [
    ...FACT_COLUMNS,
    'epoch',
    'due_at',
    ...(isMoved ? ['session_id'] : []),
    ...(isPostponed ? ['expected_start_time'] : []),
    ...(isEdited ? REST_COLUMNS : []),
  ]
  const sql = `UPDATE flow_run SET ${assignments(columns)} WHERE id = ?`
  UPDATES.set(key, sql)
  return sql
}

const SELECT = 'SELECT r.*, f.name AS flow_name FROM flow_run r LEFT JOIN flow f ON f.id = r.flow_id'

const SORTS: Readonly<Record<FlowRunSort, string>> = {
  ID_DESC: 'r.id DESC',
  START_TIME_ASC: 'coalesce(r.start_time, r.expected_start_time) ASC, r.id',
  START_TIME_DESC: 'coalesce(r.start_time, r.expected_start_time) DESC, r.id DESC',
  EXPECTED_START_TIME_ASC: 'r.expected_start_time ASC, r.id',
  EXPECTED_START_TIME_DESC: 'r.expected_start_time DESC, r.id DESC',
  NAME_ASC: 'r.name ASC, r.id',
  NAME_DESC: 'r.name DESC, r.id DESC',
  NEXT_SCHEDULED_START_TIME_ASC: 'r.next_scheduled_start_time ASC NULLS LAST, r.id',
  END_TIME_DESC: 'r.end_time DESC NULLS LAST, r.id DESC',
}

export class FlowRuns {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  find(id: FlowRunId): FlowRun | undefined {
    const [row] = this.#database.exec('SELECT * FROM flow_run WHERE id = ?', id).rows
    return row === undefined ? undefined : flowRunOf(row)
  }

  findRow(id: FlowRunId): FlowRunRow | undefined {
    const [row] = this.#database.exec(`${SELECT} WHERE r.id = ?`, id).rows
    return row === undefined ? undefined : flowRunRowOf(row)
  }

  findByKey(flow: FlowId, key: string): FlowRunRow | undefined {
    const [row] = this.#database.exec(`${SELECT} WHERE r.flow_id = ? AND r.idempotency_key = ?`, flow, toText(key)).rows
    return row === undefined ? undefined : flowRunRowOf(row)
  }

  has(id: FlowRunId): boolean {
    return this.#database.exec('SELECT 1 FROM flow_run WHERE id = ?', id).rows.length > 0
  }

  /** 1 row, 1 of the index on expected start, 1 more when a session holds the run. */
  insert(run: FlowRun, dueAt: Instant | null): void {
    const text = (value: string | null): string | null => (value === null ? null : toText(value))
    const own: readonly Binding[] = [
      run.id,
      run.flow_id,
      toText(run.name),
      text(run.flow_version),
      run.parent_task_run_id,
      text(run.idempotency_key),
      run.session_id,
      run.epoch,
      dueAt,
      run.created,
      run.expected_start_time,
      toJson(run.tags.map(toText)),
      toJson(docOf(run)),
    ]
    this.#database.exec(INSERT, ...own, ...factBindings(run))
  }

  /** Writes what differs between two versions of one run in one statement; 1 row unless an indexed column gets a new value. */
  update(before: FlowRun, after: FlowRun, dueAt: Instant | null): void {
    const isMoved = before.session_id !== after.session_id
    const isPostponed = before.expected_start_time !== after.expected_start_time
    const isEdited = isRestChanged(before, after)
    const bindings: readonly Binding[] = [
      ...factBindings(after),
      after.epoch,
      dueAt,
      ...(isMoved ? [after.session_id] : []),
      ...(isPostponed ? [after.expected_start_time] : []),
      ...(isEdited ? restBindings(after) : []),
    ]
    this.#database.exec(updateOf(isMoved, isPostponed, isEdited), ...bindings, after.id)
  }

  /** Writes what people edit: name, version, tags and document. */
  updateRest(run: FlowRun): void {
    this.#database.exec(REST, ...restBindings(run), run.updated, run.id)
  }

  delete(id: FlowRunId): boolean {
    return this.#database.exec('DELETE FROM flow_run WHERE id = ? RETURNING id', id).rows.length > 0
  }

  list(scope: Scope, sort: FlowRunSort, limit: number, offset: number, cursor: FlowRunId | null = null): readonly FlowRunRow[] {
    const { sql, bindings } = flowRunScope(scope)
    if (cursor !== null) {
      const query = `${SELECT} WHERE r.id < ? AND ${sql} ORDER BY ${SORTS.ID_DESC} LIMIT ?`
      return this.#database.exec(query, cursor, ...bindings, limit).rows.map(flowRunRowOf)
    }
    const query = `${SELECT} WHERE ${sql} ORDER BY ${SORTS[sort]} LIMIT ? OFFSET ?`
    return this.#database.exec(query, ...bindings, limit, offset).rows.map(flowRunRowOf)
  }

  ids(scope: Scope, limit: number): readonly FlowRunId[] {
    const { sql, bindings } = flowRunScope(scope)
    return this.#ids(`SELECT r.id FROM flow_run r WHERE ${sql} ORDER BY r.id DESC LIMIT ?`, ...bindings, limit)
  }

  count(scope: Scope): number {
    const { sql, bindings } = flowRunScope(scope)
    const [row] = this.#database.exec(`SELECT count(*) AS n FROM flow_run r WHERE ${sql}`, ...bindings).rows
    return row === undefined ? 0 : numberOf(row, 'n')
  }

  /** Mean lateness in seconds; null without runs. */
  lateness(scope: Scope, now: Instant): number | null {
    const { sql, bindings } = flowRunScope(scope)
    const query = `SELECT avg(${LATENESS}) / 1000000.0 AS mean FROM flow_run r WHERE ${sql}`
    const [row] = this.#database.exec(query, now, ...bindings).rows
    return row === undefined ? null : numberOrNull(row, 'mean')
  }

  history(query: HistoryQuery, now: Instant): readonly HistoryRow[] {
    return historyOf(this.#database, 'flow_run', flowRunScope(query), query, now)
  }

  /** Runs of the subflows that the task runs of a flow run started. */
  subflowsOf(run: FlowRunId, limit: number): readonly FlowRunRow[] {
    const query = `${SELECT} WHERE r.parent_task_run_id IN (SELECT id FROM task_run WHERE flow_run_id = ?) ORDER BY r.id LIMIT ?`
    return this.#database.exec(query, run, limit).rows.map(flowRunRowOf)
  }

  /** The subflow run of each task run of a flow run that stands for one. */
  subflowIdsOf(run: FlowRunId): ReadonlyMap<TaskRunId, FlowRunId> {
    const query =
      'SELECT r.parent_task_run_id AS task, r.id FROM flow_run r WHERE r.parent_task_run_id IN (SELECT id FROM task_run WHERE flow_run_id = ?) ORDER BY r.id'
    const { rows } = this.#database.exec(query, run)
    return new Map(rows.map((row) => [textOf(row, 'task') as TaskRunId, textOf(row, 'id') as FlowRunId]))
  }

  heldBy(session: SessionId, limit: number): readonly HeldRun[] {
    const query = 'SELECT id, epoch, state_type FROM flow_run WHERE session_id = ? LIMIT ?'
    return this.#database.exec(query, session, limit).rows.map((row) => ({
      id: textOf(row, 'id') as FlowRunId,
      epoch: numberOf(row, 'epoch'),
      stateType: textOf(row, 'state_type'),
    }))
  }

  isHolding(session: SessionId): boolean {
    return this.#database.exec('SELECT 1 FROM flow_run WHERE session_id = ? LIMIT 1', session).rows.length > 0
  }

  due(now: Instant, limit: number): readonly FlowRun[] {
    const query = 'SELECT * FROM flow_run WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT ?'
    return this.#database.exec(query, now, limit).rows.map(flowRunOf)
  }

  nextDueAt(): Instant | null {
    const [row] = this.#database.exec('SELECT min(due_at) AS at FROM flow_run WHERE due_at IS NOT NULL').rows
    return row === undefined ? null : numberOrNull(row, 'at')
  }

  idsOfFlow(flow: FlowId, limit: number): readonly FlowRunId[] {
    return this.#ids('SELECT id FROM flow_run WHERE flow_id = ? LIMIT ?', flow, limit)
  }

  #ids(sql: string, ...bindings: readonly Binding[]): readonly FlowRunId[] {
    return this.#database.exec(sql, ...bindings).rows.map((row) => textOf(row, 'id') as FlowRunId)
  }
}
