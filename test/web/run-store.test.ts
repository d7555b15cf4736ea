/** A flow run as pages hold it: snapshots, patches, pages of what is older. */
import { expect, test } from 'vitest'
import type { TopicChange } from '#sdk/client/topics.ts'
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import type { JsonObject } from '#sdk/protocol/json.ts'
import { MAX_SNAPSHOT_LOG_LINES, MAX_SNAPSHOT_TASK_RUNS } from '#sdk/protocol/limits.ts'
import type { LogPage, Timeline } from '#sdk/protocol/overviews.ts'
import { lineOfEvent, LogLines } from '../../web/runs/log-lines.ts'
import { RunStore, type RunSource } from '../../web/runs/run-store.ts'
import { rowOfEvent, rowsOfTimeline } from '../../web/runs/task-row.ts'
import { TaskTable } from '../../web/runs/task-table.ts'

const RUN = '01990c5e-7a10-7c3e-9f00-2b6f1d4e0000' as FlowRunId // a UUID
const idOf = (n: number): TaskRunId => `01990c5e-7a10-7c3e-9f00-${n.toString(16).padStart(8, '0')}0000` as TaskRunId // a UUID
const taskRow = (n: number, states: readonly string[], more: JsonObject = {}): JsonObject => ({
  id: idOf(n),
  name: `load-${n}`,
  task_key: 'load',
  history: states.flatMap((name, at) => [name.toUpperCase(), name, n * 1_000 + at]),
  task_inputs: {},
  state: { message: null, state_details: {} },
  ...more,
})
const logRow = (number: number, more: JsonObject = {}): JsonObject => ({
  id: `${RUN.slice(0, 24)}${number.toString(16).padStart(12, '0')}`,
  timestamp: '2026-11-28T04:00:00.000123Z',
  level: 20,
  message: `line ${number}`,
  name: 'flowcell',
  task_run_id: null,
  ...more,
})
const runRow: JsonObject = { id: RUN, name: 'lunar-falcon', state_type: 'RUNNING' }

/** The other end, played by the test. */
function workspaceOf(answers: { timeline?: () => Promise<Timeline>; log?: (before: number | undefined) => Promise<LogPage> } = {}) {
  const asked: string[] = []
  let tell: (change: TopicChange) => void = () => undefined
  const source: RunSource = {
    subscribe: (topic, listener) => {
      asked.push(`subscribe ${topic}`)
      tell = listener
      return () => asked.push(`unsubscribe ${topic}`)
    },
    timeline: (_, after) => {
      asked.push(`timeline ${after ?? ''}`)
      return answers.timeline?.() ?? Promise.reject(new Error('nobody expected this question'))
    },
    log: (_, before) => {
      asked.push(`log ${before ?? ''}`)
      return answers.log?.(before) ?? Promise.reject(new Error('nobody expected this question'))
    },
  }
  return { asked, source, store: new RunStore(source, RUN), tell: (change: TopicChange) => tell(change) }
}
const names = (store: RunStore): readonly string[] => store.tasks.rows.map((row) => `${row.name} ${row.steps.at(-1)?.name}`)
const numbers = (store: RunStore): readonly number[] => store.log.lines.all.map(({ number }) => number)

test('[RP10] a run is listened to while somebody holds it, once for all who do', () => {
  const { store, asked } = workspaceOf()
  const [one, two] = [store.hold(), store.hold()]
  one()
  one()
  expect(asked).toEqual([`subscribe flow_run:${RUN}`])
  two()
  expect(asked).toEqual([`subscribe flow_run:${RUN}`, `unsubscribe flow_run:${RUN}`])
})

test('[RP11] a small run needs nothing but its topic: the snapshot, then rows that replace and lines that follow', () => {
  const { store, tell, asked } = workspaceOf()
  store.hold()
  expect(store.status.value).toEqual({ is: 'loading' })
  tell({
    type: 'reset',
    snapshot: {
      flow_runs: [runRow],
      task_runs: [taskRow(2, ['Pending']), taskRow(1, ['Pending', 'Running'])],
      logs: [logRow(0), logRow(1)],
    },
  })
  expect([store.status.value, names(store), numbers(store), store.log.total]).toEqual([
    { is: 'here' },
    ['load-1 Running', 'load-2 Pending'],
    [0, 1],
    2,
  ])
  tell({
    type: 'event',
    patch: {
      task_runs: [taskRow(1, ['Pending', 'Running', 'Completed'])],
      logs: [logRow(2)],
      flow_runs: [{ ...runRow, state_type: 'COMPLETED' }],
    },
  })
  expect([names(store), numbers(store), store.run.value?.state_type, asked.length]).toEqual([
    ['load-1 Completed', 'load-2 Pending'],
    [0, 1, 2],
    'COMPLETED',
    1,
  ])
  expect(store.tasks.tallies).toEqual([
    { type: 'PENDING', name: 'Pending', count: 1 },
    { type: 'COMPLETED', name: 'Completed', count: 1 },
  ])
})

test('[RP12] what vanished while the page was away is gone after the reset, and a run that is gone is said', () => {
  const { store, tell } = workspaceOf()
  store.hold()
  tell({ type: 'reset', snapshot: { flow_runs: [runRow], task_runs: [taskRow(1, ['Pending']), taskRow(2, ['Pending'])], logs: [] } })
  tell({ type: 'reset', snapshot: { flow_runs: [runRow], task_runs: [taskRow(2, ['Pending', 'Running'])], logs: [] } })
  expect(names(store)).toEqual(['load-2 Running'])
  tell({ type: 'event', patch: { deleted: [idOf(2)] } })
  expect(names(store)).toEqual([])
  tell({ type: 'event', patch: { deleted: [RUN] } })
  expect(store.status.value).toEqual({ is: 'deleted' })
  const other = workspaceOf()
  other.store.hold()
  other.tell({ type: 'reset', snapshot: { flow_runs: [], task_runs: [], logs: [] } })
  expect(other.store.status.value).toEqual({ is: 'unknown' })
  other.tell({ type: 'refused', failure: { code: 'forbidden', detail: 'No.' } })
  expect(other.store.status.value).toEqual({ is: 'refused', detail: 'No.' })
  other.tell({ type: 'refused', failure: { code: 'invalid_request', detail: 'topic: Invalid input' } })
  expect(other.store.status.value).toEqual({ is: 'unknown' })
})

test('[RP13] a snapshot that is not all is completed by the timeline, and what an event said is not undone by an older page', async () => {
  const timeline = Promise.withResolvers<Timeline>()
  const { store, tell, asked } = workspaceOf({ timeline: () => timeline.promise })
  store.hold()
  const rows = Array.from({ length: MAX_SNAPSHOT_TASK_RUNS }, (_, n) => taskRow(n + 2, ['Pending']))
  tell({ type: 'reset', snapshot: { flow_runs: [runRow], task_runs: rows, logs: [] } })
  tell({ type: 'event', patch: { task_runs: [taskRow(2, ['Pending', 'Running'])] } })
  expect([store.isReadingTasks, asked.at(-1)]).toEqual([true, 'timeline '])
  timeline.resolve({
    base: 0,
    total: MAX_SNAPSHOT_TASK_RUNS + 1,
    keys: ['load'],
    states: [['PENDING', 'Pending']],
    rows: Array.from({ length: MAX_SNAPSHOT_TASK_RUNS + 1 }, (_, n) => [
      idOf(n + 1),
      `load-${n + 1}`,
      0,
      [0, (n + 1) * 1_000],
      [],
      null,
      null,
    ]),
    next: null,
  })
  await expect.poll(() => store.isReadingTasks).toBe(false)
  expect([store.tasks.size, ...names(store).slice(0, 3)]).toEqual([
    MAX_SNAPSHOT_TASK_RUNS + 1,
    'load-1 Pending',
    'load-2 Running',
    'load-3 Pending',
  ])
})

test('[RP53] task runs that cannot be read are told, those that are here stay, and they are asked for again', async () => {
  let isAway = true
  const all: Timeline = { base: 0, total: 0, keys: [], states: [], rows: [], next: null }
  const { store, tell, asked } = workspaceOf({
    timeline: () => (isAway ? Promise.reject(new Error('The server does not answer.')) : Promise.resolve(all)),
  })
  store.hold()
  const rows = Array.from({ length: MAX_SNAPSHOT_TASK_RUNS }, (_, n) => taskRow(n, ['Pending']))
  tell({ type: 'reset', snapshot: { flow_runs: [runRow], task_runs: rows, logs: [] } })
  await expect.poll(() => store.trouble.value).toBe('The server does not answer.')
  expect([store.tasks.size, store.log.trouble.value]).toEqual([MAX_SNAPSHOT_TASK_RUNS, undefined])
  isAway = false
  store.readTasks()
  await expect.poll(() => store.trouble.value).toBe(undefined)
  expect([store.tasks.size, asked.slice(1)]).toEqual([0, ['timeline ', 'timeline ']])
})

test('[RP14] older lines are read page by page, once however many ask, until there are no more', async () => {
  const pages: LogPage[] = [
    {
      total: MAX_SNAPSHOT_LOG_LINES + 3,
      names: ['n'],
      tasks: [],
      segments: [
        {
          first: 1,
          base: 5,
          lines: [
            [0, 20, 'line 1', 0, -1],
            [1, 40, 'line 2', 0, -1],
          ],
        },
      ],
      next: 1,
    },
    {
      total: MAX_SNAPSHOT_LOG_LINES + 3,
      names: ['n'],
      tasks: [],
      segments: [{ first: 0, base: 4, lines: [[0, 20, 'line 0', 0, -1]] }],
      next: null,
    },
  ]
  const { store, tell, asked } = workspaceOf({
    log: () => Promise.resolve(pages.shift() ?? { total: 0, names: [], tasks: [], segments: [], next: null }),
  })
  store.hold()
  tell({
    type: 'reset',
    snapshot: { flow_runs: [runRow], task_runs: [], logs: Array.from({ length: MAX_SNAPSHOT_LOG_LINES }, (_, n) => logRow(n + 3)) },
  })
  expect([store.log.hasOlder, store.log.total]).toEqual([true, undefined])
  await Promise.all([store.log.readOlder(), store.log.readOlder()])
  expect([asked.slice(1), numbers(store).slice(0, 3), store.log.total]).toEqual([['log 3'], [1, 2, 3], MAX_SNAPSHOT_LOG_LINES + 3])
  await store.log.readOlder()
  await store.log.readOlder()
  expect([asked.slice(1), numbers(store)[0], store.log.hasOlder, store.log.total]).toEqual([
    ['log 3', 'log 1'],
    0,
    false,
    MAX_SNAPSHOT_LOG_LINES + 3,
  ])
})

test('[RP15] older lines that cannot be read are told, and asked for again when somebody wants them', async () => {
  let isAway = true
  const page: LogPage = { total: 1, names: [], tasks: [], segments: [], next: null }
  const { store, tell } = workspaceOf({
    log: () => (isAway ? Promise.reject(new Error('The server does not answer.')) : Promise.resolve(page)),
  })
  store.hold()
  tell({
    type: 'reset',
    snapshot: { flow_runs: [runRow], task_runs: [], logs: Array.from({ length: MAX_SNAPSHOT_LOG_LINES }, (_, n) => logRow(n)) },
  })
  await store.log.readOlder()
  expect([store.log.trouble.value, store.log.hasOlder]).toEqual(['The server does not answer.', true])
  isAway = false
  await store.log.readOlder()
  expect([store.log.trouble.value, store.log.hasOlder]).toEqual([undefined, false])
})

test('[RP16] after an absence lines go on where they were when nothing is missing between, else with the newest', () => {
  const { store, tell } = workspaceOf()
  store.hold()
  const lines = (from: number, count = MAX_SNAPSHOT_LOG_LINES) => Array.from({ length: count }, (_, n) => logRow(from + n))
  tell({ type: 'reset', snapshot: { flow_runs: [runRow], task_runs: [], logs: lines(0) } })
  tell({ type: 'reset', snapshot: { flow_runs: [runRow], task_runs: [], logs: lines(500) } })
  expect([numbers(store)[0], numbers(store).length]).toEqual([0, 1_500])
  tell({ type: 'reset', snapshot: { flow_runs: [runRow], task_runs: [], logs: lines(9_000) } })
  expect([numbers(store)[0], numbers(store).length, store.log.hasOlder]).toEqual([9_000, MAX_SNAPSHOT_LOG_LINES, true])
})

test('[RP17] lines stand in the order of their numbers, each once, whatever order they came in', () => {
  const log = new LogLines()
  const lines = (...all: readonly number[]) => all.flatMap((number) => lineOfEvent(logRow(number)) ?? [])
  log.add(lines(5, 6))
  log.add(lines(1, 2))
  log.add(lines(2, 3, 5, 9))
  log.add(lines(6, 9))
  log.add(lines(2 ** 32 + 4))
  expect(log.all.map(({ number }) => number)).toEqual([1, 2, 3, 5, 6, 9, 2 ** 32 + 4])
  expect(lineOfEvent(logRow(2 ** 32 + 4))).toEqual({
    number: 2 ** 32 + 4,
    at: 1_795_838_400_000_123,
    level: 20,
    text: `line ${2 ** 32 + 4}`,
    logger: 'flowcell',
    task: null,
    isLate: false,
  })
})

test('[RP18] a row of the timeline and a row of an event are the same task run', () => {
  const [a, b] = [idOf(1), idOf(2)]
  const inputs = {
    stats: [{ input_type: 'task_run', id: a }],
    wait_for: [{ input_type: 'task_run', id: a }],
    n: [{ input_type: 'constant', type: 'number' }],
  }
  const event = rowOfEvent(
    taskRow(2, ['Pending', 'Failed'], {
      task_inputs: inputs,
      state: { message: 'Error: no\nat x', state_details: { child_flow_run_id: RUN } },
    }),
  )
  const [, timeline] = rowsOfTimeline({
    base: 1_000,
    total: 2,
    keys: ['load'],
    states: [
      ['PENDING', 'Pending'],
      ['FAILED', 'Failed'],
    ],
    rows: [
      [a, 'load-1', 0, [0, 0], [], null, null],
      [b, 'load-2', 0, [0, 1_000, 1, 1_001], [0], RUN, 'Error: no'],
    ],
    next: null,
  })
  expect(event).toEqual(timeline)
  const waiting = rowOfEvent(
    taskRow(2, ['Running', 'AwaitingRetry'], {
      empirical_policy: { retries: 4 },
      state: { message: 'no', state_details: { scheduled_time: '1970-01-01T00:00:05.000001Z' } },
    }),
  )
  expect([waiting?.retries, waiting?.due, waiting?.problem]).toEqual([4, 5_000_001, 'no'])
  expect(rowOfEvent({ id: b, name: 'x' })).toBeUndefined()
})

test('[RP19] a table of task runs keeps their order and their counts through a thousand changes', () => {
  const table = new TaskTable()
  const steps = ['Pending', 'Running', 'Completed']
  for (let round = 1; round <= 3; round++) {
    for (let n = 300; n > 0; n--) table.put([rowOfEvent(taskRow(n, steps.slice(0, round))) ?? never()])
  }
  table.delete(idOf(7))
  expect([table.size, table.live, table.rows[0]?.name, table.rows[6]?.name, table.tallies]).toEqual([
    299,
    0,
    'load-1',
    'load-8',
    [{ type: 'COMPLETED', name: 'Completed', count: 299 }],
  ])
})

function never(): never {
  throw new Error('no row')
}
