/**
 * `<fc-task-list .store>`: the task runs of a flow run as a table, which says in words what the timeline draws. Only the rows that are seen are
 * in the document. With `subflows` only those that stand for a subflow run, linked to it.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { styleMap } from '../ui/style-map.ts'
import { isTerminal } from '#sdk/protocol/state-types.ts'
import { pathTo } from '../app/router.ts'
import { RowsInSight } from '../ui/rows-in-sight.ts'
import { Watch } from '../ui/signal.ts'
import { stateBadge } from '../ui/state.ts'
import { stateKind, stateWords } from '../ui/state-kind.ts'
import { base } from '../ui/styles.ts'
import { clockWords, durationWords } from '../ui/time-words.ts'
import { fastNow, Ticking } from './fast-clock.ts'
import { laneWords } from './run-words.ts'
import type { RunStore } from './run-store.ts'
import { attemptsOf, extentOf } from './spans.ts'
import { runStyles } from './styles.ts'
import { stateOf, type TaskRow } from './task-row.ts'

const ROW = 34

export class FcTaskList extends LitElement {
  static override properties = { store: { attribute: false }, subflows: { type: Boolean }, text: { state: true }, state: { state: true } }
  declare store: RunStore | undefined
  declare subflows: boolean
  declare text: string
  /** Only those in this state: its kind. */
  declare state: string
  readonly #watch = new Watch(this, () => [this.store?.tasksVersion])
  readonly #ticking = new Ticking()
  readonly #sight = new RowsInSight(this)
  #rows: readonly TaskRow[] = []
  static override styles = [
    base,
    runStyles,
    css`
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-3);
        border-bottom: var(--hair);
      }
      .scroller {
        position: relative;
        overflow: auto;
        max-height: min(34rem, 62vh);
        outline-offset: -2px;
      }
      .row {
        display: grid;
        grid-template-columns: minmax(10rem, 2fr) 10rem 7rem 7rem minmax(7rem, 2fr);
        gap: var(--space-3);
        align-items: center;
        padding: 0 var(--space-4);
        font-size: var(--text-sm);
      }
      .row > * {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .top {
        position: sticky;
        top: 0;
        z-index: 1;
        min-height: ${ROW}px;
        background: var(--paper-2);
        color: var(--ink-2);
        font-weight: 550;
      }
      .body {
        position: relative;
        padding: 0;
      }
      .body .row {
        position: absolute;
        left: 0;
        right: 0;
        height: ${ROW}px;
        border-top: var(--hair);
      }
      @container (max-width: 640px) {
        .row {
          grid-template-columns: minmax(6rem, 2fr) 8rem 5rem;
        }
        .row > :nth-child(3),
        .row > :nth-child(5) {
          display: none;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.subflows = false
    this.text = this.state = ''
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#ticking.end()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('store')) this.#watch.again()
    const wanted = this.text.trim().toLowerCase()
    this.#rows = (this.store?.tasks.rows ?? []).filter((row) => {
      if (this.subflows && row.subflow === null) return false
      const { type, name } = stateOf(row)
      return (this.state === '' || stateKind(type, name) === this.state) && (wanted === '' || row.name.toLowerCase().includes(wanted))
    })
    this.#ticking.set((this.store?.tasks.live ?? 0) > 0, fastNow, () => this.requestUpdate())
  }

  protected override render(): TemplateResult {
    const all = this.store?.tasks
    const count = this.#rows.length
    if (all === undefined || (all.size === 0 && !this.subflows) || (this.subflows && count === 0 && this.text === '' && this.state === ''))
      return html`<p class="empty">
        ${this.subflows ? 'No flow was called in this flow run. A flow that calls another has it here.' : 'No task was called in this flow run.'}
      </p>`
    const { from, to } = this.#sight.of(count, ROW)
    const seen = this.#rows.slice(from, to).map((row, index) => ({ row, index: from + index }))
    const now = fastNow.value
    return html`
      <div class="tools">
        <input
          type="search"
          placeholder="Search by name"
          aria-label="Search task runs by name"
          .value=${this.text}
          @input=${(event: Event) => event.currentTarget instanceof HTMLInputElement && (this.text = event.currentTarget.value)}
        />
        <select
          aria-label="State"
          @change=${(event: Event) => event.currentTarget instanceof HTMLSelectElement && (this.state = event.currentTarget.value)}
        >
          <option value="">All states</option>
          ${this.#states().map(([kind, word, tally]) => html`<option value=${kind} ?selected=${kind === this.state}>${word} (${tally})</option>`)}
        </select>
        <span class="quiet" role="status"
          >${count === all.size ? nothing : `${count.toLocaleString('en')} of ${all.size.toLocaleString('en')}`}</span
        >
      </div>
      <div
        class="scroller"
        role="table"
        tabindex="0"
        aria-label=${this.subflows ? 'Subflow runs' : 'Task runs'}
        aria-rowcount=${count + 1}
        @scroll=${this.#sight.scrolled}
      >
        <div role="rowgroup">
          <div class="row top" role="row" aria-rowindex="1">
            ${['Name', 'State', 'Started', 'Duration', ''].map((word) => html`<span role="columnheader">${word || html`<span class="said-only">Remark</span>`}</span>`)}
          </div>
        </div>
        <div class="body" role="rowgroup" style=${styleMap({ height: `${count * ROW}px` })}>
          ${repeat(
            seen,
            ({ row }) => row.id,
            ({ row, index }) => this.#row(row, index, now),
          )}
        </div>
      </div>
    `
  }

  #states(): readonly (readonly [string, string, number])[] {
    const kinds = new Map<string, readonly [string, string, number]>()
    for (const { type, name, count } of this.store?.tasks.tallies ?? []) {
      const kind = stateKind(type, name)
      kinds.set(kind, [kind, stateWords(type, name), (kinds.get(kind)?.[2] ?? 0) + count])
    }
    return [...kinds.values()]
  }

  #row(row: TaskRow, index: number, now: number): TemplateResult {
    const { type, name } = stateOf(row)
    const ran = extentOf(row)
    const href = this.subflows ? `/runs/flow-run/${row.subflow}` : `/runs/task-run/${row.id}`
    const attempts = attemptsOf(row)
    const store = this.store
    const remark =
      row.problem ??
      (attempts > 1
        ? `${attempts} attempts`
        : store !== undefined && !isTerminal(type) && type !== 'RUNNING'
          ? laneWords(row, store.tasks, now)
          : '')
    return html`<div class="row" role="row" aria-rowindex=${index + 2} style=${styleMap({ top: `${index * ROW}px` })}>
      <span role="cell"><a class="plain" href=${pathTo(href)} title=${row.name}>${row.name}</a></span>
      <span role="cell">${stateBadge(type, name)}</span>
      <span role="cell">${ran === null ? '–' : clockWords(ran.from / 1_000, 'millis')}</span>
      <span role="cell">${ran === null ? '–' : durationWords(Math.max(0, (ran.to ?? now) - ran.from) / 1_000_000)}</span>
      <span role="cell" class=${row.problem === null ? 'quiet' : 'why'} title=${remark}>${remark}</span>
    </div>`
  }
}

customElements.define('fc-task-list', FcTaskList)
