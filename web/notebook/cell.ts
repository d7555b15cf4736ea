/**
 * `<fc-cell>`: one cell of a notebook: its text, how it stands, what it showed.
 *
 * The text is static until somebody is about to edit it; then the editor, which is loaded for the first such cell, takes its place and stays
 * until the page asks for room. The element decides nothing: it draws `model` and tells `hooks`.
 */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import plus from 'lucide-static/icons/plus.svg'
import { cellTitleOf, hasFlag, placeOf } from '#sdk/notebook/document.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import type { TextSpan } from '#sdk/protocol/notebook.ts'
import type { CompiledProblem } from '../kernel/compiler-messages.ts'
import { icon } from '../ui/icon.ts'
import { liveNow } from '../ui/time.ts'
import { Watch, type ReadonlySignal } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import type { AsiHint } from './asi-hint.ts'
import { staleReason } from './block-words.ts'
import { footer } from './cell-footer.ts'
import { cellForms, hasFlows } from './cell-forms.ts'
import { gutter } from './cell-controls.ts'
import type { CellModel } from './cell-model.ts'
import { problemList } from './cell-problems.ts'
import { cellStyle, textStyle } from './cell-style.ts'
import { EDGE_WORDS, edgeOf, isRunnable } from './cell-words.ts'
import { codeStyle } from './code-style.ts'
import { EarlyTyping } from './early-typing.ts'
import { hasHand } from './first-hand.ts'
import type { EditorPlace } from './editor/cell-editing.ts'
import type { CellEditor, EditorStates } from './editor/cell-editor.ts'
import type { Marking } from './editor/marks.ts'
import { whenIdle } from './idle-works.ts'
import type { NotebookModel } from './notebook-model.ts'
import type { FcFlowForm } from './outputs/flow-form.ts'
import type { PageHooks } from './page-hooks.ts'
import { editorParts, loadEditor, loadForms, loadOutputs, loadSyntax, outputsAreLoaded, syntax } from './lazy-parts.ts'
import { piecesOf, type Marked, type Token } from './pieces.ts'
import { hasFormula, loadFormulas, renderMarkdown } from './render-markdown.ts'

/** A running cell counts so often. */
const TICK_MS = 100
const FLASH_MS = 1_400
/** After the last key, before the cell says something else about its text than the editor does. */
const REST_MS = 150
/** The first cells are drawn without waiting for the browser to say that they are seen. */
const SEEN_AT_ONCE = 8
const NO_PROBLEMS: readonly CompiledProblem[] = []
/** Where the browser does not tell which cells it leaves out, all are drawn. */
const CAN_TELL_SIGHT = 'ContentVisibilityAutoStateChangeEvent' in globalThis

export class FcCell extends LitElement {
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
  declare states: () => EditorStates
  declare index: number
  declare isSelected: boolean
  declare isHead: boolean
  declare isEditing: boolean
  /** Another number: other things are found. */
  declare findRevision: number
  static override styles = [base, cellStyle, codeStyle, textStyle]

  #editor: CellEditor | undefined
  #editorKind: string | undefined
  #isMounting = false
  readonly #early = new EarlyTyping()
  #place: EditorPlace | undefined
  #jump: { readonly line: number; readonly column: number } | undefined
  #tick: ReturnType<typeof setInterval> | undefined
  #isTyping = false
  #rest: ReturnType<typeof setTimeout> | undefined
  #syntax: { readonly source: string; readonly hints: readonly AsiHint[]; readonly tokens: readonly Token[] } | undefined
  #markdown: { readonly source: string; readonly nodes: DocumentFragment | HTMLElement } | undefined
  #shownMarks: { refs: string; found: string } = { refs: '', found: '' }
  /** It is, or was, near the screen: its code has colours. */
  #isSeen = !CAN_TELL_SIGHT
  /** Before it is seen, or its turn has come in idle time, its text stands there and nothing else. */
  #drawing: 'not yet' | 'waits' | 'drawn' = 'not yet'
  /** The hand is, or was, on it: it gets its tools. */
  #isNear = false
  readonly #watch: Watch

  constructor() {
    super()
    this.index = 0
    this.isSelected = this.isHead = this.isEditing = false
    this.findRevision = 0
    this.#watch = new Watch(this, () =>
      this.model === undefined
        ? []
        : [
            this.#cell,
            this.model.info,
            this.model.mark,
            this.model.status,
            this.model.run,
            this.model.hasForms,
            this.#flows(),
            this.#clock(),
            syntax,
            outputsAreLoaded,
          ],
    )
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.setAttribute('role', 'listitem')
    this.addEventListener('pointerenter', this.#near)
    this.addEventListener('focusin', this.#near)
    this.addEventListener('keydown', this.#typedEarly)
    this.addEventListener('contentvisibilityautostatechange', this.#sight)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#tick)
    clearTimeout(this.#rest)
    this.#tick = undefined
    // A move takes the element out and puts it in again at once; whoever is still out after that is gone.
    queueMicrotask(() => {
      if (!this.isConnected) this.closeEditor()
    })
  }

  get cursor(): number | undefined {
    return this.#editor?.cursor
  }

  get hasEditor(): boolean {
    return this.#editor !== undefined
  }

  /** The next time that the editor takes the focus, the cursor goes there. */
  placeCursor(place: EditorPlace): void {
    this.#place = place
    if (this.#editor !== undefined && this.isEditing) this.#focusEditor()
  }

  async jumpTo(line: number, column: number): Promise<void> {
    this.#jump = { line, column }
    await this.#mount()
    this.#focusEditor()
  }

  /** Shows where it is, for a moment. */
  flash(): void {
    this.toggleAttribute('data-flash', true)
    setTimeout(() => this.toggleAttribute('data-flash', false), FLASH_MS)
  }

  /** The language service is there now. */
  addTypes(): void {
    this.#editor?.setTypes(editorParts().types(this.model.id))
  }

  /** Back to static text; what the editor knows is kept. */
  closeEditor(): void {
    this.#editor?.close()
    this.#editor = undefined
    this.#syntax = undefined
    this.#shownMarks = { refs: '', found: '' }
    this.requestUpdate()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('model')) this.#watch.again()
    clearTimeout(this.#rest)
    const { type } = this.model.cell.value
    if (this.index < SEEN_AT_ONCE || this.isHead) this.#isSeen = true
    if (this.#isSeen) this.#drawing = 'drawn'
    else if (this.#drawing === 'not yet') this.#drawWhenIdle()
    if (this.#editor !== undefined && this.#editorKind !== type) this.closeEditor()
    if (type === 'ts' && this.#isSeen) this.#readSyntax()
  }

  override render(): TemplateResult {
    const { model, notebook, hooks } = this
    const cell = model.cell.value
    const edge = edgeOf(model.status.value, model.mark.value, model.run.value)
    const isText = cell.type === 'md'
    const title = cellTitleOf(cell)
    this.#reflect(edge, cell.type)
    if (this.#drawing !== 'drawn') return html`<pre class="code"><code>${cell.source}</code></pre>`
    return html`<div class="cell">
        ${gutter(this, isRunnable(cell.type), this.#isNear)}
        <div class="body" data-edge=${edge}>
          ${title === undefined ? nothing : html`<div class="title">${title}</div>`}
          ${isText ? this.#text() : this.#code(hasFlag(cell.attributes, 'hidden'))}
          ${isRunnable(cell.type) ? problemList(this.#problems(), (line, column) => hooks.jumpTo(model.id, line, column)) : nothing}
          ${isText ? nothing : this.#forms()} ${isText ? nothing : this.#outputs(hasFlag(cell.attributes, 'folded'))}
          ${isText ? nothing : footer({ model, now: liveNow.value, nameOf: notebook.nameOf, jumpTo: hooks.jumpTo, place: placeOf(cell.attributes), kind: cell.type, forms: this.#formsGiven() })}
        </div>
      </div>
      ${notebook.canEdit ? this.#inserting() : nothing}`
  }

  protected override firstUpdated(): void {
    if (this.#isSeen) requestAnimationFrame(loadSyntax)
  }

  protected override updated(): void {
    this.#keepTime()
    this.#markEditor()
    if (this.isEditing && this.#editor === undefined) void this.#mount()
    else if (this.isEditing && this.#place !== undefined) this.#focusEditor()
  }

  get #source(): string {
    return this.model.cell.value.source
  }

  /** What is typed here its editor shows; preview and hints follow when the hand rests, so that no key waits for them. */
  readonly #cell: ReadonlySignal<undefined> = {
    value: undefined,
    subscribe: (tell) =>
      this.model.cell.subscribe(() => {
        clearTimeout(this.#rest)
        if (this.#isTyping) this.#rest = setTimeout(tell, REST_MS)
        else tell()
      }),
  }

  /** The clock of ages ticks only for cells that have one to show. */
  #clock(): typeof liveNow | undefined {
    return this.model.run.value === undefined ? undefined : liveNow
  }

  /** Only a cell whose forms are open looks at what the kernel holds. */
  #flows(): NotebookModel['runner']['flows'] | undefined {
    return this.model.hasForms.value ? this.notebook.runner.flows : undefined
  }

  /** Opens the forms of its flows and takes the hand to the first field, or closes them. */
  toggleForms(isOpen = !this.model.hasForms.value): void {
    if (!hasFlows(this) && isOpen) return
    this.model.hasForms.value = isOpen
    this.#watch.again()
    if (!isOpen) {
      this.hooks.select(this.model.id)
      this.focus({ preventScroll: true })
      return
    }
    void loadForms()
      .then(() => this.updateComplete)
      .then(() => this.#focusForm())
  }

  async #focusForm(): Promise<void> {
    const first = this.renderRoot.querySelector<HTMLElement>('.first-run')
    if (first !== null) return first.focus()
    const form = this.renderRoot.querySelector<FcFlowForm>('fc-flow-form')
    await form?.updateComplete
    form?.focus()
  }

  readonly #sight = (event: Event): void => {
    if (this.#isSeen || !('skipped' in event) || event.skipped === true) return
    this.#isSeen = true
    this.requestUpdate()
  }

  #drawWhenIdle(): void {
    this.#drawing = 'waits'
    whenIdle(() => {
      if (this.#drawing === 'drawn' || !this.isConnected) return
      this.#drawing = 'drawn'
      this.requestUpdate()
      this.performUpdate() // now: what only asks for it would come all at once
    })
  }

  readonly #near = ({ type }: Event): void => {
    if (!this.#isNear) {
      this.#isNear = true
      this.requestUpdate()
    }
    if (this.notebook.canEdit && (type === 'pointerenter' || hasHand())) void loadEditor()
  }

  #reflect(edge: ReturnType<typeof edgeOf>, kind: string): void {
    const { status, mark } = this.model
    this.toggleAttribute('data-selected', this.isSelected)
    this.toggleAttribute('data-head', this.isHead)
    this.toggleAttribute('data-editing', this.isEditing)
    this.toggleAttribute('data-open', this.#editor !== undefined)
    this.setAttribute('data-kind', kind)
    this.setAttribute('data-cell', this.model.id)
    this.id = this.model.id
    this.tabIndex = this.isHead ? 0 : -1
    const reason = status.value.kind === 'blocked' ? status.value.sentence : staleReason(mark.value, this.notebook.nameOf)?.sentence
    const words = kind === 'md' ? ['text'] : [kind === 'ts' ? 'code' : kind, EDGE_WORDS[edge], reason ?? '']
    this.ariaLabel = `Cell ${this.index + 1} of ${this.notebook.document.order.value.length}, ${words.filter((word) => word !== '').join(', ')}`
  }

  #inserting(): TemplateResult {
    const { model, hooks, index } = this
    if (!this.#isNear) return html`<div class="insert"></div>`
    return html`<div class="insert">
      <button class="quiet" aria-label="Add code below cell ${index + 1}" tabindex="-1" @click=${() => hooks.insertBelow(model.id, 'ts')}>
        ${icon(plus)}Code
      </button>
      <button class="quiet" aria-label="Add text below cell ${index + 1}" tabindex="-1" @click=${() => hooks.insertBelow(model.id, 'md')}>
        ${icon(plus)}Text
      </button>
    </div>`
  }

  #text(): TemplateResult {
    const isOpen = this.#editor !== undefined && this.isEditing
    return html`${isOpen ? html`<div class="editor">${this.#editor?.view.dom}</div>` : nothing}
      <div class="text ${isOpen ? 'preview' : ''}" @dblclick=${(event: MouseEvent) => this.#editByMouse(event)}>
        ${this.#source.trim() === '' ? html`<p class="empty">Text: press Enter to write.</p>` : this.#rendered()}
      </div>`
  }

  #rendered(): unknown {
    const source = this.#source
    if (this.#markdown?.source !== source) {
      const nodes = document.createElement('div')
      nodes.append(renderMarkdown(source))
      this.#markdown = { source, nodes }
      if (hasFormula(source)) void this.#drawFormulas(source)
    }
    return this.#markdown.nodes
  }

  async #drawFormulas(source: string): Promise<void> {
    if (!(await loadFormulas()) || this.#markdown?.source !== source) return
    this.#markdown = undefined
    this.requestUpdate()
  }

  #code(isHidden: boolean): TemplateResult {
    if (isHidden && !this.isEditing) {
      const lines = this.#source === '' ? 0 : this.#source.split('\n').length
      return html`<button class="quiet hidden-code" @click=${() => this.hooks.command(this.model.id, 'cells.hide-code')}>
        Code hidden (${lines} ${lines === 1 ? 'line' : 'lines'}). Show
      </button>`
    }
    if (this.#editor !== undefined) return html`<div class="editor">${this.#editor.view.dom}</div>`
    const { marked, classes, names } = this.#marked()
    const isCode = this.model.cell.value.type === 'ts'
    const pieces = piecesOf(this.#source, isCode ? (this.#syntax?.tokens ?? []) : [], marked)
    return html`<pre
      class="code"
      @pointerdown=${(event: PointerEvent) => this.#pressCode(event)}
      @click=${(event: MouseEvent) => this.#clickCode(event)}
    ><code>${pieces.map((piece) => {
      const { text, className, range } = piece
      const name = range === undefined ? undefined : names[range]
      const all = range === undefined ? className : `${className} ${classes[range] ?? ''}`
      return all === '' ? text : html`<span class=${all} data-name=${name ?? nothing} title=${this.#titleOf(name)}>${text}</span>`
    })}${this.#source === '' ? html`<span class="c">${this.notebook.canEdit ? 'TypeScript. Enter writes, Shift Enter runs.' : ' '}</span>` : nothing}</code></pre>`
  }

  /** Read once per text. */
  #readSyntax(): void {
    const known = syntax.value
    const source = this.#source
    if (known === undefined || this.#syntax?.source === source) return
    this.#syntax = { source, hints: known.asiHints(source), tokens: this.#editor === undefined ? known.tokensOf(source) : [] }
  }

  #titleOf(name: string | undefined): string | typeof nothing {
    if (name === undefined) return nothing
    return this.notebook.runner.previewOf(name) ?? nothing
  }

  /** What is found wins over names of other cells: pieces never overlap. */
  #marked(): { readonly marked: readonly Marked[]; readonly classes: readonly string[]; readonly names: readonly (string | undefined)[] } {
    const all = [...this.#found(), ...this.#refs()].sort((a, b) => a.from - b.from || b.to - a.to)
    const shown = all.filter((one, at) => all.slice(0, at).every(({ to }) => to <= one.from))
    return { marked: shown, classes: shown.map(({ kind }) => kind), names: shown.map(({ name }) => name) }
  }

  #refs(): readonly Marking[] {
    const info = this.model.info.value
    // Facts of a text that has changed meanwhile would underline the wrong letters.
    if (info === undefined || info.source !== this.#source) return []
    return info.references.flatMap(({ name, uses }) => uses.map(({ start, end }): Marking => ({ from: start, to: end, kind: 'ref', name })))
  }

  #found(): readonly Marking[] {
    const { matches, now } = this.hooks.found(this.model.id)
    return matches.map((match) => ({ from: match.from, to: match.to, kind: match === now ? 'found now' : 'found' }))
  }

  #problems(): Parameters<typeof problemList>[0] {
    const problems = this.model.info.value?.problems ?? []
    return { problems, hints: this.#syntax?.hints ?? [], fix: (at) => this.#endStatement(at) }
  }

  #endStatement(at: number): void {
    const { model, notebook } = this
    if (this.#syntax?.source !== this.#source) return // somebody writes: the place is of the text before
    notebook.perform({
      title: 'End the statement',
      operations: [{ op: 'changeText', cell: model.id, length: this.#source.length, spans: [{ from: at, to: at, insert: ';' }] }],
    })
  }

  #outputs(isFolded: boolean): TemplateResult | typeof nothing {
    const shown = this.model.run.value
    const outputs: readonly CellOutput[] = shown?.run.outputs ?? []
    if (shown === undefined || outputs.length === 0) return nothing
    if (isFolded) {
      const words = outputs.length === 1 ? '1 output' : `${outputs.length} outputs`
      return html`<button class="quiet folded" @click=${() => this.hooks.command(this.model.id, 'cells.fold')}>
        ${words} folded. Show
      </button>`
    }
    if (!outputsAreLoaded.value) {
      loadOutputs()
      return nothing
    }
    return html`<div class="outputs">
      <fc-outputs .outputs=${outputs} .omitted=${shown.run.omitted} .context=${this.hooks.outputContext(this.model.id)}></fc-outputs>
    </div>`
  }

  #formsGiven(): Parameters<typeof footer>[0]['forms'] {
    if (!hasFlows(this)) return undefined
    const isOpen = this.model.hasForms.value
    return { isOpen, label: `Run… a flow of cell ${this.index + 1} with parameters`, toggle: () => this.toggleForms() }
  }

  #forms(): TemplateResult | typeof nothing {
    const { model, notebook, hooks } = this
    if (!model.hasForms.value || !hasFlows(this)) return nothing
    const context = hooks.outputContext(model.id)
    return cellForms({ model, notebook, context, run: () => hooks.run(model.id), close: () => this.toggleForms(false) })
  }

  #pressCode(event: PointerEvent): void {
    if (event.button !== 0 || event.shiftKey || event.metaKey || event.ctrlKey) return
    void loadEditor()
  }

  #clickCode(event: MouseEvent): void {
    if (event.button !== 0 || event.defaultPrevented) return
    const name = event.target instanceof HTMLElement ? event.target.dataset['name'] : undefined
    if ((event.metaKey || event.ctrlKey) && name !== undefined) return this.hooks.follow(this.model.id, name)
    if (event.shiftKey) return this.hooks.select(this.model.id, 'extend')
    // Somebody who marks text wants to copy it.
    if (getSelection()?.type === 'Range' && getSelection()?.toString() !== '') return
    this.#editByMouse(event)
  }

  #editByMouse({ clientX, clientY }: MouseEvent): void {
    if (this.notebook.canEdit) this.hooks.edit(this.model.id, { x: clientX, y: clientY })
    else this.hooks.select(this.model.id)
  }

  async #mount(): Promise<void> {
    if (this.#editor !== undefined || this.#isMounting) return
    this.#isMounting = true
    try {
      const { CellEditor } = await loadEditor()
      if (!this.isConnected) return
      const { model, notebook, hooks } = this
      this.#editorKind = model.cell.value.type
      const parts = editorParts()
      this.#editor = new CellEditor(
        {
          model,
          isReadOnly: !notebook.canEdit,
          types: parts.types(model.id),
          label: () => `${model.cell.value.type === 'md' ? 'Text' : 'Code'} of cell ${this.index + 1}`,
          valueOf: (name) => notebook.runner.previewOf(name),
          actions: {
            typed: (length, spans) => this.#typed(length, spans),
            focused: () => hooks.edit(model.id),
            blurred: () => this.#blurred(),
            follow: (offset) => this.#follow(offset),
            leave: (direction) => hooks.leaveTo(model.id, direction),
          },
        },
        this.states(),
        this.renderRoot instanceof ShadowRoot ? this.renderRoot : document.createElement('div').attachShadow({ mode: 'open' }),
      )
      hooks.opened(model.id)
      this.requestUpdate()
      await this.updateComplete
      if (this.isEditing || this.#jump !== undefined) this.#focusEditor()
      this.#editor.insert(this.#early.take())
    } finally {
      this.#isMounting = false
    }
  }

  #typed(length: number, spans: readonly TextSpan[]): boolean {
    this.#isTyping = true
    try {
      return this.notebook.document.typed(this.model.id, length, spans).ok
    } finally {
      this.#isTyping = false
    }
  }

  readonly #typedEarly = (event: KeyboardEvent): void => {
    if (!this.isEditing || this.#editor !== undefined || !this.notebook.canEdit || event.composedPath()[0] !== this) return
    if (this.#early.hear(event)) event.preventDefault()
  }

  #focusEditor(): void {
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
      if (document.hasFocus() && this.isEditing && this.#editor !== undefined && !this.#isInEditor()) this.hooks.leave()
    })
  }

  /** In its text, or in a box of it: the new name of something, the list of its places. */
  #isInEditor(): boolean {
    const active = this.shadowRoot?.activeElement ?? null
    return this.#editor?.view.dom.contains(active) === true
  }

  #follow(offset: number): boolean {
    const found = this.#refs().find(({ from, to }) => from <= offset && offset <= to)
    if (found?.name === undefined) return false
    this.hooks.follow(this.model.id, found.name)
    return true
  }

  /** Only what has changed: each marking is a change of the editor's state. */
  #markEditor(): void {
    const editor = this.#editor
    if (editor === undefined) return
    const info = this.model.info.value
    const isOfText = info?.source === this.#source
    if (info === undefined || isOfText) {
      const refs = this.#refs()
      const key = JSON.stringify(refs)
      if (key !== this.#shownMarks.refs) editor.setRefs(refs)
      this.#shownMarks.refs = key
    }
    const found = this.#found()
    const key = JSON.stringify(found)
    if (key !== this.#shownMarks.found) editor.setFound(found)
    this.#shownMarks.found = key
    editor.setProblems(isOfText ? (info?.problems ?? NO_PROBLEMS) : NO_PROBLEMS)
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
