/** What pages draw many runs from: timelines, logs in short lines, counts, the newest runs of each flow. */
import { reset } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { z } from 'zod'
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import { MAX_LOG_PAGE_LINES, MAX_TIMELINE_ROWS, MAX_TIMELINE_STATES } from '#sdk/protocol/limits.ts'
import { firstLineOf } from '#sdk/protocol/log-levels.ts'
import { OPERATIONS, type OperationId } from '#sdk/protocol/operations.ts'
import type { LogPage, RecentRuns, RunStats, TaskStates, Timeline } from '#sdk/protocol/overviews.ts'
import { newWorkspace, type TestSocket, type TestWorkspace } from '../workspace/harness.ts'
import { flowRunId, log, propose, runCreate, task, taskRunId, taskStates } from '../workspace/speakers.ts'

let workspace: TestWorkspace
let socket: TestSocket
beforeEach(async () => {
  workspace = await newWorkspace()
  socket = await workspace.connect()
})
afterEach(() => reset())

/** Asks, and holds the answer against the operation's own schema. */
async function answered<T>(operation: OperationId, request: object = {}): Promise<T> {
  const output = await workspace.ok<T>(operation, request)
  const schema = OPERATIONS[operation].output as z.ZodType // asked only for operations that answer JSON
  return schema.parse(output) as T
}

async function newRun(flow = 'pipeline'): Promise<FlowRunId> {
  const run = flowRunId()
  await socket.send(runCreate(run, { flow: { name: flow } }), propose(run, 'RUNNING'))
  return run
}

const timeline = (id: string, after?: string) =>
  answered<Timeline>('flow_runs.timeline', { params: { id }, query: after === undefined ? {} : { after } })
const logPage = (id: string, before?: number | null) =>
  answered<LogPage>('flow_runs.log', { params: { id }, query: before == null ? {} : { before: String(before) } })
const statesOf = ({ states }: Timeline, list: readonly number[]) => list.flatMap((state, at) => (at % 2 === 0 ? [states[state]?.[1]] : []))

test('[RP1] a timeline has each task run with all its states, where its arguments came from and the subflow that it stands for', async () => {
  const run = await newRun()
  const [first, second] = [taskRunId(), taskRunId()].toSorted() as [TaskRunId, TaskRunId]
  const create = { created: Date.now() * 1_000, name: 'load', task_key: 'load', dynamic_key: '0' }
  await socket.send(
    task(run, first, ['PENDING', 'RUNNING', 'FAILED']),
    task(run, second, ['PENDING'], {
      create: {
        ...create,
        task_inputs: {
          row: [{ input_type: 'task_run', id: first }],
          wait_for: [{ input_type: 'task_run', id: first }],
          n: [{ input_type: 'constant', type: 'number' }],
        },
      },
    }),
  )
  const child = flowRunId()
  await socket.send(runCreate(child, { parent_task_run_id: second }))
  const answer = await timeline(run)
  expect(answer).toMatchObject({ total: 2, next: null, keys: ['fetch', 'load'] })
  expect(
    answer.rows.map(([id, name, key, states, parents, subflow]) => [id, name, key, statesOf(answer, states), parents, subflow]),
  ).toEqual([
    [first, 'fetch-0', 0, ['Pending', 'Running', 'Failed'], [], null],
    [second, 'load', 1, ['Pending'], [0], child],
  ])
  const [pending, , running] = answer.rows[0]?.[3].filter((_, at) => at % 2 === 1) ?? []
  expect((running ?? 0) - (pending ?? 0)).toBe(2)
})

test('[RP2] a timeline comes in pages that hold each task run once; of a thousand states it shows the first and the last ones', async () => {
  const run = await newRun()
  const ids = Array.from({ length: MAX_TIMELINE_ROWS + 3 }, taskRunId).toSorted()
  for (let from = 0; from < ids.length; from += 1_000)
    await socket.send(...ids.slice(from, from + 1_000).map((id) => task(run, id, ['PENDING'])))
  const [busy = taskRunId()] = ids
  const attempts = Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? ('RUNNING' as const) : ('SCHEDULED' as const)))
  await socket.send(task(run, busy, attempts, { from: 1 }))
  const one = await timeline(run)
  const two = await timeline(run, one.next ?? '')
  expect([...one.rows, ...two.rows].map(([id]) => id)).toEqual(ids)
  expect([one.total, one.rows.length, two.rows.length, two.next]).toEqual([ids.length, MAX_TIMELINE_ROWS, 3, null])
  const shown = statesOf(one, one.rows[0]?.[3] ?? [])
  expect([shown.length, shown[0], shown[1], shown.at(-1)]).toEqual([MAX_TIMELINE_STATES, 'Pending', 'Scheduled', 'Scheduled'])
})

test('[RP3] a log in short lines comes from the newest page to the oldest, whole, in the order of its lines', async () => {
  const run = await newRun()
  const id = taskRunId()
  const lines = (count: number, from: number) =>
    Array.from({ length: count }, (_, at) => ({
      t: 1_000 + from + at,
      l: 20,
      m: `line ${from + at}`,
      n: at % 2 === 0 ? 'a' : 'b',
      ...(at === 0 && { k: id }),
    }))
  for (let from = 0; from < MAX_LOG_PAGE_LINES + 2_000; from += 2_000)
    await socket.send({ ...log(run, 1), first: firstLineOf(1) + from, lines: lines(2_000, from) })
  const one = await logPage(run)
  const two = await logPage(run, one.next)
  const texts = [two, one].flatMap(({ segments }) => segments.flatMap((segment) => segment.lines.map(([, , message]) => message)))
  expect(texts).toEqual(Array.from({ length: 12_000 }, (_, at) => `line ${at}`))
  expect([one.total, one.next, two.next, one.names, one.tasks]).toEqual([12_000, firstLineOf(1) + 2_000, null, ['a', 'b'], [id]])
  expect(two.segments.map(({ first, base, lines: [line] }) => [first, base, line])).toEqual([
    [firstLineOf(1), 1_000, [0, 20, 'line 0', 0, 0]],
  ])
  const refused = await workspace.call('flow_runs.log', { params: { id: flowRunId() }, query: {} })
  expect(refused).toMatchObject({ ok: false, problem: { code: 'not_found' } })
})

test("[RP4] a task run's lines are found in the log of its flow run, and in its own outside flows", async () => {
  const run = await newRun()
  const [inside, outside] = [taskRunId(), taskRunId()]
  const line = (m: string, k?: TaskRunId) => ({ t: 5, l: 40, m, n: 'n', ...(k !== undefined && { k }) })
  await socket.send(task(run, inside), task(null, outside), {
    ...log(run, 1),
    lines: [line('x'), line('one', inside), line('two', inside), line('y'), line('three', inside)],
  })
  await socket.send({ ...log(null, 1), task: outside, lines: [line('alone')] })
  const ask = (id: TaskRunId) => answered<LogPage>('task_runs.log', { params: { id }, query: {} })
  expect(await ask(inside)).toEqual({
    total: null,
    names: ['n'],
    tasks: [inside],
    segments: [
      {
        first: firstLineOf(1) + 1,
        base: 5,
        lines: [
          [0, 40, 'one', 0, 0],
          [0, 40, 'two', 0, 0],
        ],
      },
      { first: firstLineOf(1) + 4, base: 5, lines: [[0, 40, 'three', 0, 0]] },
    ],
    next: null,
  })
  expect(await ask(outside)).toMatchObject({ total: 1, segments: [{ lines: [[0, 40, 'alone', 0, -1]] }] })
})

test('[RP5] statistics count runs by state and tell how long the ended ones took, by nearest rank', async () => {
  const flow = await workspace.ok<{ id: string }>('flows.create', { body: { name: 'pipeline' } })
  const run = await newRun()
  const began = Date.now() * 1_000
  const ends = Array.from({ length: 20 }, (_, at) => {
    const id = taskRunId()
    const states = taskStates(id, ['PENDING', 'RUNNING', at === 0 ? 'FAILED' : 'COMPLETED'])
    return {
      ...task(run, id),
      states: states.map((state, n) => ({ ...state, timestamp: n === 0 ? began - 5 : n === 1 ? began : began + (at + 1) * 1_000_000 })),
    }
  })
  await socket.send(...ends, task(run, taskRunId(), ['PENDING', 'RUNNING']))
  expect(await answered<RunStats>('task_runs.stats', { body: { flow_runs: { id: { any_: [run] } } } })).toEqual({
    states: [
      { state_type: 'COMPLETED', state_name: 'Completed', count_runs: 19 },
      { state_type: 'FAILED', state_name: 'Failed', count_runs: 1 },
      { state_type: 'RUNNING', state_name: 'Running', count_runs: 1 },
    ],
    run_time: { p50: 10, p95: 19 },
  })
  expect(await answered<RunStats>('flow_runs.stats', { body: { flows: { id: { any_: [flow.id] } } } })).toEqual({
    states: [{ state_type: 'RUNNING', state_name: 'Running', count_runs: 1 }],
    run_time: null,
  })
  const states = await answered<TaskStates>('flow_runs.task_states', { body: { flow_run_ids: [run, flowRunId()] } })
  expect(states).toEqual([
    {
      flow_run_id: run,
      states: [
        { state_type: 'COMPLETED', state_name: 'Completed', count_runs: 19 },
        { state_type: 'FAILED', state_name: 'Failed', count_runs: 1 },
        { state_type: 'RUNNING', state_name: 'Running', count_runs: 1 },
      ],
    },
  ])
})

test('[RP6] the newest runs of each flow are told newest first, also of flows that did not run for long', async () => {
  const old = await newRun('old')
  const runs: FlowRunId[] = []
  for (let count = 0; count < 4; count++) runs.push(await newRun('busy'))
  const [busy, seldom, never] = await Promise.all(
    ['busy', 'old', 'never'].map(async (name) => (await workspace.ok<{ id: string }>('flows.create', { body: { name } })).id),
  )
  const recent = await answered<RecentRuns>('flows.recent_runs', { body: { flow_ids: [busy, seldom, never], limit: 3 } })
  const newest = runs.toSorted().toReversed().slice(0, 3)
  expect(recent.map(({ flow_id, runs: found, is_complete }) => [flow_id, found.map(({ id }) => id), is_complete])).toEqual([
    [busy, newest, true],
    [seldom, [old], true],
    [never, [], true],
  ])
  expect(recent[1]?.runs[0]).toMatchObject({
    name: 'thundering-goshawk',
    state_type: 'RUNNING',
    state_name: 'Running',
    end_time: null,
    run_time: 0,
  })
})

test('[RP7] a watcher of a flow run hears of each task run with all its states', async () => {
  const run = await newRun()
  const id = taskRunId()
  await socket.send({ type: 'subscribe', topic: `flow_run:${run}` })
  await socket.next('reset')
  await socket.send(task(run, id, ['PENDING', 'RUNNING', 'COMPLETED']))
  const { patch } = await socket.next('event')
  const history = patch.task_runs?.[0]?.['history']
  expect(history).toEqual([
    'PENDING',
    'Pending',
    expect.any(Number),
    'RUNNING',
    'Running',
    expect.any(Number),
    'COMPLETED',
    'Completed',
    expect.any(Number),
  ])
  await socket.send({ type: 'subscribe', topic: `flow_run:${run}` })
  const { snapshot } = await socket.next('reset')
  expect(snapshot.task_runs?.map((row) => row['history'])).toEqual([history])
})
