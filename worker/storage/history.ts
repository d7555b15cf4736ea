/** Counts by interval and state, by expected start; the arithmetic of `machine/facts.ts` as SQL. */
import type { HistoryQuery } from '#sdk/protocol/filters.ts'
import { MICROS_PER_SECOND, type Instant } from '#sdk/protocol/instants.ts'
import type { StateType } from '#sdk/protocol/states.ts'
import { fromText, numberOf, textOf } from './columns.ts'
import type { Condition } from './filters.ts'
import type { Database } from './sql.ts'

export interface HistoryRow {
  /** Number of the interval, from 0. */
  readonly bar: number
  readonly stateType: StateType
  readonly stateName: string
  readonly count: number
  readonly runTimeSeconds: number
  readonly latenessSeconds: number
}

const ENDED = "state_type IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED')"

/** Microseconds late; binds the present time. */
export const LATENESS = `CASE
  WHEN expected_start_time IS NULL THEN 0
  WHEN start_time IS NOT NULL THEN max(0, start_time - expected_start_time)
  WHEN ${ENDED} THEN 0
  ELSE max(0, ? - expected_start_time) END`

/** Microseconds in RUNNING; binds the present time. */
const RUN_TIME = `total_run_micros + CASE WHEN state_type = 'RUNNING' THEN max(0, ? - (states ->> '$[#-1].timestamp')) ELSE 0 END`

const TABLES = { flow_run: 'flow_run r', task_run: 'task_run t' } as const

export function historyOf(
  database: Database,
  table: keyof typeof TABLES,
  scope: Condition,
  query: HistoryQuery,
  now: Instant,
): readonly HistoryRow[] {
  const { history_start, history_end, history_interval_seconds } = query
  const sql = `SELECT CAST((expected_start_time - ?) / ? AS INTEGER) AS bar, state_type, state_name, count(*) AS n,
      sum(${RUN_TIME}) / 1000000.0 AS run_time, sum(${LATENESS}) / 1000000.0 AS lateness
    FROM ${TABLES[table]} WHERE expected_start_time >= ? AND expected_start_time < ? AND ${scope.sql}
    GROUP BY bar, state_type, state_name ORDER BY bar, state_type, state_name`
  const bindings = [history_start, history_interval_seconds * MICROS_PER_SECOND, now, now, history_start, history_end]
  return database.exec(sql, ...bindings, ...scope.bindings).rows.map((row) => ({
    bar: numberOf(row, 'bar'),
    stateType: textOf(row, 'state_type') as StateType,
    stateName: fromText(textOf(row, 'state_name')),
    count: numberOf(row, 'n'),
    runTimeSeconds: numberOf(row, 'run_time'),
    latenessSeconds: numberOf(row, 'lateness'),
  }))
}
