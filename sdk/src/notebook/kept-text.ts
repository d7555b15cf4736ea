/** What somebody wrote and no operation could place: it becomes a cell of its own, or is told as text. */
import type { CellId, Notebook, NotebookOperation } from '../protocol/notebook.ts'
import { applyOperation } from './operations.ts'
import { sourceOf } from './rebase.ts'
import type { Notice } from './view-changes.ts'

export interface Kept {
  readonly notice: Notice
  /** Puts the text at the end of the notebook. */
  readonly operation?: NotebookOperation
}

/**
 * `before`: the notebook as its author had it. `id`: of the new cell; without one none is made. Undefined where there is nothing to tell: what was to be deleted is gone.
 */
export function keepText(
  operation: NotebookOperation,
  detail: string,
  { before, now, id }: { readonly before: Notebook; readonly now: Notebook; readonly id: CellId | undefined },
): Kept | undefined {
  const text = writtenIn(operation, before, now)
  // Several edits of one cell that is gone: its text is kept once.
  if (text !== '' && now.cells.some(({ source }) => source === text)) return undefined
  if (text.trim() === '') {
    const isMoot = operation.op === 'deleteCell' || operation.op === 'changeText'
    return isMoot ? undefined : { notice: { kind: 'notice', sentence: `An edit was not taken over: ${detail}` } }
  }
  const unplaced = { kind: 'notice', sentence: `What you wrote has no place in the notebook: ${detail} Copy it from here.`, text } as const
  if (id === undefined) return { notice: unplaced }
  const insert = {
    op: 'insertCell',
    cell: { id, type: kindOf(operation, before), source: text, attributes: {} },
    place: { after: now.cells.at(-1)?.id ?? null, before: null },
  } as const
  if (applyOperation(now, insert).ok) {
    const sentence = `What you wrote could not stay where it was: ${detail} It is in a new cell at the end.`
    return { notice: { kind: 'notice', sentence }, operation: insert }
  }
  return { notice: unplaced }
}

/** The whole text where its cell is gone; else what was written into it. */
function writtenIn(operation: NotebookOperation, before: Notebook, now: Notebook): string {
  switch (operation.op) {
    case 'insertCell':
      return operation.cell.source
    case 'replaceText':
      return operation.source
    case 'changeText': {
      const written = operation.spans.map(({ insert }) => insert).join('\n')
      const isGone = sourceOf(now, operation.cell) === undefined
      const whole = isGone ? sourceOf(before, operation.cell) : undefined
      return written.trim() !== '' && whole !== undefined && operation.spans.every(({ insert }) => whole.includes(insert)) ? whole : written
    }
    default:
      return ''
  }
}

function kindOf(operation: NotebookOperation, { cells, bin }: Notebook): string {
  if (operation.op === 'insertCell') return operation.cell.type
  const id = 'cell' in operation ? operation.cell : undefined
  return (cells.find((cell) => cell.id === id) ?? bin.find(({ cell }) => cell.id === id)?.cell)?.type ?? 'ts'
}
