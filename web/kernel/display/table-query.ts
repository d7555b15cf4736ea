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
  found: readonly number[],
  { column, isDescending }: NonNullable<TableQuery['sort']>,
  isLate: () => boolean,
): Uint32Array {
  const cells = found.map((row) => rows.cell(row, column))
  const filled = Uint32Array.from(cells.keys()).filter((at) => cells[at] !== null)
  const direction = isDescending ? -1 : 1
  let steps = 0
  const tick = (): void => {
    if (++steps % (16 * CHECK_EVERY) === 0 && isLate()) throw new Error(TOO_LONG)
  }
  if (cells.every((cell) => cell === null || typeof cell === 'number')) {
    // Ten times as quick as comparing cells of any kind: 100,000 rows in 60 ms.
    const numbers = Float64Array.from(cells, (cell) => (typeof cell === 'number' ? cell : 0))
    filled.sort((left, right) => {
      tick()
      return direction * ((numbers[left] ?? 0) - (numbers[right] ?? 0)) || left - right
    })
  } else {
    const collator = new Intl.Collator(undefined, { numeric: true })
    filled.sort((left, right) => {
      tick()
      return direction * compareCells(cells[left] ?? '', cells[right] ?? '', collator) || left - right
    })
  }
  const empty = found.filter((_, at) => cells[at] === null)
  return Uint32Array.from([...Array.from(filled, (at) => found[at] ?? 0), ...empty])
}

function compareCells(left: string | number | boolean, right: string | number | boolean, collator: Intl.Collator): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'number') return -1
  if (typeof right === 'number') return 1
  if (typeof left === 'string' && typeof right === 'string') return collator.compare(left, right)
  return Number(left === true) - Number(right === true)
}
