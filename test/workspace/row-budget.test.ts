/**
 * Rows are what the platform bills. A run's own budget is what D5 says: 5 per flow run, 2 per task run, 1 for each further frame that
 * touches it, 1 per log segment. Beside it stand the session's rows, which are counted per session and lease time, not per run.
 */
import { reset, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ObjectDatabase } from '../../worker/storage/object-database.ts'
import { newWorkspace, type TestWorkspace } from './harness.ts'
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
