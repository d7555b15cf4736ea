/** The columns that flow runs and task runs share. */
import type { RunFacts } from '#sdk/protocol/flow-run.ts'
import type { State, StateType } from '#sdk/protocol/states.ts'
import { jsonOf, numberOf, numberOrNull, toJson, toText } from './columns.ts'
import type { Binding, Row } from './sql.ts'

/** In the order in which {@link factBindings} answers. `expected_start_time` is apart: it is indexed, so writing it costs a row more. */
export const FACT_COLUMNS = [
  'updated',
  'state_type',
  'state_name',
  'run_count',
  'next_scheduled_start_time',
  'start_time',
  'end_time',
  'total_run_micros',
  'states',
] as const

export interface RunRecord extends RunFacts {
  readonly updated: number
}

export function lastState(run: { readonly states: readonly State[] }): State {
  const state = run.states.at(-1)
  if (state === undefined) throw new TypeError('a run without a state')
  return state
}

export function factBindings(run: RunRecord): readonly Binding[] {
  const { type, name }: { type: StateType; name: string } = lastState(run)
  return [
    run.updated,
    type,
    toText(name),
    run.run_count,
    run.next_scheduled_start_time,
    run.start_time,
    run.end_time,
    run.total_run_micros,
    toJson(run.states),
  ]
}

export function factsOf(row: Row): RunRecord {
  return {
    updated: numberOf(row, 'updated'),
    states: jsonOf<State[]>(row, 'states'),
    run_count: numberOf(row, 'run_count'),
    expected_start_time: numberOrNull(row, 'expected_start_time'),
    next_scheduled_start_time: numberOrNull(row, 'next_scheduled_start_time'),
    start_time: numberOrNull(row, 'start_time'),
    end_time: numberOrNull(row, 'end_time'),
    total_run_micros: numberOf(row, 'total_run_micros'),
  }
}

export const placeholders = (columns: readonly string[]): string => columns.map(() => '?').join(', ')
export const assignments = (columns: readonly string[]): string => columns.map((column) => `${column} = ?`).join(', ')
