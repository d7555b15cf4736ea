/** The headings of the notebook's texts. */
import { html, nothing, type TemplateResult } from 'lit'
import type { NotebookModel } from './notebook-model.ts'
import { outlineOf } from './outline.ts'
import type { PageHooks } from './page-hooks.ts'
import { panelPart } from './panel-part.ts'

export function panelOutline({ document }: NotebookModel, jumpTo: PageHooks['jumpTo']): TemplateResult | typeof nothing {
  const headings = outlineOf(document.notebook.cells)
  if (headings.length === 0) return nothing
  return panelPart(
    'outline',
    'Outline',
    html`<ul class="outline">
      ${headings.map(
        ({ cell, level, text }) =>
          html`<li data-level=${level}>
            <button class="go" @click=${() => jumpTo(cell)}>${'\u2003'.repeat(level - 1)}${text}</button>
          </li>`,
      )}
    </ul>`,
  )
}
