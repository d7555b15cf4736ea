/** What `flowcell flow-run watch` does. */
import { FlowRunOutput } from '../../protocol/flow-run.ts'
import type { StateOutput } from '../../protocol/states.ts'
import { isTerminal } from '../../protocol/state-types.ts'
import { TaskRunOutput } from '../../protocol/task-run.ts'
import type { Context } from '../context.ts'
import { EXIT, Failure, type ExitCode } from '../failure.ts'
import { paintState } from '../output/state.ts'
import { onOneLine } from '../output/text.ts'
import { localTime } from '../output/time.ts'
import { connect, type Workspace } from '../workspace.ts'
import { changesOf, type Change } from './changes.ts'
import { findFlowRun } from './find.ts'

/** Shows states until the run has ended. */
export async function watchFlowRun(context: Context, text: string): Promise<ExitCode> {
  const workspace = await connect(context)
  const run = await findFlowRun(workspace, context.terminal, text, 'newest')
  const show = new Shown(context, workspace, run)
  // One that has ended needs no socket; of another, nothing is shown before its changes are heard.
  if (run.state_type !== null && isTerminal(run.state_type)) return (await show.flowRun(run)) ?? EXIT.failed
  let end: ExitCode | undefined
  const changes = await changesOf(context, workspace, run.id)
  try {
    while (end === undefined) {
      const change = await changes.next()
      if (change !== undefined) end = await show.change(change)
    }
    return end
  } finally {
    changes.close()
  }
}

/** Prints every state once. */
class Shown {
  readonly #context: Context
  readonly #workspace: Workspace
  readonly #run: FlowRunOutput
  readonly #states = new Set<string>()
  #knowsTasks = false

  constructor(context: Context, workspace: Workspace, run: FlowRunOutput) {
    this.#context = context
    this.#workspace = workspace
    this.#run = run
  }

  async change(change: Change): Promise<ExitCode | undefined> {
    const { flow_runs = [], task_runs = [], deleted = [] } = change.type === 'reset' ? change.snapshot : change.patch
    const { id, name } = this.#run
    const isGone = deleted.includes(id) || (change.type === 'reset' && !flow_runs.some((row) => row['id'] === id))
    if (isGone) throw new Failure(`Flow run '${onOneLine(name)}' was deleted.`)
    for (const row of task_runs) await this.#taskRun(TaskRunOutput.parse(row))
    this.#knowsTasks = true
    const rows = flow_runs.map((row) => FlowRunOutput.parse(row))
    const run = rows.find((row) => row.id === id)
    return run === undefined ? undefined : this.flowRun(run)
  }

  /** The whole history, since a change may carry several states at once. Answers how the command ends when the run has. */
  async flowRun({ id, name, state, state_type: type }: FlowRunOutput): Promise<ExitCode | undefined> {
    if (state === null || this.#states.has(state.id)) return undefined
    const states = await this.#workspace.call('flow_run_states.list', { query: { flow_run_id: id } })
    for (const known of states) await this.#print(`Flow run '${onOneLine(name)}'`, known)
    if (type === null || !isTerminal(type)) return undefined
    return type === 'COMPLETED' ? EXIT.ok : EXIT.failed
  }

  /** Task runs that had their state before we came are not news. */
  async #taskRun({ name, state }: TaskRunOutput): Promise<void> {
    if (state === null) return
    if (this.#knowsTasks) await this.#print(`Task run '${onOneLine(name)}'`, state)
    else this.#states.add(state.id)
  }

  async #print(who: string, { id, type, name, timestamp, message }: StateOutput): Promise<void> {
    if (this.#states.has(id)) return
    this.#states.add(id)
    const { terminal } = this.#context
    const why = message === null || message === '' ? '' : `: ${onOneLine(message)}`
    await terminal.print(`${terminal.style('dim', localTime(timestamp))}  ${who}  ${paintState(terminal, type, name)}${why}`)
  }
}
