/** The names that cells define, with what they hold now in this tab's kernel. */
import { html, nothing, type TemplateResult } from 'lit'
import type { CellId } from '#sdk/protocol/notebook.ts'
import type { CellValue } from '../kernel/messages.ts'
import type { NotebookModel } from './notebook-model.ts'
import type { PageHooks } from './page-hooks.ts'

/** More values than this get a field to look for one. */
const FILTER_FROM = 8

interface Given {
  readonly notebook: NotebookModel
  readonly jumpTo: PageHooks['jumpTo']
  readonly filter: string
  readonly onFilter: (text: string) => void
}

export function panelValues({ notebook, jumpTo, filter, onFilter }: Given): TemplateResult {
  const all = valuesOf(notebook)
  if (all.length === 0) return html`<p>Names that cells define stand here once they have run.</p>`
  const shown = all.filter(({ name, kind }) => `${name} ${kind}`.toLowerCase().includes(filter.toLowerCase()))
  return html`${
      all.length < FILTER_FROM
        ? nothing
        : html`<input
            type="search"
            placeholder="Filter"
            aria-label="Filter the values"
            .value=${filter}
            @input=${(event: InputEvent) => onFilter(event.target instanceof HTMLInputElement ? event.target.value : '')}
          />`
    }
    <ul class="values">
      ${shown.map(
        ({ name, kind, preview, cell }) =>
          html`<li title=${preview}>
            <button class="go name" @click=${() => jumpTo(cell)}>${name}</button><small>${kind} · ${notebook.nameOf(cell)}</small>
          </li>`,
      )}
    </ul>
    ${shown.length === 0 ? html`<p>No value is called so.</p>` : nothing}`
}

/** In the order of the cells. What a cell imports is no value of its own. */
function valuesOf({ runner, document }: NotebookModel): readonly (CellValue & { readonly cell: CellId })[] {
  return document.order.value.flatMap((cell) => {
    const definitions = document.cell(cell)?.info.value?.definitions ?? []
    const imported = new Set(definitions.flatMap(({ kind, name }) => (kind === 'import' ? [name] : [])))
    return (runner.values.value.get(cell) ?? []).flatMap((value) => (imported.has(value.name) ? [] : [{ ...value, cell }]))
  })
}
