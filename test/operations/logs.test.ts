/** Log lines over REST: kept, found, searched, downloaded. */
import { reset } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MAX_LOG_MESSAGE_LENGTH } from '#sdk/protocol/limits.ts'
import { lineMatcher, parseSearch } from '../../worker/operations/match-line.ts'
import { newWorkspace, type TestWorkspace } from '../workspace/harness.ts'
import { flowRunId, log, runCreate, task, taskRunId } from '../workspace/speakers.ts'

let workspace: TestWorkspace
let flowId: string
const newRun = async (): Promise<string> => (await workspace.ok<{ id: string }>('flow_runs.create', { body: { flow_id: flowId } })).id

beforeEach(async () => {
  workspace = await newWorkspace()
  flowId = (await workspace.ok<{ id: string }>('flows.create', { body: { name: 'pipeline' } })).id
})
afterEach(() => reset())

const line = (run: string, second: number, message: string, level = 20) => ({
  name: 'log',
  level,
  message,
  timestamp: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`,
  flow_run_id: run,
})
const messages = async (body: object): Promise<readonly string[]> =>
  (await workspace.ok<{ message: string }[]>('logs.filter', { body })).map(({ message }) => message)

test('[OP23] lines are kept in their order, by run, by task run and of neither', async () => {
  const run = await newRun()
  const { id: task_run_id } = await workspace.ok<{ id: string }>('task_runs.create', {
    body: { flow_run_id: run, task_key: 'a', dynamic_key: 'b' },
  })
  await workspace.ok('logs.create', {
    body: [
      line(run, 1, 'first'),
      { ...line(run, 2, 'of the task'), flow_run_id: null, task_run_id },
      { name: 'w', level: 30, message: 'worker', timestamp: '2026-01-01T00:00:00Z' },
    ],
  })
  await workspace.ok('logs.create', { body: [line(run, 3, 'a\u0000b \ud800')] })
  expect(await messages({ logs: { flow_run_id: { any_: [run] } } })).toEqual(['first', 'of the task', 'a\u0000b \ud800'])
  expect(await messages({ logs: { flow_run_id: { any_: [run] } }, sort: 'TIMESTAMP_DESC', limit: 1 })).toEqual(['a\u0000b \ud800'])
  expect(await messages({ logs: { task_run_id: { any_: [task_run_id] } } })).toEqual(['of the task'])
  expect(await messages({ logs: { level: { ge_: 30 } } })).toEqual(['worker'])
  const ids = (await workspace.ok<{ id: string }[]>('logs.filter', { body: {} })).map(({ id }) => id)
  expect(new Set(ids).size).toBe(4)
  await workspace.ok('logs.create', { body: [] })
})

test('[OP24] a line that is too long is cut and says so', async () => {
  const run = await newRun()
  await workspace.ok('logs.create', { body: [line(run, 1, 'x'.repeat(MAX_LOG_MESSAGE_LENGTH + 1))] })
  const [message] = await messages({})
  expect([message?.length, message?.endsWith('… [truncated]')]).toEqual([MAX_LOG_MESSAGE_LENGTH, true])
})

test('[OP25] lines of several runs are merged by time; pages go on with the cursor without loss', async () => {
  const [a, b] = [await newRun(), await newRun()]
  await workspace.ok('logs.create', { body: [line(a, 1, 'a1'), line(b, 2, 'b2'), line(a, 3, 'a3'), line(b, 4, 'b4')] })
  expect(await messages({ logs: { flow_run_id: { any_: [b, a] } } })).toEqual(['a1', 'b2', 'a3', 'b4'])
  expect(await messages({ logs: { flow_run_id: { any_: [a, b] } }, sort: 'TIMESTAMP_DESC', offset: 1, limit: 2 })).toEqual(['a3', 'b2'])
  for (const sort of ['TIMESTAMP_ASC', 'TIMESTAMP_DESC'] as const) {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const outcome = await workspace.call('logs.filter', { body: { limit: 1, sort, ...(cursor !== undefined && { cursor }) } })
      if (!outcome.ok) throw new Error(outcome.problem.detail)
      seen.push(...(outcome.output as { message: string }[]).map(({ message }) => message))
      cursor = outcome.headers?.['x-flowcell-next-cursor']
    } while (cursor !== undefined)
    expect(seen).toEqual(sort === 'TIMESTAMP_ASC' ? ['a1', 'a3', 'b2', 'b4'] : ['b4', 'b2', 'a3', 'a1'])
  }
  expect(await workspace.call('logs.filter', { body: { cursor: 'nonsense' } })).toMatchObject({ problem: { code: 'invalid_request' } })
})

test('[OP26] the log is downloaded as CSV, segment by segment', async () => {
  const run = flowRunId()
  const socket = await workspace.connect()
  await socket.send(
    runCreate(run, { name: 'my "run"' }),
    log(run, 2),
    log(run, 1, { first: 2 ** 32 + 2, lines: [{ t: 1_000_000, l: 40, m: 'two\nlines, "quoted"', n: 'n' }] }),
  )
  const outcome = await workspace.call('flow_runs.download_logs', { params: { id: run } })
  if (!outcome.ok) throw new Error(outcome.problem.detail)
  expect(outcome.headers).toEqual({ 'content-disposition': 'attachment; filename="my-run--logs.csv"' })
  const rows = (await new Response(outcome.output as ReadableStream).text()).split('\r\n')
  expect([rows[0], rows[1]?.split(',').slice(1).join(), rows[3], rows.length]).toEqual([
    'timestamp,level,flow_run_id,task_run_id,message',
    `20,${run},,line 0`,
    `1970-01-01T00:00:01.000000Z,40,${run},,"two\nlines, ""quoted"""`,
    5,
  ])
})

test('[OP27] lines of a task outside flows are found by their task run', async () => {
  const id = taskRunId()
  const socket = await workspace.connect()
  await socket.send(task(null, id), log(null, 1, { task: id }))
  expect(await messages({ logs: { task_run_id: { any_: [id] } } })).toEqual(['line 0'])
  expect(await messages({ logs: { task_run_id: { is_null_: true } } })).toEqual([])
})

describe('search', () => {
  const found = (query: string, message: string): boolean =>
    lineMatcher({ text: { query } })({
      line: { t: 0, l: 20, m: message, n: 'flowcell.flow_runs' },
      stream: 's',
      kind: 'flow_run',
      number: 0,
    })

  test('[OP28] words are alternatives, + demands, - and ! exclude, quotes keep words together, case does not count', () => {
    expect(parseSearch('a +b -c !d "e f" +"g h" -"i')).toEqual({ any: ['a', 'e f'], all: ['b', 'g h'], none: ['c', 'd', 'i'] })
    expect([
      found('ERROR', 'an error'),
      found('a b', 'only b'),
      found('+a +b', 'only b'),
      found('b -only', 'only b'),
      found('"only b"', 'only  b'),
      found('', 'x'),
      found('-x', 'y'),
    ]).toEqual([true, true, false, false, false, true, true])
  })

  test('[OP29] fields of a log filter are joined by its operator', () => {
    const matches = (filter: Parameters<typeof lineMatcher>[0]) =>
      lineMatcher(filter)({ line: { t: 5, l: 20, m: 'x', n: 'n' }, stream: 's', kind: 'flow_run', number: 0 })
    expect([
      matches({ level: { ge_: 10, le_: 20 }, timestamp: { after_: 5, before_: 5 } }),
      matches({ level: { ge_: 30 }, timestamp: { after_: 5 } }),
      matches({ operator: 'or_', level: { ge_: 30 }, timestamp: { after_: 5 } }),
      matches({ timestamp: { before_: 4 } }),
    ]).toEqual([true, false, true, false])
  })
})
