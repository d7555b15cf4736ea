import fc from 'fast-check'
import { expect, test } from 'vitest'
import { validateNotebook } from '#sdk/notebook/validate.ts'
import { applyOperation, applyOperations } from '#sdk/notebook/operations.ts'
import { MAX_BIN_CELLS, MAX_CELL_ATTRIBUTES, MAX_CELL_BYTES, MAX_CELLS, MAX_HEADER_KEYS, MAX_NOTEBOOK_BYTES } from '#sdk/protocol/limits.ts'
import { NotebookOperation, type CellId, type Notebook, type Place } from '#sdk/protocol/notebook.ts'
import { cell, id, notebook } from './documents.ts'

const [a, b, c, d] = [id('a'), id('b'), id('c'), id('d')]
const START = notebook(cell('a', 'one'), cell('b', 'two\nthree', { title: 'B', runs: 'edge' }), cell('c', 'four', {}, 'md'))
const between = (after: CellId | null, before: CellId | null): Place => ({ after, before })

function apply(start: Notebook, operation: NotebookOperation): Notebook {
  const applied = applyOperation(start, operation)
  if (!applied.ok) throw new Error(applied.sentence)
  return applied.notebook
}
const order = ({ cells }: Notebook) => cells.map((one) => one.id).join('')
const refusal = (start: Notebook, operation: NotebookOperation) => {
  const applied = applyOperation(start, operation)
  return applied.ok ? 'applied' : [applied.code, applied.sentence]
}

test('[NB20] every operation changes what it names and nothing else', () => {
  const insert = apply(START, { op: 'insertCell', cell: cell('d', 'new'), place: between(a, b) })
  expect(insert).toEqual({ ...START, cells: [START.cells[0], cell('d', 'new'), START.cells[1], START.cells[2]] })
  const deleted = apply(START, { op: 'deleteCell', cell: b })
  expect(deleted).toEqual({ ...START, cells: [START.cells[0], START.cells[2]], bin: [{ cell: START.cells[1], place: between(a, c) }] })
  expect(apply(deleted, { op: 'restoreCell', cell: b })).toEqual(START)
  expect(order(apply(deleted, { op: 'restoreCell', cell: b, place: between(c, null) }))).toBe('acb')
  expect(order(apply(START, { op: 'moveCell', cell: c, place: between(null, a) }))).toBe('cab')
  expect(apply(START, { op: 'setCellType', cell: c, type: 'ts' }).cells[2]).toEqual(cell('c', 'four'))
  expect(
    Object.entries(apply(START, { op: 'setAttribute', cell: b, name: 'hidden', value: true, before: 'runs' }).cells[1]?.attributes ?? {}),
  ).toEqual([
    ['title', 'B'],
    ['hidden', true],
    ['runs', 'edge'],
  ])
  expect(apply(START, { op: 'setAttribute', cell: b, name: 'title', value: null }).cells[1]?.attributes).toEqual({ runs: 'edge' })
  expect(apply(START, { op: 'setHeader', key: 'title', value: 'T' }).header).toEqual({ nb: '1', title: 'T' })
  expect(apply(START, { op: 'replaceText', cell: a, source: 'x' }).cells[0]).toEqual(cell('a', 'x'))
  const spans = [
    { from: 0, to: 3, insert: '2' },
    { from: 4, to: 4, insert: '>' },
  ]
  expect(apply(START, { op: 'changeText', cell: b, length: 9, spans }).cells[1]?.source).toBe('2\n>three')
})

test('[NB21] a cell splits at a place of its text, white space between may go, and merges back', () => {
  const into = { id: d, type: 'md', attributes: { folded: true as const } }
  const split = apply(START, { op: 'splitCell', cell: b, at: 3, without: '\n', length: 9, into })
  expect(split.cells.slice(1, 3)).toEqual([cell('b', 'two', { title: 'B', runs: 'edge' }), cell('d', 'three', { folded: true }, 'md')])
  expect(applyOperation(split, { op: 'mergeCells', cell: b, next: d, glue: '\n' })).toEqual({
    ok: true,
    notebook: START,
    inverse: { op: 'splitCell', cell: b, at: 3, without: '\n', length: 9, into },
  })
})

test('[NB22] what cannot be done is refused with a sentence, and changes nothing', () => {
  const into = { id: d, type: 'ts', attributes: {} }
  const wide = { op: 'changeText', cell: a, length: 3, spans: [{ from: 2, to: 4, insert: '' }] } as const
  const crossed = {
    op: 'changeText',
    cell: a,
    length: 3,
    spans: [
      { from: 2, to: 3, insert: '' },
      { from: 0, to: 1, insert: '' },
    ],
  } as const
  expect([
    refusal(START, { op: 'insertCell', cell: cell('a'), place: between(null, null) }),
    refusal(apply(START, { op: 'deleteCell', cell: b }), { op: 'insertCell', cell: cell('b'), place: between(null, null) }),
    refusal(START, { op: 'deleteCell', cell: d }),
    refusal(START, { op: 'restoreCell', cell: a }),
    refusal(START, { op: 'moveCell', cell: d, place: between(a, b) }),
    refusal(START, { op: 'splitCell', cell: b, at: 3, without: '\n', length: 8, into }),
    refusal(START, { op: 'splitCell', cell: b, at: 2, without: '\n', length: 9, into }),
    refusal(START, { op: 'splitCell', cell: b, at: 3, without: '', length: 9, into: { ...into, id: a } }),
    refusal(START, { op: 'mergeCells', cell: a, next: c, glue: '' }),
    refusal(START, { op: 'mergeCells', cell: c, next: d, glue: '' }),
    refusal(START, { op: 'changeText', cell: a, length: 4, spans: [] }),
    refusal(START, wide),
    refusal(START, crossed),
    refusal(START, { op: 'setHeader', key: 'nb', value: null }),
  ]).toEqual([
    ['duplicate_id', 'A cell has the id a already.'],
    ['duplicate_id', 'A cell has the id b already.'],
    ['no_such_cell', 'There is no cell d.'],
    ['not_in_bin', 'There is no cell a in the bin.'],
    ['no_such_cell', 'There is no cell d.'],
    ['text_changed', 'Cell b has another text by now; nothing was changed.'],
    ['text_changed', 'Cell b has another text by now; nothing was changed.'],
    ['duplicate_id', 'A cell has the id a already.'],
    ['not_neighbours', 'Cell c does not stand directly below cell a.'],
    ['not_neighbours', 'Cell d does not stand directly below cell c.'],
    ['text_changed', 'Cell a has another text by now; nothing was changed.'],
    ['malformed', 'The spans of a change stand in order inside the text, none over another.'],
    ['malformed', 'The spans of a change stand in order inside the text, none over another.'],
    ['malformed', 'The header keeps the version of its format: nb.'],
  ])
})

test('[NB23] no operation takes a notebook over a limit, and the bin lets its oldest cells go', () => {
  const many = notebook(...Array.from({ length: MAX_CELLS }, (_, index) => cell(`n${index}`)))
  expect(refusal(many, { op: 'insertCell', cell: cell('a'), place: between(null, null) })).toEqual([
    'too_large',
    'A notebook has at most 2000 cells.',
  ])
  const large = notebook(
    ...Array.from({ length: MAX_NOTEBOOK_BYTES / MAX_CELL_BYTES }, (_, index) => cell(`n${index}`, 'é'.repeat(MAX_CELL_BYTES / 2))),
  )
  expect(refusal(large, { op: 'insertCell', cell: cell('a', 'x'), place: between(null, null) })).toEqual([
    'too_large',
    'The cells of a notebook have at most 2 MiB of text.',
  ])
  expect(refusal(START, { op: 'replaceText', cell: a, source: 'é'.repeat(MAX_CELL_BYTES / 2 + 1) })).toEqual([
    'too_large',
    'The text of a cell has at most 256 KiB.',
  ])
  const full = Object.fromEntries(Array.from({ length: MAX_CELL_ATTRIBUTES }, (_, index) => [`a${index}`, '']))
  expect(refusal(notebook(cell('a', '', full)), { op: 'setAttribute', cell: a, name: 'b', value: '' })).toEqual([
    'too_large',
    'A cell has at most 32 attributes.',
  ])
  const header = Object.fromEntries([['nb', '1'], ...Array.from({ length: MAX_HEADER_KEYS - 1 }, (_, index) => [`a${index}`, ''])])
  expect(refusal({ ...START, header }, { op: 'setHeader', key: 'b', value: '' })).toEqual([
    'too_large',
    'The header has at most 64 entries.',
  ])
  const emptied = applyOperations(
    many,
    many.cells.map(({ id: one }) => ({ op: 'deleteCell', cell: one })),
  )
  expect(emptied.notebook.bin.map((one) => one.cell.id)).toEqual(many.cells.slice(-MAX_BIN_CELLS).map((one) => one.id))
})

const ids = fc.constantFrom(...['a', 'b', 'c', 'd', 'e', 'f'].map(id))
const place = fc.record({ after: fc.option(ids), before: fc.option(ids) })
const type = fc.constantFrom('ts', 'md', 'x')
const text = fc.constantFrom('', 'one', 'two\nthree', '\n', '😀 x', 'four')
const attributes = fc.dictionary(fc.constantFrom('title', 'runs', 'hidden'), fc.constantFrom('x', true as const), { noNullPrototype: true })
const name = fc.constantFrom('title', 'runs', 'hidden')
const small = fc.nat(10)
const glue = fc.constantFrom('', '\n', ' ')
const op = <const Name extends string, T extends object>(operation: Name, shape: { [Key in keyof T]: fc.Arbitrary<T[Key]> }) =>
  fc.record<T>(shape).map((rest) => ({ op: operation, ...rest }))
const operations = fc.oneof(
  op('insertCell', { cell: fc.record({ id: ids, type, source: text, attributes }), place }),
  op('deleteCell', { cell: ids }),
  op('restoreCell', { cell: ids }),
  op('restoreCell', { cell: ids, place }),
  op('moveCell', { cell: ids, place }),
  op('setCellType', { cell: ids, type }),
  op('setAttribute', { cell: ids, name, value: fc.option(fc.constantFrom('y', true as const)) }),
  op('setAttribute', { cell: ids, name, value: fc.constant('y'), before: name }),
  op('splitCell', { cell: ids, at: fc.nat(4), without: glue, length: small, into: fc.record({ id: ids, type, attributes }) }),
  op('mergeCells', { cell: ids, next: ids, glue }),
  op('setHeader', { key: fc.constantFrom('nb', 'title', 'network', 'env'), value: fc.option(fc.constantFrom('1', 'x')) }),
  op('setHeader', { key: fc.constantFrom('title', 'env'), value: fc.constant('1'), before: fc.constantFrom('nb', 'title') }),
  op('replaceText', { cell: ids, source: text }),
  op('changeText', { cell: ids, length: small, spans: fc.array(fc.record({ from: small, to: small, insert: text }), { maxLength: 2 }) }),
) satisfies fc.Arbitrary<NotebookOperation>
const logs = fc.array(operations, { maxLength: 30 })
/** Order of keys counts too. */
const exactly = ({ header, cells }: Notebook) =>
  JSON.stringify({ header: Object.entries(header), cells: cells.map((one) => ({ ...one, attributes: Object.entries(one.attributes) })) })

test('[NB24] whatever the schema lets through, applying it never throws and leaves a notebook that is well formed', () => {
  fc.assert(
    fc.property(logs, (log) => {
      expect(NotebookOperation.array().safeParse(log).success).toBe(true)
      const before = JSON.stringify(START)
      expect(validateNotebook(applyOperations(START, log).notebook)).toEqual([])
      expect(JSON.stringify(START)).toBe(before)
    }),
    { numRuns: 1_000 },
  )
})

test('[NB25] the inverses of a log, newest first, bring header and cells back as they were', () => {
  fc.assert(
    fc.property(logs, (log) => {
      let current = START
      const inverses: NotebookOperation[] = []
      const used = new Set(START.cells.map((one) => one.id))
      for (const operation of log) {
        const made = operation.op === 'insertCell' ? operation.cell.id : operation.op === 'splitCell' ? operation.into.id : undefined
        if (made !== undefined && used.has(made)) continue
        const applied = applyOperation(current, operation)
        if (!applied.ok) continue
        if (made !== undefined) used.add(made)
        const back = applyOperation(applied.notebook, applied.inverse)
        expect(back.ok && exactly(back.notebook)).toBe(exactly(current))
        // Undone is done again by the inverse of the inverse.
        if (back.ok) expect(exactly(apply(back.notebook, back.inverse))).toBe(exactly(applied.notebook))
        current = applied.notebook
        inverses.unshift(applied.inverse)
      }
      expect(exactly(applyOperations(current, inverses).notebook)).toBe(exactly(START))
    }),
    {
      numRuns: 1_000,
      examples: [
        [
          [
            { op: 'deleteCell', cell: a },
            { op: 'splitCell', cell: a, at: 0, without: '', length: 3, into: { id: id('e'), type: 'ts', attributes: {} } },
          ],
        ],
      ],
    },
  )
})

test('[NB26] clients that apply the same log have the same notebook, whatever each had applied ahead of the order', () => {
  fc.assert(
    fc.property(logs, logs, (mine, theirs) => {
      const log = theirs.flatMap((operation, index) => [operation, ...mine.slice(index, index + 1)]).concat(mine.slice(theirs.length))
      let confirmed = START
      let pending = [...mine]
      for (const operation of log) {
        confirmed = applyOperations(confirmed, [operation]).notebook
        pending = pending[0] === operation ? pending.slice(1) : pending
        applyOperations(confirmed, pending)
      }
      expect([pending, confirmed]).toEqual([[], applyOperations(START, log).notebook])
    }),
  )
})

test('[NB27] a place holds when a neighbour went away at the same time', () => {
  const insert = { op: 'insertCell', cell: cell('d', 'new'), place: between(b, c) } as const
  const gone = (...cells: CellId[]) =>
    applyOperations(
      START,
      cells.map((one) => ({ op: 'deleteCell', cell: one })),
    ).notebook
  expect([gone(b), gone(c), gone(b, c), gone(c, b), gone(a, b, c)].map((start) => order(apply(start, insert)))).toEqual([
    'adc',
    'abd',
    'ad',
    'ad',
    'd',
  ])
  expect(order(apply(START, { ...insert, place: between(id('x'), id('y')) }))).toBe('abcd')
  expect(order(apply(START, { ...insert, place: between(null, id('y')) }))).toBe('dabc')
  expect(order(apply(gone(a), { ...insert, place: between(null, a) }))).toBe('dbc')
  const both = applyOperations(START, [insert, { ...insert, cell: cell('e') }, { op: 'moveCell', cell: a, place: between(b, c) }])
  expect(order(both.notebook)).toBe('baedc')
})

test('[NB80] whatever is deleted at once comes back whole, also where it was the largest notebook', () => {
  const text = 'x'.repeat(Math.floor(MAX_NOTEBOOK_BYTES / MAX_CELLS))
  const largest = notebook(...Array.from({ length: MAX_CELLS }, (_, index) => cell(`n${index}`, text)))
  let now: Notebook = { ...largest, bin: [{ cell: cell('old', 'y'.repeat(MAX_CELL_BYTES)), place: between(null, null) }] }
  const inverses: NotebookOperation[] = []
  for (const { id: one } of largest.cells) {
    const applied = applyOperation(now, { op: 'deleteCell', cell: one })
    if (!applied.ok) throw new Error(applied.sentence)
    inverses.unshift(applied.inverse)
    now = applied.notebook
  }
  const { notebook: back, refused } = applyOperations(now, inverses)
  expect([refused.length, order(back) === order(largest), back.cells.length]).toEqual([0, true, MAX_CELLS])
})
