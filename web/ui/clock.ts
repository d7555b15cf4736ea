/** The present as a signal: told every so often while somebody listens and the page is seen; read by one who does not listen it is exact. */
import { Holders } from './holders.ts'
import { Signal, type ReadonlySignal } from './signal.ts'

export class Clock implements ReadonlySignal<number> {
  readonly #now: () => number
  readonly #signal: Signal<number>
  readonly #holders: Holders

  /** @param tickMs Asked whenever it begins. */
  constructor(now: () => number, tickMs: () => number) {
    this.#now = now
    this.#signal = new Signal(now())
    const tick = (): void => {
      if (!document.hidden) this.#signal.value = now()
    }
    this.#holders = new Holders(() => {
      this.#signal.value = now()
      const timer = setInterval(tick, tickMs())
      document.addEventListener('visibilitychange', tick)
      return () => {
        clearInterval(timer)
        document.removeEventListener('visibilitychange', tick)
      }
    })
  }

  get value(): number {
    return this.#holders.isHeld ? this.#signal.value : this.#now()
  }

  subscribe(listener: () => void): () => void {
    return this.#holders.holdFor(this.#signal.subscribe(listener))
  }
}
