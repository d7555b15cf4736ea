/** The futures of many task runs, as one. */
import { quiet } from './core.ts'
import { TaskFuture } from './futures.ts'
import { asError, type Outcome } from './run-state.ts'
import { lateError, waitFor, type ResultOptions, type WaitOptions } from './waiting.ts'

/**
 * The futures of a `map`, in the order of its elements. When `map` was given a future, how many there are is known only once that has its
 * value: until then `length`, `at` and iteration throw; `result()` and `wait()` wait for it.
 */
export class FutureList<T> implements Iterable<TaskFuture<T>> {
  #futures: readonly TaskFuture<T>[] | undefined
  #failure: Outcome | undefined
  readonly #expansion: Promise<readonly TaskFuture<T>[]> | undefined

  constructor(futures: readonly TaskFuture<T>[] | Promise<readonly TaskFuture<T>[]>) {
    if (!(futures instanceof Promise)) {
      this.#futures = futures
      return
    }
    this.#expansion = quiet(futures)
    futures.then(
      (expanded) => (this.#futures = expanded),
      (error: unknown) => {
        this.#futures = []
        this.#failure = { ok: false, error }
      },
    )
  }

  get length(): number {
    return this.#known().length
  }
  at(index: number): TaskFuture<T> | undefined {
    return this.#known().at(index)
  }
  [Symbol.iterator](): IterableIterator<TaskFuture<T>> {
    return this.#known()[Symbol.iterator]()
  }

  /**
   * All values in order. Fails with the first error that happens, without waiting for the others.
   * @throws TimeoutError after `timeoutSeconds`.
   */
  result(options?: WaitOptions & { readonly raiseOnFailure?: true }): Promise<T[]>
  result(options: ResultOptions): Promise<(T | Error)[]>
  result(options: ResultOptions = {}): Promise<unknown[]> {
    if (this.#futures !== undefined) for (const future of this.#futures) TaskFuture.frameOf(future).observe()
    return quiet(this.#result(options))
  }

  async #result({ timeoutSeconds, raiseOnFailure = true }: ResultOptions): Promise<unknown[]> {
    const futures = await this.expanded()
    if (this.#failure?.ok === false) throw this.#failure.error
    for (const future of futures) TaskFuture.frameOf(future).observe()
    const first = futures[0]
    if (first === undefined) return []
    const all = settledAll(futures, raiseOnFailure)
    if (!(await waitFor(TaskFuture.frameOf(first), all, timeoutSeconds))) throw lateError(`${futures.length} task runs`, timeoutSeconds)
    return futures.map((future) => {
      const outcome = TaskFuture.outcomeOf(future)
      return outcome.ok ? outcome.value : asError(outcome.error)
    })
  }

  /** Resolves when all have ended, or after `timeoutSeconds`. */
  wait(options: WaitOptions = {}): Promise<void> {
    return quiet(this.#wait(options))
  }

  async #wait({ timeoutSeconds }: WaitOptions): Promise<void> {
    const futures = await this.expanded()
    for (const future of futures) TaskFuture.frameOf(future).observe()
    const first = futures[0]
    if (first !== undefined) await waitFor(TaskFuture.frameOf(first), settledAll(futures, false), timeoutSeconds)
  }

  toString(): string {
    return `FutureList(${this.#futures === undefined ? 'not yet known' : `${this.#futures.length} task runs`}): await its result()`
  }
  toJSON(): string {
    return String(this)
  }

  /** The futures, once it is known how many there are. A failed expansion has none; `failureOf` tells. */
  async expanded(): Promise<readonly TaskFuture<T>[]> {
    if (this.#futures === undefined) await this.#expansion?.catch(() => undefined)
    return this.#futures ?? []
  }

  #known(): readonly TaskFuture<T>[] {
    if (this.#futures !== undefined) return this.#futures
    throw new Error('It is not known yet how many futures this list has: it was mapped over a future. Await its result() or wait() first.')
  }

  static isKnown(list: FutureList<unknown>): boolean {
    return list.#futures !== undefined
  }
  static failureOf(list: FutureList<unknown>): Outcome | undefined {
    return list.#failure
  }
}

/** Resolves when all have settled; rejects with the first failure if wanted. Undefined when there is nothing to wait for. */
export function settledAll(futures: readonly TaskFuture<unknown>[], failFast: boolean): Promise<void> | undefined {
  return new Promise((done, fail) => {
    let open = futures.length
    const settled = (outcome: Outcome) => {
      if (failFast && !outcome.ok) fail(outcome.error)
      else if (--open === 0) done()
    }
    for (const future of futures) TaskFuture.onSettled(future, settled)
  })
}
