/** Moving cells with the pointer: what is dragged goes before or behind the cell that it is held over. */
import type { CellId } from '#sdk/protocol/notebook.ts'
import { moveCellsTo, placeAfter, placeBefore } from './edits.ts'
import type { FcCell } from './cell.ts'
import type { NotebookModel } from './notebook-model.ts'

const KIND = 'application/x-flowcell-cells'

export class CellDrag {
  readonly #model: NotebookModel
  readonly #elements: () => readonly FcCell[]
  #dragged: readonly CellId[] = []
  #mark: HTMLElement | undefined

  constructor(model: NotebookModel, elements: () => readonly FcCell[]) {
    this.#model = model
    this.#elements = elements
  }

  start(cell: CellId, event: DragEvent): void {
    if (!this.#model.selected.includes(cell)) this.#model.select(cell)
    this.#dragged = this.#model.selected
    const element = this.#elements().find(({ model }) => model.id === cell)
    event.dataTransfer?.setData(KIND, this.#dragged.join(' '))
    if (event.dataTransfer !== null) event.dataTransfer.effectAllowed = 'move'
    if (element !== undefined) event.dataTransfer?.setDragImage(element, 20, 20)
  }

  over(event: DragEvent): void {
    if (event.dataTransfer?.types.includes(KIND) !== true) return
    event.preventDefault()
    const target = this.#targetAt(event)
    if (target !== undefined) this.#show(target.element, target.isBelow)
  }

  leave(event: DragEvent): void {
    if (event.currentTarget === event.target) this.#clear()
  }

  drop(event: DragEvent): void {
    const target = this.#targetAt(event)
    this.#clear()
    if (target === undefined || this.#dragged.length === 0) return
    event.preventDefault()
    const { notebook } = this.#model.document
    const { id } = target.element.model
    const place = target.isBelow ? placeAfter(notebook.cells, id) : placeBefore(notebook.cells, id)
    this.#model.perform(moveCellsTo(notebook, this.#dragged, place))
    this.#dragged = []
  }

  #targetAt({ clientY }: DragEvent): { readonly element: FcCell; readonly isBelow: boolean } | undefined {
    const elements = this.#elements()
    const element = elements.find((one) => clientY < one.getBoundingClientRect().bottom) ?? elements.at(-1)
    if (element === undefined) return undefined
    const { top, height } = element.getBoundingClientRect()
    return { element, isBelow: clientY > top + height / 2 }
  }

  #show(element: FcCell, isBelow: boolean): void {
    const list = element.parentElement
    if (list === null) return
    this.#mark ??= document.createElement('div')
    this.#mark.className = 'drop-mark'
    this.#mark.setAttribute('aria-hidden', 'true')
    const top = element.offsetTop + (isBelow ? element.offsetHeight : 0) - 1
    this.#mark.style.top = `${top}px`
    if (this.#mark.parentElement !== list) list.append(this.#mark)
  }

  #clear(): void {
    this.#mark?.remove()
  }
}
