/**
 * `<fc-notebook-page .params=${{ id }}>`: one notebook: head, cells, panel, find bar. Opens it, and closes it with everything that runs in it
 * when the reader goes elsewhere.
 *
 * It holds what is of this view only: where the focus is, which editors are open, what is found, what is dragged.
 */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import plus from 'lucide-static/icons/plus.svg'
import { isNotebookId } from './notebook-id.ts'
import type { CellId, Notebook } from '#sdk/protocol/notebook.ts'
import { announce } from '../app/announce.ts'
import { isTypedInto, registerCommands, runCommand, setKeyContext, type KeyContext } from '../app/commands.ts'
import { workspace } from '../app/current.ts'
import { pathTo, setTitle } from '../app/router.ts'
import '../ui/empty.ts'
import { icon } from '../ui/icon.ts'
import { hasOpenModal } from '../ui/modals.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { toast } from '../ui/toasts.ts'
import { CellDrag } from './cell-drag.ts'
import type { EditorPlace } from './editor/cell-editing.ts'
import type { EditorStates } from './editor/cell-editor.ts'
import './cell.ts'
import { FcCell } from './cell.ts'
import './notebook-head.ts'
import type { FcNotebookPanel, PanelName } from './notebook-panel.ts'
import { FindState } from './find-state.ts'
import { hasHand } from './first-hand.ts'
import { loadEditor, loadPanel, setEditorParts } from './lazy-parts.ts'
import { notebookCommands, runSelected } from './notebook-commands.ts'
import type { NotebookModel } from './notebook-model.ts'
import { NO_NOTEBOOK, NotebookOpening, type Opening } from './open-notebook.ts'
import { outputContextOf } from './output-context.ts'
import type { PageHooks } from './page-hooks.ts'
import { pageStyle } from './page-style.ts'
import { extendTo } from './selection.ts'

/** Editors that stay open; of more the ones that were used longest ago become static text again. */
const MAX_EDITORS = 24

export class FcNotebookPage extends LitElement {
  static override properties = { params: { attribute: false }, query: { attribute: false }, isPanelOpen: { state: true } }
  declare params: Readonly<Record<string, string>>
  declare query: URLSearchParams
  declare isPanelOpen: boolean
  static override styles = [base, pageStyle]

  #opening: NotebookOpening | undefined
  #model: NotebookModel | undefined
  readonly #stops: (() => void)[] = []
  #states: EditorStates | undefined
  #open: CellId[] = []
  readonly #find = new FindState()
  #drag: CellDrag | undefined
  #hashTarget = ''
  readonly #watch: Watch

  constructor() {
    super()
    this.params = {}
    this.query = new URLSearchParams()
    this.isPanelOpen = false
    this.#watch = new Watch(this, () => {
      const model = this.#model
      return [
        this.#opening?.state,
        this.#find.changed,
        ...(model === undefined ? [] : [model.document.order, model.document.header, model.selection, this.#find.isOpen]),
      ]
    })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.addEventListener('focusin', this.#judgeKeys)
    this.addEventListener('keydown', this.#escaped)
    // Before any command: the focus may have moved where no event told of it, or be nowhere.
    addEventListener('keydown', this.#judgeKeys, true)
    addEventListener('hashchange', this.#hash)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('hashchange', this.#hash)
    removeEventListener('keydown', this.#judgeKeys, true)
    this.#close()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('params')) this.#openNotebook()
    const opening = this.#opening?.state.value
    if (opening?.kind === 'open' && this.#model === undefined) this.#opened(opening.model)
    if (opening?.kind === 'missing' && this.#model !== undefined) this.#lost()
    if (this.#model !== undefined) setTitle(this.#model.title)
  }

  override render(): unknown {
    const opening = this.#opening?.state.value ?? { kind: 'missing', sentence: NO_NOTEBOOK } // the address has no id
    if (opening.kind === 'missing') return this.#missing(opening)
    const model = this.#model
    if (model === undefined) return html`<p class="loading" role="status">Opening the notebook…</p>`
    return html`<fc-notebook-head
        .notebook=${model}
        .isPanelOpen=${this.isPanelOpen}
        @panel=${() => (this.isPanelOpen = !this.isPanelOpen)}
      ></fc-notebook-head>
      ${
        this.#find.isOpen.value
          ? html`<fc-find-bar
              .state=${this.#find}
              .notebook=${model}
              @show=${({ detail }: CustomEvent<CellId>) => this.#element(detail)?.scrollIntoView({ block: 'nearest' })}
            ></fc-find-bar>`
          : nothing
      }
      <div class="columns">
        <div class="main">${this.#cells(model)}</div>
        <fc-notebook-panel
          class=${this.isPanelOpen ? 'open' : ''}
          .notebook=${model}
          .hooks=${this.#hooks}
          @close=${() => (this.isPanelOpen = false)}
        ></fc-notebook-panel>
      </div>`
  }

  protected override updated(): void {
    this.#followFocus()
    this.#catchFocus()
    if (this.#model !== undefined && this.#hashTarget !== location.hash) this.#hash()
  }

  #cells(model: NotebookModel): TemplateResult {
    const order = model.document.order.value
    const selected = new Set(model.selected)
    const { head, mode } = model.selection.value
    if (order.length === 0) return this.#empty(model)
    return html`<div
        class="cells"
        role="list"
        aria-label="Cells"
        @dragover=${(event: DragEvent) => this.#drag?.over(event)}
        @dragleave=${(event: DragEvent) => this.#drag?.leave(event)}
        @drop=${(event: DragEvent) => this.#drag?.drop(event)}
      >
        ${repeat(
          order,
          (id) => id,
          (id, index) =>
            html`<fc-cell
              .model=${model.document.cell(id)}
              .notebook=${model}
              .hooks=${this.#hooks}
              .states=${this.#statesOf}
              .index=${index}
              .isSelected=${selected.has(id)}
              .isHead=${id === head}
              .isEditing=${id === head && mode === 'edit'}
              .findRevision=${this.#find.revisionOf(id)}
              @pointerdown=${(event: PointerEvent) => this.#pressed(id, event)}
            ></fc-cell>`,
        )}
      </div>
      ${model.canEdit ? this.#adding(model) : nothing}`
  }

  #adding(model: NotebookModel): TemplateResult {
    return html`<div class="adding">
      <button class="quiet" @click=${() => this.#addLast(model, 'ts')}>${icon(plus)}Code</button>
      <button class="quiet" @click=${() => this.#addLast(model, 'md')}>${icon(plus)}Text</button>
    </div>`
  }

  #addLast(model: NotebookModel, type: 'ts' | 'md'): void {
    const id = model.insert('below', undefined, type)
    if (id !== undefined) this.#hooks.edit(id)
  }

  #empty(model: NotebookModel): TemplateResult {
    return html`<fc-empty heading="This notebook has no cells">
      Code runs in this tab. The last line of a cell is shown under it, and its names are there for all other cells.
      <pre slot="example">
const rows = [{ day: 'Mon', runs: 12 }, { day: 'Tue', runs: 9 }]
rows</pre>
      ${
        model.canEdit
          ? html`<button slot="action" class="primary" @click=${() => this.#addLast(model, 'ts')}>${icon(plus)}Add code</button>
              <button slot="action" class="quiet" @click=${() => this.#addLast(model, 'md')}>${icon(plus)}Text</button>`
          : nothing
      }
    </fc-empty>`
  }

  #missing({ sentence, left }: Omit<Extract<Opening, { readonly kind: 'missing' }>, 'kind'>): TemplateResult {
    const heading = left === undefined ? 'This notebook cannot be opened' : 'This notebook is gone'
    return html`<fc-empty class="missing" tabindex="-1" heading=${heading}>
      ${sentence}
      <div slot="action" class="ways">
        ${left === undefined ? nothing : html`<button class="primary" @click=${() => void this.#keepCopy(left)}>Make a new notebook of it</button>`}
        <a class="button ${left === undefined ? 'primary' : ''}" href=${pathTo('/notebooks')}>To the notebooks</a>
      </div>
    </fc-empty>`
  }

  /** It was deleted elsewhere. Whoever had the hand in it is told where they are now. */
  #lost(): void {
    for (const stop of this.#stops.splice(0)) stop()
    this.#model = undefined
    this.#open = []
    setKeyContext('none')
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.missing')?.focus())
  }

  async #keepCopy(left: Notebook): Promise<void> {
    const { importCopy } = await import('./import-file.ts')
    await importCopy(workspace(), left)
  }

  #openNotebook(): void {
    const { id } = this.params
    this.#close()
    if (id === undefined || !isNotebookId(id)) return
    this.#opening = new NotebookOpening(workspace(), id)
    this.#watch.again()
  }

  #opened(model: NotebookModel): void {
    this.#model = model
    this.#drag = new CellDrag(model, () => this.#elements())
    void this.#find.search(model)
    this.#stops.push(
      registerCommands(notebookCommands(model, this.#actions(model))),
      model.selection.subscribe(() => this.#say(model)),
      model.document.revision.subscribe(() => void this.#find.search(model)),
    )
    this.#watch.again()
    // What is known of the cells comes after what is seen of them.
    requestIdleCallback(() => void loadPanel())
    requestIdleCallback(() => void model.compile.soon(), { timeout: 500 })
    requestIdleCallback(() => void this.#loadTypes(model).catch(() => (model.types.value = 'off')))
    setKeyContext('command')
  }

  #close(): void {
    for (const stop of this.#stops.splice(0)) stop()
    this.#opening?.close()
    this.#opening = this.#model = undefined
    this.#open = []
    setKeyContext('none')
  }

  /** The language service is a megabyte: it comes when an editor has been opened, and never before. */
  async #loadTypes(model: NotebookModel): Promise<void> {
    await this.#firstEditor
    const { startTypes } = await import('./start-types.ts')
    if (this.#model !== model) return
    const { parts, close } = startTypes(model, this.#hooks)
    setEditorParts(parts)
    this.#stops.push(close, () => setEditorParts({ types: () => [] }))
    for (const element of this.#elements()) element.addTypes()
  }

  #tellEditor: () => void = () => undefined
  readonly #firstEditor = new Promise<void>((resolve) => {
    this.#tellEditor = resolve
  })

  readonly #statesOf = (): EditorStates => {
    if (this.#states === undefined) throw new Error('An editor was opened before it was loaded.')
    return this.#states
  }

  #element(cell: string): FcCell | undefined {
    return this.#elements().find(({ model }) => model.id === cell)
  }

  #elements(): readonly FcCell[] {
    return [...this.renderRoot.querySelectorAll('fc-cell')].filter((element) => element instanceof FcCell)
  }

  readonly #hooks: PageHooks = {
    edit: (cell, place) => this.#edit(cell, place),
    leave: () => this.#leave(),
    leaveTo: (cell, direction) => this.#leaveTo(cell, direction),
    select: (cell, how) => {
      const model = this.#model
      if (model === undefined) return
      if (how === 'extend') model.selection.value = extendTo(model.selection.value, cell)
      else model.select(cell)
    },
    jumpTo: (cell, line, column) => void this.#jumpTo(cell, line, column),
    showText: (cell, from, to) => {
      const id = this.#model?.document.order.value.find((one) => one === cell)
      if (id === undefined) return
      this.#element(cell)?.scrollIntoView({ block: 'nearest' })
      this.#edit(id, { offset: from, end: to })
    },
    follow: (cell, name) => this.#follow(cell, name),
    command: (cell, id) => {
      const model = this.#model
      if (model === undefined) return
      if (!model.selected.includes(cell)) model.select(cell)
      runCommand(id)
    },
    run: (cell) => {
      this.#model?.select(cell)
      if (this.#model !== undefined) runSelected(this.#model)
    },
    stop: (cell) => this.#stop(cell),
    insertBelow: (cell, type) => {
      const id = this.#model?.insert('below', cell, type)
      if (id !== undefined) this.#edit(id)
    },
    opened: (cell) => this.#editorOpened(cell),
    outputContext: (cell) => outputContextOf(this.#model, cell, this.#hooks.jumpTo),
    found: (cell) => this.#find.in(cell),
    dragged: (cell, event) => this.#drag?.start(cell, event),
  }

  #actions(model: NotebookModel): Parameters<typeof notebookCommands>[1] {
    return {
      edit: () => {
        const { head } = model.selection.value
        if (head !== undefined) this.#edit(head, undefined)
      },
      leave: () => this.#leave(),
      cursor: () => this.#element(model.selection.value.head ?? '')?.cursor,
      flowForm: () => this.#element(model.selection.value.head ?? '')?.toggleForms(),
      find: () => void this.#openFind(),
      openPanel: (name) => this.#openPanel(name),
      copyLink: () => void this.#copyLink(),
      stop: () => this.#stop(undefined),
    }
  }

  #edit(cell: CellId, place?: EditorPlace): void {
    const model = this.#model
    if (model === undefined) return
    const element = this.#element(cell)
    if (place !== undefined) element?.placeCursor(place)
    const { head, mode } = model.selection.value
    if (head !== cell || mode !== 'edit') model.select(cell, 'edit')
    void loadEditor().then(({ EditorStates }) => (this.#states ??= new EditorStates()))
  }

  #leave(): void {
    this.#model?.setMode('command')
  }

  #leaveTo(cell: CellId, direction: 'up' | 'down'): boolean {
    const model = this.#model
    if (model === undefined) return false
    const order = model.document.order.value
    const next = order[order.indexOf(cell) + (direction === 'up' ? -1 : 1)]
    if (next === undefined) return false
    // Text is drawn, not opened, on the way through.
    if (model.document.cell(next)?.cell.value.type === 'md') model.select(next)
    else this.#edit(next, direction === 'up' ? 'end' : 'start')
    return true
  }

  async #jumpTo(cell: string, line?: number, column?: number): Promise<void> {
    const model = this.#model
    const id = model?.document.order.value.find((one) => one === cell)
    const element = this.#element(cell)
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
    await loadEditor().then(({ EditorStates }) => (this.#states ??= new EditorStates()))
    model.select(id, 'edit')
    await element.jumpTo(line, column ?? 1)
  }

  #follow(cell: CellId, name: string): void {
    const model = this.#model
    const from = model?.document.cell(cell)?.info.value?.references.find((one) => one.name === name)?.from
    const definer = from === undefined ? undefined : model?.document.cell(from)
    const definition = definer?.info.value?.definitions.find((one) => one.name === name)
    if (definer === undefined || from === undefined || definition === undefined) return
    const before = definer.cell.value.source.slice(0, definition.start)
    const lineStart = before.lastIndexOf('\n') + 1
    void this.#jumpTo(from, before.split('\n').length, definition.start - lineStart + 1)
  }

  #stop(cell: CellId | undefined): void {
    const model = this.#model
    if (model === undefined) return
    if (cell !== undefined && model.document.cell(cell)?.status.value.kind === 'queued') return model.runner.unqueue(cell)
    if (model.kernel.state.value === 'stopping') model.runner.forceStop()
    else model.runner.stop()
  }

  #editorOpened(cell: CellId): void {
    this.#tellEditor()
    this.#open = [cell, ...this.#open.filter((one) => one !== cell)]
    for (const old of this.#open.splice(MAX_EDITORS)) this.#element(old)?.closeEditor()
  }

  async #openFind(): Promise<void> {
    await import('./find-bar.ts')
    const selection = getSelection()?.toString() ?? ''
    this.#find.open(selection)
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('fc-find-bar')?.focus()
  }

  #openPanel(name: PanelName): void {
    this.isPanelOpen = true
    void this.updateComplete.then(() => this.renderRoot.querySelector<FcNotebookPanel>('fc-notebook-panel')?.show(name))
  }

  async #copyLink(): Promise<void> {
    const { head } = this.#model?.selection.value ?? {}
    if (head === undefined) return
    const { copyText } = await import('../ui/copy-text.ts')
    await copyText(`${location.origin}${location.pathname}#${head}`, 'Link copied')
  }

  /** `#cell` in the address: that cell is shown. */
  readonly #hash = (): void => {
    this.#hashTarget = location.hash
    const id = decodeURIComponent(location.hash.slice(1))
    if (id !== '' && this.#element(id) !== undefined) void this.#jumpTo(id)
  }

  #pressed(cell: CellId, event: PointerEvent): void {
    const model = this.#model
    if (model === undefined || event.button !== 0) return
    if (event.shiftKey && !isTextPlace(event)) {
      event.preventDefault()
      return this.#hooks.select(cell, 'extend')
    }
    if (model.selection.value.head !== cell) model.select(cell)
  }

  /** In command mode the cell itself has the focus, unless it is in a control. */
  #followFocus(): void {
    const model = this.#model
    const { head, mode } = model?.selection.value ?? {}
    if (model === undefined || head === undefined || mode !== 'command') return
    const element = this.#element(head)
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

  /** Bare letters are commands wherever nothing is written into. What has lost the focus to nothing gives it to the cell with the hand. */
  readonly #judgeKeys = (): void => {
    const model = this.#model
    if (model === undefined || hasOpenModal()) return
    const { mode } = model.selection.value
    if (mode === 'command' && isNowhere(deepActive())) this.#element(model.selection.value.head ?? '')?.focus({ preventScroll: true })
    setKeyContext(mode === 'edit' ? 'edit' : contextOf(deepActive()))
  }

  /** Out of whatever has the focus in a cell, onto the cell. */
  readonly #escaped = (event: KeyboardEvent): void => {
    const model = this.#model
    const path = event.composedPath()
    const element = path.find((node) => node instanceof FcCell)
    if (event.key !== 'Escape' || event.defaultPrevented || model === undefined || element === undefined || path[0] === element) return
    event.preventDefault()
    model.select(element.model.id)
    element.focus({ preventScroll: true })
  }

  /** What was pressed may be gone by now: a button of a deleted cell, of a notice. */
  #catchFocus(): void {
    if (!hasHand()) return
    setTimeout(() => {
      const { head, mode } = this.#model?.selection.value ?? {}
      if (mode !== 'command' || head === undefined || hasOpenModal() || !document.hasFocus() || !isNowhere(deepActive())) return
      this.#element(head)?.focus({ preventScroll: true })
    })
  }

  #say(model: NotebookModel): void {
    const { head, mode } = model.selection.value
    setKeyContext(mode === 'edit' ? 'edit' : contextOf(deepActive()))
    const index = head === undefined ? -1 : model.document.order.value.indexOf(head)
    if (mode === 'edit') announce(`Editing cell ${index + 1}. Escape leaves it.`)
  }
}

/** The head of the page stands over what is scrolled to the top. */
const HEAD_ROOM = 64

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

const isTextPlace = (event: Event): boolean =>
  event.composedPath().some((node) => node instanceof Element && (node.classList.contains('cm-editor') || node.tagName === 'FC-OUTPUTS'))

customElements.define('fc-notebook-page', FcNotebookPage)
