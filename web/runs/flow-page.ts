/** `<fc-flow-page>`: one flow: its runs over time with filters, its parameters, the notebooks that its runs came from. */
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import trash from 'lucide-static/icons/trash-2.svg'
import type { FlowOutput } from '#sdk/protocol/flow.ts'
import { workspace } from '../app/current.ts'
import { flowRuns } from '../app/flow-runs-store.ts'
import { PageElement } from '../app/page.ts'
import { navigate, pathTo, place, setQuery } from '../app/router.ts'
import { confirmDialog } from '../ui/dialog.ts'
import { icon } from '../ui/icon.ts'
import { Signal, Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { timeAgo } from '../ui/time.ts'
import '../ui/page-header.ts'
import '../ui/tabs.ts'
import { toast } from '../ui/toasts.ts'
import './filter-bar.ts'
import { noRecord } from './no-record.ts'
import { parametersTable } from './parameters-table.ts'
import { LOADING, read, type Reading } from './reading.ts'
import { filtersOf, queryOf, type RunFilters } from './run-filters.ts'
import { notebookOf } from './run-words.ts'
import './runs-view.ts'
import { runStyles } from './styles.ts'

const WORDS = {
  title: 'Flow',
  why: 'It may have been deleted, or the address is of another workspace.',
  all: { path: '/flows', words: 'To all flows' },
}

export class FcFlowPage extends PageElement {
  readonly #reading = new Signal<Reading<FlowOutput>>(LOADING)
  #filters: { readonly text: string; readonly value: RunFilters } | undefined
  static override styles = [
    base,
    runStyles,
    css`
      fc-filter-bar {
        margin: var(--space-3) 0;
      }
      .from {
        margin-bottom: var(--space-2);
        color: var(--ink-2);
        font-size: var(--text-sm);
      }
    `,
  ]

  constructor() {
    super()
    new Watch(this, () => [this.#reading, flowRuns, workspace().role])
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('params')) void this.#read()
  }

  async #read(): Promise<void> {
    const id = this.params['id'] ?? ''
    this.#reading.value = LOADING
    const reading = await read(() => workspace().call('flows.read', { params: { id } }))
    if (id === this.params['id']) this.#reading.value = reading
  }

  protected override render(): TemplateResult {
    const reading = this.#reading.value
    return reading.is === 'here' ? this.#page(reading.record) : noRecord(reading, WORDS, () => void this.#read())
  }

  #page(flow: FlowOutput): TemplateResult {
    const tab = this.query.get('tab') ?? 'runs'
    const tabs = [
      { id: 'runs', title: 'Runs' },
      { id: 'parameters', title: 'Parameters' },
    ]
    return html`
      <fc-page-header heading=${flow.name}>
        <span slot="before"><a class="plain" href=${pathTo('/flows')}>Flows</a> /</span>
        <span slot="after">${flow.tags.map((tag) => html`<span class="tag">${tag}</span> `)}</span>
        ${
          workspace().may('owner')
            ? html`<button slot="actions" class="danger" @click=${() => void this.#delete(flow)}>${icon(trash)}Delete</button>`
            : nothing
        }
      </fc-page-header>
      ${this.#cameFrom(flow)}
      <fc-tabs
        label="Flow"
        .tabs=${tabs}
        selected=${tab}
        @select=${({ detail }: CustomEvent<string>) => setQuery({ tab: detail === 'runs' ? null : detail })}
      >
        ${tab === 'parameters' ? html`<div class="body">${parametersTable(flow.parameter_openapi_schema)}</div>` : this.#runs(flow)}
      </fc-tabs>
    `
  }

  /** Notebooks that its newest runs name. */
  #cameFrom(flow: FlowOutput): TemplateResult {
    const links = new Map<string, string | undefined>()
    for (const run of flowRuns.value.rows) {
      const link = run.flow_id === flow.id ? notebookOf(run.labels) : undefined
      if (link !== undefined && !links.has(link.notebook)) links.set(link.notebook, link.cell)
    }
    return html`<p class="from">
      Made
      ${timeAgo(flow.created)}${[...links].map(
        ([notebook, cell]) =>
          html`, its runs come from
            <a href=${pathTo(`/notebooks/notebook/${notebook}${cell === undefined ? '' : `?cell=${cell}`}`)}>a notebook's cell</a>`,
      )}
    </p>`
  }

  #runs(flow: FlowOutput): TemplateResult {
    const text = this.query.toString()
    if (this.#filters?.text !== text) this.#filters = { text, value: filtersOf(this.query) }
    const filters = this.#filters.value
    const set = ({ detail }: CustomEvent<RunFilters>): void => {
      const query = queryOf(detail).toString()
      navigate(place.value.path + (query === '' ? '' : `?${query}`))
    }
    return html`<fc-filter-bar noFlows .filters=${filters} @fc-filters=${set}></fc-filter-bar>
      <fc-runs-view flow=${flow.id} .filters=${filters} @fc-filters=${set}></fc-runs-view>`
  }

  async #delete({ id, name }: FlowOutput): Promise<void> {
    const text = 'All its runs, their task runs and logs go with it. This cannot be undone.'
    if (!(await confirmDialog({ heading: `Delete the flow ${name}?`, text, action: 'Delete flow and runs', isDanger: true }))) return
    await workspace().call('flows.delete', { params: { id } })
    toast({ text: `${name} was deleted with its runs.` })
    navigate('/flows')
  }
}
customElements.define('fc-flow-page', FcFlowPage)
