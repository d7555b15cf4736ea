/** Taking rows of a table away: copied or saved, as text of several formats. */
import { copyText } from '../../ui/copy-text.ts'
import type { MenuItem } from '../../ui/menu.ts'
import { toast } from '../../ui/toasts.ts'
import type { TableColumn } from '../../kernel/media.ts'
import { saveFile } from './save-file.ts'
import type { TableRows } from './table-rows.ts'
import { tableText, type TextFormat } from './table-text.ts'

const MAX_SAVED_ROWS = 1_000_000
const MAX_COPIED_ROWS = 50_000
const FORMATS: readonly (readonly [TextFormat, string])[] = [
  ['tsv', 'TSV, for spreadsheets'],
  ['csv', 'CSV'],
  ['json', 'JSON'],
]
const SAVE_INSTEAD = 'Save the table instead.'

export function takeMenu(rows: TableRows, columns: readonly TableColumn[]): readonly MenuItem[] {
  return [
    ...FORMATS.map(([format, words]) => ({ title: `Copy as ${words}`, run: () => void told(() => copyRows(rows, columns, format)) })),
    ...FORMATS.slice(1).map(([format, words], index) => ({
      title: `Save as ${words}`,
      begins: index === 0,
      run: () => void told(() => saveRows(rows, columns, format)),
    })),
  ]
}

export const copyCell = (text: string): Promise<void> => copyText(text, 'The cell copied.', SAVE_INSTEAD)

async function copyRows(rows: TableRows, columns: readonly TableColumn[], format: TextFormat): Promise<void> {
  const found = await rows.all(MAX_COPIED_ROWS)
  const count = found.length.toLocaleString('en')
  const what = rows.total > found.length ? `The first ${count} rows` : `${count} ${found.length === 1 ? 'row' : 'rows'}`
  await copyText(tableText(format, columns, found), `${what} copied.`, SAVE_INSTEAD)
}

async function saveRows(rows: TableRows, columns: readonly TableColumn[], format: TextFormat): Promise<void> {
  const text = tableText(format, columns, await rows.all(MAX_SAVED_ROWS))
  saveFile(`table.${format}`, new Blob([text], { type: format === 'json' ? 'application/json' : 'text/csv' }))
}

async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    toast({ kind: 'error', text: error instanceof Error ? error.message : 'The table did not answer.' })
  }
}
