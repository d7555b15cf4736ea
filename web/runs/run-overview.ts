/**
 * Bars and figures above a list of runs, of one time and one filter.
 *
 * Read again when runs are heard of, once the last reading is {@link REST_MS} old: there is no clock that asks.
 */
import type { HistoryBar } from '#sdk/protocol/answers.ts'
import type { RunStats } from '#sdk/protocol/overviews.ts'
import { workspace } from '../app/current.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import { spansOfWindow } from './run-bars.ts'
import { askedOf, windowOf, type RunFilters, type Window } from './run-filters.ts'

export interface Overview {
  readonly window: Window
  readonly history: readonly HistoryBar[]
  readonly stats: RunStats
  /** Runs of that time. */
  readonly count: number
}

const REST_MS = 1_500

export class RunOverview {
  readonly #what: 'flow_runs' | 'task_runs'
  readonly #value = new Signal<Overview | undefined>(undefined)
  #filters: RunFilters | undefined
  #flow: string | undefined
  #generation = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #readAt = 0

  constructor(what: 'flow_runs' | 'task_runs') {
    this.#what = what
  }

  get value(): ReadonlySignal<Overview | undefined> {
    return this.#value
  }

  /** @param flow Id of the one flow that it is about. */
  async show(filters: RunFilters, flow?: string): Promise<void> {
    this.#filters = filters
    this.#flow = flow
    await this.#read()
  }

  /** Something changed. */
  touch(): void {
    if (this.#filters === undefined || this.#timer !== undefined) return
    const rest = Math.max(0, this.#readAt + REST_MS - performance.now())
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#read().catch(() => undefined) // the list beside it says what is wrong
    }, rest)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#generation += 1
  }

  async #read(): Promise<void> {
    const filters = this.#filters
    if (filters === undefined) return
    const generation = ++this.#generation
    this.#readAt = performance.now()
    const now = Date.now() * 1_000
    const window = windowOf(filters, now)
    const { start, end, seconds } = spansOfWindow(window)
    const asked = askedOf(filters, now)
    const flows = this.#flow === undefined ? asked.flows : { id: { any_: [this.#flow] } }
    const scope = { ...(flows !== undefined && { flows }), [this.#what]: asked.runs }
    const text = (instant: number): string => new Date(instant / 1_000).toISOString()
    const span = { history_start: text(start), history_end: text(end), history_interval_seconds: seconds }
    const call = workspace().call
    const [history, stats] =
      this.#what === 'flow_runs'
        ? await Promise.all([call('flow_runs.history', { body: { ...scope, ...span } }), call('flow_runs.stats', { body: scope })])
        : await Promise.all([call('task_runs.history', { body: { ...scope, ...span } }), call('task_runs.stats', { body: scope })])
    if (generation !== this.#generation) return
    const count = stats.states.reduce((sum, { count_runs }) => sum + count_runs, 0)
    this.#value.value = { window: { from: start, to: Math.min(end, window.to) }, history, stats, count }
  }
}
