/** The editors of a page's cells: those that were used last stay open, and with the first one the language service comes. */
import type { CellId } from '#sdk/protocol/notebook.ts'
import type { FcCell } from './cell.ts'
import { EditorStates } from './editor/editor-states.ts'
import { setEditorParts } from './lazy-parts.ts'
import type { NotebookModel } from './notebook-model.ts'
import type { PageHooks } from './page-hooks.ts'

/** Of more the ones that were used longest ago become static text again. */
const MAX_OPEN = 24

export class OpenEditors {
  readonly states = new EditorStates()
  readonly #elements: () => readonly FcCell[]
  readonly #first = Promise.withResolvers<void>()
  #open: readonly CellId[] = []

  constructor(elements: () => readonly FcCell[]) {
    this.#elements = elements
  }

  opened(cell: CellId): void {
    this.#first.resolve()
    const open = [cell, ...this.#open.filter((one) => one !== cell)]
    const old = new Set<string>(open.slice(MAX_OPEN))
    this.#open = open.slice(0, MAX_OPEN)
    if (old.size === 0) return
    for (const { model, editor } of this.#elements()) if (old.has(model.id)) editor.close()
  }

  forget(): void {
    this.#open = []
  }

  /**
   * The language service is a megabyte: it comes when an editor has been opened, and never before.
   *
   * @returns How to end it; undefined where nobody wants it by then.
   */
  async loadTypes(model: NotebookModel, hooks: PageHooks, isWanted: () => boolean): Promise<(() => void) | undefined> {
    await this.#first.promise
    const { startTypes } = await import('./start-types.ts')
    if (!isWanted()) return undefined
    const { parts, close } = startTypes(model, hooks)
    setEditorParts(parts)
    for (const { editor } of this.#elements()) editor.addTypes()
    return () => {
      close()
      setEditorParts({ types: () => [] })
    }
  }
}
