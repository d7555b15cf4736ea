/** What flow runs and task runs have in common when one is shown. */
import type { FlowRunOutput } from '../../protocol/flow-run.ts'
import { readResultReference } from '../../protocol/results.ts'
import type { StateOutput } from '../../protocol/states.ts'
import type { TaskRunOutput } from '../../protocol/task-run.ts'
import type { Terminal } from '../terminal.ts'
import { stateFormat } from './state.ts'
import { table } from './table.ts'
import { onOneLine, printable } from './text.ts'
import { duration, localTime, relative } from './time.ts'

type Fact = readonly [name: string, value: string | undefined]

export function runFacts(run: FlowRunOutput | TaskRunOutput, nowMs: number): readonly Fact[] {
  const at = (text: string | null): string | undefined => (text === null ? undefined : `${localTime(text)} (${relative(text, nowMs)})`)
  const retries = run.empirical_policy.retries ?? 0
  const result = readResultReference(run.state?.data ?? undefined)
  return [
    ['Message', run.state?.message ? printable(run.state.message) : undefined],
    ['Error', result?.kind === 'error' ? printable(`${result.error.name}: ${result.error.message}`) : undefined],
    ['Created', at(run.created)],
    ['Scheduled', run.start_time === null ? at(run.expected_start_time) : undefined],
    ['Started', at(run.start_time)],
    ['Ended', at(run.end_time)],
    ['Took', run.start_time === null ? undefined : duration(run.estimated_run_time)],
    ['Attempts', retries === 0 && run.run_count <= 1 ? undefined : `${run.run_count} of ${Math.max(retries + 1, run.run_count)}`],
    ['Tags', run.tags.length === 0 ? undefined : onOneLine(run.tags.join(', '))],
  ]
}

export function statesOf(terminal: Terminal, states: readonly StateOutput[]): string {
  return table(
    terminal,
    states.map((state) => ({ ...state, state_type: state.type, state_name: state.name })),
    [
      { title: 'TIME', value: (state) => localTime(state.timestamp) },
      { title: 'STATE', value: (state) => state.name ?? state.type, format: stateFormat },
      { title: 'MESSAGE', value: (state) => state.message ?? '', least: 20 },
    ],
  )
}
