/** Tables and lists of facts, aligned by what a terminal shows. */
import type { Format, Terminal } from '../terminal.ts'
import { fit, onOneLine, widthOf } from './text.ts'

export interface Column<Row> {
  readonly title: string
  readonly value: (row: Row) => string
  readonly format?: (row: Row) => Format | undefined
  readonly align?: 'right'
  /** May be cut to so many columns on a narrow terminal. In a pipe nothing is cut. */
  readonly least?: number
  /** Left out where not everything fits on the terminal. */
  readonly spare?: true
}

const GAP = '  '

/** One line per row under a line of titles. */
export function table<Row>(terminal: Terminal, rows: readonly Row[], all: readonly Column<Row>[]): string {
  const isNarrow = terminal.width !== undefined && totalOf(naturalWidths(all, cellsOf(all, rows))) > terminal.width
  const columns = isNarrow ? all.filter(({ spare }) => spare !== true) : all
  const cells = cellsOf(columns, rows)
  const natural = naturalWidths(columns, cells)
  const widths = shrink(natural, columns, terminal.width)
  const lay = (texts: readonly string[], paint: (text: string, i: number) => string): string =>
    columns
      .map(({ align }, i) => {
        const width = widths[i] ?? 0
        const text = fit(texts[i] ?? '', width)
        const space = ' '.repeat(width - widthOf(text))
        const painted = text === '' ? '' : paint(text, i)
        if (align === 'right') return space + painted
        return i === columns.length - 1 ? painted : painted + space
      })
      .join(GAP)
      .trimEnd()
  const titles = lay(
    columns.map(({ title }) => title),
    (text) => terminal.style('dim', text),
  )
  const lines = rows.map((row, n) =>
    lay(cells[n] ?? [], (text, i) => {
      const format = columns[i]?.format?.(row)
      return format === undefined ? text : terminal.style(format, text)
    }),
  )
  return [titles, ...lines].join('\n')
}

const cellsOf = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly (readonly string[])[] =>
  rows.map((row) => columns.map((column) => onOneLine(column.value(row))))

function naturalWidths<Row>(columns: readonly Column<Row>[], cells: readonly (readonly string[])[]): readonly number[] {
  return columns.map(({ title }, i) => cells.reduce((widest, line) => Math.max(widest, widthOf(line[i] ?? '')), widthOf(title)))
}

const totalOf = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1)

/** Takes width from the widest column that may give some, until all fit. */
function shrink(
  natural: readonly number[],
  columns: readonly { readonly least?: number }[],
  terminal: number | undefined,
): readonly number[] {
  const widths = [...natural]
  while (terminal !== undefined && totalOf(widths) > terminal) {
    let widest: number | undefined
    for (const [i, { least = Number.POSITIVE_INFINITY }] of columns.entries()) {
      const width = widths[i] ?? 0
      if (width > least && (widest === undefined || width > (widths[widest] ?? 0))) widest = i
    }
    if (widest === undefined) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

/** `[name, value]` lines, names aligned; undefined values are left out, further lines of a value stand below its first. */
export function facts(terminal: Terminal, pairs: readonly (readonly [name: string, value: string | undefined])[]): string {
  const shown = pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  const width = Math.max(0, ...shown.map(([name]) => widthOf(name)))
  return shown
    .map(([name, value]) => {
      const below = `\n${' '.repeat(width)}${GAP}`
      return terminal.style('dim', name) + ' '.repeat(width - widthOf(name)) + GAP + value.replaceAll('\n', below)
    })
    .join('\n')
}
