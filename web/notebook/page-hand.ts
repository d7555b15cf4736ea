/** Takes the hand from cell to cell: into a text and out of it, along names, to the place that an address or an error tells. */
import type { CellId } from '#sdk/protocol/notebook.ts'
import { toast } from '../ui/toasts.ts'
import type { EditorPlace } from './editor/cell-editing.ts'
import { loadEditor } from './lazy-parts.ts'
import type { PageView } from './page-view.ts'

export class PageHand {
  readonly #page: PageView
  #followed = ''

  constructor(page: PageView) {
    this.#page = page
  }

  edit(cell: CellId, place?: EditorPlace): void {
    const model = this.#page.model()
    if (model === undefined) return
    if (place !== undefined) this.#page.elementOf(cell)?.editor.placeCursor(place)
    const { head, mode } = model.selection.value
    if (head !== cell || mode !== 'edit') model.select(cell, 'edit')
    void loadEditor()
  }

  editHead(): void {
    const head = this.#page.model()?.selection.value.head
    if (head !== undefined) this.edit(head)
  }

  leave(): void {
    this.#page.model()?.setMode('command')
  }

  /** Into the cell beside one; false where there is none. */
  leaveTo(cell: CellId, direction: 'up' | 'down'): boolean {
    const model = this.#page.model()
    if (model === undefined) return false
    const order = model.document.order.value
    const next = order[order.indexOf(cell) + (direction === 'up' ? -1 : 1)]
    if (next === undefined) return false
    // Text is drawn, not opened, on the way through.
    if (model.document.cell(next)?.cell.value.type === 'md') model.select(next)
    else this.edit(next, direction === 'up' ? 'end' : 'start')
    return true
  }

  /** Shows a cell, and where in it; lines and columns count from 1. */
  async jumpTo(cell: string, line?: number, column?: number): Promise<void> {
    const model = this.#page.model()
    const id = this.#idOf(cell)
    const element = this.#page.elementOf(cell)
    if (model === undefined || id === undefined || element === undefined) {
      toast({ text: 'That cell is no longer in the notebook.' })
      return
    }
    element.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
    if (line === undefined || !model.canEdit) {
      model.select(id)
      element.flash()
      return
    }
    await loadEditor()
    model.select(id, 'edit')
    await element.editor.jumpTo(line, column ?? 1)
  }

  showText(cell: string, from: number, to: number): void {
    const id = this.#idOf(cell)
    if (id === undefined) return
    this.#page.elementOf(cell)?.scrollIntoView({ block: 'nearest' })
    this.edit(id, { offset: from, end: to })
  }

  /** To what defines a name that a cell uses. */
  follow(cell: CellId, name: string): void {
    const cells = this.#page.model()?.document
    const from = cells?.cell(cell)?.info.value?.references.find((one) => one.name === name)?.from
    const definer = from === undefined ? undefined : cells?.cell(from)
    const definition = definer?.info.value?.definitions.find((one) => one.name === name)
    if (definer === undefined || from === undefined || definition === undefined) return
    const before = definer.cell.value.source.slice(0, definition.start)
    const lineStart = before.lastIndexOf('\n') + 1
    void this.jumpTo(from, before.split('\n').length, definition.start - lineStart + 1)
  }

  /** `#cell` in the address: that cell is shown, once. */
  followAddress(): void {
    if (this.#page.model() === undefined || this.#followed === location.hash) return
    this.#followed = location.hash
    if (this.#followed.length > 1) void this.jumpTo(this.#followed.slice(1))
  }

  async copyLink(): Promise<void> {
    const { head } = this.#page.model()?.selection.value ?? {}
    if (head === undefined) return
    const { copyText } = await import('../ui/copy-text.ts')
    await copyText(`${location.origin}${location.pathname}#${head}`, 'Link copied')
  }

  #idOf(cell: string): CellId | undefined {
    return this.#page.model()?.document.order.value.find((one) => one === cell)
  }
}
