/** `<fc-run-cards .runs=${ids}>`: the flow runs of one cell, the newest last; older ones are one line each until somebody unfolds them. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import chevronDown from 'lucide-static/icons/chevron-down.svg'
import chevronRight from 'lucide-static/icons/chevron-right.svg'
import { icon } from '../ui/icon.ts'
import { base } from '../ui/styles.ts'
import './run-card.ts'

/** Older ones are reached by the list of runs. */
const MAX_SHOWN = 12

export class FcRunCards extends LitElement {
  static override properties = { runs: { attribute: false } }
  /** Ids, oldest first. */
  declare runs: readonly string[]
  readonly #open = new Map<string, boolean>()
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--space-1);
      }
      .one {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
      }
      .one button {
        align-self: start;
        min-height: 36px;
        width: 26px;
        padding: 0;
      }
    `,
  ]

  constructor() {
    super()
    this.runs = []
  }

  protected override render(): TemplateResult {
    const shown = this.runs.slice(-MAX_SHOWN)
    const [newest] = this.runs.slice(-1)
    if (newest !== undefined && this.runs.length === 1) return html`<fc-run-card run-id=${newest}></fc-run-card>`
    const left = this.runs.length - shown.length
    return html`${left === 0 ? nothing : html`<p class="faint">${left} older flow runs of this cell are in the list of runs.</p>`}
    ${repeat(
      shown,
      (id) => id,
      (id) => {
        const isOpen = this.#open.get(id) ?? id === newest
        return html`<div class="one">
          <button
            class="quiet"
            aria-expanded=${isOpen}
            aria-label=${isOpen ? 'Fold the flow run' : 'Unfold the flow run'}
            @click=${() => this.#toggle(id, !isOpen)}
          >
            ${icon(isOpen ? chevronDown : chevronRight)}
          </button>
          <fc-run-card run-id=${id} ?folded=${!isOpen}></fc-run-card>
        </div>`
      },
    )}`
  }

  #toggle(id: string, isOpen: boolean): void {
    this.#open.set(id, isOpen)
    this.requestUpdate()
  }
}
customElements.define('fc-run-cards', FcRunCards)
