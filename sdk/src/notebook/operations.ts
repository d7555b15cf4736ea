/**
 * What changes a notebook. The workspace puts operations in one order; everybody applies them in that order.
 *
 * 1. Pure and total: the same operation on the same notebook has the same answer everywhere, and none throws.
 * 2. A notebook within its limits stays within them; what would break one is refused with a sentence.
 * 3. The inverse brings header and cells back as they were, where no id is ever used for a second cell. The bin keeps what an undone
 *    insertion made: somebody may have written into it.
 * 4. A place names its neighbours: whoever inserts or moves at the same time finds its place next to the one that is still there.
 * 5. A cell in the bin is still changed, split and merged: somebody may be writing while it is deleted, and none of that is lost.
 */
import { MAX_BIN_BYTES, MAX_BIN_CELLS, MAX_CELL_ATTRIBUTES, MAX_CELLS, MAX_HEADER_KEYS } from '../protocol/limits.ts'
import type { BinnedCell, Cell, CellId, Notebook, NotebookOperation, Place } from '../protocol/notebook.ts'
import { CELL_TOO_LARGE, isCellTooLarge, isTooLarge, NOTEBOOK_TOO_LARGE, TOO_MANY_CELLS } from './document.ts'
import { entryOf, withEntry } from './entries.ts'
import { applySpans, areSpansIn, invertSpans } from './text-spans.ts'

export type OperationRefusal =
  | 'no_such_cell'
  | 'not_in_bin'
  | 'duplicate_id'
  | 'text_changed'
  | 'not_neighbours'
  | 'too_large'
  | 'malformed'

export type Applied =
  | { readonly ok: true; readonly notebook: Notebook; readonly inverse: NotebookOperation }
  | { readonly ok: false; readonly code: OperationRefusal; readonly sentence: string }

type Of<Name extends NotebookOperation['op']> = Extract<NotebookOperation, { op: Name }>

const refuse = (code: OperationRefusal, sentence: string): Applied => ({ ok: false, code, sentence })
const noCell = (id: CellId): Applied => refuse('no_such_cell', `There is no cell ${id}.`)

/** The notebook after one operation, and the operation that takes it back. */
export function applyOperation(notebook: Notebook, operation: NotebookOperation): Applied {
  switch (operation.op) {
    case 'insertCell':
      return insertCell(notebook, operation)
    case 'deleteCell':
      return deleteCell(notebook, operation)
    case 'restoreCell':
      return restoreCell(notebook, operation)
    case 'moveCell':
      return moveCell(notebook, operation)
    case 'setCellType':
      return change(notebook, operation.cell, (cell) => ({
        cell: { ...cell, type: operation.type },
        inverse: { ...operation, type: cell.type },
      }))
    case 'setAttribute':
      return setAttribute(notebook, operation)
    case 'splitCell':
      return splitCell(notebook, operation)
    case 'mergeCells':
      return mergeCells(notebook, operation)
    case 'setHeader':
      return setHeader(notebook, operation)
    case 'replaceText':
      return change(notebook, operation.cell, (cell) => ({
        cell: { ...cell, source: operation.source },
        inverse: { ...operation, source: cell.source },
      }))
    case 'changeText':
      return changeText(notebook, operation)
  }
}

export interface Refused {
  readonly operation: NotebookOperation
  readonly code: OperationRefusal
  readonly sentence: string
}

/** A log in its order. What is refused changes nothing; so a client may apply what it has not sent yet on top of what is confirmed. */
export function applyOperations(
  notebook: Notebook,
  operations: readonly NotebookOperation[],
): { readonly notebook: Notebook; readonly refused: readonly Refused[] } {
  const refused: Refused[] = []
  let current = notebook
  for (const operation of operations) {
    const applied = applyOperation(current, operation)
    if (applied.ok) current = applied.notebook
    else refused.push({ operation, code: applied.code, sentence: applied.sentence })
  }
  return { notebook: current, refused }
}

/** Where the cell stands, as a place that survives the loss of one neighbour. */
function placeOfCell(cells: readonly Cell[], index: number): Place {
  return { after: cells[index - 1]?.id ?? null, before: cells[index + 1]?.id ?? null }
}

/** Behind `after`; if that is gone, before `before`; if both are gone, where `after` was deleted; else at the end. */
function indexOf(cells: readonly Cell[], { after, before }: Place, bin: readonly BinnedCell[]): number {
  const behind = cells.findIndex(({ id }) => id === after)
  if (behind >= 0) return behind + 1
  const ahead = cells.findIndex(({ id }) => id === before)
  if (ahead >= 0) return ahead
  if (after !== null) return indexOfGone(cells, after, bin, cells.length)
  return before === null ? 0 : indexOfGone(cells, before, bin, 0)
}

function indexOfGone(cells: readonly Cell[], gone: CellId, bin: readonly BinnedCell[], otherwise: number): number {
  const at = bin.findLastIndex(({ cell }) => cell.id === gone)
  const binned = bin[at]
  // What it stood beside was there when it was deleted, so it is in the cells or later in the bin: the search ends.
  return binned === undefined ? otherwise : indexOf(cells, binned.place, bin.slice(at + 1))
}

const insertAt = (cells: readonly Cell[], index: number, cell: Cell): Cell[] => cells.toSpliced(index, 0, cell)

function isTaken({ cells, bin }: Notebook, id: CellId): boolean {
  return cells.some((cell) => cell.id === id) || bin.some(({ cell }) => cell.id === id)
}

function insertCell(notebook: Notebook, { cell, place }: Of<'insertCell'>): Applied {
  if (isTaken(notebook, cell.id)) return refuse('duplicate_id', `A cell has the id ${cell.id} already.`)
  return checked(notebook, insertAt(notebook.cells, indexOf(notebook.cells, place, notebook.bin), cell), cell, {
    op: 'deleteCell',
    cell: cell.id,
  })
}

function deleteCell(notebook: Notebook, { cell: id }: Of<'deleteCell'>): Applied {
  const index = notebook.cells.findIndex((cell) => cell.id === id)
  const cell = notebook.cells[index]
  if (cell === undefined) return noCell(id)
  const place = placeOfCell(notebook.cells, index)
  const bin = withinBin([...notebook.bin, { cell, place }], id)
  const inverse = { op: 'restoreCell', cell: id, place } as const
  return { ok: true, notebook: { ...notebook, cells: notebook.cells.toSpliced(index, 1), bin }, inverse }
}

/** The oldest cells fall out until the bin is within its limits; `kept` stays. */
function withinBin(bin: readonly BinnedCell[], kept: CellId): readonly BinnedCell[] {
  let units = bin.reduce((sum, { cell }) => sum + cell.source.length, 0)
  let count = bin.length
  if (count <= MAX_BIN_CELLS && units <= MAX_BIN_BYTES) return bin
  return bin.filter(({ cell }) => {
    if (cell.id === kept || (count <= MAX_BIN_CELLS && units <= MAX_BIN_BYTES)) return true
    units -= cell.source.length
    count--
    return false
  })
}

function restoreCell(notebook: Notebook, { cell: id, place }: Of<'restoreCell'>): Applied {
  const binned = notebook.bin.find(({ cell }) => cell.id === id)
  if (binned === undefined) return refuse('not_in_bin', `There is no cell ${id} in the bin.`)
  const index =
    place === undefined
      ? indexOfGone(notebook.cells, id, notebook.bin, notebook.cells.length)
      : indexOf(notebook.cells, place, notebook.bin)
  const bin = notebook.bin.filter((one) => one !== binned)
  return checked({ ...notebook, bin }, insertAt(notebook.cells, index, binned.cell), binned.cell, { op: 'deleteCell', cell: id })
}

function moveCell(notebook: Notebook, operation: Of<'moveCell'>): Applied {
  const from = notebook.cells.findIndex(({ id }) => id === operation.cell)
  const cell = notebook.cells[from]
  if (cell === undefined) return noCell(operation.cell)
  const inverse = { ...operation, place: placeOfCell(notebook.cells, from) }
  const { after, before } = operation.place
  if (after === cell.id || before === cell.id) return { ok: true, notebook, inverse }
  const others = notebook.cells.toSpliced(from, 1)
  return { ok: true, notebook: { ...notebook, cells: insertAt(others, indexOf(others, operation.place, notebook.bin), cell) }, inverse }
}

function setAttribute(notebook: Notebook, operation: Of<'setAttribute'>): Applied {
  return change(notebook, operation.cell, (cell) => {
    const attributes = withEntry(cell.attributes, operation.name, operation.value, operation.before)
    if (Object.keys(attributes).length > MAX_CELL_ATTRIBUTES) {
      return refuse('too_large', `A cell has at most ${MAX_CELL_ATTRIBUTES} attributes.`)
    }
    const { op, cell: id, name } = operation
    return { cell: { ...cell, attributes }, inverse: { op, cell: id, name, ...entryOf(cell.attributes, name) } }
  })
}

function setHeader(notebook: Notebook, { op, key, value, before }: Of<'setHeader'>): Applied {
  if (key === 'nb' && value === null) return refuse('malformed', 'The header keeps the version of its format: nb.')
  const header = withEntry(notebook.header, key, value, before)
  if (Object.keys(header).length > MAX_HEADER_KEYS) return refuse('too_large', `The header has at most ${MAX_HEADER_KEYS} entries.`)
  return { ok: true, notebook: { ...notebook, header }, inverse: { op, key, ...entryOf(notebook.header, key) } }
}

function splitCell(notebook: Notebook, { cell: id, at, without, length, into }: Of<'splitCell'>): Applied {
  const index = notebook.cells.findIndex((cell) => cell.id === id)
  const binned = index < 0 ? notebook.bin.find((one) => one.cell.id === id) : undefined
  const cell = notebook.cells[index] ?? binned?.cell
  if (cell === undefined) return noCell(id)
  if (isTaken(notebook, into.id)) return refuse('duplicate_id', `A cell has the id ${into.id} already.`)
  if (cell.source.length !== length || !cell.source.startsWith(without, at) || at + without.length > length) return textChanged(id)
  const top = { ...cell, source: cell.source.slice(0, at) }
  const below = { id: into.id, type: into.type, source: cell.source.slice(at + without.length), attributes: into.attributes }
  const inverse = { op: 'mergeCells', cell: id, next: into.id, glue: without } as const
  if (binned === undefined) return checked(notebook, notebook.cells.toSpliced(index, 1, top, below), below, inverse)
  const halves = [
    { ...binned, cell: top },
    { cell: below, place: { after: id, before: binned.place.before } },
  ]
  const bin = notebook.bin.flatMap((one) => (one === binned ? halves : [one]))
  // In the bin nothing stands below another: the way back knows its texts.
  return { ok: true, notebook: { ...notebook, bin: withinBin(bin, below.id) }, inverse: { ...inverse, at, length } }
}

function mergeCells(notebook: Notebook, operation: Of<'mergeCells'>): Applied {
  const { cell: id, next, glue, at } = operation
  const upper = partOf(notebook, id)
  const lower = partOf(notebook, next)
  if (upper === undefined) return noCell(id)
  const areNeighbours = !upper.isBinned && !lower?.isBinned && lower?.index === upper.index + 1
  // One that knows its texts was among neighbours when it was made. What came between, or went into the bin, does not part them again.
  if (lower === undefined || id === next || (!areNeighbours && at === undefined))
    return refuse('not_neighbours', `Cell ${next} does not stand directly below cell ${id}.`)
  const source = upper.cell.source + glue + lower.cell.source
  const merged = { ...upper.cell, source }
  const { source: _, ...into } = lower.cell
  const inverse = { op: 'splitCell', cell: id, at: upper.cell.source.length, without: glue, length: source.length, into } as const
  const put = (cell: Cell): Cell[] => (cell.id === id ? [merged] : cell.id === next ? [] : [cell])
  const cells = notebook.cells.flatMap(put)
  if (!upper.isBinned && !lower.isBinned) return checked(notebook, cells, merged, inverse)
  const bin = notebook.bin.flatMap((binned) => put(binned.cell).map((cell) => (cell === binned.cell ? binned : { ...binned, cell })))
  return checked({ ...notebook, bin: withinBin(bin, id) }, cells, merged, inverse)
}

/** A cell, wherever it is. */
function partOf(
  { cells, bin }: Notebook,
  id: CellId,
): { readonly cell: Cell; readonly isBinned: boolean; readonly index: number } | undefined {
  const index = cells.findIndex((cell) => cell.id === id)
  const cell = cells[index] ?? bin.find((binned) => binned.cell.id === id)?.cell
  return cell === undefined ? undefined : { cell, isBinned: index < 0, index }
}

function changeText(notebook: Notebook, operation: Of<'changeText'>): Applied {
  return change(notebook, operation.cell, (cell) => {
    const { length, spans } = operation
    if (cell.source.length !== length) return textChanged(cell.id)
    if (!areSpansIn(spans, length)) return refuse('malformed', 'The spans of a change stand in order inside the text, none over another.')
    const source = applySpans(cell.source, spans)
    return { cell: { ...cell, source }, inverse: { ...operation, length: source.length, spans: invertSpans(cell.source, spans) } }
  })
}

const textChanged = (id: CellId): Applied => refuse('text_changed', `Cell ${id} has another text by now; nothing was changed.`)

type Changed = { readonly cell: Cell; readonly inverse: NotebookOperation } | Applied

function change(notebook: Notebook, id: CellId, make: (cell: Cell) => Changed): Applied {
  const index = notebook.cells.findIndex((cell) => cell.id === id)
  const binned = index < 0 ? notebook.bin.find((one) => one.cell.id === id) : undefined
  const cell = notebook.cells[index] ?? binned?.cell
  if (cell === undefined) return noCell(id)
  const changed = make(cell)
  if ('ok' in changed) return changed
  if (binned !== undefined) {
    const bin = notebook.bin.map((one) => (one === binned ? { ...one, cell: changed.cell } : one))
    return checked({ ...notebook, bin: withinBin(bin, id) }, notebook.cells, changed.cell, changed.inverse)
  }
  return checked(notebook, notebook.cells.with(index, changed.cell), changed.cell, changed.inverse)
}

/** The new cells, if they are within the limits; only `touched` may have grown. */
function checked(notebook: Notebook, cells: readonly Cell[], touched: Cell, inverse: NotebookOperation): Applied {
  if (cells.length > MAX_CELLS) return refuse('too_large', TOO_MANY_CELLS)
  if (isCellTooLarge(touched.source)) return refuse('too_large', CELL_TOO_LARGE)
  if (isTooLarge(cells)) return refuse('too_large', NOTEBOOK_TOO_LARGE)
  return { ok: true, notebook: { ...notebook, cells }, inverse }
}
