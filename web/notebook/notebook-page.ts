/**
 * `<fc-notebook-page .params=${{ id }}>`: one notebook: head, cells, panel, find bar. Opens it, and closes it with everything that runs in it
 * when the reader goes elsewhere.
 *
 * What is of this view only is held by its parts: where the focus is, which editors are open, what is found, what is dragged.
 */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { isNotebookId } from './notebook-id.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import { registerCommands, runCommand, setKeyContext } from '../app/commands.ts'
import { workspace } from '../app/current.ts'
import { setTitle } from '../app/router.ts'
import { whenPageIsIdle } from '../ui/idle.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { addingBelow, noCells } from './adding-cells.ts'
import { CellDrag } from './cell-drag.ts'
import { FcCell } from './cell.ts'
import { toggleForms } from './cell-forms.ts'
import './notebook-head.ts'
import type { FcNotebookPanel } from './notebook-panel.ts'
import { FindState } from './find-state.ts'
import { loadPanel } from './lazy-parts.ts'
import { missingNotebook } from './missing-notebook.ts'
import { notebookCommands } from './notebook-commands.ts'
import type { NotebookModel } from './notebook-model.ts'
import { OpenEditors } from './open-editors.ts'
import { NO_NOTEBOOK, NotebookOpening } from './open-notebook.ts'
import { outputContextOf } from './output-context.ts'
import { PageFocus } from './page-focus.ts'
import { PageHand } from './page-hand.ts'
import type { PageHooks } from './page-hooks.ts'
import { pageStyle } from './page-style.ts'
import type { PageView } from './page-view.ts'
import type { PanelName } from './panel-part.ts'
import { runSelected } from './run-commands.ts'

export class FcNotebookPage extends LitElement {
  static override properties = { params: { attribute: false }, query: { attribute: false }, isPanelOpen: { state: true } }
  declare params: Readonly<Record<string, string>>
  declare query: URLSearchParams
  declare isPanelOpen: boolean
  static override styles = [base, pageStyle]

  #opening: NotebookOpening | undefined
  #model: NotebookModel | undefined
  readonly #stops: (() => void)[] = []
  readonly #find = new FindState()
  #drag: CellDrag | undefined
  readonly #view: PageView = { model: () => this.#model, elementOf: (cell) => this.#elements().find(({ model }) => model.id === cell) }
  readonly #hand = new PageHand(this.#view)
  readonly #focus = new PageFocus(this, this.#view)
  readonly #editors = new OpenEditors(() => this.#elements())
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
    addEventListener('hashchange', this.#hash)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('hashchange', this.#hash)
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
    if (opening.kind === 'missing') return missingNotebook(opening)
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
              @show=${({ detail }: CustomEvent<CellId>) => this.#view.elementOf(detail)?.scrollIntoView({ block: 'nearest' })}
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
    this.#hand.followAddress()
  }

  #cells(model: NotebookModel): TemplateResult {
    const order = model.document.order.value
    const selected = new Set(model.selected)
    const { head, mode } = model.selection.value
    const add = model.canEdit ? (type: 'ts' | 'md') => this.#addLast(model, type) : undefined
    if (order.length === 0) return noCells(add)
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
              .states=${this.#editors.states}
              .index=${index}
              .isSelected=${selected.has(id)}
              .isHead=${id === head}
              .isEditing=${id === head && mode === 'edit'}
              .findRevision=${this.#find.revisionOf(id)}
              @pointerdown=${(event: PointerEvent) => this.#pressed(id, event)}
            ></fc-cell>`,
        )}
      </div>
      ${add === undefined ? nothing : addingBelow(add)}`
  }

  #addLast(model: NotebookModel, type: 'ts' | 'md'): void {
    const id = model.insert('below', undefined, type)
    if (id !== undefined) this.#hand.edit(id)
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
      model.selection.subscribe(() => this.#focus.handMoved(model)),
      model.document.revision.subscribe(() => void this.#find.search(model)),
    )
    this.#watch.again()
    // What is known of the cells comes after what is seen of them.
    whenPageIsIdle(() => void loadPanel())
    whenPageIsIdle(() => void model.compile.soon(), 500)
    whenPageIsIdle(() => void this.#loadTypes(model).catch(() => (model.types.value = 'off')))
    setKeyContext('command')
  }

  async #loadTypes(model: NotebookModel): Promise<void> {
    const stop = await this.#editors.loadTypes(model, this.#hooks, () => this.#model === model)
    if (stop !== undefined) this.#stops.push(stop)
  }

  /** It was deleted elsewhere. Whoever had the hand in it is told where they are now. */
  #lost(): void {
    this.#leftModel()
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.missing')?.focus())
  }

  #close(): void {
    this.#leftModel()
    this.#opening?.close()
    this.#opening = undefined
  }

  #leftModel(): void {
    for (const stop of this.#stops.splice(0)) stop()
    this.#model = undefined
    this.#editors.forget()
    setKeyContext('none')
  }

  #elements(): readonly FcCell[] {
    return [...this.renderRoot.querySelectorAll('fc-cell')].filter((element) => element instanceof FcCell)
  }

  readonly #hooks: PageHooks = {
    edit: (cell, place) => this.#hand.edit(cell, place),
    leave: () => this.#hand.leave(),
    leaveTo: (cell, direction) => this.#hand.leaveTo(cell, direction),
    select: (cell, how) => (how === 'extend' ? this.#model?.extendSelection(cell) : this.#model?.select(cell)),
    jumpTo: (cell, line, column) => void this.#hand.jumpTo(cell, line, column),
    showText: (cell, from, to) => this.#hand.showText(cell, from, to),
    follow: (cell, name) => this.#hand.follow(cell, name),
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
    stop: (cell) => this.#model?.stop(cell),
    insertBelow: (cell, type) => {
      const id = this.#model?.insert('below', cell, type)
      if (id !== undefined) this.#hand.edit(id)
    },
    opened: (cell) => this.#editors.opened(cell),
    outputContext: (cell) => outputContextOf(this.#model, cell, this.#hooks.jumpTo),
    found: (cell) => this.#find.in(cell),
    dragged: (cell, event) => this.#drag?.start(cell, event),
  }

  #actions(model: NotebookModel): Parameters<typeof notebookCommands>[1] {
    const head = (): FcCell | undefined => this.#view.elementOf(model.selection.value.head ?? '')
    return {
      edit: () => this.#hand.editHead(),
      leave: () => this.#hand.leave(),
      cursor: () => head()?.editor.cursor,
      flowForm: () => {
        const element = head()
        if (element !== undefined) toggleForms(element)
      },
      find: () => void this.#openFind(),
      openPanel: (name) => this.#openPanel(name),
      copyLink: () => void this.#hand.copyLink(),
      stop: () => model.stop(),
    }
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

  readonly #hash = (): void => this.#hand.followAddress()

  #pressed(cell: CellId, event: PointerEvent): void {
    const model = this.#model
    if (model === undefined || event.button !== 0) return
    if (event.shiftKey && !isTextPlace(event)) {
      event.preventDefault()
      return this.#hooks.select(cell, 'extend')
    }
    if (model.selection.value.head !== cell) model.select(cell)
  }
}

const isTextPlace = (event: Event): boolean =>
  event.composedPath().some((node) => node instanceof Element && (node.classList.contains('cm-editor') || node.tagName === 'FC-OUTPUTS'))

customElements.define('fc-notebook-page', FcNotebookPage)
