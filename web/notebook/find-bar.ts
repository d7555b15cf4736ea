/** `<fc-find-bar>`: find and replace over all cells. Enter goes on, Shift Enter back, Escape closes it. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import caseSensitive from 'lucide-static/icons/case-sensitive.svg'
import down from 'lucide-static/icons/chevron-down.svg'
import regex from 'lucide-static/icons/regex.svg'
import replaceAll from 'lucide-static/icons/replace-all.svg'
import replace from 'lucide-static/icons/replace.svg'
import up from 'lucide-static/icons/chevron-up.svg'
import word from 'lucide-static/icons/whole-word.svg'
import x from 'lucide-static/icons/x.svg'
import { icon } from '../ui/icon.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { toast } from '../ui/toasts.ts'
import type { FindQuery } from './find.ts'
import { MAX_MATCHES } from './find.ts'
import type { FindState } from './find-state.ts'
import type { NotebookModel } from './notebook-model.ts'

export class FcFindBar extends LitElement {
  static override properties = { state: { attribute: false }, notebook: { attribute: false } }
  declare state: FindState
  declare notebook: NotebookModel
  static override styles = [
    base,
    css`
      :host {
        position: sticky;
        top: 60px;
        z-index: 9;
        display: grid;
        grid-template-columns: minmax(10rem, 26rem) auto;
        justify-content: end;
        gap: 4px 8px;
        width: fit-content;
        max-width: 100%;
        margin: 0 0 var(--space-2) auto;
        padding: var(--space-2);
        border: var(--hair);
        border-radius: var(--radius-m);
        background: var(--paper);
        box-shadow: var(--shadow-high);
      }
      .row {
        display: flex;
        align-items: center;
        gap: 2px;
      }
      button {
        width: 32px;
        padding: 0;
      }
      button[aria-pressed='true'] {
        background: var(--accent-soft);
        color: var(--accent);
      }
      .count {
        min-width: 5.5rem;
        color: var(--ink-2);
        font-size: var(--text-sm);
        text-align: right;
        white-space: nowrap;
      }
      .problem {
        grid-column: 1 / -1;
        color: var(--failed);
        font-size: var(--text-sm);
      }
      @media (max-width: 600px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ]

  readonly #watch: Watch

  constructor() {
    super()
    this.#watch = new Watch(this, () => (this.state === undefined ? [] : [this.state.changed, this.state.query]))
  }

  override focus(): void {
    const field = this.renderRoot.querySelector('input')
    field?.focus()
    field?.select()
    void this.state.search(this.notebook)
  }

  protected override firstUpdated(): void {
    this.#watch.again()
  }

  override render(): TemplateResult {
    const { found, query, replacement } = this.state
    const { matches, isCut, problem } = found.value
    const { text } = query.value
    const count =
      text === '' || problem !== undefined
        ? ''
        : this.state.isSearching
          ? 'searching…'
          : matches.length === 0
            ? 'not found'
            : `${this.state.at.value + 1} of ${matches.length}${isCut ? '+' : ''}`
    return html`<input
        role="searchbox"
        aria-label="Find in all cells"
        placeholder="Find"
        .value=${text}
        aria-invalid=${problem === undefined ? 'false' : 'true'}
        @input=${(event: InputEvent) => this.#query({ text: valueOf(event) })}
        @keydown=${(event: KeyboardEvent) => this.#keys(event)}
      />
      <div class="row">
        <span class="count" role="status">${count}</span>
        ${this.#toggle('isCaseSensitive', 'Match case', caseSensitive)} ${this.#toggle('isWholeWord', 'Whole words', word)}
        ${this.#toggle('isRegex', 'Regular expression', regex)}
        <button class="quiet" aria-label="Match above" @click=${() => this.#step(-1)}>${icon(up)}</button>
        <button class="quiet" aria-label="Match below" @click=${() => this.#step(1)}>${icon(down)}</button>
        <button class="quiet" aria-label="Close" @click=${() => this.#close()}>${icon(x)}</button>
      </div>
      ${
        this.notebook.canEdit
          ? html`<input
                aria-label="Replace with"
                placeholder="Replace"
                .value=${replacement.value}
                @input=${(event: InputEvent) => (replacement.value = valueOf(event))}
                @keydown=${(event: KeyboardEvent) => this.#keys(event, () => this.state.replaceOne(this.notebook))}
              />
              <div class="row">
                <button
                  class="quiet"
                  ?disabled=${matches.length === 0}
                  aria-label="Replace"
                  title="Replace"
                  @click=${() => this.state.replaceOne(this.notebook)}
                >
                  ${icon(replace)}
                </button>
                <button
                  class="quiet"
                  ?disabled=${matches.length === 0}
                  aria-label="Replace all"
                  title="Replace all"
                  @click=${() => this.#replaceAll()}
                >
                  ${icon(replaceAll)}
                </button>
              </div>`
          : nothing
      }
      ${problem === undefined ? nothing : html`<div class="problem" role="alert">${problem}</div>`}
      ${isCut ? html`<div class="problem">Only the first ${MAX_MATCHES} are found and replaced.</div>` : nothing}`
  }

  #toggle(name: 'isCaseSensitive' | 'isWholeWord' | 'isRegex', title: string, markup: string): TemplateResult {
    const isOn = this.state.query.value[name]
    return html`<button
      class="quiet"
      aria-label=${title}
      title=${title}
      aria-pressed=${isOn ? 'true' : 'false'}
      @click=${() => this.#query({ [name]: !isOn })}
    >
      ${icon(markup)}
    </button>`
  }

  #query(changes: Partial<FindQuery>): void {
    this.state.query.value = { ...this.state.query.value, ...changes }
    void this.state.search(this.notebook).then(() => this.#show())
  }

  #keys(event: KeyboardEvent, onEnter: () => void = () => this.#step(event.shiftKey ? -1 : 1)): void {
    event.stopPropagation()
    if (event.key === 'Escape') this.#close()
    else if (event.key === 'Enter') onEnter()
    else if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
  }

  #step(by: number): void {
    this.state.step(by)
    this.#show()
  }

  #show(): void {
    const { current } = this.state
    if (current !== undefined) this.dispatchEvent(new CustomEvent('show', { detail: current.cell, bubbles: true, composed: true }))
  }

  #replaceAll(): void {
    const count = this.state.replaceAll(this.notebook)
    if (count === 0) return
    toast({
      text: `${count} ${count === 1 ? 'place' : 'places'} replaced.`,
      action: { title: 'Undo', run: () => void this.notebook.document.undo() },
    })
  }

  #close(): void {
    this.state.close()
    const { current } = this.state
    if (current !== undefined) this.notebook.select(current.cell)
    else this.notebook.selection.value = { ...this.notebook.selection.value, mode: 'command' }
  }
}

const valueOf = (event: InputEvent): string => (event.target instanceof HTMLInputElement ? event.target.value : '')

customElements.define('fc-find-bar', FcFindBar)
