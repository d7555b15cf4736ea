import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fit } from '../../web/app/fuzzy.ts'
import { rank } from '../../web/app/palette-entries.ts'
import type { PaletteEntry } from '../../web/app/palette-sources.ts'

test.each([
  ['rc', 'Run cell', [0, 4]],
  ['runc', 'Run cell', [0, 1, 2, 4]],
  ['CELL', 'Run cell', [4, 5, 6, 7]],
  ['run cell', 'Run cell', [0, 1, 2, 4, 5, 6, 7]],
  ['ff', 'getFlowFriends', [3, 7]],
  ['lc', 'Run cell', undefined],
  ['', 'Anything', []],
])('[SH23] letters fit in order, and at the starts of words where they can: %s in %s', (query, text, places) => {
  expect(fit(query, text)?.places).toEqual(places)
})

test('[SH23] whatever fits, fits at ascending places that hold those letters', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5 }), fc.string({ maxLength: 30 }), (query, text) => {
      const found = fit(query, text)
      if (found === undefined || text.toLowerCase().length !== text.length) return
      const letters = found.places.map((place) => text.toLowerCase().charAt(place)).join('')
      expect(letters).toBe(query.toLowerCase().replaceAll(/\s+/g, ''))
      expect(found.places).toEqual([...new Set(found.places)].toSorted((a, b) => a - b))
    }),
  )
})

test('[SH23] recent entries come first, then the best fit; words and group find an entry too', () => {
  const entry = (id: string, title: string, more: Partial<PaletteEntry> = {}): PaletteEntry => ({
    id,
    title,
    group: 'Cells',
    run: () => undefined,
    ...more,
  })
  const entries = [
    entry('all', 'Run all cells'),
    entry('cell', 'Run cell'),
    entry('stop', 'Stop'),
    entry('theme', 'Dark', { words: 'colour theme', group: 'Look' }),
  ]
  const titles = (query: string, recent: readonly string[] = []): readonly string[] =>
    rank(query, entries, recent, 3).map(({ entry: { title } }) => title)
  expect(titles('')).toEqual(['Run all cells', 'Run cell', 'Stop'])
  expect(titles('', ['theme', 'stop'])).toEqual(['Dark', 'Stop', 'Run all cells'])
  expect(titles('rc')).toEqual(['Run cell', 'Run all cells'])
  expect(titles('rc', ['all'])).toEqual(['Run all cells', 'Run cell'])
  expect(titles('colour')).toEqual(['Dark'])
  expect(titles('nothing of this')).toEqual([])
})
