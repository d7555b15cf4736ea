/** The present for what moves: one clock for all of a page, told ten times a second while somebody listens and the page is seen. Microseconds. */
import { Signal, type ReadonlySignal } from '../ui/signal.ts'

const TICK_MS = 100
const CALM_TICK_MS = 1_000

class FastClock implements ReadonlySignal<number> {
  readonly #signal = new Signal(Date.now() * 1_000)
  #listeners = 0
  #timer: ReturnType<typeof setInterval> | undefined

  get value(): number {
    return this.#listeners === 0 ? Date.now() * 1_000 : this.#signal.value
  }

  subscribe(listener: () => void): () => void {
    const stop = this.#signal.subscribe(listener)
    if (this.#listeners++ === 0) this.#begin()
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      stop()
      if (--this.#listeners > 0) return
      clearInterval(this.#timer)
      document.removeEventListener('visibilitychange', this.#tick)
    }
  }

  #begin(): void {
    this.#signal.value = Date.now() * 1_000
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.#timer = setInterval(this.#tick, isCalm ? CALM_TICK_MS : TICK_MS)
    document.addEventListener('visibilitychange', this.#tick)
  }

  readonly #tick = (): void => {
    if (!document.hidden) this.#signal.value = Date.now() * 1_000
  }
}

export const fastNow: ReadonlySignal<number> = new FastClock()

/** Lets an element follow a clock only while something moves. */
export class Ticking {
  #stop: (() => void) | undefined

  /** @param onTick Called with every tick. */
  set(isOn: boolean, clock: ReadonlySignal<number>, onTick: () => void): void {
    if (isOn === (this.#stop !== undefined)) return
    this.#stop?.()
    this.#stop = isOn ? clock.subscribe(onTick) : undefined
  }

  end(): void {
    this.#stop?.()
    this.#stop = undefined
  }
}
