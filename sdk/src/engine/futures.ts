/** Results that are still on their way. A future is not a promise: it can be stored, returned and passed on without being waited for. */
import { inTime, quiet } from './core.ts'
import { OptionError, TimeoutError } from './errors.ts'
import { asError, runStateOf, type Outcome, type RunState } from './run-state.ts'
import type { TaskFrame } from './task-frame.ts'
import type { TaskRunId } from '../protocol/ids.ts'

export interface WaitOptions {
  /** Longest wait; without it there is no limit. */
  readonly timeoutSeconds?: number
}
export interface ResultOptions extends WaitOptions {
  /** False: the error is answered instead of thrown. */
  readonly raiseOnFailure?: boolean
}

/**
 * A submitted task run. `await` its `result()`, not the future itself.
 *
 * @example
 * const future = double.submit(21)
 * await future.result() // 42
 */
export class TaskFuture<T> {
  readonly #frame: TaskFrame
  #outcome: Outcome | undefined
  #waiting: (() => void)[] | undefined
  /** For the type only: futures of different values are different types. */
  declare protected readonly value?: T

  constructor(frame: TaskFrame) {
    this.#frame = frame
  }

  get taskRunId(): TaskRunId {
    return this.#frame.id
  }
  /** The task run's name. */
  get name(): string {
    return this.#frame.name
  }
  /** The state right now. */
  get state(): RunState<T> {
    this.#frame.observe()
    return runStateOf(this.#frame.state, this.#outcome) as RunState<T>
  }

  /**
   * The value, or the task's own error.
   * @throws TimeoutError after `timeoutSeconds`; the task goes on.
   */
  result(options?: WaitOptions & { readonly raiseOnFailure?: true }): Promise<T>
  result(options: ResultOptions): Promise<T | Error>
  result(options: ResultOptions = {}): Promise<unknown> {
    this.#frame.observe()
    return quiet(this.#result(options))
  }

  async #result({ timeoutSeconds, raiseOnFailure = true }: ResultOptions): Promise<unknown> {
    if (!(await waitFor(this.#frame, TaskFuture.settledOf(this), timeoutSeconds)))
      throw lateError(`task run '${this.name}'`, timeoutSeconds)
    const outcome = TaskFuture.outcomeOf(this)
    if (outcome.ok) return outcome.value
    if (raiseOnFailure) throw outcome.error
    return asError(outcome.error)
  }

  /** Resolves when the run has ended, or after `timeoutSeconds`; never throws for what the run did. */
  wait(options: WaitOptions = {}): Promise<void> {
    this.#frame.observe()
    return quiet(this.#wait(options))
  }

  async #wait({ timeoutSeconds }: WaitOptions): Promise<void> {
    await waitFor(this.#frame, TaskFuture.settledOf(this), timeoutSeconds)
  }

  static frameOf(future: TaskFuture<unknown>): TaskFrame {
    return future.#frame
  }
  static isSettled(future: TaskFuture<unknown>): boolean {
    return future.#outcome !== undefined
  }
  /** Undefined when it has settled already, so that nobody waits for nothing. */
  static settledOf(future: TaskFuture<unknown>): Promise<void> | undefined {
    if (future.#outcome !== undefined) return undefined
    return new Promise((done) => TaskFuture.onSettled(future, done))
  }
  static onSettled(future: TaskFuture<unknown>, listener: () => void): void {
    if (future.#outcome !== undefined) listener()
    else (future.#waiting ??= []).push(listener)
  }
  static settle(future: TaskFuture<unknown>, outcome: Outcome): void {
    if (future.#outcome !== undefined) return
    future.#outcome = outcome
    const waiting = future.#waiting
    future.#waiting = undefined
    if (waiting !== undefined) for (const listener of waiting) listener()
  }
  static outcomeOf(future: TaskFuture<unknown>): Outcome {
    if (future.#outcome === undefined) throw new Error(`Task run '${future.name}' has not ended yet.`)
    return future.#outcome
  }
  static valueOrErrorOf(future: TaskFuture<unknown>): unknown {
    const outcome = TaskFuture.outcomeOf(future)
    return outcome.ok ? outcome.value : outcome.error
  }
}

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
function settledAll(futures: readonly TaskFuture<unknown>[], failFast: boolean): Promise<void> | undefined {
  return new Promise((done, fail) => {
    let open = futures.length
    for (const future of futures) {
      TaskFuture.onSettled(future, () => {
        const outcome = TaskFuture.outcomeOf(future)
        if (failFast && !outcome.ok) fail(outcome.error)
        else if (--open === 0) done()
      })
    }
  })
}

/** True when it came in time. A task that waits here gives up its turn meanwhile, so that what it waits for can run. */
async function waitFor(frame: TaskFrame, settled: Promise<void> | undefined, timeoutSeconds: number | undefined): Promise<boolean> {
  if (timeoutSeconds !== undefined && !(timeoutSeconds >= 0)) {
    throw new OptionError('timeoutSeconds', `timeoutSeconds: expected a number of seconds from 0 on, got ${String(timeoutSeconds)}.`)
  }
  if (settled === undefined) return true
  const { core } = frame
  const waiter = core.contexts.current()?.task ?? null
  if (waiter !== null && waiter.isInside(frame)) throw new Error(`Task run '${frame.name}' cannot wait for itself.`)
  const turn = waiter?.turnHolder ?? null
  turn?.yieldTurn()
  try {
    if (timeoutSeconds === undefined) await settled
    else return await inTime(core, settled, timeoutSeconds)
    return true
  } finally {
    if (turn !== null) await turn.retakeTurn()
  }
}

const lateError = (what: string, seconds: number | undefined) =>
  new TimeoutError(`Waited ${String(seconds)} s for ${what}, which has not ended yet.`)

/** Yields the futures in the order in which they end. */
export async function* asCompleted<T>(
  futures: Iterable<TaskFuture<T>>,
  { timeoutSeconds }: WaitOptions = {},
): AsyncGenerator<TaskFuture<T>, void, void> {
  const open = new Set(futures)
  const [first] = open
  if (first === undefined) return
  const ready: TaskFuture<T>[] = []
  let wake: (() => void) | undefined
  for (const future of open) {
    TaskFuture.frameOf(future).observe()
    TaskFuture.onSettled(future, () => {
      ready.push(future)
      wake?.()
    })
  }
  const { core } = TaskFuture.frameOf(first)
  const deadline = timeoutSeconds === undefined ? undefined : core.host.now() + timeoutSeconds * 1e6
  while (open.size > 0) {
    const next = ready.shift()
    if (next !== undefined) {
      open.delete(next)
      yield next
      continue
    }
    const woken = new Promise<void>((done) => (wake = done))
    const left = deadline === undefined ? undefined : Math.max(0, deadline - core.host.now()) / 1e6
    if (!(await waitFor(TaskFuture.frameOf(first), woken, left))) throw lateError(`${open.size} of the task runs`, timeoutSeconds)
  }
}

export interface DoneAndNotDone<T> {
  readonly done: ReadonlySet<TaskFuture<T>>
  readonly notDone: ReadonlySet<TaskFuture<T>>
}

/** Waits until all have ended, or for `timeoutSeconds`, and tells which have. */
export async function wait<T>(futures: Iterable<TaskFuture<T>>, { timeoutSeconds }: WaitOptions = {}): Promise<DoneAndNotDone<T>> {
  const all = new Set(futures)
  const [first] = all
  for (const future of all) TaskFuture.frameOf(future).observe()
  if (first !== undefined) await waitFor(TaskFuture.frameOf(first), settledAll([...all], false), timeoutSeconds)
  const done = new Set([...all].filter((future) => TaskFuture.isSettled(future)))
  return { done, notDone: new Set([...all].filter((future) => !done.has(future))) }
}
