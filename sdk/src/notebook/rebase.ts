/**
 * Operations that did not know of each other, brought into one order: each as it is after the others.
 *
 * 1. Only operations on texts need it: `changeText`, `splitCell`, `mergeCells`. All others name cells and neighbours, and what they name is
 *    looked up when they are applied.
 * 2. Text follows its cell: into the new cell of a split, into the cell that it was merged with, into the bin.
 * 3. What one inserts, another never takes away.
 * 4. `replaceText` has become a change of what differs before it gets here, and a merge knows the length of its texts (`settle`).
 */
import type { CellId, Notebook, NotebookOperation } from '../protocol/notebook.ts'
import { diffSpans } from './text-diff.ts'
import { changeOver, lengthAfter, placeAfter } from './text-transform.ts'

type Of<Name extends NotebookOperation['op']> = Extract<NotebookOperation, { op: Name }>
type Operations = readonly NotebookOperation[]

/** What each of two lists is after the other. `theirs` was first. */
export interface Rebased {
  readonly mine: Operations
  readonly theirs: Operations
}

/** Brings operations behind others that stand on the same notebook and were first. */
export function rebase(mine: Operations, theirs: Operations): Rebased {
  let over = theirs
  const moved = mine.flatMap((operation) => {
    const one = rebaseOne(operation, over)
    over = one.theirs
    return one.mine
  })
  return { mine: moved, theirs: over }
}

function rebaseOne(operation: NotebookOperation, theirs: Operations): Rebased {
  let mine: Operations = [operation]
  const over = theirs.flatMap((other) => {
    const [only] = mine
    if (mine.length !== 1 || only === undefined) {
      const several = rebase(mine, [other])
      mine = several.mine
      return several.theirs
    }
    mine = behind(only, other, false)
    return behind(other, only, true)
  })
  return { mine, theirs: over }
}

/** `operation` as it is after `other`. `isFirst`: of the two, it was first. */
function behind(operation: NotebookOperation, other: NotebookOperation, isFirst: boolean): Operations {
  switch (other.op) {
    case 'changeText':
      return behindChange(operation, other, isFirst)
    case 'splitCell':
      return behindSplit(operation, other, isFirst)
    case 'mergeCells':
      return behindMerge(operation, other, isFirst)
    default:
      return [operation]
  }
}

function behindChange(operation: NotebookOperation, other: Of<'changeText'>, isFirst: boolean): Operations {
  const growth = lengthAfter(other) - other.length
  switch (operation.op) {
    case 'changeText':
      return operation.cell === other.cell ? [{ ...operation, ...changeOver(operation, other, isFirst) }] : [operation]
    case 'splitCell':
      return operation.cell === other.cell ? splitBehindChange(operation, other, isFirst) : [operation]
    case 'mergeCells': {
      const { at, length } = operation
      if (at === undefined || length === undefined) return [operation]
      if (operation.cell === other.cell) return [{ ...operation, at: at + growth, length: length + growth }]
      return [operation.next === other.cell ? { ...operation, length: length + growth } : operation]
    }
    default:
      return [operation]
  }
}

/**
 * Text that was inserted at a split, or into the white space that it leaves out, stays above it. What is left of that white space then is no
 * longer in one piece: it is removed first.
 */
function splitBehindChange(split: Of<'splitCell'>, change: Of<'changeText'>, isFirst: boolean): Operations {
  const { spans } = change
  const end = split.at + split.without.length
  const length = lengthAfter(change)
  const isTouched = spans.some(({ from, to }) => (to > from ? from < end && to > split.at : from > split.at && from < end))
  if (!isTouched) return [{ ...split, at: placeAfter(split.at, spans, 'behind'), length }]
  const whole = { length: change.length, spans: [{ from: split.at, to: end, insert: '' }] }
  const left = changeOver(whole, change, isFirst)
  const at = placeAfter(placeAfter(end, spans, split.without === '' ? 'behind' : 'front'), left.spans, 'front')
  const removal = { op: 'changeText', cell: split.cell, ...left } as const
  return [...(left.spans.length > 0 ? [removal] : []), { ...split, at, without: '', length: lengthAfter(left) }]
}

function behindSplit(operation: NotebookOperation, other: Of<'splitCell'>, isFirst: boolean): Operations {
  const { at, without, into } = other
  const below = at + without.length
  switch (operation.op) {
    case 'changeText':
      return operation.cell === other.cell ? changeBehindSplit(operation, other) : [operation]
    case 'splitCell': {
      if (operation.cell !== other.cell) return [operation]
      const isAbove = operation.at < at || (operation.at === at && !isFirst)
      if (isAbove) return [{ ...operation, without: operation.without.slice(0, Math.max(0, at - operation.at)), length: at }]
      const start = Math.max(0, operation.at - below)
      const cut = Math.max(0, below - operation.at)
      return [{ ...operation, cell: into.id, at: start, without: operation.without.slice(cut), length: other.length - below }]
    }
    case 'mergeCells': {
      const { glue, length } = operation
      if (operation.at === undefined || length === undefined) return [operation]
      const kept = other.length - below
      if (operation.cell === other.cell) return [{ ...operation, cell: into.id, at: kept, length: length - below }]
      return [operation.next === other.cell ? { ...operation, length: operation.at + glue.length + at } : operation]
    }
    default:
      return [operation]
  }
}

/** What was typed above the split stays above, at the split too; what was typed into the white space that is gone as well. */
function changeBehindSplit(change: Of<'changeText'>, { at, without, length, into }: Of<'splitCell'>): Operations {
  const below = at + without.length
  const isAbove = (place: number): boolean => place <= at || place < below
  const upper = change.spans
    .filter(({ from, to, insert }) => from < at || (insert !== '' && isAbove(from) && to >= from))
    .map(({ from, to, insert }) => ({ from: Math.min(from, at), to: Math.min(to, at), insert: isAbove(from) ? insert : '' }))
  const lower = change.spans
    .filter(({ from, to }) => to > below || !isAbove(from))
    .map(({ from, to, insert }) => ({
      from: Math.max(from, below) - below,
      to: Math.max(to, below) - below,
      insert: isAbove(from) ? '' : insert,
    }))
  return [
    ...(upper.length > 0 ? [{ ...change, length: at, spans: upper }] : []),
    ...(lower.length > 0 ? [{ ...change, cell: into.id, length: length - below, spans: lower }] : []),
  ]
}

function behindMerge(operation: NotebookOperation, other: Of<'mergeCells'>, isFirst: boolean): Operations {
  const { cell, next, glue, at, length } = other
  if (at === undefined || length === undefined) return [operation]
  const start = at + glue.length
  switch (operation.op) {
    case 'changeText':
      if (operation.cell === cell) return [{ ...operation, length }]
      return operation.cell === next ? [{ ...operation, cell, length, spans: moved(operation.spans, start) }] : [operation]
    case 'splitCell':
      if (operation.cell === cell) return [{ ...operation, length }]
      return [operation.cell === next ? { ...operation, cell, at: operation.at + start, length } : operation]
    case 'mergeCells':
      return mergeBehindMerge(operation, { ...other, at, length }, isFirst)
    default:
      return [operation]
  }
}

const moved = (spans: Of<'changeText'>['spans'], by: number): Of<'changeText'>['spans'] =>
  spans.map(({ from, to, insert }) => ({ from: from + by, to: to + by, insert }))

type Settled = Of<'mergeCells'> & { readonly at: number; readonly length: number }

function mergeBehindMerge(operation: Of<'mergeCells'>, other: Settled, isFirst: boolean): Operations {
  const { at, length } = operation
  if (at === undefined || length === undefined) return [operation]
  if (operation.cell === other.cell && operation.next === other.next) {
    // The same merge twice: the white space of the one that was first stays.
    if (!isFirst || operation.glue === other.glue) return []
    const span = { from: other.at, to: other.at + other.glue.length, insert: operation.glue }
    return [{ op: 'changeText', cell: other.cell, length: other.length, spans: [span] }]
  }
  const isOpposite = operation.cell === other.next && operation.next === other.cell
  if (isOpposite || operation.next === other.next) {
    // Two orders, or two places for one text: the merge that was first counts, and the other is taken back.
    return isFirst ? [...withdrawal(other), operation] : []
  }
  if (operation.cell === other.cell) {
    // Two texts below one: that of the merge that was first comes first.
    if (!isFirst) return [{ ...operation, at: other.length, length: other.length + length - at }]
    const lower = { op: 'splitCell', cell: other.cell, at: other.at, without: '', length: other.length, into: nothing(other.next) } as const
    return [lower, operation, { ...other, glue: '', at: length, length: length + other.length - other.at }]
  }
  if (operation.cell === other.next) {
    return [{ ...operation, cell: other.cell, at: other.length, length: other.length + length - at }]
  }
  return [operation.next === other.cell ? { ...operation, length: length + other.length - other.at } : operation]
}

/** The operation with all that others need who did not know of it: what it says of texts, as they are in `notebook`. */
export function settle(notebook: Notebook, operation: NotebookOperation): NotebookOperation {
  if (operation.op === 'replaceText') {
    const before = sourceOf(notebook, operation.cell)
    if (before === undefined) return operation
    return { op: 'changeText', cell: operation.cell, length: before.length, spans: diffSpans(before, operation.source) }
  }
  if (operation.op !== 'mergeCells') return operation
  const at = notebook.cells.findIndex(({ id }) => id === operation.cell)
  if (operation.at === undefined && (at < 0 || notebook.cells[at + 1]?.id !== operation.next)) return operation
  const [upper, lower] = [sourceOf(notebook, operation.cell), sourceOf(notebook, operation.next)]
  if (upper === undefined || lower === undefined) return operation
  return { ...operation, at: upper.length, length: upper.length + operation.glue.length + lower.length }
}

/** The text of a cell, in the bin too. */
export function sourceOf({ cells, bin }: Notebook, id: CellId): string | undefined {
  return (cells.find((cell) => cell.id === id) ?? bin.find(({ cell }) => cell.id === id)?.cell)?.source
}

/**
 * Takes an operation back for those that stand on it, where it was refused. It speaks of lengths only: nobody applies it.
 */
export function withdrawal(operation: NotebookOperation): Operations {
  switch (operation.op) {
    case 'changeText': {
      let shift = 0
      const spans = operation.spans.map(({ from, to, insert }) => {
        const start = from + shift
        shift += insert.length - (to - from)
        return { from: start, to: start + insert.length, insert: ' '.repeat(to - from) }
      })
      return [{ ...operation, length: lengthAfter(operation), spans }]
    }
    case 'splitCell': {
      const { cell, at, without, length, into } = operation
      return [{ op: 'mergeCells', cell, next: into.id, glue: without, at, length }]
    }
    case 'mergeCells': {
      const { cell, next, glue, at, length } = operation
      if (at === undefined || length === undefined) return []
      return [{ op: 'splitCell', cell, at, without: glue, length, into: nothing(next) }]
    }
    default:
      return []
  }
}

/** A cell of which only the name counts. */
const nothing = (id: CellId): Of<'splitCell'>['into'] => ({ id, type: 'ts', attributes: {} })
