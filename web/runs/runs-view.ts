/**
 * `<fc-runs-view .filters .flow>`: bars, figures and a live list of flow runs; the page of all runs has it, and the page of one flow.
 * Emits `fc-filters` when a figure or a bar asks for other filters.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import ban from 'lucide-static/icons/ban.svg'
import trash from 'lucide-static/icons/trash-2.svg'
import { isTerminal } from '#sdk/protocol/state-types.ts'
import type { FlowRunOutput } from '#sdk/protocol/flow-run.ts'
import { MAX_SNAPSHOT_RUNS } from '#sdk/protocol/limits.ts'
import type { StateCount } from '#sdk/protocol/overviews.ts'
import { workspace } from '../app/current.ts'
import { flowRuns } from '../app/flow-runs-store.ts'
import { pathTo } from '../app/router.ts'
import '../ui/bars.ts'
import '../ui/empty.ts'
import '../ui/command-line.ts'
import { icon } from '../ui/icon.ts'
import { Signal, Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { liveNow } from '../ui/time.ts'
import { Ticking } from './fast-clock.ts'
import { cancelRuns, deleteRuns, type BulkOutcome } from './run-actions.ts'
import { axisWords, barsOfHistory, barsOfRuns } from './run-bars.ts'
import { askedOf, matches, queryOf, NO_FILTERS, type RunFilters } from './run-filters.ts'
import { RunList } from './run-list.ts'
import { RunOverview, type Overview } from './run-overview.ts'
import { flowRunRow } from './run-table.ts'
import { ranSeconds } from './run-words.ts'
import { statsLine } from './stats-line.ts'
import { listStyles, runStyles } from './styles.ts'

const PAGE = 100
/** As many runs have a bar each. */
const MAX_RUN_BARS = 100
const TASK_STATES_REST_MS = 1_000

export class FcRunsView extends LitElement {
  static override properties = { filters: { attribute: false }, flow: {}, outcomes: { state: true } }
  declare filters: RunFilters
  /** Id of the one flow whose runs are shown. */
  declare flow: string | undefined
  declare outcomes: readonly BulkOutcome[]
  readonly #list = new RunList<FlowRunOutput>()
  readonly #overview = new RunOverview('flow_runs')
  readonly #taskStates = new Signal<ReadonlyMap<string, readonly StateCount[]>>(new Map())
  readonly #chosen = new Set<string>()
  readonly #ticking = new Ticking()
  #lastChosen: string | undefined
  #asked = new Map<string, string | null>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #isBusy = false
  readonly #more = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && void this.#list.more())
  #stopHearing: (() => void) | undefined
  static override styles = [base, runStyles, listStyles]

  constructor() {
    super()
    this.filters = NO_FILTERS
    this.outcomes = []
    new Watch(this, () => [this.#list.state, this.#overview.value, this.#taskStates, workspace().role])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stopHearing = flowRuns.subscribe(() => this.#hear())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stopHearing?.()
    this.#ticking.end()
    this.#overview.end()
    this.#more.disconnect()
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('filters') || changed.has('flow')) this.#show()
    const { rows } = this.#list.state.value
    this.#ticking.set(
      rows.some(({ state_type }) => state_type !== null && !isTerminal(state_type)),
      liveNow,
      () => this.requestUpdate(),
    )
    this.#readTaskStates(rows)
  }

  #show(): void {
    const { filters, flow } = this
    this.#chosen.clear()
    const { flows, runs } = askedOf(filters, Date.now() * 1_000)
    const scope = flow === undefined ? flows : { id: { any_: [flow] } }
    const body = { ...(scope !== undefined && { flows: scope }), flow_runs: runs, sort: 'ID_DESC' as const, limit: PAGE }
    void this.#list.show({
      pageSize: PAGE,
      page: (cursor) => workspace().call('flow_runs.filter', { body: { ...body, ...(cursor !== undefined && { cursor }) } }),
      matches: (run) => (flow === undefined || run.flow_id === flow) && matches(run, filters, Date.now() * 1_000),
    })
    this.#overview.show(filters, flow).catch(() => undefined) // the list says what is wrong
  }

  #hear(): void {
    const { rows, isKnown } = flowRuns.value
    if (!isKnown) return
    const here = new Set<string>(rows.map(({ id }) => id))
    // Fewer than a snapshot holds are all that there are.
    const oldest = rows.length < MAX_SNAPSHOT_RUNS ? '' : (rows.at(-1)?.id ?? '')
    this.#list.hear(rows, ({ id }) => id >= oldest && !here.has(id))
    this.#overview.touch()
  }

  /** Of rows that are new, or whose run is in another state than when it was asked about. */
  #readTaskStates(rows: readonly FlowRunOutput[]): void {
    const wanted = rows.filter(({ id, state_id }) => this.#asked.get(id) !== state_id)
    if (wanted.length === 0 || this.#timer !== undefined) return
    const isFirst = this.#asked.size === 0
    this.#timer = setTimeout(() => void this.#askTaskStates(), isFirst ? 0 : TASK_STATES_REST_MS)
  }

  async #askTaskStates(): Promise<void> {
    const wanted = this.#list.state.value.rows.filter(({ id, state_id }) => this.#asked.get(id) !== state_id).slice(0, 200)
    for (const { id, state_id } of wanted) this.#asked.set(id, state_id)
    const answers = await workspace()
      .call('flow_runs.task_states', { body: { flow_run_ids: wanted.map(({ id }) => id) } })
      .catch(() => []) // rows without their bar are better than a notice for each
    const known = new Map(this.#taskStates.value)
    for (const { flow_run_id, states } of answers) known.set(flow_run_id, states)
    this.#timer = undefined
    this.#taskStates.value = known
    this.requestUpdate()
  }

  protected override render(): TemplateResult {
    const { rows, isLoading, hasMore, trouble } = this.#list.state.value
    const overview = this.#overview.value.value
    const now = Date.now() * 1_000
    if (trouble !== undefined && rows.length === 0)
      return html`<div class="empty" role="alert">
        <p class="trouble">${trouble}</p>
        <button @click=${() => this.#show()}>Try again</button>
      </div>`
    return html`
      ${overview === undefined || overview.count === 0 ? nothing : this.#bars(overview, rows, hasMore)}
      ${overview === undefined ? nothing : statsLine(overview.stats, this.filters.states, (id) => this.#toggleState(id))} ${this.#bulk()}
      ${rows.length === 0 && !isLoading ? this.#empty() : rows.length === 0 ? nothing : this.#table(rows, now)}
      ${hasMore ? html`<p class="more"><button @click=${() => void this.#list.more()}>Older flow runs</button></p>` : nothing}
    `
  }

  #bars({ window, history }: Overview, rows: readonly FlowRunOutput[], hasMore: boolean): TemplateResult {
    const isEach = rows.length <= MAX_RUN_BARS && !hasMore
    const href = (from: string, to: string): string => {
      const range = { is: 'between', from: Date.parse(from) * 1_000, to: Date.parse(to) * 1_000 } as const
      return `?${queryOf({ ...this.filters, range }).toString()}`
    }
    const now = Date.now() * 1_000
    const bars = isEach
      ? barsOfRuns(
          rows.toReversed().map((run) => ({ ...run, seconds: ranSeconds(run, now) })),
          (id) => pathTo(`/runs/flow-run/${id}`),
        )
      : barsOfHistory(history, href)
    const words = isEach ? 'Flow runs, oldest first; higher bars took longer' : 'Flow runs over time; higher bars are more runs'
    return html`<div class="panel bars">
      <fc-bars label=${words} .bars=${bars}></fc-bars>
      ${
        isEach
          ? html`<p class="axis">Each bar is a flow run, oldest first; higher took longer.</p>`
          : html`<div class="axis" aria-hidden="true">${axisWords(window).map((word) => html`<span>${word}</span>`)}</div>`
      }
    </div>`
  }

  #table(rows: readonly FlowRunOutput[], now: number): TemplateResult {
    const all = rows.every(({ id }) => this.#chosen.has(id))
    const choice = workspace().may('editor')
      ? { chosen: this.#chosen, toggle: (id: string, isRange: boolean) => this.#choose(id, isRange) }
      : undefined
    return html`<div class="panel list">
      <table aria-label="Flow runs">
        <thead>
          <tr>
            ${
              choice === undefined
                ? nothing
                : html`<th class="choose">
                    <input type="checkbox" aria-label="Choose all ${rows.length}" .checked=${all} @click=${() => this.#chooseAll(!all)} />
                  </th>`
            }
            <th>Run</th>
            <th>State</th>
            <th class="number">Started</th>
            <th class="number">Duration</th>
            <th>Task runs</th>
            <th>Tags</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            rows,
            ({ id }) => id,
            (run) => flowRunRow(run, this.#taskStates.value.get(run.id), choice, now),
          )}
        </tbody>
      </table>
    </div>`
  }

  #bulk(): TemplateResult | typeof nothing {
    const chosen = this.#list.state.value.rows.filter(({ id }) => this.#chosen.has(id))
    const failed = this.outcomes.filter(({ isDone }) => !isDone)
    return html`
      ${
        chosen.length === 0
          ? nothing
          : html`<div class="bulk" role="toolbar" aria-label="Chosen flow runs">
              <span role="status">${chosen.length} chosen</span>
              <button ?disabled=${this.#isBusy} @click=${() => void this.#act(() => cancelRuns(chosen))}>${icon(ban)}Cancel</button>
              ${
                workspace().may('owner')
                  ? html`<button class="danger" ?disabled=${this.#isBusy} @click=${() => void this.#act(() => this.#delete(chosen))}>
                      ${icon(trash)}Delete
                    </button>`
                  : nothing
              }
              <button class="quiet" @click=${() => this.#chooseAll(false)}>Choose none</button>
            </div>`
      }
      ${
        this.outcomes.length === 0
          ? nothing
          : html`<div class="outcomes" role="status">
              <p>
                ${this.outcomes.length - failed.length} of ${this.outcomes.length} done${failed.length === 0 ? '.' : ':'}
                <button class="quiet" @click=${() => (this.outcomes = [])}>Close</button>
              </p>
              <ul>
                ${(failed.length === 0 ? this.outcomes : failed).slice(0, 20).map(({ name, words }) => html`<li><b>${name}</b> ${words}</li>`)}
              </ul>
            </div>`
      }
    `
  }

  async #act(act: () => Promise<readonly BulkOutcome[] | undefined>): Promise<void> {
    this.#isBusy = true
    this.requestUpdate()
    try {
      const outcomes = await act()
      if (outcomes === undefined) return
      this.outcomes = outcomes
      for (const { id, isDone } of outcomes) if (isDone) this.#chosen.delete(id)
    } finally {
      this.#isBusy = false
      this.requestUpdate()
    }
  }

  async #delete(chosen: readonly FlowRunOutput[]): Promise<readonly BulkOutcome[] | undefined> {
    const outcomes = await deleteRuns(chosen)
    const gone = new Set(outcomes?.map(({ id }) => id))
    this.#list.hear([], ({ id }) => gone.has(id))
    return outcomes
  }

  #choose(id: string, isRange: boolean): void {
    const { rows } = this.#list.state.value
    const [a, b] = [rows.findIndex((row) => row.id === this.#lastChosen), rows.findIndex((row) => row.id === id)]
    if (isRange && a >= 0 && b >= 0) for (const row of rows.slice(Math.min(a, b), Math.max(a, b) + 1)) this.#chosen.add(row.id)
    else if (!this.#chosen.delete(id)) this.#chosen.add(id)
    this.#lastChosen = id
    this.requestUpdate()
  }

  #chooseAll(isAll: boolean): void {
    this.#chosen.clear()
    if (isAll) for (const { id } of this.#list.state.value.rows) this.#chosen.add(id)
    this.requestUpdate()
  }

  #toggleState(id: string): void {
    const { states } = this.filters
    this.#emit({ ...this.filters, states: states.includes(id) ? states.filter((other) => other !== id) : [...states, id] })
  }

  #emit(filters: RunFilters): void {
    this.dispatchEvent(new CustomEvent<RunFilters>('fc-filters', { detail: filters }))
  }

  #empty(): TemplateResult {
    const { states, flows, tags, name, range } = this.filters
    const isFiltered = states.length + flows.length + tags.length > 0 || name !== ''
    if (isFiltered || flowRuns.value.rows.length > 0) {
      return html`<fc-empty heading="No flow run is like that">
        ${isFiltered ? 'Take a filter away, or look at a longer time.' : 'Nothing ran in that time.'}
        ${
          range.is === 'last' && range.hours >= 720
            ? nothing
            : html`<button slot="action" @click=${() => this.#emit({ ...NO_FILTERS, range: { is: 'last', hours: 720 } })}>
                Show the last 30 days
              </button>`
        }
      </fc-empty>`
    }
    return html`<fc-empty heading="No flow has run yet">
      A flow is a function wrapped in flow(); each call is a flow run, with its states, task runs and log here.
      <fc-command-line slot="example" text="npx node examples/seeds/000-getting-started.ts"></fc-command-line>
      <a slot="action" class="button primary" href=${pathTo('/notebooks')}>Open a notebook</a>
    </fc-empty>`
  }

  protected override updated(): void {
    this.#more.disconnect()
    const end = this.renderRoot.querySelector('.more')
    if (end !== null) this.#more.observe(end)
  }
}
customElements.define('fc-runs-view', FcRunsView)
