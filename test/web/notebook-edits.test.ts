import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyNotebook, isCellId } from '#sdk/notebook/document.ts'
import { applyOperation, applyOperations } from '#sdk/notebook/operations.ts'
import type { Cell, CellId, Notebook, NotebookOperation } from '#sdk/protocol/notebook.ts'
import {
  deleteCells,
  duplicateCells,
  insertCells,
  mergeCells,
  moveCells,
  moveCellsTo,
  placeAfter,
  placeBefore,
  setHeading,
  setKind,
  splitCell,
  toggleFlag,
  type Edit,
} from '../../web/notebook/edits.ts'
import { repaired, selectAll, selectedOf, selectOnly, step } from '../../web/notebook/selection.ts'

const id = (name: string): CellId => {
  if (!isCellId(name)) throw new Error(`${name} is no id`)
  return name
}
const cell = (name: string, source = name, type = 'ts'): Cell => ({ id: id(name), type, source, attributes: {} })
const notebook = (...cells: Cell[]): Notebook => ({ ...emptyNotebook(), cells })
const abcde = notebook(...'abcde'.split('').map((name) => cell(name)))
const ids = (names: string): CellId[] => names.split('').map((name) => id(name))
/** Counts up, so that ids are known. */
const random = () => 0.5

function done(start: Notebook, edit: Edit | { refused: string }): Notebook {
  if ('refused' in edit) throw new Error(edit.refused)
  const { notebook: after, refused } = applyOperations(start, edit.operations)
  expect(refused).toEqual([])
  return after
}
const order = ({ cells }: Notebook) => cells.map((one) => one.id).join('')

test('[NP5] several cells move together, by a step, to a place, and into themselves not at all', () => {
  expect(order(done(abcde, moveCells(abcde, ids('bc'), 'up')))).toBe('bcade')
  expect(order(done(abcde, moveCells(abcde, ids('bc'), 'down')))).toBe('adbce')
  expect(moveCells(abcde, ids('ab'), 'up').operations).toEqual([])
  expect(moveCells(abcde, ids('e'), 'down').operations).toEqual([])
  expect(order(done(abcde, moveCellsTo(abcde, ids('de'), placeBefore(abcde.cells, id('a')))))).toBe('deabc')
  expect(order(done(abcde, moveCellsTo(abcde, ids('ab'), placeAfter(abcde.cells, id('e')))))).toBe('cdeab')
  expect(moveCellsTo(abcde, ids('bc'), placeAfter(abcde.cells, id('b'))).operations).toEqual([])
})

test('[NP6] deleted cells give the hand to the cell below, and one undo puts all of them back where they were', () => {
  const edit = deleteCells(abcde, ids('bcd'))
  expect(edit.select).toEqual(ids('e'))
  expect(deleteCells(abcde, ids('de')).select).toEqual(ids('c'))
  expect(order(done(abcde, edit))).toBe('ae')
  expect(order(undone(abcde, edit.operations))).toBe('abcde')
})

function undone(start: Notebook, operations: readonly NotebookOperation[]): Notebook {
  const inverses: NotebookOperation[] = []
  let current = start
  for (const operation of operations) {
    const applied = applyOperation(current, operation)
    if (!applied.ok) throw new Error(applied.sentence)
    current = applied.notebook
    inverses.unshift(applied.inverse)
  }
  return applyOperations(current, inverses).notebook
}

test('[NP7] new and duplicated cells stand where they were asked for, in their order, and are selected', () => {
  const drafts = [cell('x', 'one'), cell('y', 'two', 'md')]
  const top = insertCells(abcde, placeBefore(abcde.cells, id('a')), drafts, random)
  expect(done(abcde, top).cells.map(({ source }) => source)).toEqual(['one', 'two', 'a', 'b', 'c', 'd', 'e'])
  const twice = duplicateCells(abcde, ids('bc'), random)
  const after = done(abcde, twice)
  expect(after.cells.map(({ source }) => source)).toEqual(['a', 'b', 'c', 'b', 'c', 'd', 'e'])
  expect(twice.select).toEqual(after.cells.slice(3, 5).map((one) => one.id))
})

test('[NP8] a split leaves out the line break at the cursor; a merge puts one in; kinds are not mixed', () => {
  const start = notebook(cell('a', 'const x = 1\nconst y = 2'), cell('b', 'text', 'md'))
  const split = splitCell(start, id('a'), 'const x = 1\n'.length, random)
  const parts = done(start, split)
  expect(parts.cells.map(({ source }) => source)).toEqual(['const x = 1', 'const y = 2', 'text'])
  expect(done(parts, mergeCells(parts, ids('a'))).cells.map(({ source }) => source)).toEqual(['const x = 1\nconst y = 2', 'text'])
  expect(mergeCells(start, ids('a'))).toEqual({ refused: 'Only cells of one kind can be merged: change the kind first (Y or M).' })
  expect(mergeCells(start, ids('b'))).toEqual({ refused: 'There is no cell below to merge with.' })
})

test('[NP9] kind, heading and flags are set for all that are selected; a flag is off only where all had it', () => {
  const start = notebook(cell('a', '## old'), cell('b', 'new', 'md'))
  expect(done(start, setKind(start, ids('ab'), 'md')).cells.map(({ type }) => type)).toEqual(['md', 'md'])
  const headed = done(start, setHeading(start, ids('ab'), 3))
  expect(headed.cells.map(({ type, source }) => [type, source])).toEqual([
    ['md', '### old'],
    ['md', '### new'],
  ])
  const one = done(start, toggleFlag(start, ids('a'), 'hidden'))
  const both = done(one, toggleFlag(one, ids('ab'), 'hidden'))
  expect(both.cells.map(({ attributes }) => attributes)).toEqual([{ hidden: true }, { hidden: true }])
  expect(done(both, toggleFlag(both, ids('ab'), 'hidden')).cells.map(({ attributes }) => attributes)).toEqual([{}, {}])
})

test('[NP10] whatever is done with cells, undoing it gives the cells back as they were', () => {
  const names = fc.subarray(ids('abcde'), { minLength: 1 })
  const edit = fc.oneof(
    names.map((cells) => deleteCells(abcde, cells)),
    names.map((cells) => moveCells(abcde, cells, 'up')),
    fc.tuple(names, fc.constantFrom(...ids('abcde'))).map(([cells, at]) => moveCellsTo(abcde, cells, placeAfter(abcde.cells, at))),
    names.map((cells) => duplicateCells(abcde, cells, random)),
    names.map((cells) => setHeading(abcde, cells, 2)),
  )
  fc.assert(
    fc.property(edit, ({ operations }) => {
      expect(undone(abcde, operations).cells).toEqual(abcde.cells)
    }),
  )
})

test('[NP11] a selection is extended from its anchor, stops at the ends, and goes to the nearest cell when its own is gone', () => {
  const all = ids('abcde')
  const two = step(selectOnly(id('b')), all, 1, true)
  expect(selectedOf(two, all)).toEqual(ids('bc'))
  expect(selectedOf(step(two, all, -2, true), all)).toEqual(ids('ab'))
  expect(step(selectOnly(id('e')), all, 1).head).toBe('e')
  expect(selectedOf(selectAll(all), all)).toEqual(all)
  expect(repaired(selectOnly(id('c')), all, ids('abe')).head).toBe('e')
  expect(repaired(selectOnly(id('e')), all, ids('ab')).head).toBe('b')
  expect(repaired(selectOnly(id('a')), ids('a'), [])).toEqual({ head: undefined, anchor: undefined, mode: 'command' })
})
