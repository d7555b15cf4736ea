/** Random histories of a whole workspace: whatever executors, people and the clock do in whatever order, the invariants hold after every step. */
import fc from 'fast-check'
import { evictDurableObject, reset, runDurableObjectAlarm } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import { firstLineOf } from '#sdk/protocol/log-levels.ts'
import type { StateType } from '#sdk/protocol/states.ts'
import { STATE_TYPES } from '#sdk/protocol/state-types.ts'
import { newWorkspace, type TestSocket, type TestWorkspace } from './harness.ts'
import { requireInvariants } from './invariants.ts'
import { flowRunId, log, propose, runCreate, task, taskRunId } from './speakers.ts'

interface World {
  readonly workspace: TestWorkspace
  readonly runs: FlowRunId[]
  readonly tasks: TaskRunId[]
  readonly sockets: TestSocket[]
  readonly forced: Set<string>
}
interface Step {
  readonly what: 'create' | 'propose' | 'task' | 'log' | 'rest' | 'force' | 'leave' | 'return' | 'pass' | 'sleep' | 'delete'
  readonly a: number
  readonly b: number
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    'create',
    'propose',
    'propose',
    'propose',
    'task',
    'log',
    'rest',
    'force',
    'leave',
    'return',
    'pass',
    'sleep',
    'delete',
  ),
  a: fc.nat({ max: 50 }),
  b: fc.nat({ max: 50 }),
})

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)]
let clock = 0

async function take({ workspace, runs, tasks, sockets, forced }: World, { what, a, b }: Step): Promise<void> {
  const socket = pick(sockets, a)
  const run = pick(runs, b)
  const type: StateType = pick(STATE_TYPES, a + b) ?? 'RUNNING'
  const epoch = 1 + (a % 2)
  switch (what) {
    case 'create': {
      const id = b % 5 === 0 && run !== undefined ? run : flowRunId()
      await socket?.send(runCreate(id, { empirical_policy: { retries: a % 3, retry_delay: b % 2 } }))
      if (!runs.includes(id)) runs.push(id)
      return
    }
    case 'propose':
      if (run !== undefined) await socket?.send(propose(run, type, { epoch }))
      return
    case 'task': {
      const known = a % 3 === 0 ? pick(tasks, b) : undefined
      const id = known ?? taskRunId()
      if (run !== undefined)
        await socket?.send(task(run, id, ['PENDING', 'RUNNING', 'COMPLETED'].slice(0, 1 + (a % 3)) as StateType[], { epoch }))
      tasks.push(id)
      return
    }
    case 'log':
      if (run !== undefined) await socket?.send(log(run, 1 + a, { epoch, first: firstLineOf(epoch) + b }))
      return
    case 'rest':
    case 'force':
      if (run !== undefined && what === 'force') forced.add(run)
      if (run !== undefined)
        await workspace.call('flow_runs.set_state', { params: { id: run }, body: { state: { type }, force: what === 'force' } })
      return
    case 'leave':
      socket?.close()
      if (socket !== undefined) sockets.splice(sockets.indexOf(socket), 1)
      return
    case 'return':
      sockets.push(await workspace.connect(socket !== undefined && b % 2 === 0 ? { hello: { session: socket.welcome.session } } : {}))
      if (socket !== undefined && b % 2 === 0) sockets.splice(sockets.indexOf(socket), 1)
      return
    case 'pass':
      clock += 100 * a * (b % 7 === 0 ? 100 : 1)
      vi.setSystemTime(clock)
      await runDurableObjectAlarm(workspace.stub)
      return
    case 'sleep':
      return evictDurableObject(workspace.stub)
    case 'delete':
      if (run !== undefined && a % 4 === 0) await workspace.call('flow_runs.delete', { params: { id: run } })
      return
  }
}

beforeEach(() => {
  clock = Date.UTC(2040, 0, 1)
  vi.useFakeTimers({ toFake: ['Date'], now: clock })
})
afterEach(async () => {
  vi.useRealTimers()
  await reset()
})

test('[WS29] whatever happens in whatever order, every invariant holds after every step', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const workspace = await newWorkspace()
      const world: World = {
        workspace,
        runs: [],
        tasks: [],
        forced: new Set(),
        sockets: [await workspace.connect(), await workspace.connect()],
      }
      for (const one of steps) {
        await take(world, one)
        await requireInvariants(workspace.stub, world.forced)
      }
      expect(await workspace.ok('flow_runs.count')).toBeLessThanOrEqual(world.runs.length)
      for (const socket of world.sockets) socket.close()
    }),
    { numRuns: 15 },
  )
}, 30_000)

test('[WS30] a run with more parts than one commit deletes goes at once; the alarm sweeps the rest', async () => {
  const workspace = await newWorkspace()
  const socket = await workspace.connect()
  const run = flowRunId()
  await socket.send(runCreate(run), ...Array.from({ length: 1_200 }, () => task(run, taskRunId(), ['PENDING'])))
  for (let index = 0; index < 60; index++) await socket.send(log(run, 1, { first: firstLineOf(1) + index }))
  await workspace.ok('flow_runs.delete', { params: { id: run } })
  expect(await workspace.ok('flow_runs.count')).toBe(0)
  expect((await workspace.sql('SELECT kind FROM chore')).map(({ kind }) => kind)).toEqual(['delete_run'])
  await runDurableObjectAlarm(workspace.stub)
  const left = await workspace.sql(
    'SELECT (SELECT count(*) FROM task_run) + (SELECT count(*) FROM log_segment) + (SELECT count(*) FROM chore) AS n',
  )
  expect(left).toEqual([{ n: 0 }])
})

test('[WS31] a lost run leaves no task run alive, however many it had', async () => {
  const workspace = await newWorkspace()
  const socket = await workspace.connect()
  const run = flowRunId()
  await socket.send(
    runCreate(run),
    propose(run, 'RUNNING'),
    ...Array.from({ length: 500 }, () => task(run, taskRunId(), ['PENDING', 'RUNNING'])),
  )
  socket.close()
  vi.setSystemTime(clock + 1_001)
  await runDurableObjectAlarm(workspace.stub)
  await runDurableObjectAlarm(workspace.stub)
  expect(await workspace.sql('SELECT state_name, count(*) AS n FROM task_run GROUP BY state_name')).toEqual([
    { state_name: 'Crashed', n: 500 },
  ])
})
