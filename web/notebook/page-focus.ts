/**
 * Where the focus is on the page of a notebook, and so what letters do.
 *
 * 1. In command mode the cell with the hand has the focus, unless a control has it; what has lost it to nothing gives it back to that cell.
 * 2. Bare letters are commands wherever nothing is written into.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { announce } from '../app/announce.ts'
import { isTypedInto, setKeyContext, type KeyContext } from '../app/commands.ts'
import { hasOpenModal } from '../ui/modals.ts'
import { FcCell } from './cell.ts'
import { hasHand } from './first-hand.ts'
import type { NotebookModel } from './notebook-model.ts'
import type { PageView } from './page-view.ts'

/** The head of the page stands over what is scrolled to the top. */
const HEAD_ROOM = 64

export class PageFocus implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement
  readonly #page: PageView

  constructor(host: ReactiveControllerHost & HTMLElement, page: PageView) {
    this.#host = host
    this.#page = page
    host.addController(this)
  }

  hostConnected(): void {
    this.#host.addEventListener('focusin', this.#judge)
    this.#host.addEventListener('keydown', this.#escaped)
    // Before any command: the focus may have moved where no event told of it, or be nowhere.
    addEventListener('keydown', this.#judge, true)
  }

  hostDisconnected(): void {
    removeEventListener('keydown', this.#judge, true)
  }

  hostUpdated(): void {
    this.#follow()
    this.#catch()
  }

  /** The hand went into a text, out of it, or to another cell. */
  handMoved({ selection, document }: NotebookModel): void {
    const { head, mode } = selection.value
    setKeyContext(mode === 'edit' ? 'edit' : contextOf(deepActive()))
    const index = head === undefined ? -1 : document.order.value.indexOf(head)
    if (mode === 'edit') announce(`Editing cell ${index + 1}. Escape leaves it.`)
  }

  /** In command mode the cell itself has the focus, unless it is in a control. */
  #follow(): void {
    const { head, mode } = this.#page.model()?.selection.value ?? {}
    if (head === undefined || mode !== 'command') return
    const element = this.#page.elementOf(head)
    const active = deepActive()
    if (element === undefined || active === element) return
    const isInText = active?.closest('.cm-editor') != null
    const isFree = isNowhere(active) || active?.id === 'main' || active instanceof FcCell
    if (!isInText && !isFree) return
    element.focus({ preventScroll: true })
    const { top, bottom } = element.getBoundingClientRect()
    if (top < HEAD_ROOM || bottom > innerHeight)
      element.scrollIntoView({ block: bottom - top > innerHeight - HEAD_ROOM ? 'start' : 'nearest' })
  }

  /** What was pressed may be gone by now: a button of a deleted cell, of a notice. */
  #catch(): void {
    if (!hasHand()) return
    setTimeout(() => {
      const { head, mode } = this.#page.model()?.selection.value ?? {}
      if (mode !== 'command' || head === undefined || hasOpenModal() || !document.hasFocus() || !isNowhere(deepActive())) return
      this.#page.elementOf(head)?.focus({ preventScroll: true })
    })
  }

  readonly #judge = (): void => {
    const model = this.#page.model()
    if (model === undefined || hasOpenModal()) return
    const { head, mode } = model.selection.value
    if (mode === 'command' && isNowhere(deepActive())) this.#page.elementOf(head ?? '')?.focus({ preventScroll: true })
    setKeyContext(mode === 'edit' ? 'edit' : contextOf(deepActive()))
  }

  /** Out of whatever has the focus in a cell, onto the cell. */
  readonly #escaped = (event: KeyboardEvent): void => {
    const model = this.#page.model()
    const path = event.composedPath()
    const element = path.find((node) => node instanceof FcCell)
    if (event.key !== 'Escape' || event.defaultPrevented || model === undefined || element === undefined || path[0] === element) return
    event.preventDefault()
    model.select(element.model.id)
    element.focus({ preventScroll: true })
  }
}

function deepActive(): Element | null {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement != null) active = active.shadowRoot.activeElement
  return active
}

const isNowhere = (active: Element | null): boolean => active === null || active === document.body

function contextOf(active: Element | null): KeyContext {
  if (active === null || isNowhere(active) || active.id === 'main' || active instanceof FcCell) return 'command'
  // Menus and lists are searched by letters.
  if (isTypedInto(active) || active.closest('[role=menu], [role=listbox], iframe') !== null) return 'none'
  return 'letters'
}
