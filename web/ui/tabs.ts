/**
 * `<fc-tabs label="…" .tabs=${tabs} selected="logs" @select>`: tabs above one panel (the slot), which the page fills for the selected tab. `select`
 * is a CustomEvent with the id. Slot `tools`: controls at the end of the row.
 */
import { LitElement, css, html, type TemplateResult } from 'lit'
import { base } from './styles.ts'

export interface Tab {
  readonly id: string
  readonly title: string
  readonly count?: number
}

export class FcTabs extends LitElement {
  static override properties = { label: {}, tabs: { attribute: false }, selected: {} }
  declare label: string
  declare tabs: readonly Tab[]
  declare selected: string
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--space-4);
        padding: 0 14px;
        border-bottom: var(--hair);
      }
      [role='tablist'] {
        display: flex;
        gap: var(--space-4);
        overflow-x: auto;
        scrollbar-width: none;
      }
      [role='tab'] {
        min-height: 40px;
        padding: 0;
        border: 0;
        border-radius: 0;
        background: transparent;
        color: var(--ink-2);
        box-shadow: inset 0 -2px 0 transparent;
      }
      [role='tab']:hover {
        color: var(--ink);
      }
      [role='tab'][aria-selected='true'] {
        color: var(--ink);
        font-weight: 600;
        box-shadow: inset 0 -2px 0 var(--accent);
      }
      [role='tab']:focus-visible {
        outline-offset: -2px;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin-left: auto;
        padding: 4px 0;
      }
      @media (forced-colors: active) {
        [role='tab'][aria-selected='true'] {
          border-bottom: 2px solid;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.label = ''
    this.tabs = []
    this.selected = ''
  }

  override render() {
    return html`<div class="row">
        <div role="tablist" aria-label=${this.label} @keydown=${this.#move}>${this.tabs.map((tab) => this.#tab(tab))}</div>
        <div class="tools"><slot name="tools"></slot></div>
      </div>
      <div role="tabpanel" id="panel" aria-labelledby="tab-${this.selected}"><slot></slot></div>`
  }

  #tab({ id, title, count }: Tab): TemplateResult {
    const isSelected = id === this.selected
    return html`<button
      role="tab"
      id="tab-${id}"
      aria-selected=${isSelected ? 'true' : 'false'}
      aria-controls="panel"
      tabindex=${isSelected ? '0' : '-1'}
      @click=${() => this.#select(id)}
    >
      ${title}${count === undefined ? '' : html` <small>${count.toLocaleString('en')}</small>`}
    </button>`
  }

  #select(id: string): void {
    if (id === this.selected) return
    this.selected = id
    this.dispatchEvent(new CustomEvent('select', { detail: id }))
  }

  readonly #move = (event: KeyboardEvent): void => {
    const at = this.tabs.findIndex(({ id }) => id === this.selected)
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: this.tabs.length - 1,
    }
    const wanted = steps[event.key]
    const tab = wanted === undefined ? undefined : this.tabs.at(wanted % Math.max(1, this.tabs.length))
    if (tab === undefined) return
    event.preventDefault()
    this.#select(tab.id)
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-selected=true]')?.focus())
  }
}
customElements.define('fc-tabs', FcTabs)
