/** `<fc-notebook-panel>`: beside the cells: the notebook's runs, its values, its cells as a graph, its headings, files, deleted cells. */
import { LitElement, html, type TemplateResult } from 'lit'
import x from 'lucide-static/icons/x.svg'
import { flowRuns } from '../app/flow-runs-store.ts'
import { icon } from '../ui/icon.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { liveNow } from '../ui/time.ts'
import { cellGraph } from './cell-graph.ts'
import type { NotebookModel } from './notebook-model.ts'
import type { PageHooks } from './page-hooks.ts'
import { panelBin } from './panel-bin.ts'
import { panelFiles } from './panel-files.ts'
import { panelOutline } from './panel-outline.ts'
import { panelPart, type PanelName } from './panel-part.ts'
import { panelRuns } from './panel-runs.ts'
import { panelStyle } from './panel-style.ts'
import { panelValues } from './panel-values.ts'

const AFTER_TYPING_MS = 300

export class FcNotebookPanel extends LitElement {
  static override properties = {
    notebook: { attribute: false },
    hooks: { attribute: false },
    filter: { state: true },
    binOpen: { state: true },
  }
  declare notebook: NotebookModel
  declare hooks: PageHooks
  declare filter: string
  declare binOpen: boolean
  static override styles = [base, panelStyle]

  readonly #watch: Watch
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.filter = ''
    this.binOpen = false
    this.#watch = new Watch(this, () => {
      if (this.notebook === undefined) return []
      const { document, runner, kernel, compile, selection } = this.notebook
      const statuses = document.cells.flatMap(({ status, mark }) => [status, mark])
      return [document.bin, runner.values, kernel.files, compile.graph, selection, flowRuns, liveNow, ...statuses]
    })
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('notebook')) {
      this.#watch.again()
      this.notebook.document.revision.subscribe(() => this.#later())
      let order = this.notebook.document.order.value
      this.notebook.document.order.subscribe(() => {
        if (order === this.notebook.document.order.value) return
        order = this.notebook.document.order.value
        this.#watch.again()
      })
    }
  }

  /** Headings follow what is written when the hand rests. */
  #later(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.requestUpdate(), AFTER_TYPING_MS)
  }

  /** Brings a part into sight and gives it the focus. */
  show(name: PanelName): void {
    if (name === 'bin') this.binOpen = true
    void this.updateComplete.then(() => {
      const heading = this.renderRoot.querySelector<HTMLElement>(`#${name}`)
      heading?.scrollIntoView({ block: 'nearest' })
      heading?.focus()
    })
  }

  override render(): TemplateResult {
    const { notebook, filter } = this
    const { jumpTo } = this.hooks
    return html`<button
        class="quiet icon-only close"
        aria-label="Close the panel"
        @click=${() => this.dispatchEvent(new CustomEvent('close'))}
      >
        ${icon(x)}
      </button>
      ${panelPart('runs', 'Runs of this notebook', panelRuns(notebook.id, flowRuns.value, liveNow.value))}
      ${panelPart('values', 'Values', panelValues({ notebook, jumpTo, filter, onFilter: (text) => (this.filter = text) }))}
      ${panelPart('cells', 'Cells', cellGraph(notebook, jumpTo))} ${panelOutline(notebook, jumpTo)} ${panelFiles(notebook)}
      ${panelBin({ notebook, isOpen: this.binOpen, onOpen: () => (this.binOpen = true) })}`
  }
}

customElements.define('fc-notebook-panel', FcNotebookPanel)
