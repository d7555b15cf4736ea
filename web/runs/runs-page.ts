/** `<fc-runs-page>`: all flow runs, or all task runs, of a time. Filters and tab live in the address. */
import { css, html, type TemplateResult } from 'lit'
import { flowRuns } from '../app/flow-runs-store.ts'
import { PageElement } from '../app/page.ts'
import { navigate, place } from '../app/router.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import '../ui/page-header.ts'
import './filter-bar.ts'
import { filtersOf, queryOf, type RunFilters } from './run-filters.ts'
import './runs-view.ts'
import { runStyles } from './styles.ts'
import './task-runs-view.ts'

export class FcRunsPage extends PageElement {
  static override styles = [
    base,
    runStyles,
    css`
      fc-filter-bar {
        margin-bottom: var(--space-3);
      }
    `,
  ]
  #filters: { readonly text: string; readonly value: RunFilters } | undefined

  constructor() {
    super()
    new Watch(this, () => [flowRuns])
  }

  protected override render(): TemplateResult {
    const filters = this.#read()
    const isTasks = this.query.get('tab') === 'task-runs'
    const names = [...new Set(flowRuns.value.rows.map(({ flow_name }) => flow_name))].sort()
    const set = ({ detail }: CustomEvent<RunFilters>): void => go(queryOf(detail), isTasks)
    return html`
      <fc-page-header heading="Runs">
        <nav slot="after" class="segments" aria-label="Kind of run">
          <a href="?${queryOf(filters).toString()}" aria-current=${!isTasks}>Flow runs</a>
          <a href="?${tasksQuery(queryOf(filters)).toString()}" aria-current=${isTasks}>Task runs</a>
        </nav>
      </fc-page-header>
      <fc-filter-bar .filters=${filters} .flowNames=${names} @fc-filters=${set}></fc-filter-bar>
      ${
        isTasks
          ? html`<fc-task-runs-view .filters=${filters} @fc-filters=${set}></fc-task-runs-view>`
          : html`<fc-runs-view .filters=${filters} @fc-filters=${set}></fc-runs-view>`
      }
    `
  }

  /** The same object as long as the address says the same. */
  #read(): RunFilters {
    const text = this.query.toString()
    if (this.#filters?.text !== text) this.#filters = { text, value: filtersOf(this.query) }
    return this.#filters.value
  }
}

function tasksQuery(query: URLSearchParams): URLSearchParams {
  query.set('tab', 'task-runs')
  return query
}

function go(query: URLSearchParams, isTasks: boolean): void {
  const text = (isTasks ? tasksQuery(query) : query).toString()
  navigate(place.value.path + (text === '' ? '' : `?${text}`))
}

customElements.define('fc-runs-page', FcRunsPage)
