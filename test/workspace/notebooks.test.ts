/** Notebooks at the object's own level: edits find their place, answers are alike, watchers hear all of it. */
import { evictDurableObject, reset, runDurableObjectAlarm } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NotebookOutput } from '#sdk/protocol/operations/notebooks.ts'
import {
  MAX_BATCH_BYTES,
  MAX_CELL_BYTES,
  MAX_CELL_RUN_BYTES,
  MAX_CELLS,
  MAX_LOGGED_BATCHES,
  MAX_NOTEBOOKS,
  MAX_SNAPSHOT_RUN_CHARACTERS,
} from '#sdk/protocol/limits.ts'
import { CellId, NotebookId, type Cell, type Notebook, type NotebookOperation, type NotebookSummary } from '#sdk/protocol/notebook.ts'
import { newWorkspace, type TestSocket, type TestWorkspace } from './harness.ts'
import { batchId, cellOutput, cellRun, notebookOp } from './speakers.ts'

let workspace: TestWorkspace
let page: TestSocket
let id: NotebookId

const cell = (name: string, source = ''): Cell => ({ id: CellId.parse(name), type: 'ts', source, attributes: {} })
const notebook = (...cells: readonly Cell[]): Notebook => ({ header: { nb: '1', title: 'Test' }, cells, bin: [] })
const type = (name: string, length: number, from: number, insert: string): NotebookOperation => ({
  op: 'changeText',
  cell: CellId.parse(name),
  length,
  spans: [{ from, to: from, insert }],
})

async function made(content: Notebook): Promise<NotebookId> {
  const { id: created } = await workspace.ok<NotebookOutput>('notebooks.create', { body: { source: content } })
  return created
}
const read = () => workspace.ok<NotebookOutput>('notebooks.read', { params: { id } })
const sources = async () => Object.fromEntries((await read()).notebook.cells.map((one) => [one.id, one.source]))

beforeEach(async () => {
  workspace = await newWorkspace()
  page = await workspace.connect({ hello: { kind: 'page' } })
  id = await made(notebook(cell('a', 'one'), cell('b', 'two')))
})
afterEach(() => reset())

test('[NW2] a new workspace has the welcome notebook, and it stays the only one when it is made again', async () => {
  const fresh = await newWorkspace()
  const [first, ...more] = await fresh.ok<NotebookSummary[]>('notebooks.filter')
  expect([first?.title, first?.version, more]).toEqual(['Getting started', 0, []])
  const { notebook: welcome } = await fresh.ok<NotebookOutput>('notebooks.read', { params: { id: first?.id ?? '' } })
  expect([welcome.cells.length, welcome.cells[0]?.type, welcome.bin]).toEqual([first?.cell_count, 'md', []])
})

describe('edits', () => {
  test('[NW3] a batch is answered with the version that it made, and the notebook has it', async () => {
    expect(await page.send(notebookOp(id, 0, [type('a', 3, 3, '!'), { op: 'deleteCell', cell: CellId.parse('b') }]))).toEqual([
      { type: 'placed', version: 1, refused: [] },
    ])
    const after = await read()
    expect([after.version, after.cell_count, after.notebook]).toEqual([
      1,
      1,
      {
        header: { nb: '1', title: 'Test' },
        cells: [cell('a', 'one!')],
        bin: [{ cell: cell('b', 'two'), place: { after: 'a', before: null } }],
      },
    ])
  })

  test('[NW4] edits that stand on an older version find their place after what came since', async () => {
    const other = await workspace.connect({ hello: { kind: 'page' } })
    await page.send(notebookOp(id, 0, [type('a', 3, 0, 'X'), { op: 'replaceText', cell: CellId.parse('b'), source: 'two!' }]))
    expect(await other.send(notebookOp(id, 0, [type('a', 3, 0, 'Y'), type('b', 3, 3, '?')]))).toEqual([
      { type: 'placed', version: 2, refused: [] },
    ])
    expect(await sources()).toEqual({ a: 'XYone', b: 'two!?' })
  })

  test('[NW5] of a batch with a good and a bad operation the good one counts, and the bad one is refused by its number', async () => {
    const batch = notebookOp(id, 0, [{ op: 'deleteCell', cell: CellId.parse('x') }, type('a', 3, 3, '!'), type('b', 9, 0, '!')])
    const refused = [
      { index: 0, code: 'no_such_cell', detail: 'There is no cell x.' },
      { index: 2, code: 'text_changed', detail: 'Cell b has another text by now; nothing was changed.' },
    ]
    expect(await page.send(batch)).toEqual([{ type: 'placed', version: 1, refused }])
    expect(await page.send(batch)).toEqual([{ type: 'placed', version: 1, refused }])
    expect(await sources()).toEqual({ a: 'one!', b: 'two' })
  })

  test('[NW6] what leaves nothing to do makes no version', async () => {
    expect(await page.send(notebookOp(id, 0, [{ op: 'deleteCell', cell: CellId.parse('x') }]))).toEqual([
      { type: 'placed', version: null, refused: [{ index: 0, code: 'no_such_cell', detail: 'There is no cell x.' }] },
    ])
    expect((await read()).version).toBe(0)
  })

  test('[NW7] a batch that is sent again changes nothing and is answered alike, also after the object slept and others edited', async () => {
    const batch = notebookOp(id, 0, [type('a', 3, 0, '>')])
    const [first] = await page.send(batch)
    await page.send(notebookOp(id, 1, [type('a', 4, 0, '>')]))
    await evictDurableObject(workspace.stub)
    const again = await workspace.connect({ hello: { kind: 'page' } })
    expect([first, ...(await again.send(batch, batch))]).toEqual(
      Array.from({ length: 3 }, () => ({ type: 'placed', version: 1, refused: [] })),
    )
    expect([await sources(), (await read()).version]).toEqual([{ a: '>>one', b: 'two' }, 2])
  })

  test('[NW8] edits of a notebook that is not there, was deleted or is of another workspace are refused, and so is a version to come', async () => {
    const other = await newWorkspace()
    const gone = await made(notebook(cell('a')))
    await workspace.ok('notebooks.delete', { params: { id: gone } })
    const stranger = await other.connect({ hello: { kind: 'page' } })
    const edit = (target: NotebookId, base = 0) => notebookOp(target, base, [type('a', 3, 0, '!')])
    const answers = [
      ...(await page.send(edit(NotebookId.parse(crypto.randomUUID())), edit(gone), edit(id, 1))),
      ...(await stranger.send(edit(id))),
    ]
    expect(answers.map((answer) => (answer.type === 'refused' ? answer.code : answer.type))).toEqual([
      'not_found',
      'not_found',
      'conflict',
      'not_found',
    ])
    expect(await sources()).toEqual({ a: 'one', b: 'two' })
  })

  test('[NW9] edits on a version whose followers are no longer all known are too_old; the operations after it are, too', async () => {
    await page.send(notebookOp(id, 0, [type('a', 3, 0, '>')]))
    const old = batchId()
    for (let version = 1; version <= MAX_LOGGED_BATCHES + 64; version += 100) {
      const items = Array.from({ length: 100 }, (_, step) =>
        notebookOp(id, version + step, [type('b', 2 + version + step, 0, 'x')], version + step === 1 ? old : batchId()),
      )
      await page.send(...items)
    }
    const [answer, again] = await page.send(notebookOp(id, 0, [type('a', 3, 0, '!')]), notebookOp(id, 1, [type('b', 3, 0, 'x')], old))
    expect([answer, again].map((one) => (one?.type === 'refused' ? one.code : one?.type))).toEqual(['too_old', 'too_old'])
    expect(await workspace.call('notebooks.operations', { params: { id }, query: { after: '0' } })).toMatchObject({
      problem: { code: 'too_old' },
    })
    const { version } = await read()
    const kept = await workspace.ok<object[]>('notebooks.operations', {
      params: { id },
      query: { after: String(version - MAX_LOGGED_BATCHES) },
    })
    expect(kept).toHaveLength(MAX_LOGGED_BATCHES)
  })

  test('[NW10] a batch has at most so many bytes, and a cell so many', async () => {
    const large = (size: number): NotebookOperation => ({ op: 'replaceText', cell: CellId.parse('a'), source: 'x'.repeat(size) })
    const [answer] = await page.send(notebookOp(id, 0, [large(MAX_CELL_BYTES)]))
    expect(answer).toEqual({ type: 'placed', version: 1, refused: [] })
    const four = Array.from({ length: 4 }, (_, index): NotebookOperation => ({
      op: 'insertCell',
      cell: cell(`n${index}`, 'y'.repeat(MAX_CELL_BYTES)),
      place: { after: null, before: null },
    }))
    expect(await workspace.call('notebooks.operate', { params: { id }, body: { id: batchId(), base: 1, ops: four } })).toMatchObject({
      problem: { code: 'too_large', detail: expect.stringContaining(String(MAX_BATCH_BYTES)) },
    })
    const [grown] = await page.send(notebookOp(id, 1, [type('a', MAX_CELL_BYTES, 0, 'z')]))
    expect(grown).toEqual({
      type: 'placed',
      version: null,
      refused: [{ index: 0, code: 'too_large', detail: 'The text of a cell has at most 256 KiB.' }],
    })
  })

  test('[NW11] what people write comes back as they wrote it: lone surrogates, the end of texts, other scripts', async () => {
    const nasty = 'a\u001a \ud800 \udc00x \u001a0041 \' " % 😀 שלום \u2028'
    await page.send(notebookOp(id, 0, [type('a', 3, 3, nasty), { op: 'setHeader', key: 'title', value: '\ud800 "x"' }]))
    await evictDurableObject(workspace.stub)
    const after = await read()
    expect([after.title, after.notebook.cells[0]?.source]).toEqual(['\ud800 "x"', `one${nasty}`])
    expect(await workspace.ok('notebooks.operations', { params: { id }, query: { after: '0' } })).toMatchObject([
      { version: 1, ops: [{ spans: [{ insert: nasty }] }, { value: '\ud800 "x"' }] },
    ])
  })

  test('[NW12] a notebook of 2,000 cells is edited in every way, and takes no further one', async () => {
    id = await made(notebook(...Array.from({ length: MAX_CELLS }, (_, index) => cell(`n${index}`, `const x${index} = ${index}`))))
    const first = CellId.parse('n0')
    const last = CellId.parse(`n${MAX_CELLS - 1}`)
    expect(
      await page.send(
        notebookOp(id, 0, [
          { op: 'moveCell', cell: last, place: { after: null, before: first } },
          { op: 'mergeCells', cell: last, next: first, glue: '\n' },
          { op: 'insertCell', cell: cell('new'), place: { after: last, before: null } },
          { op: 'insertCell', cell: cell('more'), place: { after: last, before: null } },
        ]),
      ),
    ).toEqual([{ type: 'placed', version: 1, refused: [{ index: 3, code: 'too_large', detail: 'A notebook has at most 2000 cells.' }] }])
    const { notebook: after, cell_count } = await read()
    expect([
      cell_count,
      after.cells.slice(0, 2),
      await workspace.sql('SELECT count(*) AS n FROM notebook_cell WHERE notebook_id = ?', id),
    ]).toEqual([MAX_CELLS, [cell(last, `const x${MAX_CELLS - 1} = ${MAX_CELLS - 1}\nconst x0 = 0`), cell('new')], [{ n: MAX_CELLS }]])
  })

  test('[NW13] a frame whose commit fails leaves nothing of its edits, neither stored nor remembered', async () => {
    const batch = notebookOp(id, 0, [type('a', 3, 0, 'lost ')])
    await workspace.sql("CREATE TRIGGER full BEFORE INSERT ON notebook_log BEGIN SELECT RAISE(ABORT, 'no'); END")
    expect(await page.send(batch)).toMatchObject([{ type: 'refused', code: 'unexpected' }])
    await workspace.sql('DROP TRIGGER full')
    expect([await sources(), (await read()).version]).toEqual([{ a: 'one', b: 'two' }, 0])
    expect(await page.send(notebookOp(id, 0, [type('a', 3, 3, '!')]))).toEqual([{ type: 'placed', version: 1, refused: [] }])
    expect(await sources()).toEqual({ a: 'one!', b: 'two' })
  })
})

describe('watching', () => {
  test('[NW14] the topic of a notebook begins with it and goes on with batches in their order, and with what cells show', async () => {
    const watcher = await workspace.connect()
    await watcher.send({ type: 'subscribe', topic: `notebook:${id}` })
    const first = await watcher.next('reset')
    expect(first.snapshot).toEqual({
      notebook: { ...(await read()), cell_runs: undefined, more_runs: undefined },
      cell_runs: [],
      more_runs: [],
    })
    const [one, two] = [notebookOp(id, 0, [type('a', 3, 0, '1')]), notebookOp(id, 0, [type('a', 3, 0, '2')])]
    const run = cellOutput(id, 'a')
    await page.send(one, two, run)
    const { patch, seq } = await watcher.next('event')
    expect([seq, patch]).toEqual([
      first.seq + 1,
      {
        operations: [
          { version: 1, id: one.id, ops: one.ops, session: page.welcome.session },
          { version: 2, id: two.id, ops: [type('a', 4, 1, '2')], session: page.welcome.session },
        ],
        cell_runs: [run.run],
      },
    ])
    await workspace.ok('notebooks.delete', { params: { id } })
    expect((await watcher.next('event')).patch).toEqual({ deleted: [id] })
  })

  test('[NW15] who comes back hears what it missed; after the object slept, the truth and the edits that led to it', async () => {
    const watcher = await workspace.connect()
    await watcher.send({ type: 'subscribe', topic: `notebook:${id}` })
    const { boot, seq } = await watcher.next('reset')
    const edit = notebookOp(id, 0, [type('a', 3, 3, '!')])
    await page.send(edit)
    await watcher.next('event')
    const back = await workspace.connect()
    await back.send({ type: 'subscribe', topic: `notebook:${id}`, boot, seq })
    expect((await back.next('event')).patch.operations?.map((batch) => batch.id)).toEqual([edit.id])
    await evictDurableObject(workspace.stub)
    const late = await workspace.connect()
    await late.send({ type: 'subscribe', topic: `notebook:${id}`, boot, seq })
    const { snapshot } = await late.next('reset')
    expect([snapshot.notebook?.version, snapshot.operations]).toEqual([
      1,
      [{ version: 1, id: edit.id, ops: edit.ops, session: page.welcome.session }],
    ])
  })

  test('[NW16] the list of notebooks is watched: new ones, changed ones, deleted ones', async () => {
    const watcher = await workspace.connect()
    await watcher.send({ type: 'subscribe', topic: 'notebooks' })
    const { snapshot } = await watcher.next('reset')
    expect(snapshot.notebooks?.map(({ title }) => title)).toEqual(['Test', 'Getting started'])
    const other = await made(notebook())
    expect((await watcher.next('event')).patch.notebooks).toMatchObject([{ id: other, title: 'Test', cell_count: 0, version: 0 }])
    await page.send(notebookOp(other, 0, [{ op: 'setHeader', key: 'title', value: 'Other' }]))
    expect((await watcher.next('event')).patch.notebooks).toMatchObject([{ id: other, title: 'Other', version: 1 }])
    await workspace.ok('notebooks.delete', { params: { id: other } })
    expect((await watcher.next('event')).patch).toEqual({ deleted: [other] })
  })

  test('[NW17] whoever watches a notebook that is not there hears so', async () => {
    const watcher = await workspace.connect()
    const nobody = crypto.randomUUID()
    await watcher.send({ type: 'subscribe', topic: `notebook:${nobody}` })
    expect((await watcher.next('reset')).snapshot).toEqual({ deleted: [nobody] })
  })
})

describe('what cells show', () => {
  const stored = async () => (await read()).cell_runs

  test('[NW18] the run of a cell that began last counts; what an older one still reports changes nothing', async () => {
    const now = Date.now() * 1_000
    const [old, young] = [
      cellOutput(id, 'a', { started: now - 2_000_000, code: 'old' }),
      cellOutput(id, 'a', { started: now, code: 'young' }),
    ]
    expect(await page.send(old, young, old)).toEqual([{ type: 'done' }, { type: 'done' }, { type: 'done' }])
    expect(await stored()).toEqual([young.run])
    const again = cellOutput(id, 'a', { ...young.run, state: 'interrupted' })
    await page.send(again)
    expect(await stored()).toEqual([again.run])
  })

  test('[NW19] a clock that is ahead wins nothing by it', async () => {
    await page.send(cellOutput(id, 'a', { started: Date.now() * 1_000 + 3_600_000_000, code: 'ahead' }))
    await new Promise((settle) => setTimeout(settle, 5))
    const right = cellOutput(id, 'a', { started: Date.now() * 1_000 })
    await page.send(right)
    expect(await stored()).toEqual([right.run])
  })

  test('[NW20] outputs need a cell of the notebook, a sane time and little enough', async () => {
    const text = 'x'.repeat(MAX_CELL_RUN_BYTES)
    const answers = await page.send(
      cellOutput(id, 'x'),
      cellOutput(NotebookId.parse(crypto.randomUUID()), 'a'),
      cellOutput(id, 'a', { started: 1 }),
    )
    expect(answers.map((answer) => (answer.type === 'refused' ? answer.code : answer.type))).toEqual([
      'not_found',
      'not_found',
      'invalid_request',
    ])
    const large = cellRun('a', { outputs: [{ kind: 'stream', name: 'stdout', text }] })
    expect(await workspace.call('notebooks.report_run', { params: { id }, body: large })).toMatchObject({ problem: { code: 'too_large' } })
    expect(await stored()).toEqual([])
  })

  test('[NW21] a notebook comes with the newest runs as far as they are little, and names the others, which are read by themselves', async () => {
    const text = 'x'.repeat(MAX_SNAPSHOT_RUN_CHARACTERS / 2)
    id = await made(notebook(...['a', 'b', 'c'].map((name) => cell(name))))
    const at = Date.now() * 1_000
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      await page.send(cellOutput(id, name, { started: at - 10 + index, outputs: [{ kind: 'stream', name: 'stdout', text }] }))
    }
    const watcher = await workspace.connect()
    await watcher.send({ type: 'subscribe', topic: `notebook:${id}` })
    const { snapshot } = await watcher.next('reset')
    expect([snapshot.cell_runs?.map((run) => run.cell), snapshot.more_runs]).toEqual([['c'], ['b', 'a']])
    expect(await workspace.ok('notebooks.read_run', { params: { id, cell: 'a' } })).toMatchObject({ cell: 'a', outputs: [{ text }] })
    expect(await workspace.call('notebooks.read_run', { params: { id, cell: 'x' } })).toMatchObject({ problem: { code: 'not_found' } })
  })

  test('[NW22] what a cell shows goes with it: into the bin and back, and away with a cell that is merged', async () => {
    const [a, b] = [cellOutput(id, 'a', { started: Date.now() * 1_000 - 5 }), cellOutput(id, 'b')]
    await page.send(a, b, notebookOp(id, 0, [{ op: 'deleteCell', cell: CellId.parse('b') }]))
    expect(await stored()).toEqual([a.run])
    await page.send(notebookOp(id, 1, [{ op: 'restoreCell', cell: CellId.parse('b') }]))
    expect((await stored()).map((run) => run.cell)).toEqual(['b', 'a'])
    await page.send(notebookOp(id, 2, [{ op: 'mergeCells', cell: CellId.parse('a'), next: CellId.parse('b'), glue: '\n' }]))
    expect(await workspace.sql('SELECT cell_id FROM cell_run')).toEqual([{ cell_id: 'a' }])
  })
})

describe('over REST', () => {
  test('[NW23] a notebook is made of a file, with what was odd in it, and exported as that file', async () => {
    const source = '// ---\n// nb: 1\n// title: Daily ETL\n// ---\n\n// %% id=a1b2\nconst x = 1\n'
    const created = await workspace.ok<NotebookOutput & { notices: object[] }>('notebooks.create', { body: { source } })
    expect([created.title, created.notices]).toEqual(['Daily ETL', []])
    expect(await workspace.call('notebooks.export', { params: { id: created.id } })).toMatchObject({
      ok: true,
      output: source,
      headers: { 'content-disposition': 'attachment; filename="Daily-ETL.nb.ts"' },
    })
    const odd = await workspace.ok<{ notices: object[] }>('notebooks.create', { body: { source: 'let y', title: 'Named' } })
    expect(odd).toMatchObject({ title: 'Named', notices: [{ code: 'no_header' }, { code: 'not_a_notebook', line: 1 }] })
  })

  test('[NW24] what is no notebook, or too much of one, is refused with a sentence', async () => {
    const twice = notebook(cell('a'), cell('a'))
    const answers = await Promise.all(
      [
        { source: 'a\0b' },
        { source: twice },
        { source: '// %%\n'.repeat(MAX_CELLS + 1) },
        { source: `// %%\n${'x'.repeat(MAX_CELL_BYTES + 1)}` },
      ].map((body) => workspace.call('notebooks.create', { body })),
    )
    expect(answers.map((answer) => (answer.ok ? 'ok' : [answer.problem.code, answer.problem.detail]))).toEqual([
      ['invalid_request', 'source: The file is no text, so it is no notebook.'],
      ['invalid_request', 'source: Two cells have the id a.'],
      ['too_large', 'source: A notebook has at most 2000 cells.'],
      ['too_large', 'source (line 1): The text of a cell has at most 256 KiB.'],
    ])
  })

  test('[NW25] a workspace has so many notebooks, found by id and title, in three orders', async () => {
    const other = await made({ ...notebook(), header: { nb: '1', title: 'Aardvark' } })
    await page.send(notebookOp(id, 0, [type('a', 3, 0, '!')]))
    const titles = async (body: object) => (await workspace.ok<NotebookSummary[]>('notebooks.filter', { body })).map(({ title }) => title)
    expect(await titles({})).toEqual(['Test', 'Aardvark', 'Getting started'])
    expect(await titles({ sort: 'CREATED_DESC' })).toEqual(['Aardvark', 'Test', 'Getting started'])
    expect(await titles({ sort: 'NAME_ASC', limit: 1, offset: 1 })).toEqual(['Getting started'])
    expect(await titles({ notebooks: { id: { any_: [other] } } })).toEqual(['Aardvark'])
    expect(await titles({ notebooks: { title: { like_: 'TES' } } })).toEqual(['Test'])
    const fill = `WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
      INSERT INTO notebook SELECT 'n' || i, 0, NULL, 0, '{"nb":"1"}', '[]', '[]' FROM n`
    await workspace.sql(fill, MAX_NOTEBOOKS - 1)
    expect(await workspace.call('notebooks.create', { body: {} })).toMatchObject({ problem: { code: 'too_many' } })
  })

  test('[NW26] a deleted notebook is gone at once, and all of its rows after the alarm', async () => {
    id = await made(notebook(...Array.from({ length: 1_200 }, (_, index) => cell(`n${index}`))))
    await page.send(cellOutput(id, 'n0'), notebookOp(id, 0, [type('n0', 0, 0, '!')]))
    await workspace.ok('notebooks.delete', { params: { id } })
    expect(await workspace.call('notebooks.read', { params: { id } })).toMatchObject({ problem: { code: 'not_found' } })
    expect(await workspace.call('notebooks.delete', { params: { id } })).toMatchObject({ problem: { code: 'not_found' } })
    for (let step = 0; step < 3; step++) await runDurableObjectAlarm(workspace.stub)
    expect(
      await workspace.sql(
        'SELECT (SELECT count(*) FROM notebook_cell WHERE notebook_id = ?) AS cells, (SELECT count(*) FROM notebook_log) AS log, (SELECT count(*) FROM cell_run) AS runs',
        id,
      ),
    ).toEqual([{ cells: 0, log: 0, runs: 0 }])
  })
})
