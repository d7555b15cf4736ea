/** `<fc-flows-page>`: all flows with their newest runs. Search and order live in the address. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { FlowOutput } from '#sdk/protocol/flow.ts'
import { MAX_PAGE, MAX_SNAPSHOT_RUNS } from '#sdk/protocol/limits.ts'
import type { RecentRun } from '#sdk/protocol/overviews.ts'
import { workspace } from '../app/current.ts'
import { flowRuns, type FlowRunRow } from '../app/flow-runs-store.ts'
import { pathTo, setQuery } from '../app/router.ts'
import '../ui/bars.ts'
import '../ui/command-line.ts'
import '../ui/empty.ts'
import '../ui/page-header.ts'
import { Signal, Watch } from '../ui/signal.ts'
import { stateBadge } from '../ui/state.ts'
import { base } from '../ui/styles.ts'
import { timeAgo } from '../ui/time.ts'
import { instantOf, instantOrNull } from './instant.ts'
import { barsOfRuns } from './run-bars.ts'
import { listStyles, runStyles } from './styles.ts'

const BARS = 24

interface Loaded {
  readonly flows: readonly FlowOutput[]
  readonly recent: ReadonlyMap<string, readonly RecentRun[]>
}

export class FcFlowsPage extends LitElement {
  static override properties = { params: { attribute: false }, query: { attribute: false } }
  declare params: Readonly<Record<string, string>>
  declare query: URLSearchParams
  readonly #loaded = new Signal<Loaded | undefined>(undefined)
  readonly #trouble = new Signal<string | undefined>(undefined)
  #isReading = false
  #stop: (() => void) | undefined
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
    this.params = {}
    this.query = new URLSearchParams()
    new Watch(this, () => [this.#loaded, this.#trouble])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#read()
    this.#stop = flowRuns.subscribe(() => this.#hear())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stop?.()
  }

  /** All flows, page by page, and the newest runs of each: two questions for 200 flows. */
  async #read(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      const call = workspace().call
      const flows: FlowOutput[] = []
      const recent = new Map<string, readonly RecentRun[]>()
      for (;;) {
        const page = await call('flows.filter', { body: { sort: 'NAME_ASC', limit: MAX_PAGE, offset: flows.length } })
        flows.push(...page)
        const answers =
          page.length === 0 ? [] : await call('flows.recent_runs', { body: { flow_ids: page.map(({ id }) => id), limit: BARS } })
        for (const { flow_id, runs } of answers) recent.set(flow_id, runs)
        this.#loaded.value = { flows: [...flows], recent: new Map(recent) }
        if (page.length < MAX_PAGE) break
      }
      this.#trouble.value = undefined
    } catch (error) {
      this.#trouble.value = error instanceof Error ? error.message : String(error)
    }
    this.#isReading = false
  }

  /** Runs that are heard of take their place among the newest of their flow; a flow that is not here yet makes the page read again. */
  #hear(): void {
    const loaded = this.#loaded.value
    const { rows, isKnown } = flowRuns.value
    if (loaded === undefined || !isKnown) return
    const known = new Set<string>(loaded.flows.map(({ id }) => id))
    if (rows.some(({ flow_id }) => !known.has(flow_id))) return void this.#read()
    const recent = new Map(loaded.recent)
    // Fewer than a snapshot holds are all that there are.
    const oldest = rows.length < MAX_SNAPSHOT_RUNS ? '' : (rows.at(-1)?.id ?? '')
    const here = new Set<string>(rows.map(({ id }) => id))
    for (const [flow, heard] of Map.groupBy(rows, ({ flow_id }) => flow_id)) {
      const kept = (recent.get(flow) ?? []).filter(({ id }) => !here.has(id) && id < oldest)
      recent.set(flow, [...heard.map(recentRunOf), ...kept].slice(0, BARS))
    }
    for (const { id } of loaded.flows) {
      if (!rows.some(({ flow_id }) => flow_id === id))
        recent.set(
          id,
          (recent.get(id) ?? []).filter((run) => run.id < oldest),
        )
    }
    this.#loaded.value = { flows: loaded.flows, recent }
  }

  protected override render(): TemplateResult {
    const loaded = this.#loaded.value
    const trouble = this.#trouble.value
    return html`<fc-page-header heading="Flows"></fc-page-header>
      ${trouble === undefined ? nothing : html`<p class="trouble" role="alert">${trouble} <button @click=${() => void this.#read()}>Try again</button></p>`}
      ${loaded === undefined ? nothing : loaded.flows.length === 0 ? empty() : this.#list(loaded)}`
  }

  #list({ flows, recent }: Loaded): TemplateResult {
    const search = (this.query.get('search') ?? '').toLowerCase()
    const sort = this.query.get('sort') === 'name' ? 'name' : 'last'
    const newest = (flow: FlowOutput): number => recent.get(flow.id)?.[0]?.created ?? instantOf(flow.created)
    const shown = flows
      .filter(({ name, tags }) => name.toLowerCase().includes(search) || tags.some((tag) => tag.toLowerCase().includes(search)))
      .sort((a, b) => (sort === 'name' ? a.name.localeCompare(b.name) : newest(b) - newest(a)))
    return html`
      <div class="tools">
        <input
          type="search"
          placeholder="Search flows"
          aria-label="Search flows by name or tag"
          .value=${this.query.get('search') ?? ''}
          @input=${(event: Event) => event.currentTarget instanceof HTMLInputElement && setQuery({ search: event.currentTarget.value || null })}
        />
        <span class="quiet" role="status">${shown.length === flows.length ? nothing : `${shown.length} of ${flows.length}`}</span>
      </div>
      <div class="panel list">
        <table aria-label="Flows">
          <thead>
            <tr>
              <th aria-sort=${sort === 'name' ? 'ascending' : 'none'}><button @click=${() => setQuery({ sort: 'name' })}>Flow</button></th>
              <th aria-sort=${sort === 'last' ? 'descending' : 'none'}>
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
              (flow) => this.#row(flow, recent.get(flow.id) ?? []),
            )}
          </tbody>
        </table>
      </div>
    `
  }

  #row(flow: FlowOutput, runs: readonly RecentRun[]): TemplateResult {
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
}

function recentRunOf(run: FlowRunRow): RecentRun {
  return {
    id: run.id,
    name: run.name,
    state_type: run.state_type ?? 'PENDING',
    state_name: run.state_name ?? 'Pending',
    created: instantOf(run.created),
    expected_start_time: instantOrNull(run.expected_start_time),
    start_time: instantOrNull(run.start_time),
    end_time: instantOrNull(run.end_time),
    run_time: Math.round(Math.max(run.total_run_time, run.estimated_run_time) * 1_000_000),
  }
}

const empty = (): TemplateResult =>
  html`<fc-empty heading="No flow yet">
    A flow is a TypeScript function wrapped in flow(). It is known here from its first run on.
    <fc-command-line slot="example" text="npx node examples/seeds/000-getting-started.ts"></fc-command-line>
    <a slot="action" class="button primary" href=${pathTo('/notebooks')}>Open a notebook</a>
  </fc-empty>`

customElements.define('fc-flows-page', FcFlowsPage)
