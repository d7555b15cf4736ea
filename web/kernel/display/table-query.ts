/** Sorting, filtering and searching rows: in the kernel over all of them, and in the page over those that came along. Pure. */
import { TABLE_QUERY_MS } from '#sdk/protocol/limits.ts'
import type { TableCell, TablePage, TableQuery } from '../media.ts'

export interface Rows {
  readonly count: number
  readonly columns: number
  cell(row: number, column: number): TableCell
}

/** A page never gets more than this at once. */
const MAX_PAGE_ROWS = 500
const CHECK_EVERY = 1_024

/** The rows that a query finds, in its order. Undefined: all of them as they are. */
export type RowOrder = Uint32Array | undefined

/** What of a query chooses and orders rows; equal keys find the same. */
export const keyOf = ({ sort, search, filters }: TableQuery): string => JSON.stringify([sort, search, filters])

/** @throws when it takes longer than TABLE_QUERY_MS. `now` in milliseconds. */
export function orderRows(rows: Rows, { sort, search, filters }: TableQuery, now: () => number): RowOrder {
  const deadline = now() + TABLE_QUERY_MS
  const tests = (filters ?? []).filter(({ text }) => text.trim() !== '').map(({ column, text }) => ({ column, passes: cellTest(text) }))
  const wanted = (search ?? '').trim().toLowerCase()
  if (sort === undefined && tests.length === 0 && wanted === '') return undefined
  const found: number[] = []
  for (let row = 0; row < rows.count; row++) {
    if (row % CHECK_EVERY === 0 && now() > deadline) throw new Error(TOO_LONG)
    if (!tests.every(({ column, passes }) => passes(rows.cell(row, column)))) continue
    if (wanted !== '' && !hasText(rows, row, wanted)) continue
    found.push(row)
  }
  return sort === undefined ? Uint32Array.from(found) : sorted(rows, found, sort, () => now() > deadline)
}

const TOO_LONG = `The table did not answer within ${TABLE_QUERY_MS / 1_000} s: it is too large to be searched here. Filter it in the cell.`

export function pageOf(rows: Rows, order: RowOrder, { from, count }: TableQuery): TablePage {
  const total = order === undefined ? rows.count : order.length
  const first = Math.max(0, Math.floor(from))
  const end = Math.min(total, first + Math.min(count, MAX_PAGE_ROWS))
  const page: TableCell[][] = []
  for (let at = first; at < end; at++) {
    const row = order?.[at] ?? at
    page.push(Array.from({ length: rows.columns }, (_, column) => rows.cell(row, column)))
  }
  return { rows: page, total }
}

/** `abc` is found anywhere; `= x`, `!= x`, `> 5`, `<= 2026-01-01` compare. */
export function cellTest(text: string): (cell: TableCell) => boolean {
  const match = /^(<=|>=|!=|=|<|>)\s*(.*)$/s.exec(text.trim())
  if (match === null) {
    const wanted = text.trim().toLowerCase()
    return (cell) => cellText(cell).toLowerCase().includes(wanted)
  }
  const [, operator = '=', operand = ''] = match
  const wanted = operand.trim().toLowerCase()
  const number = wanted === '' ? Number.NaN : Number(wanted)
  return (cell) => {
    const own = cellText(cell).toLowerCase()
    if (operator === '=') return own === wanted
    if (operator === '!=') return own !== wanted
    if (cell === null) return false
    const order = typeof cell === 'number' && !Number.isNaN(number) ? cell - number : compareText(own, wanted)
    return operator === '<' ? order < 0 : operator === '>' ? order > 0 : operator === '<=' ? order <= 0 : order >= 0
  }
}

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

export const cellText = (cell: TableCell): string => (cell === null ? '' : String(cell))

function hasText(rows: Rows, row: number, wanted: string): boolean {
  for (let column = 0; column < rows.columns; column++) if (cellText(rows.cell(row, column)).toLowerCase().includes(wanted)) return true
  return false
}

/** Null comes last in both directions; numbers before texts; equal rows stay in their order. */
function sorted(
  rows: Rows,
  found: number[],
  { column, isDescending }: NonNullable<TableQuery['sort']>,
  isLate: () => boolean,
): Uint32Array {
  const keys = new Map<number, TableCell>()
  for (const row of found) keys.set(row, rows.cell(row, column))
  const collator = new Intl.Collator(undefined, { numeric: true })
  const direction = isDescending ? -1 : 1
  let steps = 0
  const compare = (left: number, right: number): number => {
    if (++steps % (16 * CHECK_EVERY) === 0 && isLate()) throw new Error(TOO_LONG)
    const a = keys.get(left) ?? null
    const b = keys.get(right) ?? null
    if (a === null || b === null) return a === b ? left - right : a === null ? 1 : -1
    return direction * compareCells(a, b, collator) || left - right
  }
  return Uint32Array.from(found.toSorted(compare))
}

function compareCells(left: string | number | boolean, right: string | number | boolean, collator: Intl.Collator): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'number') return -1
  if (typeof right === 'number') return 1
  if (typeof left === 'string' && typeof right === 'string') return collator.compare(left, right)
  return Number(left === true) - Number(right === true)
}
