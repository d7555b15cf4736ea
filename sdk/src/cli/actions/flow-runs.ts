/** What `flowcell flow-run ls|inspect|cancel|delete` do. */
import type { FlowRunOutput } from '../../protocol/flow-run.ts'
import { isTerminal } from '../../protocol/state-types.ts'
import type { ConfirmOptions, FlowRunListOptions } from '../commands/flow-run.ts'
import type { OutputOptions } from '../commands/shared.ts'
import type { Context } from '../context.ts'
import { EXIT, Failure, type ExitCode } from '../failure.ts'
import { runFacts, statesOf } from '../output/run.ts'
import { paintState, stateFormat, stateWord } from '../output/state.ts'
import { facts, table } from '../output/table.ts'
import { onOneLine } from '../output/text.ts'
import { duration, relative } from '../output/time.ts'
import { connect, pageOf, type Workspace } from '../workspace.ts'
import { firstRows, nothingMatches, stateFilter } from './filters.ts'
import { findFlowRun, isId } from './find.ts'

export async function listFlowRuns(context: Context, options: FlowRunListOptions): Promise<void> {
  const { terminal, nowMs } = context
  const { flow, name, state: words, limit: count, output } = options
  const workspace = await connect(context)
  const state = stateFilter(words)
  const scope = {
    ...(flow === undefined ? {} : { flows: isId(flow) ? { id: { any_: [flow] } } : { name: { any_: [flow] } } }),
    flow_runs: { ...(state === undefined ? {} : { state }), ...(name === undefined ? {} : { name: { like_: name } }) },
  }
  const runs = await firstRows(count, (limit, cursor) =>
    workspace.call('flow_runs.filter', { body: { ...scope, limit, sort: 'ID_DESC', ...(cursor === undefined ? {} : { cursor }) } }),
  )
  if (output === 'json') return terminal.print(JSON.stringify(runs, null, 2))
  const filtered = flow !== undefined || name !== undefined || state !== undefined
  if (runs.length === 0) return terminal.note(filtered ? nothingMatches('flow run', words) : 'There are no flow runs yet.')
  await terminal.print(
    table(terminal, runs, [
      { title: 'NAME', value: (run) => run.name, least: 12 },
      { title: 'FLOW', value: (run) => run.flow_name, least: 8 },
      { title: 'STATE', value: stateWord, format: stateFormat },
      { title: 'STARTED', value: (run) => relative(run.start_time ?? run.expected_start_time, nowMs()) },
      { title: 'TOOK', value: (run) => (run.start_time === null ? '' : duration(run.estimated_run_time)), align: 'right' },
      { title: 'ID', value: (run) => run.id, spare: true },
    ]),
  )
}

export async function inspectFlowRun(context: Context, text: string, { output }: OutputOptions): Promise<void> {
  const { terminal, nowMs } = context
  const workspace = await connect(context)
  const run = await findFlowRun(workspace, terminal, text, 'newest')
  if (output === 'json') return terminal.print(JSON.stringify(run, null, 2))
  const [states, taskRuns] = await Promise.all([
    workspace.call('flow_run_states.list', { query: { flow_run_id: run.id } }),
    countTaskRuns(workspace, run.id),
  ])
  const pairs = [
    ['Flow run', terminal.style('bold', onOneLine(run.name))],
    ['State', paintState(terminal, run.state_type, run.state_name)],
    ['Flow', onOneLine(run.flow_name)],
    ['Id', run.id],
    ...runFacts(run, nowMs()),
    ['Parameters', Object.keys(run.parameters).length === 0 ? undefined : onOneLine(JSON.stringify(run.parameters))],
    ['Task runs', taskRuns],
    ['Part of', run.parent_task_run_id === null ? undefined : `task run ${run.parent_task_run_id}`],
    ['Page', pageOf(workspace.apiUrl, `runs/flow-run/${run.id}`)],
  ] as const
  await terminal.print(`${facts(terminal, pairs)}\n\n${statesOf(terminal, states)}`)
}

/** `5: 4 completed, 1 failed` */
async function countTaskRuns(workspace: Workspace, id: FlowRunOutput['id']): Promise<string> {
  const flow_runs = { id: { any_: [id] } }
  const count = (type: readonly ('COMPLETED' | 'FAILED' | 'CRASHED' | 'RUNNING')[]): Promise<number> =>
    workspace.call('task_runs.count', { body: { flow_runs, task_runs: { state: { type: { any_: [...type] } } } } })
  const [all, completed, failed, running] = await Promise.all([
    workspace.call('task_runs.count', { body: { flow_runs } }),
    count(['COMPLETED']),
    count(['FAILED', 'CRASHED']),
    count(['RUNNING']),
  ])
  const parts = [
    [completed, 'completed'],
    [failed, 'failed'],
    [running, 'running'],
    [all - completed - failed - running, 'other'],
  ] as const
  const shown = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`)
  return shown.length === 0 ? String(all) : `${all}: ${shown.join(', ')}`
}

export async function cancelFlowRuns(context: Context, texts: readonly string[], { yes }: ConfirmOptions): Promise<ExitCode> {
  const { terminal } = context
  const workspace = await connect(context)
  const runs = await findAll(workspace, context, texts)
  if (!(await isSure(context, 'Cancel', runs, yes))) return EXIT.failed
  let exit: ExitCode = EXIT.ok
  for (const run of runs) {
    const said = await cancel(workspace, run)
    if (said.ok) await terminal.print(said.sentence)
    else {
      terminal.note(said.sentence)
      exit = EXIT.failed
    }
  }
  return exit
}

async function cancel(workspace: Workspace, run: FlowRunOutput): Promise<{ readonly ok: boolean; readonly sentence: string }> {
  const name = `Flow run '${onOneLine(run.name)}'`
  if (run.state_type !== null && isTerminal(run.state_type))
    return { ok: false, sentence: `${name} has already ended (${run.state_name ?? run.state_type}); there is nothing to cancel.` }
  const state = { type: 'CANCELLING', name: 'Cancelling', message: 'Cancelled from the command line.' } as const
  const { status, state: now, details } = await workspace.call('flow_runs.set_state', { params: { id: run.id }, body: { state } })
  if (status === 'ACCEPT' || now?.type === 'CANCELLED')
    return { ok: true, sentence: `${name} is ${now?.type === 'CANCELLED' ? 'cancelled' : 'being cancelled'}.` }
  const why = details.reason ?? `its state is ${now?.name ?? 'unknown'}`
  return { ok: false, sentence: `${name} was not cancelled: ${why}` }
}

export async function deleteFlowRuns(context: Context, texts: readonly string[], { yes }: ConfirmOptions): Promise<ExitCode> {
  const workspace = await connect(context)
  const runs = await findAll(workspace, context, texts)
  if (!(await isSure(context, 'Delete', runs, yes))) return EXIT.failed
  for (const run of runs) {
    await workspace.call('flow_runs.delete', { params: { id: run.id } })
    await context.terminal.print(`Flow run '${onOneLine(run.name)}' (${run.id}) is deleted.`)
  }
  return EXIT.ok
}

/** All or none: the first that is not found ends the command before anything happened. */
async function findAll(workspace: Workspace, { terminal }: Context, texts: readonly string[]): Promise<readonly FlowRunOutput[]> {
  const runs = new Map<string, FlowRunOutput>()
  for (const text of texts) {
    const run = await findFlowRun(workspace, terminal, text, 'only')
    runs.set(run.id, run)
  }
  return [...runs.values()]
}

async function isSure({ terminal }: Context, verb: string, runs: readonly FlowRunOutput[], yes: true | undefined): Promise<boolean> {
  if (yes === true) return true
  const named = runs.map(({ name, state_name }) => `'${onOneLine(name)}' (${state_name ?? 'no state'})`).join(', ')
  if (!terminal.isInteractive) throw new Failure(`Nobody is here to ask. Add --yes to ${verb.toLowerCase()} ${named}.`, EXIT.usage)
  const sure = await terminal.confirm(`${verb} flow run${runs.length === 1 ? '' : 's'} ${named}?`)
  if (!sure) terminal.note('Nothing was changed.')
  return sure
}
