/** Deleted cells, the newest first, each with its way back. */
import { html, nothing, type TemplateResult } from 'lit'
import restore from 'lucide-static/icons/archive-restore.svg'
import { cellTitleOf } from '#sdk/notebook/document.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import { icon } from '../ui/icon.ts'
import type { NotebookModel } from './notebook-model.ts'
import { panelPart } from './panel-part.ts'

/** What a deleted cell is told by. */
const MAX_FIRST_LINE = 60
const MAX_SHOWN = 100

interface Given {
  readonly notebook: NotebookModel
  readonly isOpen: boolean
  readonly onOpen: () => void
}

export function panelBin({ notebook, isOpen, onOpen }: Given): TemplateResult | typeof nothing {
  const bin = notebook.document.bin.value
  if (bin.length === 0) return nothing
  if (!isOpen) {
    const words = bin.length === 1 ? '1 deleted cell' : `${bin.length} deleted cells`
    return html`<button class="quiet" id="bin" @click=${onOpen}>${words}</button>`
  }
  return panelPart(
    'bin',
    'Deleted cells',
    html`<ul>
        ${bin
          .slice(-MAX_SHOWN)
          .toReversed()
          .map(
            ({ cell }) =>
              html`<li>
                <span class="what name" title=${cell.source.slice(0, 500)}>${cellTitleOf(cell) ?? firstLine(cell.source)}</span>
                ${
                  notebook.canEdit
                    ? html`<button class="go" aria-label="Put it back" title="Put it back" @click=${() => putBack(notebook, cell.id)}>
                        ${icon(restore)}
                      </button>`
                    : nothing
                }
              </li>`,
          )}
      </ul>
      ${bin.length > MAX_SHOWN ? html`<p>And ${bin.length - MAX_SHOWN} that were deleted before.</p>` : nothing}`,
  )
}

const putBack = (notebook: NotebookModel, cell: CellId): boolean =>
  notebook.perform({ title: 'Put a cell back', operations: [{ op: 'restoreCell', cell }], select: [cell] })

function firstLine(source: string): string {
  const line = source.split('\n').find((one) => one.trim() !== '') ?? 'empty cell'
  return line.trim().slice(0, MAX_FIRST_LINE)
}
