/**
 * `<fc-bars label="…" .bars=${bars}>`: a row of bars, each a run or a span of time: its height, the colour of its state, and in words what it is
 * (on hover and focus). One tab stop; arrows go from bar to bar, Enter follows a bar's link.
 */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { styleMap } from './style-map.ts'
import { stateIcon } from './state.ts'
import type { StateKind } from './state-kind.ts'
import { base } from './styles.ts'

export interface BarPart {
  readonly kind: StateKind
  /** Its share of the bar; a bar of one part needs none. */
  readonly share?: number
}
export interface Bar {
  readonly id: string
  /** 0 to 1 of the height. */
  readonly size: number
  readonly parts: readonly BarPart[]
  /** "thundering-goshawk · Failed · 3.2 s". */
  readonly title: string
  readonly href?: string
}

export class FcBars extends LitElement {
  static override properties = { label: {}, bars: { attribute: false }, active: { state: true } }
  declare label: string
  declare bars: readonly Bar[]
  declare active: number
  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
        height: var(--bars-height, 54px);
      }
      .row {
        display: flex;
        align-items: flex-end;
        gap: var(--bars-gap, 3px);
        height: 100%;
      }
      .bar {
        display: flex;
        flex-direction: column;
        justify-content: flex-end;
        flex: 1;
        min-width: 2px;
        max-width: var(--bars-width, 9px);
        height: 100%;
        border-radius: 2px 2px 0 0;
      }
      .bar > i {
        min-height: 0;
        background: var(--state-fill);
      }
      .bar > i:first-child {
        border-radius: 2px 2px 0 0;
      }
      .bar:hover > i,
      .bar:focus-visible > i {
        filter: brightness(1.12);
      }
      .tip {
        position: absolute;
        bottom: calc(100% + 6px);
        z-index: 5;
        display: flex;
        align-items: center;
        gap: 6px;
        width: max-content;
        max-width: 20rem;
        padding: 4px 10px;
        border: var(--hair);
        border-radius: var(--radius-s);
        background: var(--paper);
        box-shadow: var(--shadow-high);
        font-size: var(--text-sm);
        pointer-events: none;
      }
      .tip .state {
        font-size: inherit;
      }
      @media (forced-colors: active) {
        .bar > i {
          background: CanvasText;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.label = ''
    this.bars = []
    this.active = -1
  }

  override render() {
    return html`<div
        class="row"
        role="list"
        aria-label=${this.label}
        @keydown=${this.#move}
        @pointerleave=${() => (this.active = -1)}
        @focusout=${() => (this.active = -1)}
      >
        ${this.bars.map((bar, index) => this.#bar(bar, index))}
      </div>
      ${this.#tip()}`
  }

  #bar({ size, parts, title, href }: Bar, index: number): TemplateResult {
    const whole = parts.reduce((sum, { share = 1 }) => sum + share, 0) || 1
    const inside = parts.map(({ kind, share = 1 }) => {
      const height = size <= 0 ? '0' : `max(2px, ${(Math.min(1, size) * 100 * share) / whole}%)`
      return html`<i data-state=${kind} style=${styleMap({ height })}></i>`
    })
    const isStop = index === (this.active === -1 ? 0 : this.active)
    const look = { class: 'bar', tabindex: isStop ? '0' : '-1' }
    const show = (): void => void (this.active = index)
    return html`<span role="listitem" class="bar"
      >${
        href === undefined
          ? html`<span class=${look.class} role="img" tabindex=${look.tabindex} aria-label=${title} @pointerenter=${show} @focus=${show}
              >${inside}</span
            >`
          : html`<a class=${look.class} href=${href} tabindex=${look.tabindex} aria-label=${title} @pointerenter=${show} @focus=${show}
              >${inside}</a
            >`
      }</span
    >`
  }

  #tip(): TemplateResult | typeof nothing {
    const bar = this.bars[this.active]
    if (bar === undefined) return nothing
    const at = (this.active + 0.5) / this.bars.length
    const place = at < 0.5 ? { left: `${at * 100}%` } : { right: `${(1 - at) * 100}%` }
    const kind = bar.parts.length === 1 ? bar.parts[0]?.kind : undefined
    return html`<div class="tip" aria-hidden="true" style=${styleMap(place)}>
      ${kind === undefined ? '' : html`<span class="state" data-state=${kind}>${stateIcon(kind)}</span>`}${bar.title}
    </div>`
  }

  readonly #move = (event: KeyboardEvent): void => {
    const at = Math.max(0, this.active)
    const last = this.bars.length - 1
    const steps: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }
    const wanted = steps[event.key]
    if (wanted === undefined) return
    event.preventDefault()
    const next = Math.min(last, Math.max(0, wanted))
    this.renderRoot.querySelectorAll<HTMLElement>('[tabindex]')[next]?.focus()
  }
}
customElements.define('fc-bars', FcBars)
