/**
 * `<fc-task-runs-view .filters>`: bars, figures and a list of task runs, those outside flows too. The workspace tells of task runs only to who
 * watches their flow run, so the first page is read again when flow runs are heard of.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { TaskRunOutput } from '#sdk/protocol/task-run.ts'
import { workspace } from '../app/current.ts'
import { flowRuns } from '../app/flow-runs-store.ts'
import '../ui/empty.ts'
import { MoreInSight } from '../ui/more-in-sight.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { listTrouble } from './list-trouble.ts'
import { overviewPanel } from './overview-panel.ts'
import { askedOf, NO_FILTERS, type RunFilters } from './run-filters.ts'
import { RunList } from './run-list.ts'
import { RunOverview } from './run-overview.ts'
import { taskRunRow } from './run-table.ts'
import { listStyles, runStyles } from './styles.ts'

const PAGE = 100
const REST_MS = 2_000
const WORDS = { title: 'Task run', path: '/runs/task-run', tab: 'task-runs' } as const

export class FcTaskRunsView extends LitElement {
  static override properties = { filters: { attribute: false } }
  declare filters: RunFilters
  readonly #list = new RunList<TaskRunOutput>()
  readonly #overview = new RunOverview('task_runs')
  #stopHearing: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  static override styles = [base, runStyles, listStyles]

  constructor() {
    super()
    this.filters = NO_FILTERS
    new Watch(this, () => [this.#list.state, this.#overview.value])
    new MoreInSight(this, () => void this.#list.more())
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
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('filters')) this.#show()
  }

  #show(): void {
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
    const list = this.#list.state.value
    const { rows, isLoading, hasMore, trouble } = list
    if (trouble !== undefined && rows.length === 0) return listTrouble(trouble, () => this.#show())
    return html`
      ${overviewPanel(this.#overview.value.value, list, this.filters, WORDS, (filters) => this.#emit(filters))}
      ${rows.length > 0 ? table(rows) : isLoading ? nothing : empty()}
      ${hasMore ? html`<p class="more"><button @click=${() => void this.#list.more()}>Older task runs</button></p>` : nothing}
    `
  }

  #emit(filters: RunFilters): void {
    this.dispatchEvent(new CustomEvent<RunFilters>('fc-filters', { detail: filters }))
  }
}

function table(rows: readonly TaskRunOutput[]): TemplateResult {
  const now = Date.now() * 1_000
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

const empty = (): TemplateResult =>
  html`<fc-empty heading="No task run is like that">
    A task is a function wrapped in task(); each call is a task run, tried again as often as its retries say. Take a filter away, or look at
    a longer time.
  </fc-empty>`

customElements.define('fc-task-runs-view', FcTaskRunsView)
