/** The row of a notebook that somebody names. */
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { NotebookId } from '#sdk/protocol/notebook.ts'
import type { NotebookRow } from '../storage/notebooks.ts'
import type { Store } from '../storage/store.ts'

export function notebookOrProblem(store: Store, id: NotebookId): NotebookRow {
  const row = store.notebooks.find(id)
  if (row === undefined) throw new ProblemError('not_found', `There is no notebook ${id}. It may have been deleted.`)
  return row
}
