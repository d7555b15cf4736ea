/**
 * `logs --follow`: what is there, then what comes, until the run has ended. No line twice, none left out: after a lost connection the
 * lines since the last one that was shown are read again.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { FlowRunOutput } from '../../protocol/flow-run.ts'
import { formatInstant, parseInstant } from '../../protocol/instants.ts'
import { LOG_COALESCE_MS } from '../../protocol/limits.ts'
import { LogOutput } from '../../protocol/log.ts'
import type { StateType } from '../../protocol/states.ts'
import { isTerminal } from '../../protocol/state-types.ts'
import { TaskRunOutput } from '../../protocol/task-run.ts'
import type { Context } from '../context.ts'
import type { Workspace } from '../workspace.ts'
import { changesOf, type Change } from './changes.ts'
import { lastLines, logPages, type LogOwner, type LogQuestion } from './log-pages.ts'

type Write = (lines: readonly LogOutput[]) => Promise<void>

/** A run's last words ("Finished in state …") leave its executor after its last state. */
const LAST_WORDS_MS = 4 * LOG_COALESCE_MS
/** Task runs outside flows have no topic: they are asked for. */
const POLL_MS = 1_000
/** As many lines as a snapshot repeats, and some. */
const REMEMBERED = 5_000

export async function followLog(
  context: Context,
  workspace: Workspace,
  owner: LogOwner,
  question: LogQuestion,
  tail: number | undefined,
  write: Write,
): Promise<void> {
  const log = new Followed(workspace, question, write)
  if (owner.flowRun === undefined) return poll(workspace, owner, log, tail)
  const changes = await changesOf(context, workspace, owner.flowRun.id)
  try {
    // Subscribed before the log is read, so nothing falls between.
    const first = await changes.next()
    await log.start(tail)
    let ended = first !== undefined && hasEnded(owner, first)
    while (true) {
      const change = await changes.next(ended ? LAST_WORDS_MS : undefined)
      if (change === undefined) return
      if (change.type === 'reset') await log.catchUp()
      else await log.add(change.patch.logs ?? [])
      ended ||= hasEnded(owner, change)
    }
  } finally {
    changes.close()
  }
}

async function poll(workspace: Workspace, { taskRun }: LogOwner, log: Followed, tail: number | undefined): Promise<void> {
  await log.start(tail)
  for (let ended = false; taskRun !== undefined && !ended; await log.catchUp()) {
    const run = await workspace.call('task_runs.read', { params: { id: taskRun.id } })
    ended = isOver(run.state_type)
    await delay(ended ? LAST_WORDS_MS : POLL_MS)
  }
}

/** Is the run whose log is followed over, as far as this change tells? A deleted one is. */
function hasEnded({ flowRun, taskRun }: LogOwner, change: Change): boolean {
  const { flow_runs = [], task_runs = [], deleted = [] } = change.type === 'reset' ? change.snapshot : change.patch
  const ids: readonly (string | undefined)[] = [flowRun?.id, taskRun?.id]
  if (deleted.some((id) => ids.includes(id)) || (change.type === 'reset' && !flow_runs.some((row) => row['id'] === flowRun?.id)))
    return true
  const runs = [...flow_runs.map((row) => FlowRunOutput.parse(row)), ...task_runs.map((row) => TaskRunOutput.parse(row))]
  return runs.some(({ id, state_type }) => ids.includes(id) && isOver(state_type))
}

const isOver = (type: StateType | null): boolean => type !== null && isTerminal(type)

/** Writes every line once. */
class Followed {
  readonly #workspace: Workspace
  readonly #question: LogQuestion
  readonly #write: Write
  readonly #seen = new Set<string>()
  #last: string | undefined

  constructor(workspace: Workspace, question: LogQuestion, write: Write) {
    this.#workspace = workspace
    this.#question = question
    this.#write = write
  }

  async start(tail: number | undefined): Promise<void> {
    if (tail !== undefined && tail > 0) await this.#show(await lastLines(this.#workspace, this.#question, tail))
    if (tail === 0) await this.#skip()
    if (tail === undefined) await this.catchUp()
  }

  /** Reads what has come since the last line. */
  async catchUp(): Promise<void> {
    const last = this.#last === undefined ? undefined : parseInstant(this.#last)
    // One microsecond earlier: other lines may have the last one's time.
    const since = last === undefined ? {} : { timestamp: { after_: formatInstant(last - 1) } }
    for await (const page of logPages(this.#workspace, { ...this.#question, ...since }, { backwards: false })) await this.#show(page)
  }

  async add(rows: readonly unknown[]): Promise<void> {
    await this.#show(rows.map((row) => LogOutput.parse(row)).filter((line) => this.#isAskedFor(line)))
  }

  async #skip(): Promise<void> {
    for (const line of await lastLines(this.#workspace, this.#question, 1)) this.#remember(line)
  }

  async #show(lines: readonly LogOutput[]): Promise<void> {
    const fresh = lines.filter(({ id }) => !this.#seen.has(id))
    for (const line of fresh) this.#remember(line)
    await this.#write(fresh)
  }

  #remember({ id, timestamp }: LogOutput): void {
    this.#last = this.#last === undefined || timestamp > this.#last ? timestamp : this.#last
    this.#seen.add(id)
    if (this.#seen.size <= REMEMBERED) return
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest)
      return
    }
  }

  #isAskedFor({ level, task_run_id }: LogOutput): boolean {
    const { level: levels, task_run_id: tasks } = this.#question
    return level >= (levels?.ge_ ?? 0) && (tasks?.any_ == null || (task_run_id !== null && tasks.any_.includes(task_run_id)))
  }
}
