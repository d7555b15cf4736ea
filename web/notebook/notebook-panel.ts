/** `<fc-notebook-panel>`: beside the cells: the notebook's runs, its values, its cells as a graph, its headings, files, deleted cells. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import download from 'lucide-static/icons/download.svg'
import restore from 'lucide-static/icons/archive-restore.svg'
import x from 'lucide-static/icons/x.svg'
import type { CellId } from '#sdk/protocol/notebook.ts'
import { flowRuns } from '../app/flow-runs-store.ts'
import { icon } from '../ui/icon.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { liveNow } from '../ui/time.ts'
import { cellGraph } from './cell-graph.ts'
import { cellTitleOf } from '#sdk/notebook/document.ts'
import type { NotebookModel } from './notebook-model.ts'
import { outlineOf } from './outline.ts'
import type { PageHooks } from './page-hooks.ts'
import { panelRuns } from './panel-runs.ts'
import { bytesWords } from './bytes-words.ts'

export type PanelName = 'runs' | 'values' | 'cells' | 'outline' | 'files' | 'bin'

/** More values than this get a field to look for one. */
const FILTER_FROM = 8
/** What a deleted cell is told by. */
const MAX_FIRST_LINE = 60
/** Deleted cells that are listed, the newest. */
const MAX_BIN_SHOWN = 100
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
  static override styles = [
    base,
    css`
      :host {
        position: sticky;
        top: 68px;
        display: block;
        max-height: calc(100vh - 84px);
        overflow-y: auto;
        font-size: var(--text-sm);
      }
      section {
        margin-bottom: var(--space-4);
      }
      h2 {
        display: flex;
        align-items: center;
        margin-bottom: 6px;
        color: var(--ink-3);
        font-size: var(--text-xs);
        font-weight: 650;
        letter-spacing: 0.04em;
        text-transform: uppercase;
      }
      p {
        color: var(--ink-3);
      }
      fc-bars {
        --bars-height: 44px;
        margin-bottom: 4px;
      }
      ul {
        padding: 0;
        list-style: none;
      }
      /* The graph below stays in sight. */
      .values {
        max-height: 17rem;
        overflow-y: auto;
      }
      li {
        display: flex;
        align-items: baseline;
        gap: 8px;
        padding: 3px 0;
      }
      li .what {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      li small {
        margin-left: auto;
        white-space: nowrap;
      }
      .go {
        display: inline;
        min-width: 0;
        min-height: 24px;
        padding: 0;
        border: 0;
        overflow: hidden;
        background: none;
        font-weight: 400;
        text-align: left;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .go:hover {
        color: var(--accent);
        text-decoration: underline;
      }
      .name {
        font-family: var(--font-code);
        font-size: var(--text-xs);
      }
      .outline li {
        padding-left: calc((var(--level) - 1) * 12px);
      }
      input {
        width: 100%;
        margin-bottom: 4px;
      }
      svg.graph {
        display: block;
        width: 100%;
        max-height: 20rem;
      }
      .graph path {
        fill: none;
        stroke: var(--line-strong);
        stroke-opacity: 0.45;
        stroke-width: 1.5;
      }
      .graph path.near {
        stroke: var(--accent);
        stroke-opacity: 1;
      }
      .graph g {
        cursor: pointer;
        outline: none;
      }
      .graph circle {
        fill: var(--paper);
        stroke: var(--line-strong);
        stroke-width: 2;
      }
      .graph g[data-edge='fresh'] circle {
        fill: var(--completed);
        stroke: var(--completed);
      }
      .graph g[data-edge='stale'] circle {
        fill: var(--late-fill);
        stroke: var(--late-fill);
      }
      .graph g[data-edge='running'] circle,
      .graph g[data-edge='queued'] circle {
        fill: var(--running);
        stroke: var(--running);
      }
      .graph g[data-edge='failed'] circle,
      .graph g[data-edge='blocked'] circle {
        fill: var(--failed);
        stroke: var(--failed);
      }
      .graph g.head circle,
      .graph g:focus-visible circle {
        stroke: var(--focus);
        stroke-width: 3;
      }
      .graph text {
        fill: var(--ink-2);
        font: 9px var(--font-ui);
        paint-order: stroke;
        stroke: var(--ground);
        stroke-width: 3px;
        stroke-linejoin: round;
      }
      .close {
        display: none;
      }
      @media (max-width: 1080px) {
        :host {
          position: fixed;
          inset: 0 0 0 auto;
          z-index: 30;
          width: min(20rem, 88vw);
          max-height: none;
          padding: var(--space-4);
          border-left: var(--hair);
          background: var(--paper);
          box-shadow: var(--shadow-high);
        }
        .close {
          display: inline-flex;
          float: right;
        }
      }
    `,
  ]

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
    return html`<button
        class="quiet icon-only close"
        aria-label="Close the panel"
        @click=${() => this.dispatchEvent(new CustomEvent('close'))}
      >
        ${icon(x)}
      </button>
      ${part('runs', 'Runs of this notebook', panelRuns(this.notebook.id, flowRuns.value, liveNow.value))}
      ${part('values', 'Values', this.#values())}
      ${part(
        'cells',
        'Cells',
        cellGraph(this.notebook, (cell) => this.hooks.jumpTo(cell)),
      )}
      ${this.#outline()} ${this.#files()} ${this.#bin()}`
  }

  #values(): TemplateResult {
    const { runner, document } = this.notebook
    const all = document.order.value.flatMap((cell) => {
      // What a cell imports is no value of its own.
      const imported = new Set(document.cell(cell)?.info.value?.definitions.flatMap(({ kind, name }) => (kind === 'import' ? [name] : [])))
      return (runner.values.value.get(cell) ?? []).flatMap((value) => (imported.has(value.name) ? [] : [{ ...value, cell }]))
    })
    if (all.length === 0) return html`<p>Names that cells define stand here once they have run.</p>`
    const shown = all.filter(({ name, kind }) => `${name} ${kind}`.toLowerCase().includes(this.filter.toLowerCase()))
    return html`${
        all.length < FILTER_FROM
          ? nothing
          : html`<input
              type="search"
              placeholder="Filter"
              aria-label="Filter the values"
              .value=${this.filter}
              @input=${(event: InputEvent) => (this.filter = event.target instanceof HTMLInputElement ? event.target.value : '')}
            />`
      }
      <ul class="values">
        ${shown.map(
          ({ name, kind, preview, cell }) =>
            html`<li title=${preview}>
              <button class="go name" @click=${() => this.hooks.jumpTo(cell)}>${name}</button
              ><small>${kind} · ${this.notebook.nameOf(cell)}</small>
            </li>`,
        )}
      </ul>
      ${shown.length === 0 ? html`<p>No value is called so.</p>` : nothing}`
  }

  #outline(): TemplateResult | typeof nothing {
    const headings = outlineOf(this.notebook.document.notebook.cells)
    if (headings.length === 0) return nothing
    return part(
      'outline',
      'Outline',
      html`<ul class="outline">
        ${headings.map(
          ({ cell, level, text }) =>
            html`<li data-level=${level}>
              <button class="go" @click=${() => this.hooks.jumpTo(cell)}>${'\u2003'.repeat(level - 1)}${text}</button>
            </li>`,
        )}
      </ul>`,
    )
  }

  #files(): TemplateResult | typeof nothing {
    const files = this.notebook.kernel.files.value
    if (files.length === 0) return nothing
    return part(
      'files',
      'Files',
      html`<ul>
        ${files.map(
          ({ path, bytes }) =>
            html`<li>
              <button class="go name" title="Download" @click=${() => void this.#download(path)}>${path} ${icon(download)}</button
              ><small>${bytesWords(bytes)}</small>
            </li>`,
        )}
      </ul>`,
    )
  }

  async #download(path: string): Promise<void> {
    const [bytes, { saveFile }] = await Promise.all([this.notebook.kernel.file(path), import('./outputs/save-file.ts')])
    saveFile(path.slice(path.lastIndexOf('/') + 1), new Blob([new Uint8Array(bytes)]))
  }

  #bin(): TemplateResult | typeof nothing {
    const bin = this.notebook.document.bin.value
    if (bin.length === 0) return nothing
    if (!this.binOpen) {
      const words = bin.length === 1 ? '1 deleted cell' : `${bin.length} deleted cells`
      return html`<button class="quiet" id="bin" @click=${() => (this.binOpen = true)}>${words}</button>`
    }
    return part(
      'bin',
      'Deleted cells',
      html`<ul>
          ${bin
            .slice(-MAX_BIN_SHOWN)
            .toReversed()
            .map(
              ({ cell }) =>
                html`<li>
                  <span class="what name" title=${cell.source.slice(0, 500)}>${cellTitleOf(cell) ?? firstLine(cell.source)}</span>
                  ${
                    this.notebook.canEdit
                      ? html`<button class="go" aria-label="Put it back" title="Put it back" @click=${() => this.#restore(cell.id)}>
                          ${icon(restore)}
                        </button>`
                      : nothing
                  }
                </li>`,
            )}
        </ul>
        ${bin.length > MAX_BIN_SHOWN ? html`<p>And ${bin.length - MAX_BIN_SHOWN} that were deleted before.</p>` : nothing}`,
    )
  }

  #restore(cell: CellId): void {
    const isDone = this.notebook.perform({ title: 'Put a cell back', operations: [{ op: 'restoreCell', cell }], select: [cell] })
    if (isDone) void this.notebook.document.order.value
  }
}

const part = (id: PanelName, title: string, content: unknown): TemplateResult =>
  html`<section aria-labelledby=${id}>
    <h2 id=${id} tabindex="-1">${title}</h2>
    ${content}
  </section>`

function firstLine(source: string): string {
  const line = source.split('\n').find((one) => one.trim() !== '') ?? 'empty cell'
  return line.trim().slice(0, MAX_FIRST_LINE)
}

customElements.define('fc-notebook-panel', FcNotebookPanel)
