/** One task run as its page holds it, in a flow run and outside. */
import { expect, test } from 'vitest'
import { ApiError } from '#sdk/client/errors.ts'
import type { TopicChange } from '#sdk/client/topics.ts'
import type { TaskRunId } from '#sdk/protocol/ids.ts'
import type { JsonObject } from '#sdk/protocol/json.ts'
import { MAX_SNAPSHOT_LOG_LINES } from '#sdk/protocol/limits.ts'
import type { LogPage } from '#sdk/protocol/overviews.ts'
import type { TaskRunOutput } from '#sdk/protocol/task-run.ts'
import { RunStore } from '../../web/runs/run-store.ts'
import { TaskRunModel, type TaskRunSource } from '../../web/runs/task-run-model.ts'

const RUN = '01990c5e-7a10-7c3e-9f00-2b6f1d4e0000'
const TASK = '01990c5e-7a10-7c3e-9f00-000000010000'
const OTHER = '01990c5e-7a10-7c3e-9f00-000000020000'

/** When a task run came into a state: what a topic and a record tell alike. */
const AT: Readonly<Record<string, string>> = { Pending: '1970-01-01T00:00:00.000000Z', Running: '1970-01-01T00:00:00.000001Z' }

const record = (name: string, flow_run_id: string | null, more: object = {}): TaskRunOutput =>
  ({
    id: TASK,
    name: 'alone-0',
    state_type: name.toUpperCase(),
    state_name: name,
    state: { type: name.toUpperCase(), timestamp: AT[name] },
    flow_run_id,
    task_inputs: {},
    ...more,
  }) as TaskRunOutput // what a model reads of it
const event = (...states: readonly string[]): JsonObject => ({
  id: TASK,
  name: 'alone-0',
  task_key: 'alone',
  history: states.flatMap((name, at) => [name.toUpperCase(), name, at]),
})
const logRow = (number: number, task: string = TASK): JsonObject => ({
  id: `${TASK.slice(0, 24)}${number.toString(16).padStart(12, '0')}`,
  timestamp: '2026-11-28T04:00:00.000123Z',
  level: 20,
  message: `line ${number}`,
  name: 'flowcell',
  task_run_id: task,
})
const page = (first: number, next: number | null): LogPage => ({
  total: null,
  names: ['n'],
  tasks: [TASK as TaskRunId],
  segments: [{ first, base: 0, lines: [[0, 20, `line ${first}`, 0, 0]] }],
  next,
})

/** The other end, played by the test. */
function workspaceOf({
  task,
  log = async () => page(0, null),
}: {
  task: () => TaskRunOutput
  log?: (before: number | undefined) => Promise<LogPage>
}) {
  const asked: string[] = []
  const topics = new Map<string, (change: TopicChange) => void>()
  const subscribe: TaskRunSource['subscribe'] = (topic, listener) => {
    topics.set(topic, listener)
    return () => topics.delete(topic)
  }
  const store = new RunStore(
    { subscribe, timeline: () => Promise.reject(new Error('not asked')), log: () => Promise.reject(new Error('not asked')) },
    RUN,
  )
  const source: TaskRunSource = {
    task: async () => (asked.push('task'), task()),
    names: async (ids) => (asked.push(`names ${ids.join()}`), ids.map((id) => ({ id, name: 'load-0' }))),
    log: (_, before) => (asked.push(`log ${before ?? ''}`), log(before)),
    subscribe,
    holdRun: () => ({ store, end: store.hold() }),
  }
  const model = new TaskRunModel(source, TASK)
  const stateShown = (): unknown => (model.reading.value.is === 'here' ? model.reading.value.record.state_name : model.reading.value)
  const numbers = (): readonly number[] => model.log?.lines.all.map(({ number }) => number) ?? []
  return {
    model,
    asked,
    topics,
    stateShown,
    numbers,
    tell: (change: TopicChange) => [...topics.values()].forEach((listener) => listener(change)),
  }
}

test('[RP52] a task run outside flows is told by its own topic: its states, its lines, and that it was deleted', async () => {
  const { model, asked, topics, tell, stateShown, numbers } = workspaceOf({ task: () => record('Running', null) })
  expect(stateShown()).toEqual({ is: 'loading' })
  await model.read()
  expect([stateShown(), [...topics.keys()], asked]).toEqual(['Running', [`task_run:${TASK}`], ['task']])
  const row = { ...event('Running'), ...record('Running', null) } as unknown as JsonObject // a row with its history
  tell({ type: 'reset', snapshot: { task_runs: [row], logs: [logRow(0)] } })
  tell({ type: 'event', patch: { logs: [logRow(1)] } })
  tell({ type: 'event', patch: { task_runs: [{ ...row, state_name: 'Completed' }], logs: [logRow(2)] } })
  expect([stateShown(), numbers(), model.log?.total, asked]).toEqual(['Completed', [0, 1, 2], 3, ['task']])
  tell({ type: 'event', patch: { deleted: [TASK] } })
  expect(stateShown()).toEqual({ is: 'gone' })
  model.end()
  expect(topics.size).toBe(0)
})

test('[RP52] a task run in a flow run is read again when the topic of the run tells of another state; its lines are picked out of the run’s', async () => {
  let name = 'Pending'
  const { model, asked, topics, tell, stateShown, numbers } = workspaceOf({
    task: () => record(name, RUN, { task_inputs: { stats: [{ input_type: 'task_run', id: OTHER }] } }),
    log: async (before) => (before === undefined ? page(7, 7) : page(3, null)),
  })
  await model.read()
  await expect.poll(numbers).toEqual([7])
  expect([[...topics.keys()], asked]).toEqual([[`flow_run:${RUN}`], ['task', 'log ', `names ${OTHER}`]])
  const runRow = { id: RUN, name: 'lunar-falcon', state_type: 'RUNNING' }
  tell({ type: 'reset', snapshot: { flow_runs: [runRow], task_runs: [event('Pending')], logs: [logRow(8), logRow(9, OTHER)] } })
  name = 'Running'
  tell({ type: 'event', patch: { task_runs: [event('Pending', 'Running')], logs: [logRow(10, OTHER), logRow(11)] } })
  tell({ type: 'event', patch: { task_runs: [event('Pending', 'Running')] } })
  await expect.poll(stateShown).toBe('Running')
  expect([numbers(), asked.filter((question) => question === 'task').length, [...model.names.value]]).toEqual([
    [7, 8, 11],
    2,
    [[OTHER, 'load-0']],
  ])
  await model.log?.readOlder()
  expect([numbers(), asked.at(-1), model.log?.hasOlder]).toEqual([[3, 7, 8, 11], 'log 7', false])
  model.end()
  expect(topics.size).toBe(0)
})

test('[RP52] a task run that is not there, or cannot be read, is said, and read again on demand', async () => {
  let answer: () => TaskRunOutput = () => {
    throw new ApiError({ code: 'not_found', status: 404, detail: 'There is none.' })
  }
  const { model, stateShown } = workspaceOf({ task: () => answer() })
  await model.read()
  expect(stateShown()).toEqual({ is: 'gone' })
  answer = () => {
    throw new ApiError({ code: 'unreachable', status: 0, detail: 'It does not answer.' })
  }
  await model.read()
  expect(stateShown()).toEqual({ is: 'failed', detail: 'It does not answer.' })
  answer = () => record('Running', null)
  await model.read()
  expect(stateShown()).toBe('Running')
})

test('[RP52] more lines than a snapshot holds are read in pages behind the first one here', async () => {
  const { model, asked, tell, numbers } = workspaceOf({ task: () => record('Running', null) })
  await model.read()
  const logs = Array.from({ length: MAX_SNAPSHOT_LOG_LINES }, (_, n) => logRow(n + 1))
  tell({ type: 'reset', snapshot: { task_runs: [], logs } })
  await model.log?.readOlder()
  expect([asked.at(-1), numbers()[0], model.log?.hasOlder]).toEqual(['log 1', 0, false])
})
