/** `<fc-progress .progress=${…} .isRunning=${…}>`: how far work has come, how fast, and how long it may take. The page counts; the kernel says a few times a second how far it is. */
import { LitElement, css, html, nothing } from 'lit'
import type { ProgressOutput } from '../../kernel/media.ts'
import { Watch } from '../../ui/signal.ts'
import { base } from '../../ui/styles.ts'
import { durationWords } from '../../ui/time-words.ts'
import { liveNow } from '../../ui/time.ts'
import { outputStyle } from './output-style.ts'
import { paceOf } from './pace.ts'

export class FcProgress extends LitElement {
  static override properties = { progress: { attribute: false }, isLive: { attribute: false } }
  declare progress: ProgressOutput
  /** Its kernel is still there, so that time goes on. */
  declare isLive: boolean
  static override styles = [
    base,
    outputStyle,
    css`
      :host {
        padding: var(--space-1) 14px;
        font-size: var(--text-sm);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
      }
      .label {
        color: var(--ink-2);
      }
      progress {
        flex: 1 1 10rem;
        min-width: 6rem;
        height: 8px;
        overflow: hidden;
        border: 0;
        border-radius: var(--radius-pill);
        background: var(--paper-3);
        appearance: none;
        accent-color: var(--running);
      }
      progress::-webkit-progress-bar {
        background: var(--paper-3);
      }
      progress::-webkit-progress-value {
        background: var(--running);
        transition: width var(--quick);
      }
      progress::-moz-progress-bar {
        background: var(--running);
      }
      .done progress::-webkit-progress-value {
        background: var(--completed);
      }
      progress:indeterminate::-webkit-progress-bar {
        background: linear-gradient(90deg, var(--paper-3) 0 35%, var(--running) 50%, var(--paper-3) 65%) 0 0 / 200% 100%;
        animation: pass 1.4s linear infinite;
      }
      @keyframes pass {
        from {
          background-position: 100% 0;
        }
        to {
          background-position: -100% 0;
        }
      }
      .figures {
        color: var(--ink-2);
        font-variant-numeric: tabular-nums;
      }
      @media (prefers-reduced-motion: reduce) {
        progress:indeterminate::-webkit-progress-bar {
          background: repeating-linear-gradient(90deg, var(--running) 0 6px, var(--paper-3) 6px 14px);
        }
      }
    `,
  ]
  readonly #watch: Watch

  constructor() {
    super()
    this.progress = { label: '', value: 0, total: null, startedAt: 0, updatedAt: 0, isDone: true }
    this.isLive = false
    this.#watch = new Watch(this, () => [this.#isCounting ? liveNow : undefined])
  }

  get #isCounting(): boolean {
    return this.isLive && !this.progress.isDone
  }

  protected override updated(): void {
    if (this.#isCounting !== this.#wasCounting) this.#watch.again()
    this.#wasCounting = this.#isCounting
  }
  #wasCounting = false

  override render() {
    const { label, value, total, isDone } = this.progress
    const name = label === '' ? 'Progress' : label
    return html`<div class="row ${isDone ? 'done' : ''}">
      <span class="label">${name}</span>
      <progress
        aria-label=${name}
        max=${total ?? 1}
        value=${total === null && !isDone ? nothing : isDone && total === null ? 1 : value}
      ></progress>
      <span class="figures">${this.#figures()}</span>
    </div>`
  }

  #figures(): string {
    const { value, total, isDone, startedAt, updatedAt } = this.progress
    const amount = total === null ? number(value) : `${number(value)} of ${number(total)}`
    const now = this.#isCounting ? Math.max(liveNow.value, updatedAt) : updatedAt
    const seconds = Math.max(0, (now - startedAt) / 1_000)
    if (isDone) return `${amount} in ${durationWords(seconds)}`
    const { rate, left } = paceOf(this.progress)
    const words = [amount]
    if (rate !== undefined) words.push(`${number(rate)}/s`)
    const still = left === undefined ? 0 : left - (now - updatedAt) / 1_000
    // Nothing is promised of work that has stopped, or is slower than it was.
    if (still > 0) words.push(`about ${durationWords(still)} left`)
    return words.join(' · ')
  }
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 })
}
customElements.define('fc-progress', FcProgress)
