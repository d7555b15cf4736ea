/**
 * Edits of notebooks: a batch is brought behind what came since the version that it stands on, applied, stored and announced.
 *
 * 1. A batch is idempotent by its id: sent again, it changes nothing and is answered alike, as long as the log has it.
 * 2. Operations are judged one by one: a bad one is refused by its number, and the others count.
 * 3. What changes nothing makes no version and writes no row.
 */
import { titleOf } from '#sdk/notebook/document.ts'
import { placeBatch } from '#sdk/notebook/place.ts'
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { SessionId } from '#sdk/protocol/ids.ts'
import { MAX_BATCH_BYTES } from '#sdk/protocol/limits.ts'
import type { NotebookBatch, NotebookId, Placed, PlacedBatch } from '#sdk/protocol/notebook.ts'
import type { NotebookRow } from '../storage/notebooks.ts'
import { notebookOrProblem } from './notebook-row.ts'
import { jsonBytes } from './sizes.ts'
import type { Handler, Unit } from './unit.ts'

/** `session`: of the page that edits; null over REST. @throws ProblemError when nothing of the batch can be judged. */
export function editNotebook(unit: Unit, id: NotebookId, batch: NotebookBatch, session: SessionId | null): Placed {
  const { store, changes, now } = unit
  const row = notebookOrProblem(store, id)
  if (jsonBytes(batch, MAX_BATCH_BYTES) > MAX_BATCH_BYTES) {
    throw new ProblemError('too_large', `The operations of one batch may have ${MAX_BATCH_BYTES} bytes as JSON. Send them in several.`)
  }
  const since = batchesSince(unit, row, batch)
  const known = since.find((placed) => placed.id === batch.id)
  if (known !== undefined) return { version: known.version, refused: known.refused ?? [] }
  const before = store.notebooks.load(row)
  const { notebook: after, applied, refused: judged } = placeBatch(before, batch, since)
  const refused = judged.map(({ index, code, detail }) => ({ index, code, detail }))
  if (applied.length === 0) return { version: null, refused }
  const version = row.version + 1
  const placed: PlacedBatch = { version, id: batch.id, ops: applied.map(({ op }) => op), session, ...(refused.length > 0 && { refused }) }
  for (const gone of store.notebooks.update(row, titleOf(after), { before, after, version, now })) store.cellRuns.delete(id, gone)
  store.notebookLog.append(id, placed, now)
  changes.placed(id, placed)
  return { version, refused }
}

/** What came after the version that a batch stands on. */
function batchesSince({ store }: Unit, { id, version }: NotebookRow, batch: NotebookBatch): readonly PlacedBatch[] {
  if (batch.base === version) return []
  if (batch.base > version) {
    const detail = `The notebook has version ${version} here, and the operations stand on version ${batch.base}. Read the notebook again.`
    throw new ProblemError('conflict', detail)
  }
  const since = store.notebookLog.after(id, batch.base)
  if (since !== undefined) return since
  const detail = `The operations stand on version ${batch.base} of the notebook; it has version ${version}, and what came between is no longer known. Read the notebook again.`
  throw new ProblemError('too_old', detail)
}

export const operateNotebook: Handler<'notebooks.operate'> = (unit, { params, body }) => ({
  output: editNotebook(unit, params.id, body, null),
})

export const listNotebookOperations: Handler<'notebooks.operations'> = ({ store }, { params, query }) => {
  const row = notebookOrProblem(store, params.id)
  const since = store.notebookLog.after(row.id, query.after)
  if (since !== undefined) return { output: since }
  throw new ProblemError('too_old', `What was done after version ${query.after} is no longer known in full. Read the notebook.`)
}
