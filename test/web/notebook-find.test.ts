import { expect, test } from 'vitest'
import { isCellId } from '#sdk/notebook/document.ts'
import { applyOperations } from '#sdk/notebook/operations.ts'
import type { Cell, CellId } from '#sdk/protocol/notebook.ts'
import { findIn, nextMatch, replaceIn, type FindQuery } from '../../web/notebook/find.ts'

const id = (name: string): CellId => {
  if (!isCellId(name)) throw new Error(`${name} is no id`)
  return name
}
const cells: readonly Cell[] = [
  { id: id('a'), type: 'ts', source: 'const Rows = rows.map((row) => row.id)', attributes: {} },
  { id: id('b'), type: 'md', source: 'The rows.\nAll rows', attributes: {} },
]
const query = (text: string, given: Partial<FindQuery> = {}): FindQuery => ({
  text,
  isRegex: false,
  isCaseSensitive: false,
  isWholeWord: false,
  ...given,
})
const places = (given: FindQuery) => findIn(cells, given).matches.map(({ cell, from, to }) => `${cell} ${from}-${to}`)
const replaced = (given: FindQuery, by: string) => {
  const operations = replaceIn(cells, given, findIn(cells, given).matches, by)
  const { notebook, refused } = applyOperations({ header: { nb: '1' }, cells, bin: [] }, operations)
  expect(refused).toEqual([])
  return notebook.cells.map(({ source }) => source)
}

test('[NP12] text is found in all cells: any case or the same, whole words, signs as they are', () => {
  expect(places(query('rows'))).toEqual(['a 6-10', 'a 13-17', 'b 4-8', 'b 14-18'])
  expect(places(query('rows', { isCaseSensitive: true }))).toEqual(['a 13-17', 'b 4-8', 'b 14-18'])
  expect(places(query('row', { isWholeWord: true }))).toEqual(['a 23-26', 'a 31-34'])
  expect(places(query('.map('))).toEqual(['a 17-22'])
  expect(places(query(''))).toEqual([])
})

test('[NP13] a regular expression is one, ^ and $ are the ends of a line, and a broken one is told', () => {
  expect(places(query('^All', { isRegex: true }))).toEqual(['b 10-13'])
  expect(places(query('x*', { isRegex: true }))).toEqual([])
  expect(findIn(cells, query('(', { isRegex: true }))).toEqual({
    matches: [],
    isCut: false,
    problem: 'This is no regular expression: unterminated group.',
  })
})

test('[NP14] replacing puts the text in as it is; in an expression $1, $<name>, $& and $$ stand for what they say', () => {
  expect(replaced(query('rows', { isCaseSensitive: true }), '$1')).toEqual(['const Rows = $1.map((row) => row.id)', 'The $1.\nAll $1'])
  expect(replaced(query('(?<first>r)ow(s)', { isRegex: true, isCaseSensitive: true }), '$<first>-$2-$&-$$')).toEqual([
    'const Rows = r-s-rows-$.map((row) => row.id)',
    'The r-s-rows-$.\nAll r-s-rows-$',
  ])
})

test('[NP15] the next match is the first behind the place, and round to the top', () => {
  const { matches } = findIn(cells, query('rows'))
  const order = [id('a'), id('b')]
  expect(nextMatch(matches, order, { cell: id('a'), offset: 8 })).toBe(1)
  expect(nextMatch(matches, order, { cell: id('b'), offset: 15 })).toBe(0)
})
