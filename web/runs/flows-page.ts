/** `<fc-flows-page>`: all flows with their newest runs. Search and order live in the address. */
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { FlowOutput } from '#sdk/protocol/flow.ts'
import { MAX_PAGE } from '#sdk/protocol/limits.ts'
import type { RecentRun } from '#sdk/protocol/overviews.ts'
import { workspace } from '../app/current.ts'
import { flowRuns } from '../app/flow-runs-store.ts'
import { PageElement } from '../app/page.ts'
import { pathTo, setQuery } from '../app/router.ts'
import '../ui/bars.ts'
import '../ui/command-line.ts'
import '../ui/empty.ts'
import { MoreInSight } from '../ui/more-in-sight.ts'
import '../ui/page-header.ts'
import { Watch } from '../ui/signal.ts'
import { stateBadge } from '../ui/state.ts'
import { base } from '../ui/styles.ts'
import { timeAgo } from '../ui/time.ts'
import { FlowList, flowsFor, type FlowOrder, type Flows, type FlowSource } from './flow-list.ts'
import { listTrouble } from './list-trouble.ts'
import { barsOfRuns } from './run-bars.ts'
import { listStyles, runStyles } from './styles.ts'

/** Flows that are drawn at first, and so many more whenever the end is in sight. */
const PAGE = 100

const source: FlowSource = {
  page: (offset) => workspace().call('flows.filter', { body: { sort: 'NAME_ASC', limit: MAX_PAGE, offset } }),
  byId: (ids) => workspace().call('flows.filter', { body: { flows: { id: { any_: [...ids] } }, limit: MAX_PAGE } }),
  recent: (ids, limit) => workspace().call('flows.recent_runs', { body: { flow_ids: [...ids], limit } }),
}

export class FcFlowsPage extends PageElement {
  static override properties = { ...PageElement.properties, count: { state: true } }
  /** Rows that are drawn. */
  declare count: number
  readonly #list = new FlowList(source)
  #stop: (() => void) | undefined
  /** Those that are searched for, in order. */
  #found: readonly FlowOutput[] = []
  static override styles = [
    base,
    runStyles,
    listStyles,
    css`
      fc-bars {
        --bars-height: 30px;
        --bars-width: 7px;
        --bars-gap: 2px;
        width: 14rem;
        max-width: 100%;
      }
      th button {
        min-height: 0;
        padding: 0;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-bottom: var(--space-3);
      }
      .list td {
        vertical-align: middle;
      }
      .list tbody tr {
        contain-intrinsic-height: 44px;
        content-visibility: visible;
      }
      .list {
        overflow: visible;
      }
    `,
  ]

  constructor() {
    super()
    this.count = PAGE
    new Watch(this, () => [this.#list.flows, this.#list.trouble])
    new MoreInSight(this, () => (this.count += PAGE))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#list.read()
    this.#stop = flowRuns.subscribe(() => this.#hear())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stop?.()
  }

  #hear(): void {
    const { rows, isKnown } = flowRuns.value
    if (isKnown) this.#list.hear(rows)
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('query')) this.count = PAGE
    const flows = this.#list.flows.value
    if (flows === undefined) return
    this.#found = flowsFor(flows, this.#text, this.#order)
    this.#list.show(this.#found.slice(0, this.count))
  }

  get #text(): string {
    return this.query.get('search') ?? ''
  }

  get #order(): FlowOrder {
    return this.query.get('sort') === 'name' ? 'name' : 'last'
  }

  protected override render(): TemplateResult {
    const flows = this.#list.flows.value
    const trouble = this.#list.trouble.value
    return html`<fc-page-header heading="Flows"></fc-page-header>
      ${trouble === undefined ? nothing : listTrouble(trouble, () => void this.#list.read())}
      ${flows === undefined ? nothing : flows.flows.length === 0 ? empty() : this.#table(flows)}`
  }

  #table(all: Flows): TemplateResult {
    const found = this.#found
    const shown = found.slice(0, this.count)
    const order = this.#order
    return html`
      <div class="tools">
        <input
          type="search"
          placeholder="Search flows"
          aria-label="Search flows by name or tag"
          .value=${this.#text}
          @input=${(event: Event) => event.currentTarget instanceof HTMLInputElement && setQuery({ search: event.currentTarget.value || null })}
        />
        <span class="quiet" role="status">${found.length === all.flows.length ? nothing : `${found.length} of ${all.flows.length}`}</span>
      </div>
      <div class="panel list">
        <table aria-label="Flows">
          <thead>
            <tr>
              <th aria-sort=${order === 'name' ? 'ascending' : 'none'}><button @click=${() => setQuery({ sort: 'name' })}>Flow</button></th>
              <th aria-sort=${order === 'last' ? 'descending' : 'none'}>
                <button @click=${() => setQuery({ sort: null })}>Last run</button>
              </th>
              <th>State</th>
              <th>Next run</th>
              <th>Newest runs</th>
              <th>Tags</th>
            </tr>
          </thead>
          <tbody>
            ${repeat(
              shown,
              ({ id }) => id,
              (flow) => row(flow, all.recent.get(flow.id) ?? []),
            )}
          </tbody>
        </table>
      </div>
      ${shown.length === found.length ? nothing : html`<p class="more"><button @click=${() => (this.count += PAGE)}>More flows</button></p>`}
    `
  }
}

function row(flow: FlowOutput, runs: readonly RecentRun[]): TemplateResult {
  const [last] = runs
  const bars = barsOfRuns(
    runs.toReversed().map((run) => ({ ...run, seconds: run.start_time === null ? undefined : run.run_time / 1_000_000 })),
    (id) => pathTo(`/runs/flow-run/${id}`),
  )
  return html`<tr>
    <td><a class="plain" href=${pathTo(`/flows/flow/${flow.id}`)}>${flow.name}</a></td>
    <td>
      ${
        last === undefined
          ? html`<span class="faint">never ran</span>`
          : html`<a class="plain" href=${pathTo(`/runs/flow-run/${last.id}`)}>${last.name}</a>
              ${timeAgo((last.start_time ?? last.created) / 1_000)}`
      }
    </td>
    <td>${last === undefined ? nothing : stateBadge(last.state_type, last.state_name)}</td>
    <td class="faint unsaid">none</td>
    <td>${bars.length === 0 ? nothing : html`<fc-bars label="Newest runs of ${flow.name}, oldest first" .bars=${bars}></fc-bars>`}</td>
    <td class="tagged">${flow.tags.map((tag) => html`<span class="tag">${tag}</span> `)}</td>
  </tr>`
}

const empty = (): TemplateResult =>
  html`<fc-empty heading="No flow yet">
    A flow is a TypeScript function wrapped in flow(). It is known here from its first run on.
    <fc-command-line slot="example" text="npx node examples/seeds/000-getting-started.ts"></fc-command-line>
    <a slot="action" class="button primary" href=${pathTo('/notebooks')}>Open a notebook</a>
  </fc-empty>`

customElements.define('fc-flows-page', FcFlowsPage)
