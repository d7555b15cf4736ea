/** Notebooks: made, listed, read, exported, deleted. */
import { emptyNotebook, titleOf } from '#sdk/notebook/document.ts'
import { parseNotebook, printNotebook } from '#sdk/notebook/nb-ts.ts'
import type { Notice } from '#sdk/notebook/notices.ts'
import { applyOperation } from '#sdk/notebook/operations.ts'
import { validateNotebook } from '#sdk/notebook/validate.ts'
import { ProblemError } from '#sdk/protocol/errors.ts'
import { mintId } from '#sdk/protocol/mint.ts'
import { MAX_NOTEBOOKS } from '#sdk/protocol/limits.ts'
import type { Notebook, NotebookId } from '#sdk/protocol/notebook.ts'
import type { NotebookOutput } from '#sdk/protocol/operations/notebooks.ts'
import type { NotebookRow } from '../storage/notebooks.ts'
import type { Store } from '../storage/store.ts'
import { runsWithin } from './cell-runs.ts'
import { deleteNotebook } from './delete.ts'
import { notebookOrProblem } from './notebook-row.ts'
import { presentNotebook } from './present.ts'
import { requireRoom } from './require-room.ts'
import type { Handler, Unit } from './unit.ts'

export const createNotebook: Handler<'notebooks.create'> = (unit, { body }) => {
  const { store } = unit
  requireRoom(unit)
  if (store.notebooks.count() >= MAX_NOTEBOOKS) {
    throw new ProblemError('too_many', `A workspace has at most ${MAX_NOTEBOOKS} notebooks. Delete one that nobody needs.`)
  }
  const { notebook, notices } = notebookFrom(unit, body.source)
  const row = insertNotebook(unit, body.title === undefined ? notebook : withTitle(notebook, body.title))
  return { output: { ...outputOf(store, row), notices } }
}

/** Stores a notebook within its limits as a new one. */
export function insertNotebook(
  { now, random, store, changes }: Pick<Unit, 'now' | 'random' | 'store' | 'changes'>,
  notebook: Notebook,
): NotebookRow {
  const id = mintId(now, random) as NotebookId
  store.notebooks.insert(id, titleOf(notebook), notebook, now)
  changes.notebook(id)
  return notebookOrProblem(store, id)
}

function notebookFrom(
  { random }: Unit,
  source: string | Notebook | undefined,
): { readonly notebook: Notebook; readonly notices: readonly Notice[] } {
  if (source === undefined) return { notebook: emptyNotebook(), notices: [] }
  if (typeof source === 'string') {
    const read = parseNotebook(source, random)
    if (read.ok) return read
    const where = read.line === undefined ? '' : ` (line ${read.line})`
    throw new ProblemError(read.code === 'too_large' ? 'too_large' : 'invalid_request', `source${where}: ${read.sentence}`)
  }
  const [wrong] = validateNotebook(source)
  if (wrong === undefined) return { notebook: source, notices: [] }
  throw new ProblemError(wrong.code.endsWith('too_large') ? 'too_large' : 'invalid_request', `source: ${wrong.sentence}`)
}

function withTitle(notebook: Notebook, title: string): Notebook {
  const named = applyOperation(notebook, { op: 'setHeader', key: 'title', value: title })
  if (!named.ok) throw new ProblemError('invalid_request', `title: ${named.sentence}`)
  return named.notebook
}

export const filterNotebooks: Handler<'notebooks.filter'> = ({ store }, { body }) => ({
  output: store.notebooks.list(body).map(presentNotebook),
})

export const readNotebook: Handler<'notebooks.read'> = ({ store }, { params }) => ({
  output: outputOf(store, notebookOrProblem(store, params.id)),
})

function outputOf(store: Store, row: NotebookRow): NotebookOutput {
  const notebook = store.notebooks.load(row)
  return { ...presentNotebook(row), notebook, ...runsWithin(store, row.id, notebook) }
}

export const exportNotebook: Handler<'notebooks.export'> = ({ store }, { params }) => {
  const row = notebookOrProblem(store, params.id)
  const file = `${(row.title ?? '').replaceAll(/[^\w.-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'notebook'}.nb.ts`
  return {
    output: printNotebook(store.notebooks.load(row)),
    headers: { 'content-disposition': `attachment; filename="${file}"` },
  }
}

export const removeNotebook: Handler<'notebooks.delete'> = (unit, { params }) => {
  deleteNotebook(unit, notebookOrProblem(unit.store, params.id).id)
  return {}
}
