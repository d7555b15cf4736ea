/** The present for what moves: one clock for all of a page. Microseconds. */
import { Clock } from '../ui/clock.ts'
import type { ReadonlySignal } from '../ui/signal.ts'

const TICK_MS = 100
const CALM_TICK_MS = 1_000

/** Told ten times a second, or once where less motion is wanted. */
export const fastNow: ReadonlySignal<number> = new Clock(
  () => Date.now() * 1_000,
  () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? CALM_TICK_MS : TICK_MS),
)

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
