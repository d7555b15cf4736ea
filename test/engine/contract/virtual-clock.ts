/** Time that passes only when nothing else can happen. Runs wherever there is `setTimeout`. */
interface Timer {
  readonly due: number
  readonly order: number
  readonly wake: () => void
}

/** Resolves when everything that could happen at once has happened. */
export const rest = (): Promise<void> => new Promise((done) => setTimeout(done, 0))

export class VirtualClock {
  /** Microseconds. */
  #now = 1_795_000_000_000_000
  #timers: Timer[] = []
  #order = 0
  #isRunning = false
  /** How long everybody wanted to sleep, in milliseconds, in order. */
  readonly slept: number[] = []

  now = (): number => this.#now

  /** Time in which the program did nothing but compute: no timer could ring. */
  block(ms: number): void {
    this.#now += ms * 1_000
  }

  sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
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
    for (;;) {
      await rest()
      const next = this.#timers.toSorted((a, b) => a.due - b.due || a.order - b.order)[0]
      if (next === undefined) break
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.#now = Math.max(this.#now, next.due)
      next.wake()
    }
    this.#isRunning = false
  }
}

/** Mulberry32: chance that repeats. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    let t = (state += 0x6d2b79f5)
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
