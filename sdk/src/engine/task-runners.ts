/** Where submitted tasks wait for their turn. Tasks that are called directly run at once, inside the turn of whoever called them. */
import { OptionError } from './errors.ts'

/** How many submitted tasks of one flow run may run at the same time. */
export interface TaskRunner {
  readonly name: string
  readonly maxWorkers: number
}

/**
 * Runs submitted tasks side by side: without a limit, or at most `maxWorkers` at a time.
 *
 * @example
 * flow(fn, { taskRunner: new ConcurrentTaskRunner({ maxWorkers: 4 }) })
 */
export class ConcurrentTaskRunner implements TaskRunner {
  readonly name = 'ConcurrentTaskRunner'
  readonly maxWorkers: number
  constructor({ maxWorkers = Infinity }: { readonly maxWorkers?: number } = {}) {
    if (maxWorkers !== Infinity && (!Number.isInteger(maxWorkers) || maxWorkers < 1)) {
      throw new OptionError('maxWorkers', `maxWorkers: expected an integer of at least 1, got ${String(maxWorkers)}.`)
    }
    this.maxWorkers = maxWorkers
  }
}

/** Runs submitted tasks one after another. */
export class SequentialTaskRunner implements TaskRunner {
  readonly name = 'SequentialTaskRunner'
  readonly maxWorkers = 1
}

/**
 * Turns of one attempt of a flow run, first come first served.
 * 1. Never more than `max` turns are out, except that a turn given up by {@link SlotHolder.pause} and taken back may wait.
 * 2. `close` gives everybody who waits a turn at once: the attempt is over and they shall find out.
 */
export class Slots {
  #free: number
  #closed = false
  readonly #waiting: (() => void)[] = []
  #head = 0

  constructor(max: number) {
    this.#free = max
  }

  /** True when a turn was free and is taken now. */
  tryTake(): boolean {
    if (this.#free < 1 && !this.#closed) return false
    this.#free--
    return true
  }

  /** Resolves when it is the caller's turn. */
  take(): Promise<void> {
    return new Promise((go) => {
      if (this.tryTake()) go()
      else this.#waiting.push(go)
    })
  }

  give(): void {
    const next = this.#waiting[this.#head]
    if (next === undefined) {
      this.#free++
      return
    }
    this.#head++
    if (this.#head > 1_024 && this.#head * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#head)
      this.#head = 0
    }
    next()
  }

  close(): void {
    this.#closed = true
    for (const go of this.#waiting.splice(0).slice(this.#head)) go()
    this.#head = 0
  }
}
