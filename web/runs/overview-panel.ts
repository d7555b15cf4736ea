/** Bars and figures above a list of runs: a bar for each run while they are few, else one for each span of time. */
import { html, nothing, type TemplateResult } from 'lit'
import { pathTo } from '../app/router.ts'
import '../ui/bars.ts'
import { axisWords, barsOfHistory, barsOfRuns } from './run-bars.ts'
import { queryOf, toggleState, within, type RunFilters } from './run-filters.ts'
import type { ListState } from './run-list.ts'
import type { Overview } from './run-overview.ts'
import { ranSeconds } from './run-words.ts'
import { statsLine } from './stats-line.ts'

/** As many runs have a bar each. */
const MAX_RUN_BARS = 100

type Run = Parameters<typeof ranSeconds>[0] & { readonly id: string; readonly name: string; readonly state_name: string | null }

interface Words {
  /** "Flow run". */
  readonly title: 'Flow run' | 'Task run'
  /** Of a run's page, without its id. */
  readonly path: string
  /** The tab in the address of a span of time. */
  readonly tab?: string
}

/** @param choose Asks for other filters. */
export function overviewPanel(
  overview: Overview | undefined,
  { rows, hasMore }: ListState<Run>,
  filters: RunFilters,
  words: Words,
  choose: (filters: RunFilters) => void,
): TemplateResult | typeof nothing {
  if (overview === undefined) return nothing
  const figures = statsLine(overview.stats, filters.states, (id) => choose(toggleState(filters, id)))
  if (overview.count === 0) return figures
  const isEach = rows.length <= MAX_RUN_BARS && !hasMore
  return html`${isEach ? eachRun(rows, words) : spans(overview, filters, words)} ${figures}`
}

function eachRun(rows: readonly Run[], { title, path }: Words): TemplateResult {
  const now = Date.now() * 1_000
  const bars = barsOfRuns(
    rows.toReversed().map((run) => ({ ...run, seconds: ranSeconds(run, now) })),
    (id) => pathTo(`${path}/${id}`),
  )
  return html`<div class="panel bars">
    <fc-bars label="${title}s, oldest first; higher bars took longer" .bars=${bars}></fc-bars>
    <p class="axis">Each bar is a ${title.toLowerCase()}, oldest first; higher took longer.</p>
  </div>`
}

function spans({ history, window }: Overview, filters: RunFilters, { title, tab }: Words): TemplateResult {
  const href = (from: string, to: string): string => {
    const query = queryOf(within(filters, from, to))
    if (tab !== undefined) query.set('tab', tab)
    return `?${query.toString()}`
  }
  return html`<div class="panel bars">
    <fc-bars label="${title}s over time; higher bars are more runs" .bars=${barsOfHistory(history, href)}></fc-bars>
    <div class="axis" aria-hidden="true">${axisWords(window).map((word) => html`<span>${word}</span>`)}</div>
  </div>`
}
