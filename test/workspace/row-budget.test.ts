/**
 * Rows are what the platform bills. A run's own budget is what D5 says: 5 per flow run, 2 per task run, 1 for each further frame that
 * touches it, 1 per log segment. Beside it stand the session's rows, which are counted per session and lease time, not per run.
 */
import { reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ObjectDatabase } from '../../worker/storage/object-database.ts'
import { newWorkspace, type CallOptions, type TestWorkspace } from './harness.ts'
import { flowRunId, log, propose, runCreate, task, taskRunId } from './speakers.ts'

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
