/**
 * The lines of one task run. In a flow run they are told live with all others of it, and older ones are read by themselves, so that nobody
 * loads a hundred thousand lines to see ten. Outside flows the workspace tells of no changes: they are read once, and again on demand.
 */
import { workspace } from '../app/current.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import type { LogSource } from './log-view.ts'
import { linesOfPage, LogLines } from './log-lines.ts'
import type { RunStore } from './run-store.ts'

export class TaskLog implements LogSource {
  readonly log = new LogLines()
  readonly #id: string
  readonly #store: RunStore | undefined
  readonly #version = new Signal(0)
  readonly #trouble = new Signal<string | undefined>(undefined)
  readonly #stop: (() => void) | undefined
  #next: number | null | undefined
  #reading: Promise<void> | undefined
  #heard = 0

  constructor(id: string, store: RunStore | undefined) {
    this.#id = id
    this.#store = store
    this.#stop = store?.logVersion.subscribe(() => this.#hear())
    void this.readOlderLines()
  }

  get isOfFlowRun(): boolean {
    return this.#store !== undefined
  }
  get logVersion(): ReadonlySignal<number> {
    return this.#version
  }
  get trouble(): ReadonlySignal<string | undefined> {
    return this.#trouble
  }
  get hasOlderLines(): boolean {
    return this.#next !== null && !this.log.isFull
  }
  get isCut(): boolean {
    return this.#next !== null && this.log.isFull
  }
  get isReadingOlderLines(): boolean {
    return this.#reading !== undefined
  }
  get totalLines(): number | undefined {
    return this.#next === null ? this.log.all.length : undefined
  }

  end(): void {
    this.#stop?.()
  }

  readOlderLines(): Promise<void> {
    if (!this.hasOlderLines) return Promise.resolve()
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
      this.#version.value += 1
    })
    return this.#reading
  }

  async #read(): Promise<void> {
    try {
      const query = this.#next === undefined || this.#next === null ? {} : { before: String(this.#next) }
      const page = await workspace().call('task_runs.log', { params: { id: this.#id }, query })
      this.log.add(linesOfPage(page))
      this.#next = page.next
      this.#trouble.value = undefined
    } catch (error) {
      this.#trouble.value = error instanceof Error ? error.message : String(error)
    }
  }

  /** Of all lines that came since, those of this task run. */
  #hear(): void {
    const all = this.#store?.log.all ?? []
    const fresh = []
    for (let at = all.length - 1; at >= 0; at--) {
      const line = all[at]
      if (line === undefined || line.number <= this.#heard) break
      if (line.task === this.#id) fresh.push(line)
    }
    this.#heard = all.at(-1)?.number ?? this.#heard
    if (fresh.length === 0) return
    this.log.add(fresh.reverse())
    this.#version.value += 1
  }
}
