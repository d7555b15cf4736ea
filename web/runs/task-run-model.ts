/**
 * One task run as its page shows it, alive.
 *
 * 1. In a flow run the topic of that run tells that its state is another, and its whole row is asked for; its lines are those of the run's log
 *    that are its own. Outside flows the topic `task_run:{id}` tells of it and of its lines.
 * 2. Older lines are read by themselves, so that nobody loads a hundred thousand lines of a flow run to see ten.
 * 3. Names of the task runs that its inputs came from are asked for once.
 */
import type { TopicChange } from '#sdk/client/topics.ts'
import type { Topic, TopicPatch } from '#sdk/protocol/frames.ts'
import { MAX_PAGE } from '#sdk/protocol/limits.ts'
import type { LogPage } from '#sdk/protocol/overviews.ts'
import type { TaskRunOutput } from '#sdk/protocol/task-run.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import { instantOf } from './instant.ts'
import { linesOfEvents, type Line } from './log-lines.ts'
import { LOADING, read, type Reading } from './reading.ts'
import { RunLog } from './run-log.ts'
import type { RunStore } from './run-store.ts'
import type { HeldRun } from './stores.ts'
import { stateOf, type Step } from './task-row.ts'

/** Where a model hears and asks. */
export interface TaskRunSource {
  task(id: string): Promise<TaskRunOutput>
  names(ids: readonly string[]): Promise<readonly { readonly id: string; readonly name: string }[]>
  log(id: string, before: number | undefined): Promise<LogPage>
  subscribe(topic: Topic, listener: (change: TopicChange) => void): () => void
  holdRun(id: string): HeldRun
}

export class TaskRunModel {
  readonly id: string
  readonly #source: TaskRunSource
  readonly #reading = new Signal<Reading<TaskRunOutput>>(LOADING)
  readonly #names = new Signal<ReadonlyMap<string, string>>(new Map())
  #log: RunLog | undefined
  #run: RunStore | undefined
  #stops: (() => void)[] = []
  #isOver = false
  /** The state of the record that was read last. */
  #known: Pick<Step, 'type' | 'at'> | undefined
  /** Number of the last line of the flow run that was looked at. */
  #lastLine = -1

  constructor(source: TaskRunSource, id: string) {
    this.#source = source
    this.id = id
  }

  get reading(): ReadonlySignal<Reading<TaskRunOutput>> {
    return this.#reading
  }
  /** Of task runs that its inputs came from, by their ids. */
  get names(): ReadonlySignal<ReadonlyMap<string, string>> {
    return this.#names
  }
  /** Undefined until it is known where its lines are. */
  get log(): RunLog | undefined {
    return this.#log
  }
  /** The flow run that it is in; known once the task run is. */
  get run(): RunStore | undefined {
    return this.#run
  }

  async read(): Promise<void> {
    const reading = await read(() => this.#source.task(this.id))
    if (this.#isOver) return
    if (reading.is === 'here') {
      const { state } = reading.record
      this.#known = state === null ? undefined : { type: state.type, at: instantOf(state.timestamp) }
      if (this.#log === undefined) this.#listen(reading.record)
      void this.#nameInputs(reading.record)
    }
    this.#reading.value = reading
  }

  end(): void {
    this.#isOver = true
    for (const stop of this.#stops.splice(0)) stop()
  }

  #listen({ flow_run_id }: TaskRunOutput): void {
    const page = (before: number | undefined): Promise<LogPage> => this.#source.log(this.id, before)
    if (flow_run_id === null) {
      this.#log = new RunLog(page, { hasOlder: false })
      this.#stops = [this.#source.subscribe(`task_run:${this.id}`, (change) => this.#hear(change))]
      return
    }
    const held = this.#source.holdRun(flow_run_id)
    const { store } = held
    const log = new RunLog(page, { hasOlder: true })
    this.#log = log
    this.#run = store
    this.#stops = [
      () => held.end(),
      store.tasksVersion.subscribe(() => this.#heardOfTasks()),
      store.log.version.subscribe(() => this.#heardOfLines(store, log)),
    ]
    void log.readOlder()
    this.#heardOfTasks()
  }

  #hear(change: TopicChange): void {
    if (change.type === 'event') this.#apply(change.patch, (lines) => this.#log?.append(lines))
    if (change.type === 'reset') this.#apply(change.snapshot, (lines) => this.#log?.reset(lines))
    if (change.type === 'reset' && change.snapshot.task_runs?.length === 0) this.#reading.value = { is: 'gone' }
  }

  #apply({ task_runs = [], logs, deleted = [] }: TopicPatch, take: (lines: readonly Line[]) => void): void {
    const [row] = task_runs
    // The workspace's own row, as REST shows it.
    if (row !== undefined) this.#reading.value = { is: 'here', record: row as unknown as TaskRunOutput }
    take(linesOfEvents(logs))
    if (deleted.includes(this.id)) this.#reading.value = { is: 'gone' }
  }

  /** The topic tells of the new state; the whole row is asked for, unless it was read since. */
  #heardOfTasks(): void {
    const row = this.#run?.tasks.get(this.id)
    const heard = row === undefined ? undefined : stateOf(row)
    const known = this.#known
    if (heard === undefined || (known !== undefined && (heard.at < known.at || (heard.at === known.at && heard.type === known.type))))
      return
    this.#known = heard
    void this.read()
  }

  /** Of all lines that came since, those of this task run. */
  #heardOfLines({ log: { lines } }: RunStore, log: RunLog): void {
    const fresh: Line[] = []
    for (let at = lines.all.length - 1; at >= 0; at--) {
      const line = lines.all[at]
      if (line === undefined || line.number <= this.#lastLine) break
      if (line.task === this.id) fresh.push(line)
    }
    this.#lastLine = lines.all.at(-1)?.number ?? this.#lastLine
    log.append(fresh.reverse())
  }

  async #nameInputs({ task_inputs }: TaskRunOutput): Promise<void> {
    const ids = Object.values(task_inputs).flatMap((inputs) =>
      inputs.flatMap((input) => (input.input_type === 'task_run' ? [input.id] : [])),
    )
    const missing = [...new Set<string>(ids)].filter((id) => !this.#names.value.has(id)).slice(0, MAX_PAGE)
    if (missing.length === 0) return
    const rows = await this.#source.names(missing)
    this.#names.value = new Map([...this.#names.value, ...rows.map(({ id, name }) => [id, name] as const)])
  }
}
