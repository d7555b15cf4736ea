/** `<fc-notebooks-page>`: the notebooks of the workspace: open, look for, make, bring in, delete. A file that is dropped on it becomes one. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import fileUp from 'lucide-static/icons/file-up.svg'
import plus from 'lucide-static/icons/plus.svg'
import trash from 'lucide-static/icons/trash-2.svg'
import type { TopicChange } from '#sdk/client/topics.ts'
import type { NotebookSummary } from '#sdk/protocol/notebook.ts'
import { registerCommands } from '../app/commands.ts'
import { workspace } from '../app/current.ts'
import { flowRuns, type FlowRunRow } from '../app/flow-runs-store.ts'
import { navigate, pathTo } from '../app/router.ts'
import { confirmDialog } from '../ui/dialog.ts'
import '../ui/empty.ts'
import { icon } from '../ui/icon.ts'
import '../ui/page-header.ts'
import { Signal, Watch } from '../ui/signal.ts'
import { stateMark } from '../ui/state.ts'
import { base } from '../ui/styles.ts'
import { liveNow, timeAgo } from '../ui/time.ts'
import { toast } from '../ui/toasts.ts'

const LABEL = 'flowcell.notebook'
const MAX_RUNS = 5

type Known =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly rows: readonly NotebookSummary[] }
  | { readonly kind: 'refused'; readonly sentence: string }

export class FcNotebooksPage extends LitElement {
  static override properties = {
    params: { attribute: false },
    query: { attribute: false },
    search: { state: true },
    isHeld: { state: true },
  }
  declare params: Readonly<Record<string, string>>
  declare query: URLSearchParams
  declare search: string
  /** A file is held over the page. */
  declare isHeld: boolean
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-height: 80vh;
      }
      :host([data-held]) .drop {
        display: grid;
      }
      .drop {
        position: fixed;
        inset: 0;
        z-index: 20;
        display: none;
        place-items: center;
        border: 3px dashed var(--accent);
        background: color-mix(in oklab, var(--ground) 80%, transparent);
        font-size: var(--text-lg);
        pointer-events: none;
      }
      input {
        min-width: 14rem;
      }
      table {
        max-width: 62rem;
      }
      .panel {
        max-width: 62rem;
        overflow-x: auto;
      }
      td {
        vertical-align: middle;
      }
      tr:first-child th {
        border-top: 0;
      }
      td a {
        font-weight: 550;
      }
      .runs {
        display: inline-flex;
        gap: 6px;
      }
      .runs a {
        color: inherit;
      }
      td:last-child {
        width: 1%;
      }
      .loading {
        color: var(--ink-2);
        animation: appear 0s 250ms both;
      }
      @keyframes appear {
        from {
          visibility: hidden;
        }
      }
      @media (max-width: 600px) {
        .wide {
          display: none;
        }
      }
    `,
  ]

  readonly #known = new Signal<Known>({ kind: 'loading' })
  #stops: (() => void)[] = []

  constructor() {
    super()
    this.params = {}
    this.query = new URLSearchParams()
    this.search = ''
    this.isHeld = false
    new Watch(this, () => [this.#known, flowRuns, liveNow])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const session = workspace()
    this.#stops = [
      session.live.subscribe('notebooks', (change) => this.#hear(change)),
      registerCommands([
        {
          id: 'notebooks.new',
          title: 'New notebook',
          when: 'global',
          group: 'Notebooks',
          isEnabled: () => session.may('editor'),
          run: () => this.#create(),
        },
        {
          id: 'notebooks.import',
          title: 'Import a notebook from a file',
          when: 'global',
          group: 'Notebooks',
          isEnabled: () => session.may('editor'),
          run: () => this.#choose(),
        },
      ]),
    ]
    this.addEventListener('dragover', this.#over)
    this.addEventListener('dragleave', this.#away)
    this.addEventListener('drop', this.#dropped)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const stop of this.#stops.splice(0)) stop()
  }

  override render(): TemplateResult {
    const known = this.#known.value
    const mayEdit = workspace().may('editor')
    this.toggleAttribute('data-held', this.isHeld)
    const rows = known.kind === 'known' ? known.rows : []
    return html`<fc-page-header heading="Notebooks">
        ${
          rows.length > 3 || this.search !== ''
            ? html`<input
                slot="actions"
                type="search"
                placeholder="Search"
                aria-label="Search notebooks"
                .value=${this.search}
                @input=${(event: InputEvent) => (this.search = event.target instanceof HTMLInputElement ? event.target.value : '')}
              />`
            : nothing
        }
        ${
          mayEdit
            ? html`<button slot="actions" @click=${() => this.#choose()}>${icon(fileUp)}Import</button>
                <button slot="actions" class="primary" @click=${() => void this.#create()}>${icon(plus)}New notebook</button>`
            : nothing
        }
      </fc-page-header>
      ${this.#content(known, mayEdit)}
      <div class="drop" aria-hidden="true">Drop the file: it becomes a notebook</div>`
  }

  #content(known: Known, mayEdit: boolean): TemplateResult {
    if (known.kind === 'loading') return html`<p class="loading" role="status">Asking for the notebooks…</p>`
    if (known.kind === 'refused') return html`<p class="trouble" role="alert">${known.sentence}</p>`
    if (known.rows.length === 0) return empty(mayEdit, () => void this.#create())
    const wanted = this.search.trim().toLowerCase()
    const shown = known.rows.filter(({ title }) => (title ?? 'Untitled').toLowerCase().includes(wanted))
    if (shown.length === 0) return html`<p>No notebook is called so.</p>`
    return html`<div class="panel">
      <table>
        <thead>
          <tr>
            <th>Title</th>
            <th class="number wide">Cells</th>
            <th class="wide">Last runs</th>
            <th>Changed</th>
            <th><span class="said-only">Actions</span></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            shown,
            ({ id }) => id,
            (notebook) => this.#row(notebook),
          )}
        </tbody>
      </table>
    </div>`
  }

  #row({ id, title, updated, cell_count: cells }: NotebookSummary): TemplateResult {
    const name = title ?? 'Untitled'
    const runs = flowRuns.value.rows.filter(({ labels }) => labels[LABEL] === id).slice(0, MAX_RUNS)
    return html`<tr>
      <td><a class="plain" href=${pathTo(`/notebooks/notebook/${id}`)}>${name}</a></td>
      <td class="number wide">${cells}</td>
      <td class="wide">${lastRuns(runs)}</td>
      <td>${timeAgo(updated)}</td>
      <td>
        ${
          workspace().may('owner')
            ? html`<button class="quiet icon-only" aria-label="Delete ${name}" title="Delete" @click=${() => void this.#remove(id, name)}>
                ${icon(trash)}
              </button>`
            : nothing
        }
      </td>
    </tr>`
  }

  #hear(change: TopicChange): void {
    if (change.type === 'refused') {
      if (this.#known.value.kind !== 'known') this.#known.value = { kind: 'refused', sentence: change.failure.detail }
      return
    }
    const before = change.type === 'reset' || this.#known.value.kind !== 'known' ? [] : this.#known.value.rows
    const { notebooks = [], deleted = [] } = change.type === 'reset' ? change.snapshot : change.patch
    const byId = new Map<string, NotebookSummary>([...before, ...notebooks].map((notebook) => [notebook.id, notebook]))
    for (const id of deleted) byId.delete(id)
    this.#known.value = { kind: 'known', rows: [...byId.values()].sort((a, b) => (a.updated < b.updated ? 1 : -1)) }
  }

  async #create(): Promise<void> {
    const made = await workspace().call('notebooks.create', { body: {} })
    navigate(`/notebooks/notebook/${made.id}`)
  }

  #choose(): void {
    void import('./import-file.ts').then(({ chooseAndImport }) => chooseAndImport(workspace()))
  }

  async #remove(id: NotebookSummary['id'], name: string): Promise<void> {
    const text = `“${name}” and what its cells show are gone for good. Runs that it has made stay.`
    if (!(await confirmDialog({ heading: 'Delete this notebook?', text, action: 'Delete it', isDanger: true }))) return
    await workspace().call('notebooks.delete', { params: { id } })
    toast({ text: `“${name}” was deleted.` })
  }

  readonly #over = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files') !== true || !workspace().may('editor')) return
    event.preventDefault()
    this.isHeld = true
  }

  readonly #away = (event: DragEvent): void => {
    if (event.relatedTarget === null || !this.contains(event.relatedTarget instanceof Node ? event.relatedTarget : null))
      this.isHeld = false
  }

  readonly #dropped = (event: DragEvent): void => {
    this.isHeld = false
    const files = [...(event.dataTransfer?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    void import('./import-file.ts').then(async ({ importFile }) => {
      for (const file of files) await importFile(workspace(), file)
    })
  }
}

function lastRuns(runs: readonly FlowRunRow[]): TemplateResult {
  if (runs.length === 0) return html`<span class="faint">–</span>`
  return html`<span class="runs"
    >${runs.map(
      (run) =>
        html`<a href=${pathTo(`/runs/flow-run/${run.id}`)} aria-label="${run.name}, ${run.state_name ?? ''}" title=${run.name}
          >${stateMark(run.state_type, run.state_name)}</a
        >`,
    )}</span
  >`
}

function empty(mayEdit: boolean, create: () => void): TemplateResult {
  return html`<fc-empty heading="No notebooks yet">
    A notebook is cells of TypeScript and text. Functions in it become flows with retries and a full record of every run.
    <pre slot="example">
import { flow } from 'flowcell'

const hello = flow(async function hello(name: string) {
  console.log('Hello', name)
})
await hello('world')</pre>
    ${mayEdit ? html`<button slot="action" class="primary" @click=${create}>New notebook</button>` : nothing}
  </fc-empty>`
}

customElements.define('fc-notebooks-page', FcNotebooksPage)
