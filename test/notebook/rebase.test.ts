import { describe, expect, test } from 'vitest'
import { applyOperation, applyOperations } from '#sdk/notebook/operations.ts'
import { numbered, placeBatch, placeOperations } from '#sdk/notebook/place.ts'
import { rebase, settle } from '#sdk/notebook/rebase.ts'
import type { CellId, Notebook, NotebookOperation } from '#sdk/protocol/notebook.ts'
import { cell, chance, id, notebook } from './documents.ts'

const [a, b, c] = [id('a'), id('b'), id('c')]
const START = notebook(cell('a', 'one\ntwo'), cell('b', 'three'), cell('c', 'four'))
const type = (target: CellId, length: number, from: number, insert: string, to = from): NotebookOperation => ({
  op: 'changeText',
  cell: target,
  length,
  spans: [{ from, to, insert }],
})
const split = (target: CellId, at: number, without: string, length: number, into: string): NotebookOperation => ({
  op: 'splitCell',
  cell: target,
  at,
  without,
  length,
  into: { id: id(into), type: 'ts', attributes: {} },
})
const merge = (cellId: CellId, next: CellId, glue = '\n'): NotebookOperation => ({ op: 'mergeCells', cell: cellId, next, glue })
const remove = (target: CellId): NotebookOperation => ({ op: 'deleteCell', cell: target })

/** First `theirs`, then what becomes of `mine`: the texts of cells, of the bin, and refusals. */
function both(theirs: readonly NotebookOperation[], mine: readonly NotebookOperation[]) {
  const first = placeOperations(START, numbered(theirs))
  const ops = placeOperations(START, numbered(mine)).applied.map(({ op }) => op)
  const second = placeBatch(first.notebook, { ops }, [{ ops: first.applied.map(({ op }) => op) }])
  const texts = (cells: readonly { readonly id: CellId; readonly source: string }[]) =>
    Object.fromEntries(cells.map((one) => [one.id, one.source]))
  return {
    cells: texts(second.notebook.cells),
    bin: texts(second.notebook.bin.map((one) => one.cell)),
    refused: second.refused.map(({ code }) => code),
  }
}

describe('text follows its cell', () => {
  const rest = { b: 'three', c: 'four' }
  test.each<[string, readonly NotebookOperation[], readonly NotebookOperation[], object]>([
    [
      'into the new cell of a split',
      [split(a, 3, '\n', 7, 'n')],
      [type(a, 7, 7, '!'), type(a, 8, 0, '>')],
      { cells: { a: '>one', n: 'two!', ...rest } },
    ],
    ['at a split it stays above', [split(a, 3, '\n', 7, 'n')], [type(a, 7, 3, '!')], { cells: { a: 'one!', n: 'two', ...rest } }],
    [
      'behind white space that went it is below',
      [split(a, 3, '\n', 7, 'n')],
      [type(a, 7, 4, '!')],
      { cells: { a: 'one', n: '!two', ...rest } },
    ],
    [
      'one change of both halves becomes two',
      [split(a, 3, '\n', 7, 'n')],
      [type(a, 7, 1, 'X', 6)],
      { cells: { a: 'oX', n: 'o', ...rest } },
    ],
    ['into the cell that it was merged with', [merge(b, c)], [type(c, 4, 4, '!')], { cells: { a: 'one\ntwo', b: 'three\nfour!' } }],
    [
      'above a merge it stays in front of the white space',
      [merge(b, c)],
      [type(b, 5, 5, '!')],
      { cells: { a: 'one\ntwo', b: 'three!\nfour' } },
    ],
    ['into the bin', [remove(a)], [type(a, 7, 7, '!')], { cells: rest, bin: { a: 'one\ntwo!' } }],
    [
      'and around a text that was replaced as a whole, as far as it is still there',
      [{ op: 'replaceText', cell: a, source: 'one\n2' }],
      [type(a, 7, 3, '!')],
      { cells: { a: 'one!\n2', ...rest } },
    ],
    ['a split behind typing', [type(a, 7, 0, '>> ')], [split(a, 3, '\n', 7, 'n')], { cells: { a: '>> one', n: 'two', ...rest } }],
    [
      'a split whose white space was written into',
      [type(a, 7, 4, 'x', 4), type(a, 8, 3, '', 4)],
      [split(a, 3, '\n', 7, 'n')],
      { cells: { a: 'one', n: 'xtwo', ...rest } },
    ],
    [
      'a split of a cell that was deleted',
      [remove(a)],
      [split(a, 3, '\n', 7, 'n'), type(id('n'), 3, 3, '!')],
      { cells: rest, bin: { a: 'one', n: 'two!' } },
    ],
    [
      'two splits at one place',
      [split(a, 3, '\n', 7, 'n')],
      [split(a, 3, '\n', 7, 'm'), type(id('m'), 3, 3, '!')],
      { cells: { a: 'one', m: '', n: 'two!', ...rest } },
    ],
    [
      'two splits at two places',
      [split(a, 5, '', 7, 'n')],
      [split(a, 3, '\n', 7, 'm'), type(id('m'), 3, 3, '!')],
      { cells: { a: 'one', m: 't', n: 'wo!', ...rest } },
    ],
    ['one merge twice', [merge(b, c)], [merge(b, c), type(b, 10, 10, '!')], { cells: { a: 'one\ntwo', b: 'three\nfour!' } }],
    [
      'one merge with two kinds of white space',
      [merge(b, c, '\n\n')],
      [merge(b, c), type(b, 10, 10, '!')],
      { cells: { a: 'one\ntwo', b: 'three\n\nfour!' } },
    ],
    ['two merges in a row', [merge(b, c)], [merge(a, b), type(a, 13, 13, '!')], { cells: { a: 'one\ntwo\nthree!\nfour' } }],
    [
      'a merge with a cell that was deleted',
      [remove(c)],
      [merge(b, c), type(b, 10, 10, '!')],
      { cells: { a: 'one\ntwo', b: 'three\nfour!' } },
    ],
    [
      'a merge of cells that another cell came between',
      [{ op: 'insertCell', cell: cell('n', 'new'), place: { after: b, before: c } }],
      [merge(b, c), type(b, 10, 10, '!')],
      { cells: { a: 'one\ntwo', b: 'three\nfour!', n: 'new' } },
    ],
    [
      'a merge with a cell that was split',
      [split(c, 2, '', 4, 'n')],
      [merge(b, c), type(b, 10, 10, '!')],
      { cells: { a: 'one\ntwo', b: 'three\nfo', n: 'ur!' } },
    ],
  ])('[NR6] text that is typed while its cell changes follows it: %s', (_, theirs, mine, expected) => {
    expect(both(theirs, mine)).toEqual({ bin: {}, refused: [], ...expected })
  })
})

test('[NR7] a batch keeps what is good of it: what is refused has its number, and what stood on it stands where it would without it', () => {
  const gone = [remove(b), type(a, 7, 7, '.')]
  const batch: readonly NotebookOperation[] = [
    { op: 'moveCell', cell: id('x'), place: { after: null, before: null } },
    type(a, 7, 0, '>'),
    remove(b),
  ]
  const placed = placeBatch(applyOperations(START, gone).notebook, { ops: batch }, [{ ops: gone }])
  expect(placed.notebook.cells).toEqual([cell('a', '>one\ntwo.'), cell('c', 'four')])
  expect(placed.refused.map(({ index, code, detail }) => ({ index, code, detail }))).toEqual([
    { index: 0, code: 'no_such_cell', detail: 'There is no cell x.' },
    { index: 2, code: 'no_such_cell', detail: 'There is no cell b.' },
  ])
  const taken = placeOperations(START, numbered([split(a, 3, '\n', 7, 'b'), type(b, 3, 3, '!'), type(a, 3, 0, '>')]))
  expect([taken.refused.map(({ index, code }) => [index, code]), taken.notebook.cells[0]?.source]).toEqual([
    [[0, 'duplicate_id']],
    '>one\ntwo!',
  ])
})

test('[NR8] a merge of cells that are no neighbours is refused when it is made', () => {
  expect(placeOperations(START, numbered([merge(a, c)])).refused.map(({ code }) => code)).toEqual(['not_neighbours'])
})

/** Operations that apply one after the other, on texts in which each character is used once. */
function drafts(start: Notebook, count: number, random: () => number, mark: () => string): NotebookOperation[] {
  const made: NotebookOperation[] = []
  let current = start
  for (let step = 0; step < count; step++) {
    const { cells } = current
    const at = Math.floor(random() * cells.length)
    const [one, next] = [cells[at], cells[at + 1]]
    if (one === undefined) break
    const { source } = one
    const from = Math.floor(random() * (source.length + 1))
    const to = Math.min(source.length, from + Math.floor(random() * 4))
    const dice = random()
    const into = { id: id(`n${mark().charCodeAt(0)}`), type: 'ts', attributes: {} }
    const without = /^\n{0,2}/.exec(source.slice(from))?.[0] ?? ''
    const draft: NotebookOperation =
      dice < 0.45
        ? type(one.id, source.length, from, random() < 0.8 ? mark() : '\n', to)
        : dice < 0.65
          ? { op: 'splitCell', cell: one.id, at: from, without, length: source.length, into }
          : dice < 0.85 && next !== undefined
            ? merge(one.id, next.id, ['', '\n', '\n\n'][Math.floor(random() * 3)])
            : dice < 0.93
              ? { op: 'moveCell', cell: one.id, place: { after: cells[Math.floor(random() * cells.length)]?.id ?? null, before: null } }
              : remove(one.id)
    const op = settle(current, draft)
    const applied = applyOperation(current, op)
    if (!applied.ok) continue
    made.push(op)
    current = applied.notebook
  }
  return made
}

test('[NR9] whatever two people do, each finds the other’s texts as they are: nothing is refused for its text, and either order keeps the same characters', () => {
  const texts = ({ cells, bin }: Notebook): string =>
    [...cells, ...bin.map((one) => one.cell)]
      .flatMap(({ source }) => source.split(''))
      .filter((char) => char !== '\n')
      .toSorted()
      .join('')
  for (let seed = 1; seed <= 3_000; seed++) {
    const random = chance(seed * 7_919)
    for (let warm = 0; warm < 5; warm++) random()
    let count = 0
    const mark = (): string => String.fromCharCode(0x2200 + count++)
    const start = notebook(...['a', 'b', 'c'].map((name) => cell(name, `${mark()}${mark()}\n${mark()}\n\n${mark()}`)))
    const theirs = drafts(start, 1 + Math.floor(random() * 4), random, mark)
    const mine = drafts(start, 1 + Math.floor(random() * 4), random, mark)
    const moved = rebase(mine, theirs)
    const one = applyOperations(applyOperations(start, theirs).notebook, moved.mine)
    const other = applyOperations(applyOperations(start, mine).notebook, moved.theirs)
    const codes = [...one.refused, ...other.refused]
      .map(({ code }) => code)
      .filter((code) => code === 'text_changed' || code === 'malformed')
    expect({ seed, codes, texts: texts(one.notebook) }).toEqual({ seed, codes: [], texts: texts(other.notebook) })
  }
})
