/**
 * The newest flow runs of the workspace as rows by id, kept fresh over the one socket; shared by rail, runs page and notebooks.
 *
 * 1. One subscription of the topic `flow_runs` while anybody listens. A reset replaces all rows, an event only its own.
 * 2. Holds the {@link MAX_SNAPSHOT_RUNS} newest and what came since, at most {@link MAX_KEPT}: the oldest go first.
 * 3. How many run is exact: those that run and are older than what is held were counted by the workspace, and are asked for again when one of them
 *    is heard of.
 */
import type { OperationOutput } from '#sdk/protocol/operations.ts'
import { MAX_SNAPSHOT_RUNS } from '#sdk/protocol/limits.ts'
import { Holders } from '../ui/holders.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import { workspace } from './current.ts'

export type FlowRunRow = OperationOutput<'flow_runs.read'>

export interface FlowRuns {
  /** False until the first truth has come. */
  readonly isKnown: boolean
  /** Newest first. */
  readonly rows: readonly FlowRunRow[]
  /** Flow runs that run now, in the whole workspace. */
  readonly running: number
  /** Why the workspace does not tell. */
  readonly refusal: string | undefined
}

const MAX_KEPT = 2 * MAX_SNAPSHOT_RUNS
const RUNNING: readonly string[] = ['RUNNING', 'CANCELLING']

class FlowRunsStore implements ReadonlySignal<FlowRuns> {
  readonly #signal = new Signal<FlowRuns>({ isKnown: false, rows: [], running: 0, refusal: undefined })
  readonly #holders = new Holders(() => this.#begin())
  #byId = new Map<string, FlowRunRow>()
  #others = 0
  #isScheduled = false

  get value(): FlowRuns {
    return this.#signal.value
  }

  subscribe(listener: () => void): () => void {
    return this.#holders.holdFor(this.#signal.subscribe(listener))
  }

  #begin(): () => void {
    const stop = workspace().live.subscribe('flow_runs', (change) => {
      if (change.type === 'refused') {
        this.#signal.value = { ...this.#signal.value, refusal: change.failure.detail }
        return
      }
      const isReset = change.type === 'reset'
      const { flow_runs: rows = [], deleted = [] } = isReset ? change.snapshot : change.patch
      if (isReset) this.#byId = new Map()
      const oldest = isReset ? undefined : this.value.rows.at(-1)
      let mustCount = isReset
      for (const row of rows) {
        const run = row as FlowRunRow // a row as REST shows it
        mustCount ||= !isReset && !this.#byId.has(run.id) && oldest !== undefined && run.id < oldest.id
        this.#byId.set(run.id, run)
      }
      for (const id of deleted) this.#byId.delete(id)
      // Without a connection the old number stays: the reset after it asks again.
      if (mustCount) this.#count().catch(() => undefined)
      this.#schedule()
    })
    return () => {
      stop()
      this.#byId = new Map()
      this.#signal.value = { isKnown: false, rows: [], running: 0, refusal: undefined }
    }
  }

  /** Many changes of one moment are one. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      if (this.#holders.isHeld) this.#publish()
    })
  }

  #publish(): void {
    // Ids are in the order of their creation.
    const rows = [...this.#byId.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1))
    for (const { id } of rows.splice(MAX_KEPT)) this.#byId.delete(id)
    this.#signal.value = { isKnown: true, rows, running: rows.filter(isRunning).length + this.#others, refusal: undefined }
  }

  async #count(): Promise<void> {
    if (this.#byId.size < MAX_SNAPSHOT_RUNS) {
      this.#others = 0
      return
    }
    const before = [...this.#byId.values()].filter(isRunning).length
    const all = await workspace().call('flow_runs.count', { body: { flow_runs: { state: { type: { any_: ['RUNNING', 'CANCELLING'] } } } } })
    this.#others = Math.max(0, all - before)
    this.#schedule()
  }
}

const isRunning = ({ state_type }: FlowRunRow): boolean => state_type !== null && RUNNING.includes(state_type)

/** Elements: `new Watch(this, () => [flowRuns])`. */
export const flowRuns: ReadonlySignal<FlowRuns> = new FlowRunsStore()
