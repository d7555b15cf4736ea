/**
 * One flow run as pages and cards show it, alive: what the topic `flow_run:{id}` tells, and what is older than its snapshot by pages.
 *
 * 1. It listens while somebody holds it ({@link RunStore.hold}) and says nothing to the workspace otherwise.
 * 2. After a reset it knows the truth again: what vanished meanwhile is gone.
 * 3. A snapshot that is not all is completed by the timeline; resets in a row ask for it once at a time, at most once a second.
 */
import type { Failure } from '#sdk/client/failures.ts'
import type { TopicChange } from '#sdk/client/topics.ts'
import type { FlowRunOutput } from '#sdk/protocol/flow-run.ts'
import type { Topic, TopicPatch } from '#sdk/protocol/frames.ts'
import { MAX_SNAPSHOT_TASK_RUNS } from '#sdk/protocol/limits.ts'
import type { LogPage, Timeline } from '#sdk/protocol/overviews.ts'
import { Holders } from '../ui/holders.ts'
import { messageOf } from '../ui/message-of.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import { linesOfEvents } from './log-lines.ts'
import { RunLog } from './run-log.ts'
import { rowOfEvent, rowsOfTimeline } from './task-row.ts'
import { TaskTable } from './task-table.ts'

/** Where a store hears and asks. */
export interface RunSource {
  subscribe(topic: Topic, listener: (change: TopicChange) => void): () => void
  timeline(run: string, after: string | undefined): Promise<Timeline>
  log(run: string, before: number | undefined): Promise<LogPage>
}

export type RunStatus =
  | { readonly is: 'loading' }
  | { readonly is: 'here' }
  /** There is no such run, or no longer. */
  | { readonly is: 'unknown' | 'deleted' }
  | { readonly is: 'refused'; readonly detail: string }

const LOADING: RunStatus = { is: 'loading' }
const HERE: RunStatus = { is: 'here' }
const TIMELINE_PAUSE_MS = 1_000

export class RunStore {
  readonly id: string
  readonly tasks = new TaskTable()
  readonly log: RunLog
  readonly #source: RunSource
  readonly #holders = new Holders(() => this.#source.subscribe(`flow_run:${this.id}`, (change) => this.#hear(change)))
  readonly #status = new Signal<RunStatus>(LOADING)
  readonly #run = new Signal<FlowRunOutput | undefined>(undefined)
  readonly #tasksVersion = new Signal(0)
  readonly #trouble = new Signal<string | undefined>(undefined)
  #timeline: 'idle' | 'loading' | 'again' = 'idle'

  constructor(source: RunSource, id: string) {
    this.#source = source
    this.id = id
    this.log = new RunLog((before) => source.log(id, before), { hasOlder: false })
  }

  get status(): ReadonlySignal<RunStatus> {
    return this.#status
  }
  get run(): ReadonlySignal<FlowRunOutput | undefined> {
    return this.#run
  }
  /** Changes with every change of {@link tasks}. */
  get tasksVersion(): ReadonlySignal<number> {
    return this.#tasksVersion
  }
  /** Why the older task runs could not be read. */
  get trouble(): ReadonlySignal<string | undefined> {
    return this.#trouble
  }
  get isReadingTasks(): boolean {
    return this.#timeline !== 'idle'
  }

  /** Somebody shows it. */
  get isHeld(): boolean {
    return this.#holders.isHeld
  }

  /** Listens from now on; answers how to stop. */
  hold(): () => void {
    return this.#holders.hold()
  }

  #hear(change: TopicChange): void {
    if (change.type === 'refused') this.#refused(change.failure)
    else if (change.type === 'reset') this.#reset(change.snapshot)
    else this.#apply(change.patch)
  }

  /** An address that cannot be of any run is of none. */
  #refused({ code, detail }: Failure): void {
    this.#status.value = code === 'invalid_request' ? { is: 'unknown' } : { is: 'refused', detail }
  }

  #reset(snapshot: TopicPatch): void {
    const [run] = snapshot.flow_runs ?? []
    if (run === undefined) {
      this.#status.value = { is: this.#run.value === undefined ? 'unknown' : 'deleted' }
      return
    }
    const rows = (snapshot.task_runs ?? []).flatMap((row) => rowOfEvent(row) ?? [])
    const isAll = rows.length < MAX_SNAPSHOT_TASK_RUNS
    if (isAll) this.tasks.keep(new Set(rows.map(({ id }) => id)))
    this.tasks.put(rows)
    this.log.reset(linesOfEvents(snapshot.logs))
    this.#run.value = flowRunOf(run)
    this.#status.value = HERE
    if (!isAll) this.readTasks()
    this.#tasksVersion.value += 1
  }

  #apply({ flow_runs, task_runs, logs, deleted }: TopicPatch): void {
    const [run] = flow_runs ?? []
    if (run !== undefined) this.#run.value = flowRunOf(run)
    for (const id of deleted ?? []) {
      if (id === this.id) this.#status.value = { is: 'deleted' }
      else this.tasks.delete(id)
    }
    if (task_runs !== undefined) this.tasks.put(task_runs.flatMap((row) => rowOfEvent(row) ?? []))
    if (task_runs !== undefined || (deleted?.length ?? 0) > 0) this.#tasksVersion.value += 1
    this.log.append(linesOfEvents(logs))
  }

  /** Reads all task runs; what came live meanwhile stays. */
  readTasks(): void {
    if (this.#timeline !== 'idle') {
      this.#timeline = 'again'
      return
    }
    this.#timeline = 'loading'
    void this.#readTimeline().then((trouble) => {
      const isAsked = this.#timeline === 'again'
      this.#timeline = 'idle'
      this.#trouble.value = trouble
      this.#tasksVersion.value += 1
      if (isAsked) setTimeout(() => this.isHeld && this.readTasks(), TIMELINE_PAUSE_MS)
    })
  }

  /** Answers what went wrong. */
  async #readTimeline(): Promise<string | undefined> {
    const seen = new Set<string>()
    const known = new Set(this.tasks.rows.map(({ id }) => id))
    let after: string | undefined
    do {
      try {
        const page = await this.#source.timeline(this.id, after)
        const rows = rowsOfTimeline(page)
        for (const { id } of rows) seen.add(id)
        this.tasks.put(rows)
        after = page.next ?? undefined
      } catch (error) {
        return messageOf(error)
      }
      this.#tasksVersion.value += 1
    } while (after !== undefined)
    for (const id of known) if (!seen.has(id)) this.tasks.delete(id)
    return undefined
  }
}

/** The workspace's own rows: what it sends under `flow_runs` is a flow run. */
const flowRunOf = (row: object): FlowRunOutput => row as FlowRunOutput
