/** Prefect's filter language as SQL: constant fragments, every value bound, lists as one JSON text. */
import type { FlowFilter, FlowRunFilter, Scope, TaskRunFilter } from '#sdk/protocol/filters.ts'
import { listOf, toText } from './columns.ts'
import type { Binding } from './sql.ts'

export interface Condition {
  readonly sql: string
  readonly bindings: readonly Binding[]
}

interface Operated {
  readonly operator?: 'and_' | 'or_' | undefined
}
type Values = readonly string[] | null | undefined
type OneOf = { readonly any_?: Values; readonly not_any_?: Values } | null | undefined
type Name = { readonly any_?: Values; readonly like_?: string | null | undefined } | null | undefined
type Tags =
  | (Operated & { readonly all_?: Values; readonly any_?: Values; readonly is_null_?: boolean | null | undefined })
  | null
  | undefined
type Time =
  | {
      readonly before_?: number | null | undefined
      readonly after_?: number | null | undefined
      readonly is_null_?: boolean | null | undefined
    }
  | null
  | undefined
type StateFilter = FlowRunFilter['state']

const EVERYTHING: Condition = { sql: 'TRUE', bindings: [] }
const IN_LIST = 'IN (SELECT value FROM json_each(?))'

/** Joins with the operator of the filter object; nothing given means everything. */
function join(conditions: readonly (Condition | undefined)[], operator: Operated['operator'] = 'and_'): Condition {
  const given = conditions.filter((condition) => condition !== undefined)
  const [first] = given
  if (first === undefined) return EVERYTHING
  if (given.length === 1) return first
  const word = operator === 'or_' ? ' OR ' : ' AND '
  return { sql: `(${given.map(({ sql }) => sql).join(word)})`, bindings: given.flatMap(({ bindings }) => bindings) }
}

const all = (...conditions: readonly (Condition | undefined)[]): Condition => join(conditions)

function anyOf(column: string, values: Values): Condition | undefined {
  return values ? { sql: `${column} ${IN_LIST}`, bindings: [listOf(values)] } : undefined
}

function noneOf(column: string, values: Values): Condition | undefined {
  return values ? { sql: `${column} NOT ${IN_LIST}`, bindings: [listOf(values)] } : undefined
}

function oneOf(column: string, filter: OneOf): Condition | undefined {
  return filter ? all(anyOf(column, filter.any_), noneOf(column, filter.not_any_)) : undefined
}

function isNull(column: string, wanted: boolean | null | undefined): Condition | undefined {
  if (wanted === null || wanted === undefined) return undefined
  return { sql: `${column} IS ${wanted ? '' : 'NOT '}NULL`, bindings: [] }
}

/** LIKE would end at 50 bytes and know wildcards; this is a plain part of the text, whatever its case. */
function contains(column: string, text: string | null | undefined): Condition | undefined {
  return typeof text === 'string' ? { sql: `instr(lower(${column}), lower(?)) > 0`, bindings: [toText(text)] } : undefined
}

function name(column: string, filter: Name): Condition | undefined {
  return filter ? all(anyOf(column, filter.any_), contains(column, filter.like_)) : undefined
}

function tags(column: string, filter: Tags): Condition | undefined {
  if (!filter) return undefined
  const { all_, any_, is_null_, operator } = filter
  return join(
    [
      all_
        ? {
            sql: `NOT EXISTS (SELECT 1 FROM json_each(?) w WHERE w.value NOT IN (SELECT value FROM json_each(${column})))`,
            bindings: [listOf(all_)],
          }
        : undefined,
      any_ ? { sql: `EXISTS (SELECT 1 FROM json_each(${column}) w WHERE w.value ${IN_LIST})`, bindings: [listOf(any_)] } : undefined,
      typeof is_null_ === 'boolean' ? { sql: `${column} ${is_null_ ? '=' : '<>'} '[]'`, bindings: [] } : undefined,
    ],
    operator,
  )
}

function time(column: string, filter: Time): Condition | undefined {
  if (!filter) return undefined
  const { before_, after_, is_null_ } = filter
  return all(
    typeof before_ === 'number' ? { sql: `${column} <= ?`, bindings: [before_] } : undefined,
    typeof after_ === 'number' ? { sql: `${column} >= ?`, bindings: [after_] } : undefined,
    isNull(column, is_null_),
  )
}

function state(alias: string, filter: StateFilter): Condition | undefined {
  if (!filter) return undefined
  return join([oneOf(`${alias}.state_type`, filter.type), oneOf(`${alias}.state_name`, filter.name)], filter.operator)
}

/** There are no deployments: every run is without one. */
function deployment(filter: FlowRunFilter['deployment_id']): Condition | undefined {
  if (!filter) return undefined
  return join(
    [
      filter.any_ ? { sql: 'FALSE', bindings: [] } : undefined,
      typeof filter.is_null_ === 'boolean' ? { sql: filter.is_null_ ? 'TRUE' : 'FALSE', bindings: [] } : undefined,
    ],
    filter.operator,
  )
}

function parentFlowRun(alias: string, filter: FlowRunFilter['parent_flow_run_id']): Condition | undefined {
  if (!filter?.any_) return undefined
  const sql = `${alias}.parent_task_run_id IN (SELECT id FROM task_run WHERE flow_run_id ${IN_LIST})`
  return { sql, bindings: [listOf(filter.any_)] }
}

/** A column that may be null: its values and its absence. */
function nullable(
  column: string,
  filter: (Operated & { readonly any_?: Values; readonly is_null_?: boolean | null | undefined }) | null | undefined,
) {
  return filter ? join([anyOf(column, filter.any_), isNull(column, filter.is_null_)], filter.operator) : undefined
}

function flowCondition(alias: string, filter: FlowFilter): Condition {
  const { operator } = filter
  return join([oneOf(`${alias}.id`, filter.id), name(`${alias}.name`, filter.name), tags(`${alias}.tags`, filter.tags)], operator)
}

function flowRunCondition(alias: string, filter: FlowRunFilter): Condition {
  return join(
    [
      oneOf(`${alias}.id`, filter.id),
      name(`${alias}.name`, filter.name),
      tags(`${alias}.tags`, filter.tags),
      deployment(filter.deployment_id),
      state(alias, filter.state),
      filter.flow_version ? anyOf(`${alias}.flow_version`, filter.flow_version.any_) : undefined,
      time(`${alias}.start_time`, filter.start_time),
      time(`${alias}.end_time`, filter.end_time),
      time(`${alias}.expected_start_time`, filter.expected_start_time),
      time(`${alias}.next_scheduled_start_time`, filter.next_scheduled_start_time),
      parentFlowRun(alias, filter.parent_flow_run_id),
      nullable(`${alias}.parent_task_run_id`, filter.parent_task_run_id),
      oneOf(`${alias}.idempotency_key`, filter.idempotency_key),
    ],
    filter.operator,
  )
}

function taskRunCondition(alias: string, filter: TaskRunFilter): Condition {
  const exists = filter.subflow_runs?.exists_
  return join(
    [
      oneOf(`${alias}.id`, filter.id),
      name(`${alias}.name`, filter.name),
      tags(`${alias}.tags`, filter.tags),
      state(alias, filter.state),
      time(`${alias}.start_time`, filter.start_time),
      time(`${alias}.end_time`, filter.end_time),
      time(`${alias}.expected_start_time`, filter.expected_start_time),
      typeof exists === 'boolean'
        ? {
            sql: `${exists ? '' : 'NOT '}EXISTS (SELECT 1 FROM flow_run s WHERE s.parent_task_run_id = ${alias}.id)`,
            bindings: [],
          }
        : undefined,
      nullable(`${alias}.flow_run_id`, filter.flow_run_id),
    ],
    filter.operator,
  )
}

/** `sql` is the condition of another table, asked for by `before` and `after` around it. */
const within = (before: string, { sql, bindings }: Condition, after: string): Condition => ({ sql: before + sql + after, bindings })

/** The condition on flows, as table `f`. */
export function flowScope({ flows, flow_runs, task_runs }: Scope): Condition {
  return all(
    flows ? flowCondition('f', flows) : undefined,
    flow_runs ? within('f.id IN (SELECT r.flow_id FROM flow_run r WHERE ', flowRunCondition('r', flow_runs), ')') : undefined,
    task_runs
      ? within(
          'f.id IN (SELECT r.flow_id FROM task_run t JOIN flow_run r ON r.id = t.flow_run_id WHERE ',
          taskRunCondition('t', task_runs),
          ')',
        )
      : undefined,
  )
}

/** The condition on flow runs, as table `r`. */
export function flowRunScope({ flows, flow_runs, task_runs }: Scope): Condition {
  return all(
    flows ? within('r.flow_id IN (SELECT f.id FROM flow f WHERE ', flowCondition('f', flows), ')') : undefined,
    flow_runs ? flowRunCondition('r', flow_runs) : undefined,
    task_runs
      ? within('EXISTS (SELECT 1 FROM task_run t WHERE t.flow_run_id = r.id AND ', taskRunCondition('t', task_runs), ')')
      : undefined,
  )
}

/** The condition on task runs, as table `t`. */
export function taskRunScope({ flows, flow_runs, task_runs }: Scope): Condition {
  return all(
    flows
      ? within('t.flow_run_id IN (SELECT r.id FROM flow_run r JOIN flow f ON f.id = r.flow_id WHERE ', flowCondition('f', flows), ')')
      : undefined,
    flow_runs ? within('t.flow_run_id IN (SELECT r.id FROM flow_run r WHERE ', flowRunCondition('r', flow_runs), ')') : undefined,
    task_runs ? taskRunCondition('t', task_runs) : undefined,
  )
}
