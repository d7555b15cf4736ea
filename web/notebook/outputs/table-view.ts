/**
 * `<fc-table .table=${…} .context=${…}>`: rows that can be sorted, filtered, searched, copied and taken away; only those in sight exist.
 *
 * Keys: arrows, Home, End and Page keys move from cell to cell, Enter opens a cell, ⌘C copies it.
 */
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from '@tanstack/virtual-core'
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'

import down from 'lucide-static/icons/arrow-down.svg'
import up from 'lucide-static/icons/arrow-up.svg'
import filterIcon from 'lucide-static/icons/list-filter.svg'
import more from 'lucide-static/icons/ellipsis.svg'
import { STATE_NAMES } from '#sdk/protocol/state-types.ts'
import type { TableCell, TableColumn, TableOutput, TableQuery } from '../../kernel/media.ts'
import { cellText } from '../../kernel/display/table-query.ts'
import '../../ui/dialog.ts'
import { icon } from '../../ui/icon.ts'
import '../../ui/menu.ts'
import { stateBadge } from '../../ui/state.ts'
import { base } from '../../ui/styles.ts'
import { styleMap } from '../../ui/style-map.ts'
import type { OutputContext } from './context.ts'
import { outputStyle } from './output-style.ts'
import { columnWidths, moved, shownText, stateIn, type Place } from './table-cells.ts'
import { TableRows } from './table-rows.ts'
import { tableStyle } from './table-style.ts'
import { copyCell, takeMenu } from './table-take.ts'

const ROW_PX = 31
const DEBOUNCE_MS = 150
/** A table of fewer rows needs no search. */
const FEW_ROWS = 8

export class FcTable extends LitElement {
  static override properties = {
    table: { attribute: false },
    context: { attribute: false },
    sort: { state: true },
    search: { state: true },
    filters: { state: true },
    hasFilters: { state: true },
    active: { state: true },
    opened: { state: true },
  }
  declare table: TableOutput
  declare context: OutputContext
  declare sort: TableQuery['sort']
  declare search: string
  declare filters: ReadonlyMap<number, string>
  declare hasFilters: boolean
  declare active: Place
  /** The cell that is shown whole. */
  declare opened: Place | undefined
  static override styles = [base, outputStyle, tableStyle]
  #rows: TableRows | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #typed: { readonly search?: string; readonly filters?: ReadonlyMap<number, string> } | undefined
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>
  #unmount: (() => void) | undefined

  constructor() {
    super()
    this.table = { columns: [], rows: [], total: 0 }
    this.sort = undefined
    this.search = ''
    this.filters = new Map()
    this.hasFilters = false
    this.active = { row: 0, column: 0 }
    this.opened = undefined
    this.#virtualizer = new Virtualizer(this.#options(0))
  }

  #options(count: number) {
    return {
      count,
      getScrollElement: () => this.renderRoot.querySelector<HTMLElement>('.box'),
      estimateSize: () => ROW_PX,
      overscan: 12,
      scrollToFn: elementScroll<HTMLElement>,
      observeElementRect: observeElementRect<HTMLElement>,
      observeElementOffset: observeElementOffset<HTMLElement>,
      onChange: () => this.requestUpdate(),
    }
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#unmount = this.#virtualizer._didMount()
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#unmount?.()
    this.#unmount = undefined
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('table') || changed.has('context') || this.#rows === undefined) {
      if (changed.has('table')) this.#keepColumns(changed.get('table'))
      this.#rows = new TableRows(this.table, this.context, () => this.requestUpdate())
    }
    this.#rows.ask(this.#question())
    this.#virtualizer.setOptions(this.#options(this.#rows.total))
  }

  protected override updated(): void {
    this.#virtualizer._willUpdate()
  }

  /** Sorting and filters stay when the cell runs again, as long as the columns do. */
  #keepColumns(before: TableOutput | undefined): void {
    const names = (table: TableOutput | undefined): string => (table?.columns ?? []).map(({ name }) => name).join('\u0000')
    if (before === undefined || names(before) === names(this.table)) return
    this.sort = undefined
    this.filters = new Map()
    this.search = ''
  }

  #question(): Pick<TableQuery, 'sort' | 'search' | 'filters'> {
    const filters = [...this.filters].map(([column, text]) => ({ column, text }))
    return {
      ...(this.sort !== undefined && { sort: this.sort }),
      ...(this.search !== '' && { search: this.search }),
      ...(filters.length > 0 && { filters }),
    }
  }

  override render() {
    const rows = this.#rows
    if (rows === undefined) return nothing
    const { columns } = this.table
    const items = this.#virtualizer.getVirtualItems()
    return html`${this.#tools(rows)}
      <div class="box">
        <div
          role="grid"
          aria-label="Table"
          aria-rowcount=${rows.total + 1}
          aria-colcount=${columns.length}
          style=${styleMap({ '--columns': columnWidths(this.table) })}
          @keydown=${(event: KeyboardEvent) => this.#press(event, rows)}
        >
          <div role="rowgroup" class="head">
            <div role="row" aria-rowindex="1">${columns.map((column, index) => this.#head(column, index))}</div>
          </div>
          <div role="rowgroup" class="rows" style=${styleMap({ height: `${this.#virtualizer.getTotalSize()}px` })}>
            ${repeat(
              items,
              ({ index }) => index,
              ({ index, start }) => this.#row(rows, index, start),
            )}
          </div>
        </div>
      </div>
      ${rows.total === 0 ? html`<p class="note status">No row fits.</p>` : nothing}
      ${rows.trouble === undefined ? nothing : html`<p class="trouble status" role="alert">${rows.trouble}</p>`} ${this.#cellDialog(rows)}`
  }

  #tools(rows: TableRows): TemplateResult {
    const { total } = this.table
    const all = number(total)
    const isFound = this.search !== '' || this.filters.size > 0
    const loaded = number(this.table.rows.length)
    const words =
      !rows.isWhole && !rows.canAsk
        ? `The first ${loaded} of ${all} rows. ${this.context.closedBecause ?? 'Run the cell to see all.'}`
        : `${isFound ? `${number(rows.total)} of ${all}` : all} ${total === 1 ? 'row' : 'rows'}`
    return html`<div class="tools">
      ${
        total < FEW_ROWS
          ? nothing
          : html`<input
                type="search"
                placeholder="Search all columns"
                aria-label="Search all columns"
                .value=${this.search}
                @input=${(event: Event) => this.#searched(event)}
              />
              <button class="quiet small" aria-pressed=${this.hasFilters ? 'true' : 'false'} @click=${() => this.#toggleFilters()}>
                ${icon(filterIcon)} Filter columns
              </button>`
      }
      <span class="count grow" role="status">${words}</span>
      <fc-menu label="Copy and save the table" look="quiet icon-only" .items=${() => takeMenu(rows, this.table.columns)}
        >${icon(more)}</fc-menu
      >
    </div>`
  }

  #head({ name, type, nulls }: TableColumn, index: number): TemplateResult {
    const sort = this.sort?.column === index ? this.sort : undefined
    const title = `${name}: ${type}${nulls > 0 ? `, ${number(nulls)} empty` : ''}`
    return html`<div
      role="columnheader"
      class=${type === 'number' ? 'number' : ''}
      aria-colindex=${index + 1}
      aria-sort=${sort === undefined ? 'none' : sort.isDescending ? 'descending' : 'ascending'}
    >
      <button class="sort" title=${title} @click=${() => this.#sortBy(index)}>
        <span class="name">${name}</span><small>${type}${nulls > 0 ? html` · ${number(nulls)} empty` : nothing}</small>
        ${sort === undefined ? nothing : icon(sort.isDescending ? down : up)}
      </button>
      ${
        this.hasFilters
          ? html`<input
              class="filter"
              aria-label="Filter ${name}"
              placeholder=${type === 'number' ? 'e.g. > 5' : 'contains'}
              .value=${this.filters.get(index) ?? ''}
              @input=${(event: Event) => this.#filtered(index, event)}
            />`
          : nothing
      }
    </div>`
  }

  #row(rows: TableRows, index: number, start: number): TemplateResult {
    const row = rows.row(index)
    return html`<div role="row" aria-rowindex=${index + 2} style=${styleMap({ transform: `translateY(${start}px)` })}>
      ${this.table.columns.map(({ type }, column) => this.#cell(row?.[column], row === undefined, type, { row: index, column }))}
    </div>`
  }

  #cell(cell: TableCell | undefined, isComing: boolean, type: TableColumn['type'], place: Place): TemplateResult {
    const isActive = this.active.row === place.row && this.active.column === place.column
    const isEmpty = cell === null || cell === undefined
    const classes = `${type === 'number' ? 'number' : ''} ${isEmpty && !isComing ? 'empty' : ''}`
    return html`<div
      role="gridcell"
      class=${classes}
      aria-colindex=${place.column + 1}
      tabindex=${isActive ? '0' : '-1'}
      data-place="${place.row}.${place.column}"
      @click=${() => (this.active = place)}
      @dblclick=${() => (this.opened = place)}
    >
      ${isComing ? '…' : isEmpty ? 'empty' : this.#shown(cell, place.column)}
    </div>`
  }

  /** States of runs look as they do everywhere. */
  #shown(cell: string | number | boolean, column: number): TemplateResult | string {
    const state = stateIn(cell, this.table.columns[column]?.name ?? '')
    return state === undefined ? shownText(cell) : stateBadge(STATE_NAMES[state], state)
  }

  #cellDialog(rows: TableRows): TemplateResult | typeof nothing {
    const { opened } = this
    if (opened === undefined) return nothing
    const column = this.table.columns[opened.column]
    const text = cellText(rows.row(opened.row)?.[opened.column] ?? null)
    return html`<fc-dialog .open=${true} heading="${column?.name ?? ''}, row ${opened.row + 1}" @close=${() => this.#closeCell()}>
      <pre class="cell-text" tabindex="0">${text}</pre>
      <button slot="actions" @click=${() => void copyCell(text)}>Copy</button>
    </fc-dialog>`
  }

  #closeCell(): void {
    this.opened = undefined
    void this.updateComplete.then(() => this.#focusActive())
  }

  #sortBy(column: number): void {
    const { sort } = this
    if (sort?.column !== column) this.sort = { column, isDescending: false }
    else this.sort = sort.isDescending ? undefined : { column, isDescending: true }
    this.#toTop()
  }

  #searched({ target }: Event): void {
    this.#typed = { ...this.#typed, search: target instanceof HTMLInputElement ? target.value : '' }
    this.#askSoon()
  }

  #filtered(column: number, { target }: Event): void {
    const text = target instanceof HTMLInputElement ? target.value : ''
    const filters = new Map(this.#typed?.filters ?? this.filters)
    if (text.trim() === '') filters.delete(column)
    else filters.set(column, text)
    this.#typed = { ...this.#typed, filters }
    this.#askSoon()
  }

  #toggleFilters(): void {
    this.hasFilters = !this.hasFilters
    if (!this.hasFilters) this.filters = new Map()
  }

  /** Whatever was typed in between is asked at once. */
  #askSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const { search = this.search, filters = this.filters } = this.#typed ?? {}
      this.#typed = undefined
      this.search = search
      this.filters = filters
      this.#toTop()
    }, DEBOUNCE_MS)
  }

  #toTop(): void {
    this.active = { row: 0, column: this.active.column }
    this.#virtualizer.scrollToOffset(0)
  }

  #press(event: KeyboardEvent, rows: TableRows): void {
    const { target } = event
    if (!(target instanceof HTMLElement) || target.getAttribute('role') !== 'gridcell') return
    const { row, column } = this.active
    if ((event.ctrlKey || event.metaKey) && event.key === 'c' && getSelection()?.type !== 'Range') {
      event.preventDefault()
      event.stopPropagation()
      void copyCell(cellText(rows.row(row)?.[column] ?? null))
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const to = moved(this.active, event.key, event.shiftKey, { row: rows.total - 1, column: this.table.columns.length - 1 })
    if (event.key === 'Enter') this.opened = this.active
    else if (to === undefined) return
    else this.#goTo(to)
    // Keys of the table are none of the notebook's.
    event.preventDefault()
    event.stopPropagation()
  }

  #goTo(place: Place): void {
    this.active = place
    this.#virtualizer.scrollToIndex(this.active.row, { align: 'auto' })
    void this.updateComplete.then(() => requestAnimationFrame(() => this.#focusActive()))
  }

  #focusActive(): void {
    this.renderRoot.querySelector<HTMLElement>(`[data-place='${this.active.row}.${this.active.column}']`)?.focus({ preventScroll: false })
  }
}

const number = (value: number): string => value.toLocaleString('en')

customElements.define('fc-table', FcTable)
