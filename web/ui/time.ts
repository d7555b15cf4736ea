/** Times as templates, and one clock for everything on the page that counts. */
import { html, type TemplateResult } from 'lit'
import { AsyncDirective, directive } from 'lit/async-directive.js'
import { Clock } from './clock.ts'
import type { ReadonlySignal } from './signal.ts'
import { agoWords, fullTime, type Time } from './time-words.ts'

const TICK_MS = 1_000

/** Milliseconds now, told once a second. Elements: `new Watch(this, () => [liveNow])`. */
export const liveNow: ReadonlySignal<number> = new Clock(Date.now, () => TICK_MS)

/** "3m ago", the whole time as title. Without `now` the words follow the clock by themselves. Absent: a dash. */
export function timeAgo(time: Time | null | undefined, now?: number): TemplateResult {
  if (time == null) return html`<span class="faint">–</span>`
  const words = now === undefined ? livingWords(time) : agoWords(time, now)
  return html`<time datetime=${new Date(time).toISOString()} title=${fullTime(time)}>${words}</time>`
}

class LivingWords extends AsyncDirective {
  #time: Time = 0
  #shown = ''
  #stop: (() => void) | undefined

  override render(time: Time): string {
    this.#time = time
    this.#shown = agoWords(time, liveNow.value)
    if (this.isConnected) this.#follow()
    return this.#shown
  }

  protected override disconnected(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  protected override reconnected(): void {
    this.#follow()
    this.#tick()
  }

  #follow(): void {
    this.#stop ??= liveNow.subscribe(() => this.#tick())
  }

  #tick(): void {
    const words = agoWords(this.#time, liveNow.value)
    if (words === this.#shown) return
    this.#shown = words
    this.setValue(words)
  }
}
const livingWords = directive(LivingWords)
