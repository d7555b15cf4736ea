/**
 * The editor in a cell's element. It is loaded and put in with the first intent to edit, is told what is marked in its text, and stays until the
 * page asks for room.
 */
import { editorParts, loadEditor } from './lazy-parts.ts'
import type { CellHost } from './cell-host.ts'
import { foundIn, isOfText, refsOf } from './cell-markings.ts'
import { EarlyTyping } from './early-typing.ts'
import type { CompiledProblem } from '../kernel/compiler-messages.ts'
import type { CellEditing, EditorPlace } from './editor/cell-editing.ts'
import type { CellEditor } from './editor/cell-editor.ts'
import type { RestedText } from './rested-text.ts'

const NO_PROBLEMS: readonly CompiledProblem[] = []
const NOTHING_SHOWN = { refs: '', found: '' } as const

export class MountedEditor {
  readonly #host: CellHost
  readonly #text: RestedText
  readonly #early = new EarlyTyping()
  #editor: CellEditor | undefined
  /** The kind of cell that it was made for. */
  #kind: string | undefined
  #isMounting = false
  #place: EditorPlace | undefined
  #jump: { readonly line: number; readonly column: number } | undefined
  #shown: { refs: string; found: string } = { ...NOTHING_SHOWN }

  constructor(host: CellHost, text: RestedText) {
    this.#host = host
    this.#text = text
    host.addEventListener('keydown', this.#typedEarly)
  }

  get isOpen(): boolean {
    return this.#editor !== undefined
  }

  get element(): HTMLElement | undefined {
    return this.#editor?.view.dom
  }

  get cursor(): number | undefined {
    return this.#editor?.cursor
  }

  /** The next time that it takes the focus, the cursor goes there. */
  placeCursor(place: EditorPlace): void {
    this.#place = place
    if (this.#editor !== undefined && this.#host.isEditing) this.#focus()
  }

  async jumpTo(line: number, column: number): Promise<void> {
    this.#jump = { line, column }
    await this.#mount()
    this.#focus()
  }

  /** The language service is there now. */
  addTypes(): void {
    this.#editor?.setTypes(editorParts().types(this.#host.model.id))
  }

  /** Back to static text; what it knows is kept. */
  close(): void {
    this.#editor?.close()
    this.#editor = undefined
    this.#shown = { ...NOTHING_SHOWN }
    this.#host.requestUpdate()
  }

  /** Before the cell is drawn: code and text have editors of their own. */
  judge(): void {
    if (this.#editor !== undefined && this.#kind !== this.#host.model.cell.value.type) this.close()
  }

  /** After the cell was drawn. */
  follow(): void {
    this.#mark()
    if (!this.#host.isEditing) return
    if (this.#editor === undefined) void this.#mount()
    else if (this.#place !== undefined) this.#focus()
  }

  async #mount(): Promise<void> {
    if (this.#editor !== undefined || this.#isMounting) return
    this.#isMounting = true
    const host = this.#host
    try {
      const { CellEditor } = await loadEditor()
      if (!host.isConnected) return
      this.#kind = host.model.cell.value.type
      const root = host.renderRoot instanceof ShadowRoot ? host.renderRoot : document.createElement('div').attachShadow({ mode: 'open' })
      this.#editor = new CellEditor(this.#editing(), host.states, root)
      host.hooks.opened(host.model.id)
      host.requestUpdate()
      await host.updateComplete
      if (host.isEditing || this.#jump !== undefined) this.#focus()
      this.#editor.insert(this.#early.take())
    } finally {
      this.#isMounting = false
    }
  }

  #editing(): CellEditing {
    const host = this.#host
    const { model, notebook, hooks } = host
    return {
      model,
      isReadOnly: !notebook.canEdit,
      types: editorParts().types(model.id),
      label: () => `${model.cell.value.type === 'md' ? 'Text' : 'Code'} of cell ${host.index + 1}`,
      valueOf: (name) => notebook.runner.previewOf(name),
      actions: {
        typed: (length, spans) => this.#text.typed(() => notebook.document.typed(model.id, length, spans).ok),
        focused: () => hooks.edit(model.id),
        blurred: () => this.#blurred(),
        follow: (offset) => this.#goToDefiner(offset),
        leave: (direction) => hooks.leaveTo(model.id, direction),
      },
    }
  }

  #focus(): void {
    const editor = this.#editor
    if (editor === undefined) return
    const place = this.#place
    const jump = this.#jump
    this.#place = this.#jump = undefined
    if (jump === undefined) editor.focus(place)
    else editor.jumpTo(jump.line, jump.column)
  }

  #blurred(): void {
    setTimeout(() => {
      // The window lost the focus, not the text: the hand stays where it was.
      if (document.hasFocus() && this.#host.isEditing && this.isOpen && !this.#hasFocus()) this.#host.hooks.leave()
    })
  }

  /** In its text, or in a box of it: the new name of something, the list of its places. */
  #hasFocus(): boolean {
    const active = this.#host.shadowRoot?.activeElement ?? null
    return this.element?.contains(active) === true
  }

  #goToDefiner(offset: number): boolean {
    const { model, hooks } = this.#host
    const found = refsOf(model).find(({ from, to }) => from <= offset && offset <= to)
    if (found?.name === undefined) return false
    hooks.follow(model.id, found.name)
    return true
  }

  /** Only what has changed: each marking is a change of the editor's state. */
  #mark(): void {
    const editor = this.#editor
    if (editor === undefined) return
    const { model } = this.#host
    if (model.info.value === undefined || isOfText(model)) {
      const refs = refsOf(model)
      const key = JSON.stringify(refs)
      if (key !== this.#shown.refs) editor.setRefs(refs)
      this.#shown.refs = key
    }
    const found = foundIn(this.#host)
    const key = JSON.stringify(found)
    if (key !== this.#shown.found) editor.setFound(found)
    this.#shown.found = key
    editor.setProblems(isOfText(model) ? (model.info.value?.problems ?? NO_PROBLEMS) : NO_PROBLEMS)
  }

  readonly #typedEarly = (event: KeyboardEvent): void => {
    const host = this.#host
    if (!host.isEditing || this.isOpen || !host.notebook.canEdit || event.composedPath()[0] !== host) return
    if (this.#early.hear(event)) event.preventDefault()
  }
}
