/** A batch of operations put on a notebook: what applies, what is refused, and what that means for the rest. Replica and workspace do the same. */
import type { Notebook, NotebookBatch, NotebookOperation, PlacedBatch, RefusedOperation } from '../protocol/notebook.ts'
import { applyOperation } from './operations.ts'
import { rebase, settle, withdrawal } from './rebase.ts'

/** An operation of a batch, by its number there: transforming may have made two of it. */
export interface Numbered {
  readonly index: number
  readonly op: NotebookOperation
}

export interface PlacedOperations {
  readonly notebook: Notebook
  /** As they were applied. */
  readonly applied: readonly Numbered[]
  readonly refused: readonly (RefusedOperation & { readonly op: NotebookOperation })[]
  /** What stands on the batch, without what was refused of it. */
  readonly rest: readonly NotebookOperation[]
}

export const numbered = (ops: readonly NotebookOperation[]): readonly Numbered[] => ops.map((op, index) => ({ index, op }))

/** Brings a batch behind what came since; answers, too, what that is behind the batch. */
export function rebaseNumbered(
  batch: readonly Numbered[],
  since: readonly NotebookOperation[],
): { readonly batch: readonly Numbered[]; readonly since: readonly NotebookOperation[] } {
  let over = since
  const moved = batch.flatMap(({ index, op }) => {
    const { mine, theirs } = rebase([op], over)
    over = theirs
    return mine.map((one) => ({ index, op: one }))
  })
  return { batch: moved, since: over }
}

/** Applies what can be applied; what stands on something that is refused stands where it would without it. */
export function placeOperations(
  start: Notebook,
  batch: readonly Numbered[],
  standing: readonly NotebookOperation[] = [],
): PlacedOperations {
  let notebook = start
  let left = batch
  let rest = standing
  const applied: Numbered[] = []
  const refused: (RefusedOperation & { readonly op: NotebookOperation })[] = []
  for (let [first] = left; first !== undefined; [first] = left) {
    left = left.slice(1)
    const op = settle(notebook, first.op)
    if (op.op === 'changeText' && op.spans.length === 0) continue
    const result = applyOperation(notebook, op)
    if (result.ok) {
      notebook = result.notebook
      applied.push({ index: first.index, op })
      continue
    }
    if (!isMoot(op, result.code)) refused.push({ index: first.index, code: result.code, detail: result.sentence, op: first.op })
    const without = rebaseNumbered(left, withdrawal(first.op))
    left = without.batch
    rest = rebase(rest, without.since).mine
  }
  return { notebook, applied, refused, rest }
}

/** The text that it takes away is gone with its cell already. */
const isMoot = (op: NotebookOperation, code: string): boolean =>
  op.op === 'changeText' && code === 'no_such_cell' && op.spans.every(({ insert }) => insert === '')

/** Puts a batch on the notebook as it is now. `since`: what was placed after the version that the batch stands on. */
export function placeBatch(
  notebook: Notebook,
  { ops }: Pick<NotebookBatch, 'ops'>,
  since: readonly Pick<PlacedBatch, 'ops'>[],
): PlacedOperations {
  return placeOperations(
    notebook,
    rebaseNumbered(
      numbered(ops),
      since.flatMap((placed) => placed.ops),
    ).batch,
  )
}

/** The notebook after a batch that the workspace has placed. */
export function afterBatch(notebook: Notebook, { ops }: Pick<PlacedBatch, 'ops'>): Notebook {
  return ops.reduce((current, op) => {
    const applied = applyOperation(current, op)
    return applied.ok ? applied.notebook : current
  }, notebook)
}
