/** Lists of flat objects, and lists of lists of one length, as tables: their columns, their first rows, and all others behind a handle. */
import { inspectQuoted } from '#sdk/hosts/inspect.ts'
import { MAX_TABLE_CELL_CHARACTERS, MAX_TABLE_COLUMNS, MAX_TABLE_ROWS, TABLE_FIRST_ROWS } from '#sdk/protocol/limits.ts'
import type { TableCell, TableColumn, TableOutput, TablePage, TableQuery } from '../media.ts'
import { keyOf, orderRows, pageOf, type RowOrder, type Rows } from './table-query.ts'

/** Rows that decide whether a list is a table, and what its columns are. */
const SAMPLE = 200
/** Counting what is empty stops after so long; the rest is not counted. */
const COUNT_MS = 100
const CHECK_EVERY = 256
const CELL = { depth: 2, entries: 20, characters: MAX_TABLE_CELL_CHARACTERS } as const
/** First rows are fewer where they are long. */
const MAX_FIRST_CHARACTERS = 100_000

export class Table implements Rows {
  readonly names: readonly string[]
  readonly #rows: readonly unknown[]
  readonly #now: () => number
  #last: { readonly key: string; readonly order: RowOrder } | undefined

  constructor(rows: readonly unknown[], names: readonly string[], now: () => number) {
    // Its own list, so that rows which the cell adds later do not move under the reader.
    this.#rows = rows.slice(0, MAX_TABLE_ROWS)
    this.names = names
    this.#now = now
  }

  get count(): number {
    return this.#rows.length
  }
  get columns(): number {
    return this.names.length
  }
  cell(row: number, column: number): TableCell {
    return cellOf(contentOf(this.#rows[row], this.names[column] ?? ''))
  }

  page(query: TableQuery): TablePage {
    const key = keyOf(query)
    if (this.#last?.key !== key) this.#last = { key, order: orderRows(this, query, this.#now) }
    return pageOf(this, this.#last.order, query)
  }

  output(handle: string | undefined): TableOutput {
    const first = pageOf(this, undefined, { from: 0, count: TABLE_FIRST_ROWS }).rows
    let characters = 0
    const fit = first.findIndex((row) => (characters += JSON.stringify(row).length) > MAX_FIRST_CHARACTERS)
    const rows = fit < 0 ? first : first.slice(0, Math.max(1, fit))
    const isWhole = rows.length === this.count
    return { columns: this.#describe(), rows, total: this.count, ...(handle !== undefined && !isWhole && { handle }) }
  }

  #describe(): TableColumn[] {
    const types = this.names.map(() => new Set<TableColumn['type']>())
    const nulls = this.names.map(() => 0)
    const deadline = this.#now() + COUNT_MS
    for (const [index, row] of this.#rows.entries()) {
      if (index % CHECK_EVERY === 0 && index > 0 && this.#now() > deadline) break
      for (const [column, name] of this.names.entries()) {
        const type = typeOf(contentOf(row, name))
        if (type === undefined) nulls[column] = (nulls[column] ?? 0) + 1
        else types[column]?.add(type)
      }
    }
    return this.names.map((name, column) => {
      const [type, ...others] = types[column] ?? []
      return { name, type: others.length > 0 ? 'mixed' : (type ?? 'text'), nulls: nulls[column] ?? 0 }
    })
  }
}

/** The table that a value is; undefined for one that is none. May throw what a proxy throws. */
export function tableOf(value: unknown, now: () => number): Table | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const sample: readonly unknown[] = value.slice(0, SAMPLE)
  const names = columnsOfObjects(sample) ?? columnsOfLists(sample)
  return names === undefined ? undefined : new Table(value, names, now)
}

/** Plain objects with at least one property, of which more are flat than are not; getters make none. */
function columnsOfObjects(sample: readonly unknown[]): readonly string[] | undefined {
  const names = new Set<string>()
  let flat = 0
  let deep = 0
  for (const row of sample) {
    if (!isPlain(row)) return undefined
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(row))) {
      if (property.get !== undefined || property.set !== undefined) return undefined
      if (property.enumerable !== true) continue
      if (isFlat(property.value)) flat++
      else deep++
      if (names.size < MAX_TABLE_COLUMNS) names.add(name)
    }
  }
  return names.size > 0 && flat > deep ? [...names] : undefined
}

function columnsOfLists(sample: readonly unknown[]): readonly string[] | undefined {
  const [first] = sample
  if (sample.length < 2 || !Array.isArray(first) || first.length < 2 || first.length > MAX_TABLE_COLUMNS) return undefined
  const isTable = sample.every((row) => Array.isArray(row) && row.length === first.length && row.every(isFlat))
  return isTable ? first.map((_, index) => String(index)) : undefined
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const isFlat = (value: unknown): boolean =>
  (typeof value !== 'object' && typeof value !== 'function') || value === null || value instanceof Date

/** Own data only: rows behind the sample may be anything. */
function contentOf(row: unknown, name: string): unknown {
  try {
    return typeof row === 'object' && row !== null ? Object.getOwnPropertyDescriptor(row, name)?.value : undefined
  } catch {
    return undefined
  }
}

function typeOf(value: unknown): Exclude<TableColumn['type'], 'mixed'> | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'number' || typeof value === 'bigint') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return value instanceof Date ? 'date' : 'text'
}

function cellOf(value: unknown): TableCell {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_TABLE_CELL_CHARACTERS ? `${value.slice(0, MAX_TABLE_CELL_CHARACTERS)}…` : value
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
      return value
    case 'undefined':
      return null
    case 'bigint':
      return inspectQuoted(value, CELL).replace(/n$/, '')
    default:
      return value === null ? null : inspectQuoted(value, CELL)
  }
}
