import { expect, test } from 'vitest'
import { NotebookReplica } from '#sdk/notebook/replica.ts'
import { oldestVersion } from '#sdk/notebook/saved-edits.ts'
import { MAX_BATCH_OPERATIONS } from '#sdk/protocol/limits.ts'
import { BatchId, type CellId, type NotebookOperation, type PlacedBatch } from '#sdk/protocol/notebook.ts'
import { cell, id, notebook } from './documents.ts'

const [a, b] = [id('a'), id('b')]
const START = notebook(cell('a', 'one'), cell('b', 'two'))
const uuid = (count: number): BatchId => BatchId.parse(`00000000-0000-4000-8000-${count.toString(16).padStart(8, '0')}0000`)

function opened(start = START, version = 4): NotebookReplica {
  let count = 0
  return new NotebookReplica({ notebook: start, version, mintId: () => uuid(++count) })
}
const type = (target: CellId, length: number, from: number, insert: string, to = from): NotebookOperation => ({
  op: 'changeText',
  cell: target,
  length,
  spans: [{ from, to, insert }],
})
const remove = (target: CellId): NotebookOperation => ({ op: 'deleteCell', cell: target })
const others = (version: number, ...ops: readonly NotebookOperation[]): PlacedBatch => ({
  version,
  id: uuid(9_000 + version),
  ops,
  session: null,
})
const texts = ({ notebook: { cells } }: NotebookReplica) => Object.fromEntries(cells.map((one) => [one.id, one.source]))

test('[NR10] an edit shows at once; typing into one cell is one operation, and a batch at a time is on its way', () => {
  const replica = opened()
  replica.edit(type(a, 3, 3, '!'))
  replica.edit(type(a, 4, 4, '!'))
  replica.edit(type(a, 5, 0, '', 3))
  expect([texts(replica), replica.version, replica.hasUnsent]).toEqual([{ a: '!!', b: 'two' }, 4, true])
  const batch = replica.nextBatch()
  expect(batch).toEqual({ id: uuid(1), base: 4, ops: [type(a, 3, 0, '!!', 3)] })
  replica.edit(type(a, 2, 2, '?'))
  expect([replica.nextBatch(), texts(replica)]).toEqual([undefined, { a: '!!?', b: 'two' }])
  expect(replica.answered(uuid(1), { type: 'placed', version: 5, refused: [] })).toEqual([])
  expect([replica.version, replica.nextBatch()]).toEqual([5, { id: uuid(2), base: 5, ops: [type(a, 2, 2, '?')] }])
})

test('[NR11] what cannot be done is answered and changes nothing; what is undone before it is sent is not sent', () => {
  const replica = opened()
  expect(replica.edit(type(a, 9, 0, '!'))).toEqual({
    ok: false,
    code: 'text_changed',
    sentence: 'Cell a has another text by now; nothing was changed.',
  })
  replica.edit(type(a, 3, 3, '!'))
  replica.edit(type(a, 4, 3, '', 4))
  expect([replica.hasUnsent, replica.nextBatch(), texts(replica)]).toEqual([false, undefined, { a: 'one', b: 'two' }])
})

test('[NR12] what others type comes as spans of the text as it is shown, around what is written here', () => {
  const replica = opened()
  replica.edit(type(a, 3, 1, 'HERE'))
  expect(replica.receive(others(5, type(a, 3, 0, '<', 1), type(a, 3, 3, '>')))).toEqual([
    {
      kind: 'text',
      cell: a,
      spans: [
        { from: 0, to: 1, insert: '<' },
        { from: 7, to: 7, insert: '>' },
      ],
    },
  ])
  expect([texts(replica)['a'], replica.version]).toEqual(['<HEREne>', 5])
  expect(replica.receive(others(5, remove(a)))).toEqual([])
})

test('[NR13] text that is written into a cell while it is deleted is in the bin with it, and that is told', () => {
  const replica = opened()
  replica.edit(type(a, 3, 3, '!'))
  expect(replica.receive(others(5, remove(a)))).toEqual([
    { kind: 'structure' },
    { kind: 'notice', sentence: 'Cell a was deleted while you wrote in it. It is in the bin, with your text.' },
  ])
  expect(replica.notebook.bin.map((one) => one.cell)).toEqual([cell('a', 'one!')])
  expect(replica.nextBatch()?.ops).toEqual([type(a, 3, 3, '!')])
})

test('[NR14] text whose cell is gone for good becomes a cell of its own, once, and that is told', () => {
  const replica = opened()
  replica.edit(type(a, 3, 3, '!'))
  replica.edit(remove(b))
  replica.edit(type(a, 4, 4, '?'))
  const changes = replica.reset({ notebook: notebook(cell('c', 'three')), version: 9 })
  expect(changes.map((change) => (change.kind === 'notice' ? change.sentence : change.kind))).toEqual([
    'structure',
    'What you wrote could not stay where it was: There is no cell a. It is in a new cell at the end.',
  ])
  expect(replica.notebook.cells.map(({ source }) => source)).toEqual(['three', 'one!?'])
  expect(replica.nextBatch()?.ops.map(({ op }) => op)).toEqual(['insertCell'])
})

test('[NR15] what the workspace refuses of a batch is taken back here, and what was written is told', () => {
  const replica = opened()
  replica.edit(type(a, 3, 3, '!'))
  replica.edit({ op: 'moveCell', cell: b, place: { after: null, before: a } })
  const batch = replica.nextBatch()
  const refused = [
    { index: 0, code: 'too_large', detail: 'The text of a cell has at most 256 KiB.' },
    { index: 1, code: 'no_such_cell', detail: 'There is no cell b.' },
  ]
  const changes = replica.answered(batch?.id ?? '', { type: 'placed', version: null, refused })
  expect(changes.map((change) => (change.kind === 'notice' ? change.sentence : change.kind))).toEqual([
    'text',
    'structure',
    'What you wrote could not stay where it was: The text of a cell has at most 256 KiB. It is in a new cell at the end.',
    'An edit was not taken over: There is no cell b.',
  ])
  expect(replica.notebook.cells.map(({ source }) => source)).toEqual(['one', 'two', '!'])
})

test('[NR16] a batch that nobody can read is given up, and its text is handed over', () => {
  const replica = opened()
  replica.edit(type(a, 3, 3, ' words'))
  const batch = replica.nextBatch()
  expect(replica.answered(batch?.id ?? '', { type: 'refused', code: 'malformed_frame', detail: 'ops.0: not valid' })).toEqual([
    { kind: 'text', cell: a, spans: [{ from: 3, to: 9, insert: '' }] },
    { kind: 'notice', sentence: 'What you wrote has no place in the notebook: ops.0: not valid Copy it from here.', text: ' words' },
  ])
  expect(replica.hasUnsent).toBe(false)
})

test('[NR17] a workspace that has no room now is asked again with the same batch; one that takes no edits is not, and they stay', () => {
  const replica = opened()
  replica.edit(type(a, 3, 3, '!'))
  const batch = replica.nextBatch()
  const full = { type: 'refused', code: 'storage_full', detail: 'The disk is full.' } as const
  expect(replica.answered(batch?.id ?? '', full)).toEqual([
    { kind: 'notice', sentence: 'Your edits are not stored yet: The disk is full.' },
  ])
  expect([replica.nextBatch(), replica.refusal]).toEqual([batch, undefined])
  replica.answered(batch?.id ?? '', { type: 'refused', code: 'forbidden', detail: 'This needs the role editor.' })
  expect([replica.nextBatch(), replica.refusal, replica.hasUnsent, texts(replica)['a']]).toEqual([
    undefined,
    'This needs the role editor.',
    true,
    'one!',
  ])
})

test('[NR18] what came out of order, or a base that the workspace does not know, asks for the whole notebook again, and nothing is lost', () => {
  const gap = opened()
  expect([gap.receive(others(6, remove(a))), gap.needsReset, texts(gap)]).toEqual([[], true, { a: 'one', b: 'two' }])
  gap.reset({ notebook: notebook(cell('b', 'two')), version: 6 })
  expect([gap.needsReset, gap.version, texts(gap)]).toEqual([false, 6, { b: 'two' }])
  const old = opened()
  old.edit(type(a, 3, 3, '!'))
  const batch = old.nextBatch()
  old.answered(batch?.id ?? '', { type: 'refused', code: 'too_old', detail: 'Too old.' })
  expect([old.needsReset, old.nextBatch()]).toEqual([true, undefined])
  old.reset({ notebook: notebook(cell('a', '> one'), cell('b', 'two')), version: 2_000 })
  expect(old.nextBatch()).toEqual({ id: uuid(2), base: 2_000, ops: [type(a, 5, 5, '!')] })
})

test('[NR19] while nobody knows whether a batch has arrived, no new truth is taken in; then it is counted once', () => {
  const included = opened()
  included.edit(type(a, 3, 3, '!'))
  const batch = included.nextBatch()
  expect(included.reset({ notebook: notebook(cell('a', '>one!')), version: 6 })).toEqual([])
  expect(texts(included)).toEqual({ a: 'one!', b: 'two' })
  included.answered(batch?.id ?? '', { type: 'placed', version: 5, refused: [] })
  expect([texts(included), included.version, included.hasUnsent]).toEqual([{ a: '>one!' }, 6, false])
  const late = opened()
  late.edit(type(a, 3, 3, '!'))
  const sent = late.nextBatch()
  late.reset({ notebook: notebook(cell('a', '>one')), version: 6 })
  late.receive({ ...others(7, type(a, 4, 4, '!')), id: sent?.id ?? uuid(1) })
  late.answered(sent?.id ?? '', { type: 'placed', version: 7, refused: [] })
  expect([texts(late), late.version, late.hasUnsent]).toEqual([{ a: '>one!' }, 7, false])
})

test('[NR23] a page that is loaded again takes up what was not confirmed: what arrived counts once, what did not is sent by its id, what waited follows', () => {
  const before = opened()
  before.edit(type(a, 3, 3, '!'))
  const sent = before.nextBatch()
  before.edit(type(a, 4, 4, '?'))
  before.edit({ op: 'insertCell', cell: cell('n', 'new'), place: { after: a, before: b } })
  const saved: unknown = JSON.parse(JSON.stringify(before.save()))
  expect([oldestVersion(saved), oldestVersion(undefined), oldestVersion([])]).toEqual([4, undefined, undefined])

  const arrived = opened(notebook(cell('a', 'one!'), cell('b', 'two')), 5)
  expect(arrived.restore(saved, [{ version: 5, id: sent?.id ?? uuid(1), ops: sent?.ops ?? [] }])).toMatchObject([
    { kind: 'text', cell: a },
    { kind: 'structure' },
  ])
  expect(texts(arrived)).toEqual({ a: 'one!?', n: 'new', b: 'two' })

  const unknown = opened(notebook(cell('a', '> one'), cell('b', 'two')), 7)
  unknown.restore(saved)
  expect([texts(unknown), unknown.nextBatch(), unknown.nextBatch(), unknown.hasUnsent]).toEqual([
    { a: '> one', b: 'two' },
    sent,
    undefined,
    true,
  ])
  unknown.answered(sent?.id ?? '', { type: 'placed', version: 8, refused: [] })
  unknown.receive({ version: 8, id: sent?.id ?? uuid(1), ops: [type(a, 5, 5, '!')] })
  expect(texts(unknown)).toEqual({ a: '> one!?', n: 'new', b: 'two' })

  const old = opened(notebook(cell('a', '> one'), cell('b', 'two')), 3_000)
  old.restore(saved)
  old.answered(old.nextBatch()?.id ?? '', { type: 'refused', code: 'too_old', detail: 'Too old.' })
  expect([texts(old), old.nextBatch()?.base]).toEqual([{ a: '> one!?', n: 'new', b: 'two' }, 3_000])
})

test('[NR24] what a store gives back that was never put there is no edit', () => {
  const replica = opened()
  for (const saved of [undefined, null, 'x', 1, {}, [1], [{ version: 1 }], [{ version: '1', cells: [], placing: [], pending: [] }]])
    expect([replica.restore(saved), replica.hasUnsent]).toEqual([[], false])
  expect(replica.save()).toEqual([])
})

test('[NR25] a batch takes as many operations as one may have, and the rest follows', () => {
  const replica = opened()
  for (let count = 0; count < MAX_BATCH_OPERATIONS + 3; count++)
    replica.edit({ op: 'setAttribute', cell: count % 2 === 0 ? a : b, name: 'title', value: String(count) })
  const first = replica.nextBatch()
  replica.answered(first?.id ?? '', { type: 'placed', version: 5, refused: [] })
  expect([first?.ops.length, replica.nextBatch()?.ops.length]).toEqual([MAX_BATCH_OPERATIONS, 3])
})
