/**
 * Rows are what the platform bills. A run's own budget is what D5 says: 5 per flow run, 2 per task run, 1 for each further frame that
 * touches it, 1 per log segment. Beside it stand the session's rows, which are counted per session and lease time, not per run.
 */
import { reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ObjectDatabase } from '../../worker/storage/object-database.ts'
import { CellId, type NotebookId, type NotebookOperation } from '#sdk/protocol/notebook.ts'
import { newWorkspace, type CallOptions, type TestWorkspace } from './harness.ts'
import { cellOutput, flowRunId, log, notebookOp, propose, runCreate, task, taskRunId } from './speakers.ts'

/** Rows written by table or index owner, since {@link count} began. */
let written: Map<string, number>
let alarms: number

function count(workspace: TestWorkspace): Promise<void> {
  written = new Map()
  alarms = 0
  return runInDurableObject(workspace.stub, (_, { storage }) => {
    const setAlarm = storage.setAlarm.bind(storage)
    vi.spyOn(storage, 'setAlarm').mockImplementation((at) => {
      alarms += 1
      return setAlarm(at)
    })
  })
}

beforeEach(() => {
  const { exec } = ObjectDatabase.prototype
  vi.spyOn(ObjectDatabase.prototype, 'exec').mockImplementation(function (this: ObjectDatabase, sql, ...bindings) {
    const result = exec.call(this, sql, ...bindings)
    const table = /(?:INTO|UPDATE|FROM)\s+(\w+)/.exec(sql)?.[1] ?? sql
    if (result.rowsWritten > 0) written?.set(table, (written.get(table) ?? 0) + result.rowsWritten)
    return result
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await reset()
})

/** The flow of the run is there: it is written once, not by each of its runs. */
async function workspaceWithFlow(): Promise<TestWorkspace> {
  const workspace = await newWorkspace()
  await workspace.ok('flows.create', { body: { name: 'pipeline' } })
  return workspace
}

test('[RB1] a short run with 5 tasks and 50 lines in one frame writes exactly 16 rows', async () => {
  const workspace = await workspaceWithFlow()
  const socket = await workspace.connect()
  await count(workspace)
  const run = flowRunId()
  await socket.send(runCreate(run))
  await socket.send(propose(run, 'RUNNING'))
  const tasks = Array.from({ length: 5 }, () => task(run, taskRunId()))
  await socket.send(...tasks, log(run, 50))
  await socket.send(propose(run, 'COMPLETED'))
  expect(Object.fromEntries(written)).toEqual({ flow_run: 5, task_run: 10, log_segment: 1, session: 1 })
  expect(alarms).toBe(1)
})

test('[RB2] what is sent again, refused or waits writes no row', async () => {
  const workspace = await workspaceWithFlow()
  const socket = await workspace.connect()
  const [run, id] = [flowRunId(), taskRunId()]
  const items = [runCreate(run), propose(run, 'RUNNING'), task(run, id), log(run, 5)]
  await socket.send(...items)
  await count(workspace)
  await socket.send(...items)
  await socket.send(
    propose(run, 'RUNNING', { epoch: 9 }),
    propose(flowRunId(), 'RUNNING'),
    propose(run, 'PENDING'),
    task(run, id, ['FAILED'], { from: 7 }),
  )
  await socket.send({ type: 'subscribe', topic: 'flow_runs' })
  await workspace.ok('flow_runs.filter', { body: {} })
  expect([Object.fromEntries(written), alarms]).toEqual([{}, 0])
})

test('[RB3] each further frame that touches a run, a task run or a log writes one row', async () => {
  const workspace = await workspaceWithFlow()
  const socket = await workspace.connect()
  const [run, id] = [flowRunId(), taskRunId()]
  await socket.send(
    runCreate(run, { empirical_policy: { retries: 1, retry_delay: 0 } }),
    propose(run, 'RUNNING'),
    task(run, id, ['PENDING']),
  )
  await count(workspace)
  await socket.send(task(run, id, ['RUNNING'], { from: 1 }))
  await socket.send(task(run, id, ['COMPLETED'], { from: 2 }))
  await socket.send(log(run, 9))
  await socket.send(propose(run, 'FAILED', { name: 'renamed-by-template' }))
  expect(Object.fromEntries(written)).toEqual({ task_run: 2, log_segment: 1, flow_run: 1 })
})

test('[RB4] a session that holds runs writes one row and one alarm per lease time, an idle one none', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2040, 0, 1) })
  const workspace = await workspaceWithFlow()
  const [idle, holder] = [await workspace.connect(), await workspace.connect()]
  await count(workspace)
  for (let index = 0; index < 20; index++) await holder.send(runCreate(flowRunId()))
  expect([written.get('session'), alarms]).toEqual([1, 1])
  vi.setSystemTime(Date.UTC(2040, 0, 1) + 900)
  await holder.send(log(null, 1, { task: taskRunId() }))
  await idle.send({ type: 'subscribe', topic: 'flow_runs' })
  vi.setSystemTime(Date.UTC(2040, 0, 1) + 1_001)
  await runDurableObjectAlarm(workspace.stub)
  expect([written.get('session'), alarms]).toEqual([2, 2])
  vi.useRealTimers()
})

test('[RB5] a run over REST writes 4 rows, and one more with an idempotency_key or an Idempotency-Key', async () => {
  const workspace = await workspaceWithFlow()
  const [flow] = await workspace.ok<{ id: string }[]>('flows.filter')
  const life = async (body: object, options: CallOptions): Promise<void> => {
    const { id } = await workspace.ok<{ id: string }>('flow_runs.create', { body: { flow_id: flow?.id ?? '', ...body } }, options)
    for (const type of ['RUNNING', 'COMPLETED'] as const)
      await workspace.ok('flow_runs.set_state', { params: { id }, body: { state: { type } } })
  }
  await count(workspace)
  await life({}, {})
  expect(Object.fromEntries(written)).toEqual({ flow_run: 4 })
  await life({ idempotency_key: 'k' }, {})
  expect(Object.fromEntries(written)).toEqual({ flow_run: 9 })
  await life({}, { idempotencyKey: 'k' })
  expect([Object.fromEntries(written), alarms]).toEqual([{ flow_run: 13, idempotency: 1 }, 0])
})

const A = CellId.parse('a')

async function workspaceWithNotebook(cells: readonly string[]): Promise<{ workspace: TestWorkspace; id: NotebookId }> {
  const workspace = await newWorkspace()
  const source = ['// ---', '// nb: 1', '// ---', ...cells.map((name) => `// %% id=${name}\nlet ${name} = 1`)].join('\n')
  const { id } = await workspace.ok<{ id: NotebookId }>('notebooks.create', { body: { source } })
  return { workspace, id }
}

const typed = (length: number): NotebookOperation => ({
  op: 'changeText',
  cell: A,
  length,
  spans: [{ from: length, to: length, insert: '!' }],
})

test('[RB6] typing writes two rows for each change that is sent, the cell and the log, and a third one for every 32nd once the log is full', async () => {
  const { workspace, id } = await workspaceWithNotebook(['a', 'b'])
  const page = await workspace.connect({ hello: { kind: 'page' } })
  await count(workspace)
  const length = 'let a = 1'.length
  await page.send(notebookOp(id, 0, [typed(length)]))
  expect([Object.fromEntries(written), alarms]).toEqual([{ notebook_cell: 1, notebook_log: 1 }, 0])
  for (let version = 1; version < 1_056; version += 96) {
    await page.send(...Array.from({ length: 96 }, (_, step) => notebookOp(id, version + step, [typed(length + version + step)])))
  }
  await count(workspace)
  await page.send(...Array.from({ length: 64 }, (_, step) => notebookOp(id, 1_057 + step, [typed(length + 1_057 + step)])))
  expect([Object.fromEntries(written), alarms]).toEqual([{ notebook_cell: 64, notebook_log: 64 + 2 }, 0])
})

test('[RB7] what an edit of cells writes: its cell, its notebook and the log; moving and the header no cell', async () => {
  const { workspace, id } = await workspaceWithNotebook(['a', 'b', 'c'])
  const page = await workspace.connect({ hello: { kind: 'page' } })
  const rows = async (base: number, op: NotebookOperation) => {
    await count(workspace)
    await page.send(notebookOp(id, base, [op]))
    return Object.fromEntries(written)
  }
  const cell = { id: CellId.parse('n'), type: 'ts', source: '', attributes: {} }
  const place = { after: null, before: null }
  expect([
    await rows(0, { op: 'insertCell', cell, place }),
    await rows(1, { op: 'moveCell', cell: A, place }),
    await rows(2, { op: 'setHeader', key: 'title', value: 'T' }),
    await rows(3, { op: 'setAttribute', cell: A, name: 'folded', value: true }),
    await rows(4, { op: 'deleteCell', cell: cell.id }),
    await rows(5, { op: 'splitCell', cell: A, at: 3, without: '', length: 9, into: { id: CellId.parse('m'), type: 'ts', attributes: {} } }),
    await rows(6, { op: 'mergeCells', cell: A, next: CellId.parse('m'), glue: '' }),
  ]).toEqual([
    { notebook: 1, notebook_cell: 1, notebook_log: 1 },
    { notebook: 1, notebook_log: 1 },
    { notebook: 1, notebook_log: 1 },
    { notebook_cell: 1, notebook_log: 1 },
    { notebook: 1, notebook_log: 1 },
    { notebook: 1, notebook_cell: 2, notebook_log: 1 },
    { notebook: 1, notebook_cell: 2, notebook_log: 1 },
  ])
})

test('[RB8] what a cell shows writes one row each time it is stored; edits that are sent again or refused write none, and neither does watching', async () => {
  const { workspace, id } = await workspaceWithNotebook(['a'])
  const page = await workspace.connect({ hello: { kind: 'page' } })
  const edit = notebookOp(id, 0, [typed(9)])
  const started = Date.now() * 1_000
  await page.send(edit)
  await count(workspace)
  await page.send(cellOutput(id, 'a', { started, state: 'running' }), cellOutput(id, 'a', { started }))
  await page.send(
    edit,
    notebookOp(id, 9, [typed(9)]),
    notebookOp(id, 1, [typed(3)]),
    cellOutput(id, 'x'),
    cellOutput(id, 'a', { started: started - 1 }),
  )
  await page.send({ type: 'subscribe', topic: `notebook:${id}` }, { type: 'subscribe', topic: 'notebooks' })
  await workspace.ok('notebooks.read', { params: { id } })
  expect([Object.fromEntries(written), alarms]).toEqual([{ cell_run: 2 }, 0])
})
