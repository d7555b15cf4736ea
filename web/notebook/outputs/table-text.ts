/** Rows as TSV, CSV and JSON. Pure. */
import type { TableCell, TableColumn } from '../../kernel/media.ts'
import { cellText } from '../../kernel/display/table-query.ts'

type Rows = readonly (readonly TableCell[])[]
export type TextFormat = 'tsv' | 'csv' | 'json'

export function tableText(format: TextFormat, columns: readonly TableColumn[], rows: Rows): string {
  const names = columns.map(({ name }) => name)
  if (format === 'json')
    return JSON.stringify(
      rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))),
      null,
      2,
    )
  const write = format === 'csv' ? csvCell : tsvCell
  const separator = format === 'csv' ? ',' : '\t'
  return [names, ...rows].map((row) => row.map((cell) => write(cellText(cell))).join(separator)).join(format === 'csv' ? '\r\n' : '\n')
}

/** RFC 4180. */
const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
/** Spreadsheets split at every tab and line. */
const tsvCell = (text: string): string => text.replaceAll(/[\t\r\n]+/g, ' ')
