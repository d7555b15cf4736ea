/** The text of a cell of text, drawn: Markdown, read once per text, with its formulas when what draws them is there. */
import { html, type TemplateResult } from 'lit'
import { editByMouse } from './cell-code.ts'
import type { CellHost } from './cell-host.ts'
import { hasFormula, loadFormulas, renderMarkdown } from './render-markdown.ts'

export class CellText {
  readonly #host: CellHost
  #drawn: { readonly source: string; readonly nodes: HTMLElement } | undefined

  constructor(host: CellHost) {
    this.#host = host
  }

  /** @param isPreview The editor stands above it. */
  draw(isPreview: boolean): TemplateResult {
    const { source } = this.#host.model.cell.value
    return html`<div class="text ${isPreview ? 'preview' : ''}" @dblclick=${(event: MouseEvent) => editByMouse(this.#host, event)}>
      ${source.trim() === '' ? html`<p class="empty">Text: press Enter to write.</p>` : this.#rendered(source)}
    </div>`
  }

  #rendered(source: string): HTMLElement {
    if (this.#drawn?.source === source) return this.#drawn.nodes
    const nodes = document.createElement('div')
    nodes.append(renderMarkdown(source))
    this.#drawn = { source, nodes }
    if (hasFormula(source)) void this.#drawFormulas(source)
    return nodes
  }

  async #drawFormulas(source: string): Promise<void> {
    if (!(await loadFormulas()) || this.#drawn?.source !== source) return
    this.#drawn = undefined
    this.#host.requestUpdate()
  }
}
