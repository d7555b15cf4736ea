/** Cells that were cut or copied, for every notebook of this tab; the system's clipboard gets their text. */
import type { CellId, Notebook } from '#sdk/protocol/notebook.ts'
import type { CellDraft } from './edits.ts'

class CellClipboard {
  #cells: readonly CellDraft[] = []

  get cells(): readonly CellDraft[] {
    return this.#cells
  }

  get hasCells(): boolean {
    return this.#cells.length > 0
  }

  put(notebook: Notebook, ids: readonly CellId[]): void {
    const cells = notebook.cells.filter(({ id }) => ids.includes(id))
    this.#cells = cells.map(({ type, source, attributes }) => ({ type, source, attributes }))
    const text = cells.map(({ source }) => source).join('\n\n')
    // A page that is not secure, or a browser that asks and is told no, has no clipboard: cells are pasted all the same.
    void navigator.clipboard?.writeText(text).catch(() => undefined)
  }
}

export const clipboard = new CellClipboard()
