/**
 * What cells showed when they ran: here, in other tabs, and before. Stores what runs here when it ends, and every few seconds while it runs.
 *
 * 1. Under a cell stands the newest run that is known; what an older run of this kernel still says is dropped.
 * 2. One row per cell in the workspace: the newest run replaces what was kept.
 * 3. What the workspace has not confirmed is known here, for the page that goes away: see {@link CellRuns.unstored}.
 */
import type { CellOutput, CellRun } from '#sdk/protocol/cell-output.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import { foldOutputs } from '#sdk/notebook/outputs.ts'
import type { FromKernel } from '../kernel/messages.ts'
import { newerOf, withFlowRuns, type FlowRunMade, type RunOrigin, type ShownRun } from './shown-run.ts'

/** While a cell runs, its outputs are stored so often, and for the first time after a second: a page that is closed stores nothing any more. */
const STORE_EVERY_MS = 5_000
const STORE_FIRST_MS = 1_000
/** A tab that tells nothing of its running cell for so long is gone; timers of a hidden one fire once a minute. */
const SILENT_MS = 75_000

type Outputs = Extract<FromKernel, { readonly type: 'outputs' }>

interface Running {
  readonly cell: CellId
  readonly run: number
  readonly kernel: string
  readonly code: string
  readonly started: number
  readonly startedAt: number
  outputs: readonly CellOutput[]
  omitted: CellRun['omitted']
  flowRuns: FlowRunMade[]
  storeTimer: ReturnType<typeof setTimeout> | undefined
}

export interface CellRunsOptions {
  readonly show: (cell: CellId, shown: ShownRun | undefined) => void
  /** Resolves when the workspace has it, or will not take it. */
  readonly store: (run: CellRun) => Promise<void>
}

export class CellRuns {
  readonly #options: CellRunsOptions
  readonly #shown = new Map<CellId, ShownRun>()
  readonly #running = new Map<CellId, Running>()
  /** The newest run of each cell of this kernel, once it has ended. */
  readonly #ended = new Map<CellId, number>()
  readonly #late = new Map<CellId, ReturnType<typeof setTimeout>>()
  /** Runs in other tabs, until they are heard of again. */
  readonly #elsewhere = new Map<CellId, ReturnType<typeof setTimeout>>()
  /** On their way to the workspace. */
  readonly #leaving = new Map<CellId, CellRun>()

  constructor(options: CellRunsOptions) {
    this.#options = options
  }

  /** @param startedAt Milliseconds since 1970. */
  begin(cell: CellId, run: { readonly run: number; readonly kernel: string; readonly code: string; readonly startedAt: number }): void {
    clearTimeout(this.#running.get(cell)?.storeTimer)
    const began: Running = {
      cell,
      ...run,
      started: Math.round(run.startedAt * 1_000),
      outputs: [],
      omitted: undefined,
      flowRuns: [],
      storeTimer: undefined,
    }
    this.#running.set(cell, began)
    this.#ended.delete(cell)
    // What stood there stays until there is something new: a cell that is run again does not flicker.
    const before = this.#shown.get(cell)
    this.#put(cell, { run: { ...this.#runOf(began, 'running', null), outputs: before?.run.outputs ?? [] }, origin: 'here' })
    this.#storeLater(began, STORE_FIRST_MS)
  }

  /** More of what a run shows. Timers and promises show something after its end, too. */
  outputs(message: Outputs): void {
    const { cell, run, clear, omitted } = message
    const running = this.#of(cell, run)
    if (running === undefined) return this.#addToEnded(message)
    const { outputs, dropped } = foldOutputs(clear ? [] : running.outputs, message.outputs)
    running.outputs = outputs
    running.omitted = omittedOf(omitted, dropped)
    this.#show(running)
  }

  #addToEnded({ cell, run, clear, outputs: added, omitted }: Outputs): void {
    const ended = [...this.#ended].find(([id, last]) => id === cell && last === run)?.[0]
    const shown = ended === undefined ? undefined : this.#shown.get(ended)
    if (ended === undefined || shown?.origin !== 'here') return
    const { outputs, dropped } = foldOutputs(clear ? [] : shown.run.outputs, added)
    const { omitted: _, ...before } = shown.run
    const left = omittedOf(omitted, dropped)
    const now: CellRun = { ...before, outputs, ...(left !== undefined && { omitted: left }) }
    this.#put(ended, { ...shown, run: now })
    this.#storeSoon(ended)
  }

  /** What comes late comes in many small parts, such as a progress. */
  #storeSoon(cell: CellId): void {
    if (this.#late.has(cell)) return
    const timer = setTimeout(() => {
      this.#late.delete(cell)
      const shown = this.#shown.get(cell)
      if (shown?.origin === 'here' && !this.#running.has(cell)) this.#store(shown.run)
    }, STORE_EVERY_MS)
    this.#late.set(cell, timer)
  }

  flowRun(cell: CellId, made: Omit<FlowRunMade, 'at'>): void {
    const running = this.#running.get(cell)
    if (running === undefined) return this.#addLate(cell, made)
    running.flowRuns.push({ ...made, at: running.outputs.length })
    this.#show(running)
  }

  end(cell: CellId, run: number, state: 'done' | 'failed' | 'interrupted', ms: number): void {
    const running = this.#of(cell, run)
    if (running === undefined) return
    clearTimeout(running.storeTimer)
    this.#running.delete(cell)
    this.#ended.set(cell, run)
    const ended = this.#runOf(running, state, ms)
    this.#put(cell, { run: ended, origin: 'here' })
    this.#store(ended)
  }

  /** Puts in an error that never came from a kernel: the cell could not be begun. */
  failed(cell: CellId, kernel: string, sentence: string, now: number): void {
    const run: CellRun = {
      cell,
      kernel,
      code: '',
      state: 'failed',
      started: Math.round(now * 1_000),
      duration_ms: 0,
      place: 'browser',
      outputs: [{ kind: 'error', name: 'Error', message: sentence, stack: [] }],
    }
    this.#put(cell, { run, origin: 'here' })
  }

  /** The kernel is gone, and with it what ran. */
  kernelGone(now: number): readonly CellId[] {
    const interrupted = [...this.#running.values()]
    for (const { cell, run, startedAt } of interrupted) this.end(cell, run, 'interrupted', Math.max(0, now - startedAt))
    this.#ended.clear()
    for (const [cell, shown] of this.#shown) if (shown.origin === 'here') this.#put(cell, { ...shown, origin: 'earlier' })
    return interrupted.map(({ cell }) => cell)
  }

  /** What the workspace knows. `isOurs`: kernels of this page, whose runs are known better here. */
  told(runs: readonly CellRun[], origin: RunOrigin, isOurs: (kernel: string) => boolean): void {
    for (const run of runs) {
      if (isOurs(run.kernel)) continue
      const known = this.#shown.get(run.cell)
      const shown = newerOf(known, { run, origin })
      if (shown === known) continue
      this.#put(run.cell, shown)
      this.#awaitMore(shown)
    }
  }

  /** Whether the other tab is still there is not known: what it runs is told as long as it says so. */
  #awaitMore({ run, origin }: ShownRun): void {
    const { cell } = run
    clearTimeout(this.#elsewhere.get(cell))
    this.#elsewhere.delete(cell)
    if (origin !== 'another tab' || run.state !== 'running') return
    const silent = (): void => {
      this.#elsewhere.delete(cell)
      if (this.#shown.get(cell)?.run === run) this.#put(cell, { run, origin: 'earlier' })
    }
    this.#elsewhere.set(cell, setTimeout(silent, SILENT_MS))
  }

  clear(cell: CellId): void {
    const shown = this.#shown.get(cell)
    if (shown === undefined || shown.run.outputs.length === 0) return
    const running = this.#running.get(cell)
    if (running !== undefined) {
      running.outputs = []
      running.flowRuns = []
    }
    const { omitted: _, ...run } = shown.run
    const cleared = { ...run, outputs: [] }
    this.#put(cell, { ...shown, run: cleared })
    this.#store(cleared)
  }

  get(cell: CellId): ShownRun | undefined {
    return this.#shown.get(cell)
  }

  /** The notebook is closed, and its kernel with it: what runs is stored as interrupted. */
  close(now: number): void {
    for (const running of this.#running.values()) {
      clearTimeout(running.storeTimer)
      this.#store(this.#runOf(running, 'interrupted', Math.max(0, now - running.startedAt)))
    }
    this.#running.clear()
    for (const timer of [...this.#late.values(), ...this.#elsewhere.values()]) clearTimeout(timer)
  }

  /**
   * What the workspace does not have yet: newest outputs of what runs, late ones, and ends that are on their way.
   *
   * @param isFinal The page does not come back: what runs ends with it.
   */
  unstored(now: number, isFinal: boolean): readonly CellRun[] {
    const runs = new Map(this.#leaving)
    for (const cell of this.#late.keys()) {
      const shown = this.#shown.get(cell)
      if (shown?.origin === 'here') runs.set(cell, shown.run)
    }
    for (const one of this.#running.values()) {
      runs.set(one.cell, isFinal ? this.#runOf(one, 'interrupted', Math.max(0, now - one.startedAt)) : this.#runOf(one, 'running', null))
    }
    return [...runs.values()]
  }

  #store(run: CellRun): void {
    this.#leaving.set(run.cell, run)
    void this.#options.store(run).finally(() => {
      if (this.#leaving.get(run.cell) === run) this.#leaving.delete(run.cell)
    })
  }

  #of(cell: string, run: number): Running | undefined {
    const running = [...this.#running.values()].find((one) => one.cell === cell)
    return running?.run === run ? running : undefined
  }

  #show(running: Running): void {
    this.#put(running.cell, { run: this.#runOf(running, 'running', null), origin: 'here' })
  }

  /** A form started a flow after its cell had ended. */
  #addLate(cell: CellId, made: Omit<FlowRunMade, 'at'>): void {
    const shown = this.#shown.get(cell)
    if (shown === undefined) return
    const outputs = withFlowRuns(shown.run.outputs, [{ ...made, at: shown.run.outputs.length }])
    const run = { ...shown.run, outputs }
    this.#put(cell, { ...shown, run })
    this.#store(run)
  }

  #runOf(running: Running, state: CellRun['state'], ms: number | null): CellRun {
    const { cell, kernel, code, started, outputs, omitted, flowRuns } = running
    return {
      cell,
      kernel,
      code,
      state,
      started,
      duration_ms: ms,
      place: 'browser',
      outputs: withFlowRuns(outputs, flowRuns),
      ...(omitted === undefined ? {} : { omitted }),
    }
  }

  #put(cell: CellId, shown: ShownRun): void {
    this.#shown.set(cell, shown)
    this.#options.show(cell, shown)
  }

  #storeLater(running: Running, ms: number): void {
    running.storeTimer = setTimeout(() => {
      this.#store(this.#runOf(running, 'running', null))
      this.#storeLater(running, STORE_EVERY_MS)
    }, ms)
  }
}

/** The kernel counts what it left out of a run so far; what found no room here comes to it. */
function omittedOf(told: Outputs['omitted'], dropped: number): CellRun['omitted'] {
  const outputs = told.outputs + dropped
  return outputs + told.bytes === 0 ? undefined : { outputs, bytes: told.bytes }
}
