/** How many task runs of each listed flow run are in which state; asked for when a row is new, or its run in another state, at most once a second. */
import type { FlowRunId } from '#sdk/protocol/ids.ts'
import type { StateCount, TaskStates } from '#sdk/protocol/overviews.ts'
import { MAX_PAGE } from '#sdk/protocol/limits.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'

interface Row {
  readonly id: FlowRunId
  readonly state_id: string | null
}

const REST_MS = 1_000

export class TaskStatesOfRuns {
  readonly #ask: (ids: readonly FlowRunId[]) => Promise<TaskStates>
  readonly #states = new Signal<ReadonlyMap<string, readonly StateCount[]>>(new Map())
  /** The state in which each run was when it was asked about. */
  readonly #asked = new Map<string, string | null>()
  #rows: readonly Row[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ask: (ids: readonly FlowRunId[]) => Promise<TaskStates>) {
    this.#ask = ask
  }

  /** By the id of the flow run. */
  get states(): ReadonlySignal<ReadonlyMap<string, readonly StateCount[]>> {
    return this.#states
  }

  show(rows: readonly Row[]): void {
    this.#rows = rows
    if (this.#timer !== undefined || this.#wanted.length === 0) return
    this.#timer = setTimeout(() => void this.#read(), this.#asked.size === 0 ? 0 : REST_MS)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  get #wanted(): readonly Row[] {
    return this.#rows.filter(({ id, state_id }) => this.#asked.get(id) !== state_id)
  }

  async #read(): Promise<void> {
    const wanted = this.#wanted.slice(0, MAX_PAGE)
    for (const { id, state_id } of wanted) this.#asked.set(id, state_id)
    const answers = await this.#ask(wanted.map(({ id }) => id)).catch(() => []) // rows without their bar are better than a notice for each
    this.#timer = undefined
    const known = new Map(this.#states.value)
    for (const { flow_run_id, states } of answers) known.set(flow_run_id, states)
    this.#states.value = known
  }
}
