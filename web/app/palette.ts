/** `<fc-palette>`: everything that can be done or opened, by a few letters (⌘K). Loaded when it is first asked for. */
import { LitElement, css, html, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import search from 'lucide-static/icons/search.svg'
import { icon } from '../ui/icon.ts'
import { showModal } from '../ui/modals.ts'
import { raised } from '../ui/raised.ts'
import { base } from '../ui/styles.ts'
import { commands, isMac, keyContext } from './commands.ts'
import { shownKeys } from './keys.ts'
import { commandEntries, rank, recentEntries, rememberEntry, type Ranked } from './palette-entries.ts'
import { paletteSources, type PaletteEntry } from './palette-sources.ts'

const MAX_SHOWN = 50

/** What was typed before there was a field for it. */
interface TypedEarly {
  readonly typed: string
  readonly isEntered: boolean
}

export class FcPalette extends LitElement {
  static override properties = { found: { state: true }, active: { state: true } }
  declare found: readonly Ranked[]
  declare active: number
  #query = ''
  #asked = new AbortController()
  static override styles = [
    base,
    raised,
    css`
      dialog {
        width: min(40rem, calc(100vw - 2 * var(--space-4)));
        margin: 12vh auto auto;
        padding: 0;
        overflow: hidden;
      }
      .field {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-4);
        border-bottom: var(--hair);
        color: var(--ink-2);
      }
      input {
        flex: 1;
        padding: var(--space-2) 0;
        border: 0;
        background: transparent;
        font-size: var(--text-md);
      }
      input:focus-visible {
        outline: none;
      }
      [role='listbox'] {
        max-height: min(26rem, 60vh);
        padding: var(--space-1);
        overflow-y: auto;
      }
      [role='option'] {
        display: flex;
        align-items: baseline;
        gap: var(--space-2);
        padding: 7px var(--space-3);
        border-radius: var(--radius-s);
        cursor: pointer;
      }
      [role='option'][aria-selected='true'] {
        background: var(--accent-soft);
      }
      mark {
        background: none;
        color: var(--accent);
        font-weight: 650;
      }
      .group {
        margin-left: auto;
        color: var(--ink-2);
        font-size: var(--text-xs);
        white-space: nowrap;
      }
      .keys {
        display: inline-flex;
        gap: 2px;
      }
      .detail {
        color: var(--ink-2);
        font-size: var(--text-sm);
      }
      .none {
        padding: var(--space-4);
        color: var(--ink-2);
      }
      @media (forced-colors: active) {
        [role='option'][aria-selected='true'] {
          outline: 2px solid;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.found = []
    this.active = 0
  }

  override render() {
    const activeId = this.found.length === 0 ? '' : `entry-${this.active}`
    return html`<dialog aria-label="Commands and pages" @cancel=${() => this.close()} @click=${this.#outside}>
      <div class="field">
        ${icon(search)}
        <input
          role="combobox"
          aria-label="Search commands, notebooks and runs"
          aria-expanded="true"
          aria-controls="list"
          aria-activedescendant=${activeId}
          aria-autocomplete="list"
          placeholder="What shall be done?"
          autocomplete="off"
          spellcheck="false"
          @input=${(event: InputEvent) => event.target instanceof HTMLInputElement && this.#search(event.target.value)}
          @keydown=${this.#press}
        />
      </div>
      <div role="listbox" id="list" aria-label="Found">
        ${repeat(
          this.found,
          ({ entry: { id } }) => id,
          (ranked, index) => this.#option(ranked, index),
        )}
      </div>
      ${this.found.length === 0 ? html`<p class="none" role="status">Nothing is called so.</p>` : ''}
    </dialog>`
  }

  async show(early: () => TypedEarly): Promise<void> {
    this.toggleAttribute('open', true)
    await this.updateComplete
    const input = this.renderRoot.querySelector('input')
    const dialog = this.renderRoot.querySelector('dialog')
    if (dialog !== null) showModal(dialog)
    const { typed, isEntered } = early()
    if (input !== null) input.value = typed
    this.#search(typed)
    input?.focus()
    const [first] = this.found
    if (isEntered && first !== undefined) this.#run(first.entry)
  }

  close(): void {
    this.#asked.abort()
    this.removeAttribute('open')
    // Without this the hidden field has the focus until the next frame, and takes the keys that come before it.
    this.renderRoot.querySelector('input')?.blur()
    this.renderRoot.querySelector('dialog')?.close()
  }

  #option({ entry, places }: Ranked, index: number): TemplateResult {
    const keys = entry.keys === undefined ? [] : shownKeys(entry.keys, isMac)
    return html`<div
      role="option"
      id="entry-${index}"
      aria-selected=${index === this.active ? 'true' : 'false'}
      @click=${() => this.#run(entry)}
      @pointermove=${() => (this.active = index)}
    >
      <span>${marked(entry.title, places)}</span>
      ${entry.detail === undefined ? '' : html`<span class="detail">${entry.detail}</span>`}
      <span class="group">${entry.group}</span>
      ${keys.length === 0 ? '' : html`<span class="keys">${keys.map((key) => html`<kbd>${key}</kbd>`)}</span>`}
    </div>`
  }

  #search(query: string): void {
    this.#query = query
    this.#asked.abort()
    const { signal } = (this.#asked = new AbortController())
    const found: PaletteEntry[] = [...commandEntries(commands.value, keyContext.value)]
    const show = (): void => {
      if (signal.aborted) return
      this.found = rank(this.#query, found, recentEntries(), MAX_SHOWN)
      this.active = Math.min(this.active, Math.max(0, this.found.length - 1))
    }
    this.active = 0
    for (const source of paletteSources()) {
      const entries = source(query, signal)
      if (!(entries instanceof Promise)) found.push(...entries)
      else
        entries.then(
          (late) => (found.push(...late), show()),
          () => undefined,
        ) // what cannot be asked now is not offered
    }
    show()
  }

  #run(entry: PaletteEntry): void {
    this.close()
    rememberEntry(entry.id)
    void entry.run()
  }

  readonly #press = (event: KeyboardEvent): void => {
    const last = this.found.length - 1
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: this.active >= last ? 0 : this.active + 1,
      ArrowUp: this.active <= 0 ? last : this.active - 1,
      PageDown: Math.min(last, this.active + 8),
      PageUp: Math.max(0, this.active - 8),
    }
    const wanted = steps[event.key]
    const chosen = this.found[this.active]
    if (event.key === 'Enter' && !event.isComposing && chosen !== undefined) this.#run(chosen.entry)
    else if (wanted === undefined) return
    else {
      this.active = Math.max(0, wanted)
      void this.updateComplete.then(() => this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }))
    }
    event.preventDefault()
  }

  readonly #outside = ({ target }: MouseEvent): void => {
    if (target instanceof HTMLDialogElement) this.close()
  }
}
customElements.define('fc-palette', FcPalette)

/** The title with what fits marked, in runs, so that no letter is torn apart. */
function marked(title: string, places: readonly number[]): readonly unknown[] {
  const parts: unknown[] = []
  let from = 0
  for (let at = 0; at < places.length; at++) {
    const start = places[at] ?? 0
    while (places[at + 1] === (places[at] ?? 0) + 1) at++
    const end = (places[at] ?? start) + 1
    parts.push(title.slice(from, start), html`<mark>${title.slice(start, end)}</mark>`)
    from = end
  }
  return [...parts, title.slice(from)]
}

let palette: FcPalette | undefined
/** Opens it over whatever is shown. */
export async function openPalette(early: () => TypedEarly): Promise<void> {
  palette ??= document.body.appendChild(new FcPalette())
  if (palette.hasAttribute('open')) palette.close()
  else await palette.show(early)
}
