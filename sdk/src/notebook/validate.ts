/** What is wrong with a notebook that came from somewhere, in sentences. */
import { MAX_CELLS } from '../protocol/limits.ts'
import { Notebook, type CellId } from '../protocol/notebook.ts'
import { CELL_TOO_LARGE, isCellTooLarge, isTooLarge, NOTEBOOK_TOO_LARGE, TOO_MANY_CELLS } from './document.ts'

export interface DocumentProblem {
  readonly code: 'malformed' | 'duplicate_id' | 'too_many_cells' | 'cell_too_large' | 'notebook_too_large'
  readonly cell?: CellId
  readonly sentence: string
}

/** What is wrong with a notebook; nothing means that it can be stored, printed and changed. */
export function validateNotebook(notebook: Notebook): readonly DocumentProblem[] {
  const { cells, bin } = notebook
  const problems: DocumentProblem[] = []
  if (cells.length > MAX_CELLS) problems.push({ code: 'too_many_cells', sentence: TOO_MANY_CELLS })
  const seen = new Set<CellId>()
  for (const { id, source } of [...cells, ...bin.map(({ cell }) => cell)]) {
    if (seen.has(id)) problems.push({ code: 'duplicate_id', cell: id, sentence: `Two cells have the id ${id}.` })
    seen.add(id)
    if (isCellTooLarge(source)) problems.push({ code: 'cell_too_large', cell: id, sentence: CELL_TOO_LARGE })
  }
  if (isTooLarge(cells)) problems.push({ code: 'notebook_too_large', sentence: NOTEBOOK_TOO_LARGE })
  if (problems.length > 0) return problems
  const issues = Notebook.safeParse(notebook).error?.issues ?? []
  return issues.map(({ path, message }) => ({ code: 'malformed', sentence: `${path.join('.') || 'The notebook'}: ${message}.` }))
}
