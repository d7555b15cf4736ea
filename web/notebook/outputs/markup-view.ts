/** `<fc-markup kind="html|markdown|latex" .text=${…}>`: HTML that runs nothing, Markdown, or a formula, as nodes of the page that went through the sanitiser. */
import { LitElement, css, html, type PropertyValues } from 'lit'
import { hasFormula, loadFormulas, renderMarkdown } from '../render-markdown.ts'
import { base } from '../../ui/styles.ts'
import { outputStyle } from './output-style.ts'
import { adoptSheet, safeSheet } from './safe-sheet.ts'
import { sanitizeHtml } from './sanitize.ts'

export class FcMarkup extends LitElement {
  static override properties = { kind: {}, text: { attribute: false } }
  declare kind: 'html' | 'markdown' | 'latex'
  declare text: string
  static override styles = [
    base,
    outputStyle,
    css`
      .content {
        position: relative;
        padding: var(--space-1) 14px;
        overflow: auto;
        contain: paint;
        overflow-wrap: anywhere;
        line-height: 1.55;
        fill: currentColor;
      }
      .content > * {
        max-width: 100%;
      }
      .content :is(p, ul, ol, pre, blockquote, table, figure, h1, h2, h3, h4) {
        margin-block: var(--space-2);
      }
      .content :is(ul, ol) {
        padding-left: 1.5em;
      }
      .content :is(th, td) {
        border: var(--hair);
      }
      .content table {
        width: auto;
      }
      .content img,
      .content svg {
        max-width: 100%;
        height: auto;
      }
      .content pre {
        padding: var(--space-2) var(--space-3);
        border-radius: var(--radius-s);
        background: var(--paper-2);
      }
      blockquote {
        margin-inline: 0;
        padding-left: var(--space-3);
        border-left: 3px solid var(--line);
        color: var(--ink-2);
      }
      math[display='block'] {
        margin-block: var(--space-2);
      }
    `,
  ]
  #nodes: DocumentFragment | readonly Node[] = []

  constructor() {
    super()
    this.kind = 'html'
    this.text = ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('text') || changed.has('kind')) this.#make()
  }

  #make(): void {
    adoptSheet(this.shadowRoot, this.kind === 'html' ? safeSheet(this.text, '.content') : undefined)
    const markdown = this.kind === 'latex' ? `$$${this.text}$$` : this.text
    // A fragment is empty once it is put in; its nodes can be put in again.
    this.#nodes = Array.from((this.kind === 'html' ? sanitizeHtml(this.text) : renderMarkdown(markdown)).childNodes)
    if (this.kind === 'html' || !hasFormula(markdown)) return
    void loadFormulas().then((isNew) => {
      if (!isNew) return
      this.#make()
      this.requestUpdate()
    })
  }

  override render() {
    return html`<div class="content">${this.#nodes}</div>`
  }
}
customElements.define('fc-markup', FcMarkup)
