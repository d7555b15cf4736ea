/** What `flowcell task-run ls|inspect` do. */
import type { TaskRunListOptions } from '../commands/task-run.ts'
import type { OutputOptions } from '../commands/shared.ts'
import type { Context } from '../context.ts'
import type { TaskInputs, TaskRunOutput } from '../../protocol/task-run.ts'
import { runFacts, statesOf } from '../output/run.ts'
import { paintState, stateFormat, stateWord } from '../output/state.ts'
import { facts, table } from '../output/table.ts'
import { onOneLine } from '../output/text.ts'
import { duration, relative } from '../output/time.ts'
import { connect, ifThere, pageOf } from '../workspace.ts'
import { firstRows, nothingMatches, stateFilter } from './filters.ts'
import { findFlowRun, findTaskRun } from './find.ts'

export async function listTaskRuns(context: Context, options: TaskRunListOptions): Promise<void> {
  const { terminal, nowMs } = context
  const { flowRun, name, state: words, limit: count, output } = options
  const workspace = await connect(context)
  const state = stateFilter(words)
  const of = flowRun === undefined ? undefined : await findFlowRun(workspace, terminal, flowRun, 'newest')
  const scope = {
    task_runs: {
      ...(of === undefined ? {} : { flow_run_id: { any_: [of.id] } }),
      ...(state === undefined ? {} : { state }),
      ...(name === undefined ? {} : { name: { like_: name } }),
    },
  }
  const runs = await firstRows(count, (limit, cursor) =>
    workspace.call('task_runs.filter', { body: { ...scope, limit, sort: 'ID_DESC', ...(cursor === undefined ? {} : { cursor }) } }),
  )
  if (output === 'json') return terminal.print(JSON.stringify(runs, null, 2))
  const filtered = of !== undefined || name !== undefined || state !== undefined
  if (runs.length === 0) return terminal.note(filtered ? nothingMatches('task run', words) : 'There are no task runs yet.')
  await terminal.print(
    table(terminal, runs, [
      { title: 'NAME', value: (run) => run.name, least: 12 },
      { title: 'TASK', value: (run) => run.task_key, least: 8 },
      { title: 'STATE', value: stateWord, format: stateFormat },
      { title: 'STARTED', value: (run) => relative(run.start_time ?? run.expected_start_time, nowMs()) },
      { title: 'TOOK', value: (run) => (run.start_time === null ? '' : duration(run.estimated_run_time)), align: 'right' },
      { title: 'ID', value: (run) => run.id, spare: true },
    ]),
  )
}

export async function inspectTaskRun(context: Context, text: string, { output }: OutputOptions): Promise<void> {
  const { terminal, nowMs } = context
  const workspace = await connect(context)
  const run = await findTaskRun(workspace, terminal, text)
  if (output === 'json') return terminal.print(JSON.stringify(run, null, 2))
  const [states, flowRun] = await Promise.all([workspace.call('task_run_states.list', { query: { task_run_id: run.id } }), flowRunOf(run)])
  const pairs = [
    ['Task run', terminal.style('bold', onOneLine(run.name))],
    ['State', paintState(terminal, run.state_type, run.state_name)],
    ['Task', onOneLine(run.task_key)],
    ['Flow run', flowRun === undefined ? 'none: it runs outside flows' : `${onOneLine(flowRun.name)} (${flowRun.id})`],
    ['Id', run.id],
    ...runFacts(run, nowMs()),
    ['Inputs', inputsOf(run.task_inputs)],
    ['Page', pageOf(workspace.apiUrl, `runs/task-run/${run.id}`)],
  ] as const
  await terminal.print(`${facts(terminal, pairs)}\n\n${statesOf(terminal, states)}`)

  async function flowRunOf({ flow_run_id: id }: TaskRunOutput): Promise<{ readonly id: string; readonly name: string } | undefined> {
    return id === null ? undefined : ((await ifThere(workspace.call('flow_runs.read', { params: { id } }))) ?? { id, name: 'deleted' })
  }
}

/** `data: task run 0199…` one argument a line. */
function inputsOf(inputs: TaskInputs): string | undefined {
  const lines = Object.entries(inputs).flatMap(([name, sources]) =>
    sources.map((source) => {
      if (source.input_type === 'task_run') return `${name}: result of task run ${source.id}`
      if (source.input_type === 'flow_run') return `${name}: result of flow run ${source.id}`
      return source.input_type === 'parameter' ? `${name}: parameter ${source.name}` : `${name}: ${source.type}`
    }),
  )
  return lines.length === 0 ? undefined : lines.map(onOneLine).join('\n')
}
