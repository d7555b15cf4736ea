/**
 * `<fc-text .text=${…}>`: printed or plain text with its colours. Of a long one the end is in the document, the rest when it is asked for, so that
 * a cell that prints and prints costs the page no more than its last lines.
 */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { countLines } from '#sdk/notebook/outputs.ts'
import { withPlaces, type CellPlace } from '../../runs/cell-places.ts'
import { ansiStyle } from '../../ui/ansi-style.ts'
import { ansiPieces } from '../../ui/ansi.ts'
import { base } from '../../ui/styles.ts'
import type { OutputContext } from './context.ts'
import { outputStyle } from './output-style.ts'

/** Lines that are drawn at first, and so many more at a time. */
const SHOWN_LINES = 400
const MORE_LINES = 10_000
const MAX_SHOWN_CHARACTERS = 60_000

export interface OmittedText {
  readonly characters: number
  readonly lines: number
}

export class FcText extends LitElement {
  static override properties = {
    text: { attribute: false },
    context: { attribute: false },
    omitted: { attribute: false },
    isError: { attribute: false },
    shownLines: { state: true },
    isTall: { state: true },
  }
  declare text: string
  /** Shows a place in a cell; without it such places are text. */
  declare context: OutputContext | undefined
  /** What was printed before the text and is not kept. */
  declare omitted: OmittedText | undefined
  declare isError: boolean
  declare shownLines: number
  /** Without a scroll box. */
  declare isTall: boolean
  static override styles = [
    base,
    outputStyle,
    ansiStyle,
    css`
      pre {
        max-height: 24rem;
        padding: var(--space-1) 14px;
        overflow: auto;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        font-size: var(--text-sm);
        line-height: 1.55;
      }
      pre.tall {
        max-height: none;
      }
      .error pre {
        border-left: 2px solid var(--late);
      }
      .bar {
        padding: 2px 14px;
      }
      .place {
        display: inline;
        min-height: 0;
        padding: 0;
        border: 0;
        background: none;
        color: var(--accent);
        font: inherit;
        text-decoration: underline;
        text-underline-offset: 2px;
      }
      .said-only {
        position: absolute;
      }
    `,
  ]
  #wasAtEnd = true
  #isBoxed = false

  constructor() {
    super()
    this.text = ''
    this.context = undefined
    this.omitted = undefined
    this.isError = false
    this.shownLines = SHOWN_LINES
    this.isTall = false
  }

  override render() {
    const { shown, hiddenLines } = tailOf(this.text, this.shownLines)
    return html`<div class=${this.isError ? 'error' : 'text'}>
      ${this.#gap(hiddenLines)} ${this.isError ? html`<span class="said-only">Standard error:</span>` : nothing}
      <pre
        class=${this.isTall ? 'tall' : ''}
        tabindex=${this.#isBoxed && !this.isTall ? '0' : nothing}
        role=${this.#isBoxed && !this.isTall ? 'group' : nothing}
        aria-label=${this.#isBoxed && !this.isTall ? 'Printed text' : nothing}
      >
${ansiPieces(shown).map(({ text, classes }) => (classes === '' ? this.#linked(text) : html`<span class=${classes}>${this.#linked(text)}</span>`))}</pre>
      ${
        this.#isBoxed
          ? html`<div class="bar">
              <button class="quiet small" aria-expanded=${this.isTall ? 'true' : 'false'} @click=${() => (this.isTall = !this.isTall)}>
                ${this.isTall ? 'Show less' : 'Show in full height'}
              </button>
            </div>`
          : nothing
      }
    </div>`
  }

  #linked(text: string): unknown {
    const { context } = this
    if (context === undefined) return text
    return withPlaces(text).map((piece) =>
      typeof piece === 'string'
        ? piece
        : html`<button class="place" title="Go to this place" @click=${() => jump(context, piece.place)}>${piece.text}</button>`,
    )
  }

  #gap(hiddenLines: number): TemplateResult | typeof nothing {
    const { omitted } = this
    if (omitted === undefined && hiddenLines === 0) return nothing
    return html`<div class="bar">
      ${
        omitted === undefined
          ? nothing
          : html`<span class="note"
              >… ${count(omitted.lines, 'line')} (${count(omitted.characters, 'character')}) before this were left out.</span
            >`
      }
      ${
        hiddenLines === 0
          ? nothing
          : html`<button class="quiet small" @click=${() => (this.shownLines += MORE_LINES)}>
              Show ${hiddenLines > MORE_LINES ? `${MORE_LINES.toLocaleString('en')} of ` : ''}${count(hiddenLines, 'more line')} above
            </button>`
      }
    </div>`
  }

  protected override willUpdate(): void {
    const box = this.#box
    this.#wasAtEnd = box === null || box.scrollHeight - box.scrollTop - box.clientHeight < END_PX
  }

  protected override updated(changed: PropertyValues<this>): void {
    const box = this.#box
    if (box === null) return
    if (changed.has('text') && this.#wasAtEnd) box.scrollTop = box.scrollHeight
    const isBoxed = this.isTall ? this.#isBoxed : box.scrollHeight > box.clientHeight + 1
    if (isBoxed === this.#isBoxed) return
    this.#isBoxed = isBoxed
    this.requestUpdate()
  }

  get #box(): HTMLElement | null {
    return this.renderRoot.querySelector('pre')
  }
}
const jump = (context: OutputContext, { cell, line, column }: CellPlace): void => context.jumpTo(cell, line, column)

/** The reader is at the end while so few pixels are below. */
const END_PX = 12

const count = (number: number, what: string): string => `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`

/** The last lines of a text; a single endless line counts by its characters. */
function tailOf(text: string, lines: number): { readonly shown: string; readonly hiddenLines: number } {
  const from = startOf(text, lines, (lines / SHOWN_LINES) * MAX_SHOWN_CHARACTERS)
  if (from === 0) return { shown: text, hiddenLines: 0 }
  return { shown: text.slice(from), hiddenLines: Math.max(1, countLines(text.slice(0, from))) }
}

function startOf(text: string, lines: number, limit: number): number {
  let at = text.endsWith('\n') ? text.length - 1 : text.length
  for (let line = 0; line < lines; line++) {
    const before = at === 0 ? -1 : text.lastIndexOf('\n', at - 1)
    if (before < 0) return text.length > limit ? text.length - limit : 0
    if (text.length - before > limit) return line === 0 ? text.length - limit : at + 1
    at = before
  }
  return at + 1
}
customElements.define('fc-text', FcText)
