/** Cells of a table as they are shown, how wide their columns are, and where keys lead among them. Pure. */
import { STATE_NAMES, type StateName } from '#sdk/protocol/state-types.ts'
import { cellText } from '../../kernel/display/table-query.ts'
import type { TableCell, TableOutput } from '../../kernel/media.ts'

export interface Place {
  readonly row: number
  readonly column: number
}

const MAX_SHOWN = 300
const PAGE_ROWS = 12
/** Characters. */
const MIN_WIDTH = 8
const MAX_WIDTH = 48
/** Rows that are looked at for the widths. */
const MEASURED_ROWS = 50

/** One line. 0.1 + 0.2 is read as 0.3; the cell opened alone shows all digits. */
export function shownText(cell: TableCell): string {
  const text = typeof cell === 'number' ? String(Number(cell.toPrecision(12))) : cellText(cell)
  const line = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
  return line.replaceAll(/\s*\n\s*/g, ' ⏎ ')
}

/** The state of a run that a cell names: where its column is called so. */
export function stateIn(cell: TableCell, columnName: string): StateName | undefined {
  const isOfStates = /(?:^|_)state(?:$|_)/i.test(columnName)
  return isOfStates && typeof cell === 'string' && isStateName(cell) ? cell : undefined
}

const isStateName = (text: string): text is StateName => Object.hasOwn(STATE_NAMES, text)

/** As wide as what is in the first rows, within bounds, and more where there is room; for `grid-template-columns`. */
export function columnWidths({ columns, rows }: Pick<TableOutput, 'columns' | 'rows'>): string {
  const sizes = columns.map(({ name, type }, index) => {
    const head = name.length + type.length + 4
    const longest = rows.slice(0, MEASURED_ROWS).reduce((most, row) => Math.max(most, cellText(row[index] ?? null).length), 0)
    return Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, Math.max(head, longest + 2) + 4))
  })
  return sizes.map((size) => `minmax(${size}ch, ${size}fr)`).join(' ')
}

/** Where a key leads; undefined for other keys. `end`: the last row and column. */
export function moved({ row, column }: Place, key: string, isShift: boolean, end: Place): Place | undefined {
  const moves: Readonly<Record<string, Place>> = {
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    ArrowRight: { row, column: column + 1 },
    ArrowLeft: { row, column: column - 1 },
    PageDown: { row: row + PAGE_ROWS, column },
    PageUp: { row: row - PAGE_ROWS, column },
    Home: { row: isShift ? 0 : row, column: 0 },
    End: { row: isShift ? end.row : row, column: end.column },
  }
  const to = moves[key]
  return to && { row: within(to.row, end.row), column: within(to.column, end.column) }
}

const within = (index: number, last: number): number => Math.max(0, Math.min(last, index))
