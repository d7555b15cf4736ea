/** Questions about many runs at once. None is asked by an executor: they cost a page's reader time, and no row. */
import type { Scope } from '#sdk/protocol/filters.ts'
import type { FlowId, FlowRunId } from '#sdk/protocol/ids.ts'
import { MAX_RECENT_RUNS_SCANNED } from '#sdk/protocol/limits.ts'
import type { RecentRun, RecentRuns, StateCount } from '#sdk/protocol/overviews.ts'
import type { StateType } from '#sdk/protocol/states.ts'
import { fromText, listOf, numberOf, numberOrNull, textOf } from './columns.ts'
import { flowRunScope, taskRunScope, type Condition } from './filters.ts'
import type { Database, Row } from './sql.ts'

/** A list in order, of which single places are asked for. */
export interface Sorted {
  readonly count: number
  at(index: number): number
}

const ENDED = "state_type IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED') AND start_time IS NOT NULL"
/** Runs that are read at a time while the newest of each flow are looked for. */
const SCANNED_AT_ONCE = 500

export class Overviews {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  statesOfFlowRuns(scope: Scope): StateCount[] {
    return this.#states('flow_run r', flowRunScope(scope))
  }

  statesOfTaskRuns(scope: Scope): StateCount[] {
    return this.#states('task_run t', taskRunScope(scope))
  }

  /** Microseconds in RUNNING of the runs that have ended, the shortest first. */
  runTimesOfFlowRuns(scope: Scope): Sorted {
    return this.#runTimes('flow_run r', flowRunScope(scope))
  }

  runTimesOfTaskRuns(scope: Scope): Sorted {
    return this.#runTimes('task_run t', taskRunScope(scope))
  }

  taskStatesOf(runs: readonly FlowRunId[]): (StateCount & { readonly flow_run_id: FlowRunId })[] {
    const sql = `SELECT flow_run_id, state_type, state_name, count(*) AS n FROM task_run
      WHERE flow_run_id IN (SELECT value FROM json_each(?)) GROUP BY flow_run_id, state_type, state_name`
    return this.#database
      .exec(sql, listOf(runs))
      .rows.map((row) => ({ flow_run_id: textOf(row, 'flow_run_id') as FlowRunId, ...countOf(row) }))
  }

  /** Walks from the newest run of the workspace back, until each flow has `limit` or enough was seen: there is no index by flow. */
  recentRuns(flows: readonly FlowId[], limit: number): RecentRuns {
    const found = new Map(flows.map((id) => [id, [] as RecentRun[]]))
    const open = new Set(flows)
    let last = '~' // behind every id
    let left = MAX_RECENT_RUNS_SCANNED
    for (; open.size > 0 && left > 0; left -= SCANNED_AT_ONCE) {
      const sql = `SELECT id, flow_id, name, state_type, state_name, created, expected_start_time, start_time, end_time, total_run_micros
        FROM flow_run WHERE id < ? ORDER BY id DESC LIMIT ?`
      const { rows } = this.#database.exec(sql, last, SCANNED_AT_ONCE)
      for (const row of rows) {
        const flow = textOf(row, 'flow_id') as FlowId
        const runs = found.get(flow)
        if (runs === undefined || runs.length >= limit) continue
        if (runs.push(recentRunOf(row)) === limit) open.delete(flow)
      }
      const end = rows.at(-1)
      if (rows.length < SCANNED_AT_ONCE || end === undefined) {
        open.clear()
        break
      }
      last = textOf(end, 'id')
    }
    return [...found].map(([flow_id, runs]) => ({ flow_id, runs, is_complete: !open.has(flow_id) }))
  }

  #states(table: string, { sql, bindings }: Condition): StateCount[] {
    const query = `SELECT state_type, state_name, count(*) AS n FROM ${table} WHERE ${sql} GROUP BY state_type, state_name ORDER BY state_type, state_name`
    return this.#database.exec(query, ...bindings).rows.map(countOf)
  }

  #runTimes(table: string, { sql, bindings }: Condition): Sorted {
    const where = `FROM ${table} WHERE ${sql} AND ${ENDED}`
    const [row] = this.#database.exec(`SELECT count(*) AS n ${where}`, ...bindings).rows
    return {
      count: row === undefined ? 0 : numberOf(row, 'n'),
      at: (index) => {
        const [at] = this.#database.exec(
          `SELECT total_run_micros AS v ${where} ORDER BY total_run_micros LIMIT 1 OFFSET ?`,
          ...bindings,
          index,
        ).rows
        return at === undefined ? 0 : numberOf(at, 'v')
      },
    }
  }
}

const countOf = (row: Row): StateCount => ({
  state_type: textOf(row, 'state_type') as StateType,
  state_name: fromText(textOf(row, 'state_name')),
  count_runs: numberOf(row, 'n'),
})

function recentRunOf(row: Row): RecentRun {
  return {
    id: textOf(row, 'id') as FlowRunId,
    name: fromText(textOf(row, 'name')),
    state_type: textOf(row, 'state_type') as StateType,
    state_name: fromText(textOf(row, 'state_name')),
    created: numberOf(row, 'created'),
    expected_start_time: numberOrNull(row, 'expected_start_time'),
    start_time: numberOrNull(row, 'start_time'),
    end_time: numberOrNull(row, 'end_time'),
    run_time: numberOf(row, 'total_run_micros'),
  }
}
