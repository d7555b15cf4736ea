/**
 * One flow run as pages and cards show it, alive: what the topic `flow_run:{id}` tells, and what is older than its snapshot by pages.
 *
 * 1. It listens while somebody holds it ({@link RunStore.hold}) and says nothing to the workspace otherwise.
 * 2. After a reset it knows the truth again: what vanished meanwhile is gone, and where lines are missing between then and now it begins anew
 *    with the newest.
 * 3. A snapshot that is not all is completed by the timeline; resets in a row ask for it once at a time, at most once a second.
 * 4. Older lines are read when somebody wants them, one page at a time.
 */
import type { Failure } from '#sdk/client/failures.ts'
import type { TopicChange } from '#sdk/client/topics.ts'
import type { FlowRunOutput } from '#sdk/protocol/flow-run.ts'
import type { Topic, TopicPatch } from '#sdk/protocol/frames.ts'
import { MAX_SNAPSHOT_LOG_LINES, MAX_SNAPSHOT_TASK_RUNS } from '#sdk/protocol/limits.ts'
import type { LogPage, Timeline } from '#sdk/protocol/overviews.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import { lineOfEvent, linesOfPage, LogLines, type Line } from './log-lines.ts'
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
  readonly log = new LogLines()
  readonly #source: RunSource
  readonly #status = new Signal<RunStatus>(LOADING)
  readonly #run = new Signal<FlowRunOutput | undefined>(undefined)
  readonly #tasksVersion = new Signal(0)
  readonly #logVersion = new Signal(0)
  readonly #trouble = new Signal<string | undefined>(undefined)
  #holders = 0
  #stop: (() => void) | undefined
  #hasOlderLines = false
  #total: number | undefined
  #older: Promise<void> | undefined
  #timeline: 'idle' | 'loading' | 'again' = 'idle'

  constructor(source: RunSource, id: string) {
    this.#source = source
    this.id = id
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
  /** Changes with every change of {@link log}. */
  get logVersion(): ReadonlySignal<number> {
    return this.#logVersion
  }
  /** Why something older could not be read. */
  get trouble(): ReadonlySignal<string | undefined> {
    return this.#trouble
  }
  /** Lines before the first one here can be read. */
  get hasOlderLines(): boolean {
    return this.#hasOlderLines && !this.log.isFull
  }
  /** Lines before the first one here are only in the download. */
  get isCut(): boolean {
    return this.#hasOlderLines && this.log.isFull
  }
  get isReadingOlderLines(): boolean {
    return this.#older !== undefined
  }
  /** Lines of the whole log; undefined until that is known. */
  get totalLines(): number | undefined {
    return this.#hasOlderLines ? this.#total : this.log.all.length
  }
  get isReadingTasks(): boolean {
    return this.#timeline !== 'idle'
  }

  /** Listens from now on; answers how to stop. */
  hold(): () => void {
    if (this.#holders++ === 0) this.#stop = this.#source.subscribe(`flow_run:${this.id}`, (change) => this.#hear(change))
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      if (--this.#holders > 0) return
      this.#stop?.()
      this.#stop = undefined
    }
  }

  /** Reads one page of older lines. Callers at the same time wait for the same page. */
  readOlderLines(): Promise<void> {
    if (!this.hasOlderLines) return Promise.resolve()
    this.#older ??= this.#readOlder().finally(() => {
      this.#older = undefined
      this.#logVersion.value += 1
    })
    return this.#older
  }

  async #readOlder(): Promise<void> {
    const { epoch } = this.log
    const [first] = this.log.all
    const page = await this.#ask(() => this.#source.log(this.id, first?.number))
    if (page === undefined || (this.log.epoch !== epoch && this.log.all[0] !== first)) return
    this.log.add(linesOfPage(page))
    this.#total = page.total ?? undefined
    this.#hasOlderLines = page.next !== null
  }

  async #ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await question()
      this.#trouble.value = undefined
      return answer
    } catch (error) {
      this.#trouble.value = error instanceof Error ? error.message : String(error)
      return undefined
    }
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
    this.#resetLines((snapshot.logs ?? []).flatMap((line) => lineOfEvent(line) ?? []))
    this.#run.value = flowRunOf(run)
    this.#status.value = HERE
    if (!isAll) this.#readTimeline()
    this.#tasksVersion.value += 1
  }

  #resetLines(lines: readonly Line[]): void {
    const isAll = lines.length < MAX_SNAPSHOT_LOG_LINES
    const last = this.log.all.at(-1)
    const [first] = lines
    const isJoined = last !== undefined && first !== undefined && first.number <= last.number + 1
    if (isAll || !isJoined) {
      this.log.clear()
      this.#hasOlderLines = !isAll
      this.#total = undefined
    }
    this.log.add(lines)
    this.#logVersion.value += 1
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
    if (logs !== undefined) {
      this.log.add(logs.flatMap((line) => lineOfEvent(line) ?? []))
      if (this.#total !== undefined) this.#total += logs.length
      this.#logVersion.value += 1
    }
  }

  #readTimeline(): void {
    if (this.#timeline !== 'idle') {
      this.#timeline = 'again'
      return
    }
    this.#timeline = 'loading'
    void this.#readTimelinePages().finally(() => {
      const isAsked = this.#timeline === 'again'
      this.#timeline = 'idle'
      this.#tasksVersion.value += 1
      if (isAsked) setTimeout(() => this.#stop !== undefined && this.#readTimeline(), TIMELINE_PAUSE_MS)
    })
  }

  async #readTimelinePages(): Promise<void> {
    const seen = new Set<string>()
    const known = new Set(this.tasks.rows.map(({ id }) => id))
    let after: string | undefined
    do {
      const page = await this.#ask(() => this.#source.timeline(this.id, after))
      if (page === undefined) return
      const rows = rowsOfTimeline(page)
      for (const { id } of rows) seen.add(id)
      this.tasks.put(rows)
      this.#tasksVersion.value += 1
      after = page.next ?? undefined
    } while (after !== undefined)
    // What came live meanwhile stays.
    for (const id of known) if (!seen.has(id)) this.tasks.delete(id)
  }
}

/** The workspace's own rows: what it sends under `flow_runs` is a flow run. */
const flowRunOf = (row: object): FlowRunOutput => row as FlowRunOutput
