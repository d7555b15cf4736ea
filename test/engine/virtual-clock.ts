/** Time that passes only when nothing else can happen. */
import { setImmediate } from 'node:timers/promises'

interface Timer {
  readonly due: number
  readonly order: number
  readonly wake: () => void
}

export class VirtualClock {
  /** Microseconds. */
  #now = 1_795_000_000_000_000
  #timers: Timer[] = []
  #order = 0
  #isRunning = false
  /** How long everybody slept, in milliseconds, in order. */
  readonly slept: number[] = []

  now(): number {
    return this.#now
  }
  advance(ms: number): void {
    this.#now += ms * 1_000
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms)
    return new Promise((wake, fail) => {
      if (signal?.aborted === true) return fail(signal.reason as Error)
      const timer: Timer = { due: this.#now + ms * 1_000, order: this.#order++, wake }
      this.#timers.push(timer)
      signal?.addEventListener('abort', () => {
        this.#timers = this.#timers.filter((other) => other !== timer)
        fail(signal.reason as Error)
      })
      void this.#run()
    })
  }

  /** When everything else has come to rest, the earliest sleeper wakes. */
  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    while (this.#timers.length > 0) {
      await setImmediate()
      const next = this.#timers.toSorted((a, b) => a.due - b.due || a.order - b.order)[0]
      if (next === undefined) break
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.#now = Math.max(this.#now, next.due)
      next.wake()
    }
    this.#isRunning = false
  }
}
