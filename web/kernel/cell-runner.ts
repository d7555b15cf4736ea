/**
 * Runs linked cells: their values, their beginning and end, and how one is stopped.
 *
 * 1. Values are kept by cell; a cell has those of its last run that ended well, or none.
 * 2. A run that a newer one of its cell has overtaken changes nothing any more.
 * 3. A run that is stopped is given {@link UNWIND_MS} after the last of its flow runs has ended; then it ends without it.
 */
import type { ContextStore } from '#sdk/engine/ports.ts'
import type { ContextHelpers } from '#sdk/hosts/async-context.ts'
import { CANCEL_UNWIND_SECONDS } from '#sdk/protocol/limits.ts'
import { runningFile, type CellTexts } from './cell-texts.ts'
import { evaluate } from './evaluate.ts'
import type { Display } from './display-port.ts'
import type { OutputLog } from './display/output-log.ts'
import type { CellOutcome, FromKernel, RunCell } from './messages.ts'
import type { Modules } from './modules.ts'

/** Whose code runs: what the context carries. */
export interface CellContext {
  readonly cell: string
  readonly run: number
  readonly signal: AbortSignal
}

export interface CellRunnerPorts {
  readonly contexts: ContextStore<CellContext>
  readonly helpers: ContextHelpers
  /** Runs code of users: from here on there is a context, with the signal that `runtime.signal` answers in it. */
  readonly enter: <R>(signal: AbortSignal, body: () => R) => R
  readonly display: Display
  readonly outputs: OutputLog
  readonly modules: Modules
  readonly texts: CellTexts
  readonly send: (message: FromKernel) => void
  /** Asks the flow runs that the cell has begun to stop. Resolves when they have ended. */
  readonly stopRuns: (cell: string) => Promise<void>
  /** A cell is about to be evaluated again. */
  readonly beforeRun: (cell: string) => void
  /** Milliseconds of any clock that only goes forward. */
  readonly now: () => number
  /** The platform's own timer, which carries no context. */
  readonly later: (ms: number, work: () => void) => void
}

/** What stopped code gets to end by itself, beside what its flow runs get. */
const UNWIND_MS = 500

interface Running extends CellContext {
  readonly controller: AbortController
  readonly halt: () => void
}

/** Ends a run that does not end by itself. */
class StoppedError extends Error {
  override readonly name = 'StoppedError'
  constructor() {
    super('The cell was stopped.')
  }
}

export class CellRunner {
  readonly #ports: CellRunnerPorts
  readonly #values = new Map<string, ReadonlyMap<string, unknown>>()
  readonly #newest = new Map<string, number>()
  #running: Running | undefined
  #last: string | undefined

  constructor(ports: CellRunnerPorts) {
    this.#ports = ports
  }

  /** The cell that runs, else the one that ran last. */
  get lastCell(): string | undefined {
    return this.#running?.cell ?? this.#last
  }

  isNewest({ cell, run }: Pick<CellContext, 'cell' | 'run'>): boolean {
    return this.#newest.get(cell) === run
  }

  valuesOf(cell: string): ReadonlyMap<string, unknown> {
    return this.#values.get(cell) ?? new Map<string, unknown>()
  }

  forget(cell: string): void {
    const { display, outputs, texts } = this.#ports
    this.#values.delete(cell)
    display.forget(cell)
    outputs.forget(cell)
    texts.forget(cell)
  }

  stop(cell: string): void {
    const running = this.#running
    if (running?.cell !== cell || running.signal.aborted) return
    running.controller.abort(new StoppedError())
    const { stopRuns, later } = this.#ports
    const end = (): void => later(UNWIND_MS, running.halt)
    stopRuns(cell).then(end, end)
    // Whatever becomes of them.
    later(CANCEL_UNWIND_SECONDS * 1_000 + 2 * UNWIND_MS, running.halt)
  }

  /** Runs a cell. The page sends one after another. */
  async run(message: RunCell): Promise<void> {
    const { cell, run } = message
    const { display, outputs, texts, send, now, beforeRun } = this.#ports
    this.#newest.set(cell, run)
    texts.add(message)
    beforeRun(cell)
    outputs.begin(cell, run)
    display.begin(cell)
    send({ type: 'began', cell, run })
    const controller = new AbortController()
    const { promise: halted, resolve } = Promise.withResolvers<undefined>()
    const running: Running = { cell, run, controller, signal: controller.signal, halt: () => resolve(undefined) }
    this.#running = running
    this.#last = cell
    const began = now()
    const end = await Promise.race([this.#outcome(message, running), halted.then((): End => ({ outcome: 'interrupted' }))])
    if (this.#running === running) this.#running = undefined
    if (!this.isNewest(running)) return
    const ms = now() - began
    try {
      this.#finish(message, end, ms)
    } catch {
      // The cell has broken what all code here is made of. The page waits for its end nevertheless.
      this.#values.delete(cell)
      send({ type: 'ended', cell, run, outcome: 'failed', ms, values: [], isSame: false })
    }
  }

  /** Code of a page's asking, such as a flow that is called from its form, as if the cell did it. */
  within<R>(cell: string, body: () => R): R {
    const context = { cell, run: this.#newest.get(cell) ?? 0, signal: new AbortController().signal }
    return this.#ports.enter(context.signal, () => this.#ports.contexts.run(context, body))
  }

  async #outcome(message: RunCell, running: Running): Promise<End> {
    const { cell } = message
    const { display } = this.#ports
    try {
      const values = await this.#evaluate(message, running)
      await display.settled(cell)
      return { outcome: 'done', values }
    } catch (error) {
      return running.signal.aborted ? { outcome: 'interrupted' } : { outcome: 'failed', error }
    }
  }

  async #evaluate(message: RunCell, running: Running): Promise<ReadonlyMap<string, unknown>> {
    const { cell, run, code, inputs, outputs } = message
    const { modules, contexts, helpers, enter, display } = this.#ports
    const loaded = await Promise.all(message.imports.map((one) => this.#load(cell, one)))
    const host = {
      scope: this.#scope(inputs),
      modules: loaded,
      import: (specifier: unknown, options?: { readonly with?: Readonly<Record<string, string>> }) =>
        modules.load(String(specifier), options?.with),
      show: (value: unknown) => display.show(cell, value, 'result'),
    }
    const made: unknown = evaluate(code, runningFile(cell, run))
    if (typeof made !== 'function') throw new Error('The linked cell is no function.')
    const given: unknown = await enter(running.signal, () =>
      contexts.run(running, () => Reflect.apply(made, undefined, [host, helpers.$$await, helpers.$$iterate])),
    )
    const values: object = Object(given)
    return new Map(outputs.map((name) => [name, Reflect.get(values, name)]))
  }

  /** What fails at an import has no frame in the cell: it is given the one of the statement. */
  async #load(cell: string, { specifier, names, attributes, line, column }: RunCell['imports'][number]): Promise<unknown> {
    const { modules, texts } = this.#ports
    try {
      const module = await modules.load(specifier, attributes)
      modules.check(specifier, module, names)
      return module
    } catch (error) {
      if (error instanceof Error) texts.standsAt(error, { cell, line, column })
      throw error
    }
  }

  #scope(inputs: RunCell['inputs']): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      inputs.map(({ name, from }) => {
        const values = this.#values.get(from)
        if (values?.has(name) !== true) throw new ReferenceError(`\`${name}\` has no value: run the cell that defines it.`)
        return [name, values.get(name)]
      }),
    )
  }

  #finish({ cell, run }: RunCell, { outcome, values, error }: End, ms: number): void {
    const { display, outputs, send } = this.#ports
    const before = this.#values.get(cell)
    if (values === undefined) this.#values.delete(cell)
    else this.#values.set(cell, values)
    if (outcome === 'failed') outputs.put(cell, display.errorOf(error))
    outputs.flush(cell)
    const isSame =
      values !== undefined &&
      before?.size === values.size &&
      [...values].every(([name, value]) => before.has(name) && display.isSame(before.get(name), value))
    const described = [...(values ?? [])].map(([name, value]) => display.describe(name, value))
    send({ type: 'ended', cell, run, outcome, ms, values: described, isSame })
  }
}

interface End {
  readonly outcome: CellOutcome
  readonly values?: ReadonlyMap<string, unknown>
  readonly error?: unknown
}
