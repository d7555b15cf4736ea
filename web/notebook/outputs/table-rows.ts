/**
 * Rows of a table as a page sees them: all of them behind the kernel, loaded in pages as they are looked at; without it those that came along.
 *
 * 1. A page is asked for once per question. Answers to an older question are dropped.
 * 2. Without a kernel, sorting, filtering and searching work on the rows that are there, by the same rules.
 */
import type { TableCell, TableOutput, TablePage, TableQuery } from '../../kernel/media.ts'
import { keyOf, orderRows, pageOf, type RowOrder, type Rows } from '../../kernel/display/table-query.ts'
import type { OutputContext } from './context.ts'

export type Question = Pick<TableQuery, 'sort' | 'search' | 'filters'>
export type Row = readonly TableCell[]

const PAGE_ROWS = 200

export class TableRows {
  readonly #table: TableOutput
  readonly #context: OutputContext
  readonly #changed: () => void
  readonly #first: Rows
  #question: Question = {}
  #key = keyOf({ from: 0, count: 0 })
  #order: RowOrder
  #total: number
  #trouble: string | undefined
  #pages = new Map<number, readonly Row[] | 'asked'>()

  constructor(table: TableOutput, context: OutputContext, changed: () => void) {
    this.#table = table
    this.#context = context
    this.#changed = changed
    const { rows, columns } = table
    this.#first = { count: rows.length, columns: columns.length, cell: (row, column) => rows[row]?.[column] ?? null }
    this.#total = this.isWhole ? rows.length : this.canAsk ? table.total : rows.length
  }

  /** All rows came along. */
  get isWhole(): boolean {
    return this.#table.rows.length >= this.#table.total
  }
  get canAsk(): boolean {
    return this.#table.handle !== undefined && this.#context.isLive
  }
  /** Rows that the question finds. */
  get total(): number {
    return this.#total
  }
  get trouble(): string | undefined {
    return this.#trouble
  }

  ask(question: Question): void {
    const key = keyOf({ from: 0, count: 0, ...question })
    if (key === this.#key) return
    this.#key = key
    this.#question = question
    this.#trouble = undefined
    if (this.isWhole || !this.canAsk) return this.#askHere()
    this.#pages = new Map()
    this.#load(0)
  }

  /** Undefined while it is on its way. */
  row(index: number): Row | undefined {
    if (this.isWhole || !this.canAsk) return this.#rowHere(index)
    const isPlain = this.#question.sort === undefined && !this.#question.search && (this.#question.filters ?? []).length === 0
    if (isPlain && index < this.#table.rows.length) return this.#table.rows[index]
    const page = Math.floor(index / PAGE_ROWS)
    const rows = this.#pages.get(page)
    if (rows === undefined) this.#load(page)
    return typeof rows === 'object' ? rows[index % PAGE_ROWS] : undefined
  }

  /** Every row that the question finds, page after page; at most `most`. Rejects with a sentence where the kernel has gone. */
  async all(most: number): Promise<readonly Row[]> {
    if (this.isWhole || !this.canAsk) return pageRows(this.#first, this.#order, Math.min(most, this.#total))
    const rows: Row[] = []
    while (rows.length < most) {
      const { handle = '' } = this.#table
      const page = await this.#context.table(handle, { ...this.#question, from: rows.length, count: EXPORT_ROWS })
      rows.push(...page.rows)
      if (page.rows.length === 0 || rows.length >= page.total) break
    }
    return rows.slice(0, most)
  }

  #askHere(): void {
    try {
      this.#order = orderRows(this.#first, { from: 0, count: 0, ...this.#question }, () => performance.now())
      this.#total = this.#order === undefined ? this.#first.count : this.#order.length
    } catch (error) {
      this.#trouble = messageOf(error)
    }
    this.#changed()
  }

  #rowHere(index: number): Row | undefined {
    return this.#table.rows[this.#order?.[index] ?? index]
  }

  #load(page: number): void {
    const key = this.#key
    const pages = this.#pages
    pages.set(page, 'asked')
    const { handle = '' } = this.#table
    this.#context.table(handle, { ...this.#question, from: page * PAGE_ROWS, count: PAGE_ROWS }).then(
      (answer: TablePage) => {
        if (key !== this.#key || pages !== this.#pages) return
        pages.set(page, answer.rows)
        this.#total = answer.total
        this.#changed()
      },
      (error: unknown) => {
        if (key !== this.#key || pages !== this.#pages) return
        this.#trouble = messageOf(error)
        this.#changed()
      },
    )
  }
}

const EXPORT_ROWS = 500

function pageRows(rows: Rows, order: RowOrder, count: number): readonly Row[] {
  const found: Row[] = []
  while (found.length < count) {
    const page = pageOf(rows, order, { from: found.length, count: count - found.length }).rows
    if (page.length === 0) break
    found.push(...page)
  }
  return found
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'The table did not answer.')
