/**
 * What people do with cells, as operations on the notebook. Pure: an edit says what to do and which cell has the hand afterwards.
 *
 * Operations of one edit are applied in order, one on top of the other, and undone together.
 */
import { hasFlag, mintCellId } from '#sdk/notebook/document.ts'
import type { Random } from '#sdk/protocol/mint.ts'
import type { Cell, CellAttributes, CellId, Notebook, NotebookOperation, Place } from '#sdk/protocol/notebook.ts'

export interface Edit {
  /** What undoing it takes back: `Delete 2 cells`. */
  readonly title: string
  readonly operations: readonly NotebookOperation[]
  /** The cells to select, the first with the hand; nothing: as before. */
  readonly select?: readonly CellId[]
}

export interface CellDraft {
  readonly type: string
  readonly source: string
  readonly attributes?: CellAttributes
}

const NOTHING: Edit = { title: 'Nothing', operations: [] }
const cellsIn = (notebook: Notebook, ids: readonly CellId[]): readonly Cell[] => notebook.cells.filter(({ id }) => ids.includes(id))
const counted = (count: number): string => (count === 1 ? 'cell' : `${count} cells`)

/** Ids that neither a cell nor the bin has, one after another. */
function minting({ cells, bin }: Notebook, random: Random): () => CellId {
  const taken = new Set([...cells.map(({ id }) => id), ...bin.map(({ cell }) => cell.id)])
  return () => {
    const id = mintCellId(taken, random)
    taken.add(id)
    return id
  }
}

/** The place behind `after` (null: at the top), with what stands there now as the second neighbour. */
export function placeAfter(cells: readonly Cell[], after: CellId | null): Place {
  const at = after === null ? -1 : cells.findIndex(({ id }) => id === after)
  return { after, before: cells[at + 1]?.id ?? null }
}

export function placeBefore(cells: readonly Cell[], before: CellId): Place {
  const at = cells.findIndex(({ id }) => id === before)
  return { after: cells[at - 1]?.id ?? null, before }
}

/** New cells, one below the other. */
export function insertCells(notebook: Notebook, place: Place, drafts: readonly CellDraft[], random: Random, title?: string): Edit {
  const mint = minting(notebook, random)
  let after = place.after
  const operations = drafts.map(({ type, source, attributes = {} }, index): NotebookOperation => {
    const id = mint()
    // At the very top the first goes before what stands there, the others behind the first.
    const where = { after: index === 0 ? place.after : after, before: place.before }
    after = id
    return { op: 'insertCell', cell: { id, type, source, attributes }, place: where }
  })
  const select = operations.flatMap((operation) => (operation.op === 'insertCell' ? [operation.cell.id] : []))
  return { title: title ?? `Add ${counted(drafts.length)}`, operations, select }
}

export function deleteCells(notebook: Notebook, ids: readonly CellId[]): Edit {
  const gone = cellsIn(notebook, ids)
  if (gone.length === 0) return NOTHING
  const goneIds = new Set(gone.map(({ id }) => id))
  const last = notebook.cells.findLastIndex(({ id }) => goneIds.has(id))
  const rest = notebook.cells.filter(({ id }) => !goneIds.has(id))
  const below = notebook.cells.slice(last + 1).find(({ id }) => !goneIds.has(id)) ?? rest.at(-1)
  return {
    title: `Delete ${counted(gone.length)}`,
    // From below upwards, so that each goes back beside what stood there.
    operations: gone.toReversed().map(({ id }) => ({ op: 'deleteCell', cell: id })),
    ...(below === undefined ? {} : { select: [below.id] }),
  }
}

export function duplicateCells(notebook: Notebook, ids: readonly CellId[], random: Random): Edit {
  const cells = cellsIn(notebook, ids)
  const last = cells.at(-1)
  if (last === undefined) return NOTHING
  return insertCells(notebook, placeAfter(notebook.cells, last.id), cells, random, `Duplicate ${counted(cells.length)}`)
}

/** One step up or down, all together. */
export function moveCells(notebook: Notebook, ids: readonly CellId[], direction: 'up' | 'down'): Edit {
  const moved = cellsIn(notebook, ids)
  const first = moved[0]
  const last = moved.at(-1)
  if (first === undefined || last === undefined) return NOTHING
  const { cells } = notebook
  if (direction === 'up') {
    const above = cells[cells.indexOf(first) - 1]
    return above === undefined ? NOTHING : moveCellsTo(notebook, ids, placeBefore(cells, above.id))
  }
  const below = cells[cells.indexOf(last) + 1]
  return below === undefined ? NOTHING : moveCellsTo(notebook, ids, placeAfter(cells, below.id))
}

/** To a place that another cell, or the beginning or the end, gives. */
export function moveCellsTo(notebook: Notebook, ids: readonly CellId[], place: Place): Edit {
  const moved = cellsIn(notebook, ids)
  if (moved.length === 0) return NOTHING
  const isMoved = (id: CellId | null) => id !== null && moved.some((cell) => cell.id === id)
  const { cells } = notebook
  // What moves itself is no neighbour: the nearest other cell is.
  const start = place.after === null ? 0 : cells.findIndex(({ id }) => id === place.after) + 1
  let after = cells.slice(0, start).findLast(({ id }) => !isMoved(id))?.id ?? null
  const before = cells.slice(start).find(({ id }) => !isMoved(id))?.id ?? null
  const order = cells.filter(({ id }) => !isMoved(id))
  order.splice(after === null ? 0 : order.findIndex(({ id }) => id === after) + 1, 0, ...moved)
  if (order.every(({ id }, index) => id === cells[index]?.id)) return NOTHING
  const operations = moved.map(({ id }): NotebookOperation => {
    const operation = { op: 'moveCell', cell: id, place: { after, before } } as const
    after = id
    return operation
  })
  return { title: `Move ${counted(moved.length)}`, operations }
}

/** At the cursor, or around what is selected; the line break beside it goes, so that neither part begins or ends with an empty line. */
export function splitCell(notebook: Notebook, id: CellId, at: number, random: Random): Edit {
  const cell = notebook.cells.find((one) => one.id === id)
  if (cell === undefined) return NOTHING
  const { source } = cell
  const newline = source[at] === '\n' ? at : source[at - 1] === '\n' ? at - 1 : undefined
  const into = { id: minting(notebook, random)(), type: cell.type, attributes: {} }
  const operation = {
    op: 'splitCell',
    cell: id,
    at: newline ?? at,
    without: newline === undefined ? '' : '\n',
    length: source.length,
    into,
  } as const
  return { title: 'Split cell', operations: [operation], select: [into.id] }
}

/** All that are selected into the first of them; a single one with the one below. Cells of different kinds are not merged. */
export function mergeCells(notebook: Notebook, ids: readonly CellId[]): Edit | { readonly refused: string } {
  const selected = cellsIn(notebook, ids)
  const first = selected[0]
  if (first === undefined) return NOTHING
  const below = notebook.cells[notebook.cells.indexOf(first) + 1]
  const merged = selected.length > 1 ? selected : below === undefined ? [first] : [first, below]
  if (merged.length < 2) return { refused: 'There is no cell below to merge with.' }
  if (merged.some(({ type }) => type !== first.type))
    return { refused: 'Only cells of one kind can be merged: change the kind first (Y or M).' }
  const operations = merged.slice(1).map(({ id }): NotebookOperation => ({ op: 'mergeCells', cell: first.id, next: id, glue: '\n' }))
  return { title: `Merge ${counted(merged.length)}`, operations, select: [first.id] }
}

export function setKind(notebook: Notebook, ids: readonly CellId[], type: string): Edit {
  const changed = cellsIn(notebook, ids).filter((cell) => cell.type !== type)
  return { title: 'Change the kind', operations: changed.map(({ id }) => ({ op: 'setCellType', cell: id, type })) }
}

/** On where one of them is off, else off. */
export function toggleFlag(notebook: Notebook, ids: readonly CellId[], name: 'hidden' | 'folded'): Edit {
  const cells = cellsIn(notebook, ids)
  const isOn = cells.every(({ attributes }) => hasFlag(attributes, name))
  const what = name === 'hidden' ? 'code' : 'outputs'
  return {
    title: `${isOn ? 'Show' : 'Hide'} ${what}`,
    operations: cells.map(({ id }) => ({ op: 'setAttribute', cell: id, name, value: isOn ? null : true })),
  }
}

/** `# ` of a level before the first line, instead of what stood there. A cell of code becomes text. */
export function setHeading(notebook: Notebook, ids: readonly CellId[], level: number): Edit {
  const operations = cellsIn(notebook, ids).flatMap(({ id, type, source }): NotebookOperation[] => {
    const old = /^#{1,6}[ \t]*/.exec(source)?.[0].length ?? 0
    const spans = [{ from: 0, to: old, insert: `${'#'.repeat(level)} ` }]
    return [
      ...(type === 'md' ? [] : [{ op: 'setCellType', cell: id, type: 'md' } as const]),
      { op: 'changeText', cell: id, length: source.length, spans },
    ]
  })
  return { title: `Heading ${level}`, operations }
}
