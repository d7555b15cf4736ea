/** Times as templates, and one clock for everything on the page that counts. */
import { html, type TemplateResult } from 'lit'
import { Signal, type ReadonlySignal } from './signal.ts'
import { agoWords, fullTime, type Time } from './time-words.ts'

const TICK_MS = 1_000

/** Milliseconds now, told once a second while somebody listens and the page is seen. Elements: `new Watch(this, () => [liveNow])`. */
class LiveNow implements ReadonlySignal<number> {
  readonly #signal = new Signal(Date.now())
  #listeners = 0
  #timer: ReturnType<typeof setInterval> | undefined

  get value(): number {
    return this.#listeners === 0 ? Date.now() : this.#signal.value
  }

  subscribe(listener: () => void): () => void {
    const stop = this.#signal.subscribe(listener)
    if (this.#listeners++ === 0) this.#begin()
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      stop()
      if (--this.#listeners === 0) this.#end()
    }
  }

  readonly #tick = (): void => {
    if (!document.hidden) this.#signal.value = Date.now()
  }

  #begin(): void {
    this.#signal.value = Date.now()
    this.#timer = setInterval(this.#tick, TICK_MS)
    document.addEventListener('visibilitychange', this.#tick)
  }

  #end(): void {
    clearInterval(this.#timer)
    document.removeEventListener('visibilitychange', this.#tick)
  }
}

export const liveNow: ReadonlySignal<number> = new LiveNow()

/** "3m ago", the whole time as title. Absent: a dash. */
export function timeAgo(time: Time | null | undefined, now: number = liveNow.value): TemplateResult {
  if (time == null) return html`<span class="faint">–</span>`
  return html`<time datetime=${new Date(time).toISOString()} title=${fullTime(time)}>${agoWords(time, now)}</time>`
}
