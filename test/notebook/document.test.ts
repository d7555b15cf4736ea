import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellTitleOf, emptyNotebook, hasFlag, mintCellId, networkOf, placeOf, titleOf } from '#sdk/notebook/document.ts'
import { validateNotebook } from '#sdk/notebook/validate.ts'
import { MAX_BIN_CELLS, MAX_CELL_BYTES, MAX_CELLS } from '#sdk/protocol/limits.ts'
import { CellSource, HeaderKey, HeaderValue, type CellId } from '#sdk/protocol/notebook.ts'
import { utf8Length } from '#sdk/protocol/utf8-length.ts'
import { cell, chance, documents, id, notebook } from './documents.ts'

test('[NB60] a new id has four characters of 0-9a-z, more where those are taken, and is never one that is taken', () => {
  expect(mintCellId(new Set(), chance())).toMatch(/^[0-9a-z]{4}$/)
  const random = chance()
  const taken = new Set<CellId>()
  for (let count = 0; count < 3_000; count++) {
    const minted = mintCellId(taken, random)
    expect(taken.has(minted)).toBe(false)
    taken.add(minted)
  }
  const stuck = new Set<CellId>()
  for (let count = 0; count < 20; count++) stuck.add(mintCellId(stuck, () => 0))
  expect([...stuck].slice(0, 2)).toEqual(['0000', '00000'])
  expect([...stuck].slice(-2)).toEqual(['000a', '000b'])
})

test('[NB61] a notebook that is well formed has no problem; each that is not says what is wrong, and where', () => {
  fc.assert(
    fc.property(documents, (document) => {
      expect(validateNotebook(document)).toEqual([])
    }),
  )
  const big = 'é'.repeat(MAX_CELL_BYTES / 2)
  expect([
    validateNotebook(notebook(cell('a'), cell('a'))),
    validateNotebook({ ...notebook(cell('a')), bin: [{ cell: cell('a'), place: { after: null, before: null } }] }),
    validateNotebook(notebook(cell('a', `${big}x`))),
    validateNotebook(notebook(...Array.from({ length: 9 }, (_, index) => cell(`n${index}`, big)))),
    validateNotebook(notebook(...Array.from({ length: MAX_CELLS + 1 }, (_, index) => cell(`n${index}`)))),
    validateNotebook({ header: {}, cells: [], bin: [] }),
    validateNotebook(notebook(cell('a', 'x\r\n'))),
    validateNotebook({ ...notebook(), header: { nb: '1', title: 'x\nnb: 2' } }),
    validateNotebook(notebook(cell('a', '', { id: 'b' }))).map(({ code }) => ({ code })),
    validateNotebook({
      ...notebook(),
      bin: Array.from({ length: MAX_BIN_CELLS + 1 }, (_, index) => ({ cell: cell(`n${index}`), place: { after: null, before: null } })),
    }).map(({ code }) => ({ code })),
  ]).toEqual([
    [{ code: 'duplicate_id', cell: 'a', sentence: 'Two cells have the id a.' }],
    [{ code: 'duplicate_id', cell: 'a', sentence: 'Two cells have the id a.' }],
    [{ code: 'cell_too_large', cell: 'a', sentence: 'The text of a cell has at most 256 KiB.' }],
    [{ code: 'notebook_too_large', sentence: 'The cells of a notebook have at most 2 MiB of text.' }],
    [{ code: 'too_many_cells', sentence: 'A notebook has at most 2000 cells.' }],
    [{ code: 'malformed', sentence: 'header: the header names the version of the format: nb.' }],
    [{ code: 'malformed', sentence: 'cells.0.source: lines end with a line feed only, and there is no NUL.' }],
    [{ code: 'malformed', sentence: 'header.title: a further line of a value may neither open an entry nor be ---.' }],
    [{ code: 'malformed' }],
    [{ code: 'malformed' }],
  ])
  expect([
    CellSource.safeParse('a\nb').success,
    HeaderKey.safeParse('__proto__').success,
    HeaderValue.safeParse('a\n  - b').success,
  ]).toEqual([true, false, true])
})

test('[NB62] the meaning of attributes and header: titles, places to run at, flags', () => {
  expect([emptyNotebook(), emptyNotebook(' Daily\nETL ')].map((one) => [one.header, titleOf(one)])).toEqual([
    [{ nb: '1' }, undefined],
    [{ nb: '1', title: 'Daily ETL' }, 'Daily ETL'],
  ])
  expect(
    [{}, { title: 'x' }, { title: ' ' }, { title: true as const }].map((attributes) => cellTitleOf(cell('a', '', attributes))),
  ).toEqual([undefined, 'x', undefined, undefined])
  expect([{}, { runs: 'edge' }, { runs: 'agent' }, { runs: 'moon' }, { runs: true as const }].map(placeOf)).toEqual([
    'browser',
    'edge',
    'agent',
    undefined,
    undefined,
  ])
  const flags = [{ hidden: true as const }, { hidden: 'true' }, { hidden: 'false' }, { folded: true as const }]
  expect(flags.map((attributes) => [hasFlag(attributes, 'hidden'), hasFlag(attributes, 'folded')])).toEqual([
    [true, false],
    [true, false],
    [false, false],
    [false, true],
  ])
})

test.each([
  [undefined, { kind: 'https' }],
  ['https:', { kind: 'https' }],
  ['none', { kind: 'none' }],
  ['api.Example.com, *.test.dev localhost:8080', { kind: 'hosts', hosts: ['api.example.com', '*.test.dev', 'localhost:8080'] }],
  [
    "a.com 'unsafe-eval'",
    { kind: 'unknown', sentence: "“'unsafe-eval'” is no network setting. Write https:, none, or hosts such as api.example.com." },
  ],
  [
    'a.com; script-src *',
    { kind: 'unknown', sentence: '“a.com;” is no network setting. Write https:, none, or hosts such as api.example.com.' },
  ],
  ['none a.com', { kind: 'unknown', sentence: '“none” is no network setting. Write https:, none, or hosts such as api.example.com.' }],
  ['', { kind: 'unknown', sentence: 'Nothing is no network setting. Write https:, none, or hosts such as api.example.com.' }],
])('[NB63] the network setting is https:, none or hosts, and what is not understood opens nothing: %s', (network, expected) => {
  expect(networkOf({ nb: '1', ...(network === undefined ? {} : { network }) })).toEqual(expected)
})

test('[NB64] bytes are those of UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
    }),
  )
  expect(id('k3f9')).toBe('k3f9')
})
