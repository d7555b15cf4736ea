/** Results that are still on their way. A future is not a promise: it can be stored, returned and passed on without being waited for. */
import { quiet } from './core.ts'
import { asError, runStateOf, type Outcome, type RunState } from './run-state.ts'
import type { TaskFrame } from './task-frame.ts'
import { lateError, waitFor, type ResultOptions, type WaitOptions } from './waiting.ts'
import type { TaskRunId } from '../protocol/ids.ts'

type Listener = (outcome: Outcome) => void

/**
 * A submitted task run. `await` its `result()`, not the future itself.
 *
 * @example
 * const future = double.submit(21)
 * await future.result() // 42
 */
export class TaskFuture<T> {
  readonly #frame: TaskFrame
  #waiting: Listener[] | undefined
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
    return runStateOf(this.#frame.state, this.#frame.outcome) as RunState<T>
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

  toString(): string {
    return `TaskFuture('${this.name}'): await its result()`
  }
  toJSON(): string {
    return String(this)
  }

  static frameOf(future: TaskFuture<unknown>): TaskFrame {
    return future.#frame
  }
  static isSettled(future: TaskFuture<unknown>): boolean {
    return future.#frame.isSettled
  }
  /** Undefined when it has settled already, so that nobody waits for nothing. */
  static settledOf(future: TaskFuture<unknown>): Promise<void> | undefined {
    if (future.#frame.isSettled) return undefined
    return new Promise((done) => TaskFuture.onSettled(future, () => done()))
  }
  static onSettled(future: TaskFuture<unknown>, listener: Listener): void {
    const { outcome } = future.#frame
    if (outcome !== undefined) listener(outcome)
    else if (future.#waiting === undefined) future.#waiting = [listener] // a list that begins empty takes room for 17
    else future.#waiting.push(listener)
  }
  /** Its run has settled: whoever waits is told. */
  static tell(future: TaskFuture<unknown>, outcome: Outcome): void {
    const waiting = future.#waiting
    future.#waiting = undefined
    if (waiting !== undefined) for (const listener of waiting) listener(outcome)
  }
  static outcomeOf(future: TaskFuture<unknown>): Outcome {
    const { outcome } = future.#frame
    if (outcome === undefined) throw new Error(`Task run '${future.name}' has not ended yet.`)
    return outcome
  }
  static valueOrErrorOf(future: TaskFuture<unknown>): unknown {
    const outcome = TaskFuture.outcomeOf(future)
    return outcome.ok ? outcome.value : outcome.error
  }
}
