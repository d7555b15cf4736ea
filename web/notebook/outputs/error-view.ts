/** `<fc-error .error=${…} .context=${…}>`: what ended a run: the message first, then where in cells, the stack folded. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import copyIcon from 'lucide-static/icons/copy.svg'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { copyText } from '../../ui/copy-text.ts'
import { icon } from '../../ui/icon.ts'
import { base } from '../../ui/styles.ts'
import type { OutputContext } from './context.ts'
import { outputStyle } from './output-style.ts'

export type ErrorOutput = Extract<CellOutput, { readonly kind: 'error' }>
type Place = NonNullable<ErrorOutput['places']>[number]

/** Lines of a message that are read at first. */
const SHOWN_MESSAGE = 2_000

export class FcError extends LitElement {
  static override properties = { error: { attribute: false }, context: { attribute: false }, isWhole: { state: true } }
  declare error: ErrorOutput
  declare context: OutputContext
  declare isWhole: boolean
  static override styles = [
    base,
    outputStyle,
    css`
      :host {
        padding: var(--space-2) 14px;
      }
      header {
        display: flex;
        align-items: flex-start;
        gap: var(--space-2);
      }
      .message {
        flex: 1;
        min-width: 0;
        color: var(--ink);
        font-size: var(--text-md);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .name {
        color: var(--failed);
        font-weight: 600;
      }
      ol {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-3);
        margin: var(--space-1) 0 0;
      }
      .place {
        min-height: 24px;
        padding: 0 2px;
        border: 0;
        background: none;
        color: var(--accent);
        font-size: var(--text-sm);
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      details {
        margin-top: var(--space-1);
      }
      summary {
        width: max-content;
        color: var(--ink-2);
        font-size: var(--text-sm);
        cursor: pointer;
      }
      pre {
        max-height: 20rem;
        overflow: auto;
        color: var(--ink-2);
        font-size: var(--text-xs);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ]

  constructor() {
    super()
    this.error = { kind: 'error', name: 'Error', message: '', stack: [] }
    this.isWhole = false
  }

  override render() {
    const { name, message, stack, places } = this.error
    const isLong = message.length > SHOWN_MESSAGE && !this.isWhole
    const shown = isLong ? `${message.slice(0, SHOWN_MESSAGE)}…` : message
    return html`<header>
        <p class="message"><span class="name">${name}${message === '' ? '' : ': '}</span>${shown}</p>
        <button class="quiet icon-only" aria-label="Copy the error" title="Copy the error" @click=${() => this.#copy()}>
          ${icon(copyIcon)}
        </button>
      </header>
      ${isLong ? html`<button class="quiet small" @click=${() => (this.isWhole = true)}>Show the whole message</button>` : nothing}
      ${
        places === undefined || places.length === 0
          ? nothing
          : html`<ol class="places" aria-label="Where it happened">
              ${places.map((place) => this.#place(place))}
            </ol>`
      }
      ${
        stack.length === 0
          ? nothing
          : html`<details>
              <summary>Stack (${stack.length} ${stack.length === 1 ? 'line' : 'lines'})</summary>
              <pre tabindex="0">${stack.map((line) => line.trim()).join('\n')}</pre>
            </details>`
      }`
  }

  #place({ cell, line, column, name }: Place): TemplateResult {
    const where = `${this.context.cellName(cell)}, line ${line}`
    return html`<li>
      <button class="place" title="Go to ${where}, column ${column}" @click=${() => this.context.jumpTo(cell, line, column)}>
        ${name === undefined ? nothing : html`<code>${name}</code> in `}${where}
      </button>
    </li>`
  }

  #copy(): void {
    const { name, message, stack } = this.error
    void copyText([`${name}: ${message}`, ...stack].join('\n'), 'The error is copied.')
  }
}
customElements.define('fc-error', FcError)
