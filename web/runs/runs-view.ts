/**
 * `<fc-runs-view .filters .flow>`: bars, figures and a live list of flow runs; the page of all runs has it, and the page of one flow.
 * Emits `fc-filters` when a figure or a bar asks for other filters.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { isTerminal } from '#sdk/protocol/state-types.ts'
import type { FlowRunOutput } from '#sdk/protocol/flow-run.ts'
import { workspace } from '../app/current.ts'
import { flowRuns } from '../app/flow-runs-store.ts'
import { pathTo } from '../app/router.ts'
import '../ui/command-line.ts'
import '../ui/empty.ts'
import { MoreInSight } from '../ui/more-in-sight.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { liveNow } from '../ui/time.ts'
import { bulkBar, bulkOutcomes } from './bulk-bar.ts'
import { Ticking } from './fast-clock.ts'
import { listTrouble } from './list-trouble.ts'
import { newestKnown } from './newest-known.ts'
import { overviewPanel } from './overview-panel.ts'
import { cancelRuns, deleteRuns, type BulkOutcome } from './run-actions.ts'
import { askedOf, isFiltered, matches, NO_FILTERS, type RunFilters } from './run-filters.ts'
import { RunList } from './run-list.ts'
import { RunOverview } from './run-overview.ts'
import { flowRunRow, type Choice } from './run-table.ts'
import { Selection } from './selection.ts'
import { listStyles, runStyles } from './styles.ts'
import { TaskStatesOfRuns } from './task-states.ts'

const PAGE = 100
const WORDS = { title: 'Flow run', path: '/runs/flow-run' } as const
const MONTH_HOURS = 720

export class FcRunsView extends LitElement {
  static override properties = { filters: { attribute: false }, flow: {}, outcomes: { state: true }, isBusy: { state: true } }
  declare filters: RunFilters
  /** Id of the one flow whose runs are shown. */
  declare flow: string | undefined
  declare outcomes: readonly BulkOutcome[]
  declare isBusy: boolean
  readonly #list = new RunList<FlowRunOutput>()
  readonly #overview = new RunOverview('flow_runs')
  readonly #taskStates = new TaskStatesOfRuns((ids) => workspace().call('flow_runs.task_states', { body: { flow_run_ids: [...ids] } }))
  readonly #selection = new Selection()
  readonly #ticking = new Ticking()
  #stopHearing: (() => void) | undefined
  static override styles = [base, runStyles, listStyles]

  constructor() {
    super()
    this.filters = NO_FILTERS
    this.outcomes = []
    this.isBusy = false
    new Watch(this, () => [this.#list.state, this.#overview.value, this.#taskStates.states, workspace().role])
    new MoreInSight(this, () => void this.#list.more())
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
    this.#taskStates.end()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('filters') || changed.has('flow')) this.#show()
    const { rows } = this.#list.state.value
    this.#ticking.set(
      rows.some(({ state_type }) => state_type !== null && !isTerminal(state_type)),
      liveNow,
      () => this.requestUpdate(),
    )
    this.#taskStates.show(rows)
  }

  #show(): void {
    const { filters, flow } = this
    this.#selection.clear()
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
    this.#list.hear(rows, newestKnown(rows).isGone)
    this.#overview.touch()
  }

  protected override render(): TemplateResult {
    const list = this.#list.state.value
    const { rows, isLoading, hasMore, trouble } = list
    if (trouble !== undefined && rows.length === 0) return listTrouble(trouble, () => this.#show())
    const chosen = rows.filter(({ id }) => this.#selection.has(id))
    const acts = {
      cancel: () => void this.#act(() => cancelRuns(chosen)),
      delete: () => void this.#act(() => this.#delete(chosen)),
      none: () => this.#chooseAll([]),
    }
    return html`
      ${overviewPanel(this.#overview.value.value, list, this.filters, WORDS, (filters) => this.#emit(filters))}
      ${bulkBar(chosen.length, this.isBusy, acts)} ${bulkOutcomes(this.outcomes, () => (this.outcomes = []))}
      ${rows.length > 0 ? this.#table(rows) : isLoading ? nothing : this.#empty()}
      ${hasMore ? html`<p class="more"><button @click=${() => void this.#list.more()}>Older flow runs</button></p>` : nothing}
    `
  }

  #table(rows: readonly FlowRunOutput[]): TemplateResult {
    const now = Date.now() * 1_000
    const ids = rows.map(({ id }) => id)
    const isAll = this.#selection.hasAll(ids)
    const choice: Choice | undefined = workspace().may('editor')
      ? { has: (id) => this.#selection.has(id), toggle: (id, isRange) => this.#choose(id, ids, isRange) }
      : undefined
    return html`<div class="panel list">
      <table aria-label="Flow runs">
        <thead>
          <tr>
            ${
              choice === undefined
                ? nothing
                : html`<th class="choose">
                    <input
                      type="checkbox"
                      aria-label="Choose all ${rows.length}"
                      .checked=${isAll}
                      @click=${() => this.#chooseAll(isAll ? [] : ids)}
                    />
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
            (run) => flowRunRow(run, this.#taskStates.states.value.get(run.id), choice, now),
          )}
        </tbody>
      </table>
    </div>`
  }

  async #act(act: () => Promise<readonly BulkOutcome[] | undefined>): Promise<void> {
    this.isBusy = true
    try {
      const outcomes = await act()
      if (outcomes === undefined) return
      this.outcomes = outcomes
      for (const { id, isDone } of outcomes) if (isDone) this.#selection.delete(id)
    } finally {
      this.isBusy = false
    }
  }

  async #delete(chosen: readonly FlowRunOutput[]): Promise<readonly BulkOutcome[] | undefined> {
    const outcomes = await deleteRuns(chosen)
    const gone = new Set(outcomes?.map(({ id }) => id))
    this.#list.hear([], ({ id }) => gone.has(id))
    return outcomes
  }

  #choose(id: string, ids: readonly string[], isRange: boolean): void {
    this.#selection.toggle(id, ids, isRange)
    this.requestUpdate()
  }

  #chooseAll(ids: readonly string[]): void {
    this.#selection.chooseAll(ids)
    this.requestUpdate()
  }

  #emit(filters: RunFilters): void {
    this.dispatchEvent(new CustomEvent<RunFilters>('fc-filters', { detail: filters }))
  }

  #empty(): TemplateResult {
    const { range } = this.filters
    if (isFiltered(this.filters) || flowRuns.value.rows.length > 0) {
      return html`<fc-empty heading="No flow run is like that">
        ${isFiltered(this.filters) ? 'Take a filter away, or look at a longer time.' : 'Nothing ran in that time.'}
        ${
          range.is === 'last' && range.hours >= MONTH_HOURS
            ? nothing
            : html`<button slot="action" @click=${() => this.#emit({ ...NO_FILTERS, range: { is: 'last', hours: MONTH_HOURS } })}>
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
}
customElements.define('fc-runs-view', FcRunsView)
