/**
 * `<fc-task-runs-view .filters>`: bars, figures and a list of task runs, those outside flows too. The workspace tells of task runs only to who
 * watches their flow run, so the first page is read again when flow runs are heard of.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { TaskRunOutput } from '#sdk/protocol/task-run.ts'
import { workspace } from '../app/current.ts'
import { flowRuns } from '../app/flow-runs-store.ts'
import '../ui/bars.ts'
import '../ui/empty.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { pathTo } from '../app/router.ts'
import { axisWords, barsOfHistory, barsOfRuns } from './run-bars.ts'
import { askedOf, NO_FILTERS, queryOf, type RunFilters } from './run-filters.ts'
import { RunList } from './run-list.ts'
import { RunOverview } from './run-overview.ts'
import { taskRunRow } from './run-table.ts'
import { ranSeconds } from './run-words.ts'
import { statsLine } from './stats-line.ts'
import { listStyles, runStyles } from './styles.ts'

const PAGE = 100
const REST_MS = 2_000

export class FcTaskRunsView extends LitElement {
  static override properties = { filters: { attribute: false } }
  declare filters: RunFilters
  readonly #list = new RunList<TaskRunOutput>()
  readonly #overview = new RunOverview('task_runs')
  readonly #more = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && void this.#list.more())
  #stopHearing: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  static override styles = [base, runStyles, listStyles]

  constructor() {
    super()
    this.filters = NO_FILTERS
    new Watch(this, () => [this.#list.state, this.#overview.value])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stopHearing = flowRuns.subscribe(() => {
      this.#overview.touch()
      this.#timer ??= setTimeout(() => void this.#refresh(), REST_MS)
    })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stopHearing?.()
    this.#overview.end()
    this.#more.disconnect()
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('filters')) return
    void this.#list.show({ pageSize: PAGE, page: (cursor) => this.#page(cursor), matches: () => true })
    this.#overview.show(this.filters).catch(() => undefined) // the list says what is wrong
  }

  #page(cursor: string | undefined): Promise<readonly TaskRunOutput[]> {
    const { flows, runs } = askedOf(this.filters, Date.now() * 1_000)
    const body = { ...(flows !== undefined && { flows }), task_runs: runs, sort: 'ID_DESC' as const, limit: PAGE }
    return workspace().call('task_runs.filter', { body: { ...body, ...(cursor !== undefined && { cursor }) } })
  }

  async #refresh(): Promise<void> {
    this.#timer = undefined
    this.#list.hear(await this.#page(undefined).catch(() => [])) // it is read again with the next event
  }

  protected override render(): TemplateResult {
    const { rows, isLoading, hasMore, trouble } = this.#list.state.value
    const overview = this.#overview.value.value
    const now = Date.now() * 1_000
    if (trouble !== undefined && rows.length === 0) return html`<p class="trouble empty" role="alert">${trouble}</p>`
    const isEach = rows.length <= PAGE && !hasMore
    const href = (from: string, to: string): string => {
      const query = queryOf({ ...this.filters, range: { is: 'between', from: Date.parse(from) * 1_000, to: Date.parse(to) * 1_000 } })
      query.set('tab', 'task-runs')
      return `?${query.toString()}`
    }
    return html`
      ${
        overview === undefined || overview.count === 0
          ? nothing
          : html`<div class="panel bars">
              <fc-bars
                label="Task runs over time"
                .bars=${
                  isEach
                    ? barsOfRuns(
                        rows.toReversed().map((task) => ({ ...task, seconds: ranSeconds(task, now) })),
                        (id) => pathTo(`/runs/task-run/${id}`),
                      )
                    : barsOfHistory(overview.history, href)
                }
              ></fc-bars>
              ${
                isEach
                  ? html`<p class="axis">Each bar is a task run, oldest first; higher took longer.</p>`
                  : html`<div class="axis" aria-hidden="true">${axisWords(overview.window).map((word) => html`<span>${word}</span>`)}</div>`
              }
            </div>`
      }
      ${overview === undefined ? nothing : statsLine(overview.stats, this.filters.states, (id) => this.#toggleState(id))}
      ${rows.length > 0 ? this.#table(rows, now) : isLoading ? nothing : empty()}
      ${hasMore ? html`<p class="more"><button @click=${() => void this.#list.more()}>Older task runs</button></p>` : nothing}
    `
  }

  #table(rows: readonly TaskRunOutput[], now: number): TemplateResult {
    const names = new Map<string, string>(flowRuns.value.rows.map(({ id, name }) => [id, name]))
    return html`<div class="panel list">
      <table aria-label="Task runs">
        <thead>
          <tr>
            <th>Task run</th>
            <th>State</th>
            <th class="number">Started</th>
            <th class="number">Duration</th>
            <th>Remark</th>
            <th>Of</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            rows,
            ({ id }) => id,
            (task) => taskRunRow(task, task.flow_run_id === null ? undefined : names.get(task.flow_run_id), now),
          )}
        </tbody>
      </table>
    </div>`
  }

  #toggleState(id: string): void {
    const { states } = this.filters
    const detail = { ...this.filters, states: states.includes(id) ? states.filter((other) => other !== id) : [...states, id] }
    this.dispatchEvent(new CustomEvent<RunFilters>('fc-filters', { detail }))
  }

  protected override updated(): void {
    this.#more.disconnect()
    const end = this.renderRoot.querySelector('.more')
    if (end !== null) this.#more.observe(end)
  }
}

const empty = (): TemplateResult =>
  html`<fc-empty heading="No task run is like that">
    A task is a function wrapped in task(); each call is a task run, tried again as often as its retries say. Take a filter away, or look at
    a longer time.
  </fc-empty>`

customElements.define('fc-task-runs-view', FcTaskRunsView)
