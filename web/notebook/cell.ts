/**
 * `<fc-cell>`: one cell of a notebook: its text, how it stands, what it showed.
 *
 * The text is static until somebody is about to edit it; then the editor takes its place. The element decides nothing: it draws `model` and tells
 * `hooks`; when it is drawn, what is drawn of its text, and the editor in it are parts of their own.
 */
import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { cellTitleOf, hasFlag, placeOf } from '#sdk/notebook/document.ts'
import type { Cell } from '#sdk/protocol/notebook.ts'
import { liveNow } from '../ui/time.ts'
import { Watch, type Watched } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { staleReason } from './block-words.ts'
import { hiddenCode, staticCode } from './cell-code.ts'
import { gutter, inserting } from './cell-controls.ts'
import { footer } from './cell-footer.ts'
import { cellForms, formsButton } from './cell-forms.ts'
import type { CellHost } from './cell-host.ts'
import type { CellModel } from './cell-model.ts'
import { cellOutputs } from './cell-outputs.ts'
import { problemList } from './cell-problems.ts'
import { CellSight } from './cell-sight.ts'
import { cellStyle } from './cell-style.ts'
import { CellSyntax } from './cell-syntax.ts'
import { CellText } from './cell-text.ts'
import { EDGE_WORDS, edgeOf, isRunnable, type Edge } from './cell-words.ts'
import { hasHand } from './first-hand.ts'
import type { EditorStates } from './editor/editor-states.ts'
import { loadEditor, loadSyntax, outputsAreLoaded, syntax } from './lazy-parts.ts'
import { MountedEditor } from './mounted-editor.ts'
import type { NotebookModel } from './notebook-model.ts'
import type { PageHooks } from './page-hooks.ts'
import { RestedText } from './rested-text.ts'

/** A running cell counts so often. */
const TICK_MS = 100
const FLASH_MS = 1_400

export class FcCell extends LitElement implements CellHost {
  static override properties = {
    model: { attribute: false },
    notebook: { attribute: false },
    hooks: { attribute: false },
    states: { attribute: false },
    index: { attribute: false },
    isSelected: { attribute: false },
    isHead: { attribute: false },
    isEditing: { attribute: false },
    findRevision: { attribute: false },
  }
  declare model: CellModel
  declare notebook: NotebookModel
  declare hooks: PageHooks
  declare states: EditorStates
  declare index: number
  declare isSelected: boolean
  declare isHead: boolean
  declare isEditing: boolean
  /** Another number: other things are found. */
  declare findRevision: number
  static override styles = [base, cellStyle]

  readonly #typed = new RestedText(() => this.model)
  readonly editor = new MountedEditor(this, this.#typed)
  readonly #syntax = new CellSyntax()
  readonly #text = new CellText(this)
  readonly #sight = new CellSight(this, () => {
    this.requestUpdate()
    this.performUpdate()
  })
  #tick: ReturnType<typeof setInterval> | undefined
  /** The hand is, or was, on it: it gets its tools. */
  #isNear = false
  readonly #watch: Watch

  constructor() {
    super()
    this.index = 0
    this.isSelected = this.isHead = this.isEditing = false
    this.findRevision = 0
    this.#watch = new Watch(this, () => (this.model === undefined ? [] : this.#signals()))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.setAttribute('role', 'listitem')
    this.addEventListener('pointerenter', this.#near)
    this.addEventListener('focusin', this.#near)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#tick)
    this.#tick = undefined
    this.#typed.drawn()
    // A move takes the element out and puts it in again at once; whoever is still out after that is gone.
    queueMicrotask(() => {
      if (!this.isConnected) this.editor.close()
    })
  }

  /** Shows where it is, for a moment. */
  flash(): void {
    this.toggleAttribute('data-flash', true)
    setTimeout(() => this.toggleAttribute('data-flash', false), FLASH_MS)
  }

  protected override willUpdate(): void {
    const { cell } = this.model
    this.#typed.drawn()
    this.#sight.look(this.isHead)
    this.editor.judge()
    this.#watch.again()
    if (cell.value.type === 'ts' && this.#sight.isSeen) this.#syntax.read(cell.value.source, this.editor.isOpen)
  }

  override render(): TemplateResult {
    const { model, notebook } = this
    const cell = model.cell.value
    const edge = edgeOf(model.status.value, model.mark.value, model.run.value)
    this.#reflect(edge, cell.type)
    if (!this.#sight.isDrawn) return html`<pre class="code"><code>${cell.source}</code></pre>`
    const title = cellTitleOf(cell)
    return html`<div class="cell">
        ${gutter(this, isRunnable(cell.type), this.#isNear)}
        <div class="body" data-edge=${edge}>
          ${title === undefined ? nothing : html`<div class="title">${title}</div>`}
          ${cell.type === 'md' ? this.#written() : this.#code(cell)}
        </div>
      </div>
      ${notebook.canEdit ? inserting(this, this.#isNear) : nothing}`
  }

  protected override firstUpdated(): void {
    if (this.#sight.isSeen) requestAnimationFrame(loadSyntax)
  }

  protected override updated(): void {
    this.#keepTime()
    this.editor.follow()
  }

  /** What all cells look at wakes up 500 of them: only what a cell shows is looked at. */
  #signals(): Watched {
    const { info, mark, status, run, hasForms } = this.model
    const hasRun = run.value !== undefined
    return [
      this.#typed,
      info,
      mark,
      status,
      run,
      hasForms,
      this.#sight.isSeen ? syntax : undefined,
      hasRun ? outputsAreLoaded : undefined,
      hasRun && this.#sight.isInSight ? liveNow : undefined,
      hasForms.value ? this.notebook.runner.flows : undefined,
    ]
  }

  #written(): TemplateResult {
    const isOpen = this.editor.isOpen && this.isEditing
    return html`${isOpen ? html`<div class="editor">${this.editor.element}</div>` : nothing} ${this.#text.draw(isOpen)}`
  }

  #code(cell: Cell): TemplateResult {
    const { model, notebook, hooks } = this
    const isHidden = hasFlag(cell.attributes, 'hidden') && !this.isEditing
    return html`${isHidden ? hiddenCode(this) : this.editor.isOpen ? html`<div class="editor">${this.editor.element}</div>` : staticCode(this, cell.type === 'ts' ? this.#syntax.tokens : [])}
    ${isRunnable(cell.type) ? problemList(this.#problems(), (line, column) => hooks.jumpTo(model.id, line, column)) : nothing}
    ${cellForms(this)} ${cellOutputs(this, hasFlag(cell.attributes, 'folded'))}
    ${footer({ model, now: liveNow.value, nameOf: notebook.nameOf, jumpTo: hooks.jumpTo, place: placeOf(cell.attributes), kind: cell.type, forms: formsButton(this) })}`
  }

  readonly #near = ({ type }: Event): void => {
    if (!this.#isNear) {
      this.#isNear = true
      this.requestUpdate()
    }
    if (this.notebook.canEdit && (type === 'pointerenter' || hasHand())) void loadEditor()
  }

  #reflect(edge: Edge, kind: string): void {
    const { status, mark } = this.model
    this.toggleAttribute('data-selected', this.isSelected)
    this.toggleAttribute('data-head', this.isHead)
    this.toggleAttribute('data-editing', this.isEditing)
    this.toggleAttribute('data-open', this.editor.isOpen)
    this.setAttribute('data-kind', kind)
    this.setAttribute('data-cell', this.model.id)
    this.id = this.model.id
    this.tabIndex = this.isHead ? 0 : -1
    const reason = status.value.kind === 'blocked' ? status.value.sentence : staleReason(mark.value, this.notebook.nameOf)?.sentence
    const words = kind === 'md' ? ['text'] : [kind === 'ts' ? 'code' : kind, EDGE_WORDS[edge], reason ?? '']
    this.ariaLabel = `Cell ${this.index + 1} of ${this.notebook.document.order.value.length}, ${words.filter((word) => word !== '').join(', ')}`
  }

  #problems(): Parameters<typeof problemList>[0] {
    const problems = this.model.info.value?.problems ?? []
    return { problems, hints: this.#syntax.hints, fix: (at) => this.#endStatement(at) }
  }

  #endStatement(at: number): void {
    const { id, cell } = this.model
    const { source } = cell.value
    if (!this.#syntax.isOf(source)) return // somebody writes: the place is of the text before
    this.notebook.perform({
      title: 'End the statement',
      operations: [{ op: 'changeText', cell: id, length: source.length, spans: [{ from: at, to: at, insert: ';' }] }],
    })
  }

  #keepTime(): void {
    const isRunning = this.model.status.value.kind === 'running'
    if (isRunning) this.#tick ??= setInterval(() => this.requestUpdate(), TICK_MS)
    else if (this.#tick !== undefined) {
      clearInterval(this.#tick)
      this.#tick = undefined
    }
  }
}
customElements.define('fc-cell', FcCell)
