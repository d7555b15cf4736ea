/** What each operation on flows, flow runs, task runs and states answers, for good requests and for bad ones. */
import { PREFECT_VERSION, VERSION } from '#sdk/protocol/version.ts'
import { reset } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { z } from 'zod'
import { OPERATIONS, type OperationId } from '#sdk/protocol/operations.ts'
import type { StateType } from '#sdk/protocol/states.ts'
import { ObjectDatabase } from '../../worker/storage/object-database.ts'
import type { Outcome } from '../../worker/workspace/contract.ts'
import { newWorkspace, type TestWorkspace } from '../workspace/harness.ts'
import { requireInvariants } from '../workspace/invariants.ts'

interface Identified {
  readonly id: string
  readonly name: string
}

const NOWHERE = '01900000-0000-7000-8000-00000000dead'
let workspace: TestWorkspace
let flow: Identified

const newRun = (body: object = {}) => workspace.ok<Identified>('flow_runs.create', { body: { flow_id: flow.id, ...body } })
const newTask = (body: object = {}) =>
  workspace.ok<Identified>('task_runs.create', { body: { task_key: 'fetch', dynamic_key: '0', ...body } })
const setState = (id: string, type: StateType, more: object = {}) =>
  workspace.call('flow_runs.set_state', { params: { id }, body: { state: { type, ...more } } })
const codeOf = (outcome: Outcome): string => (outcome.ok ? String(outcome.status) : outcome.problem.code)
const names = (rows: readonly Identified[]): readonly string[] => rows.map(({ name }) => name)

beforeEach(async () => {
  workspace = await newWorkspace()
  flow = await workspace.ok<Identified>('flows.create', { body: { name: 'pipeline' } })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await requireInvariants(workspace.stub)
  await reset()
})

/** Asks, and holds the answer against the operation's own schema. */
async function answered<T>(operation: OperationId, request: object = {}): Promise<T> {
  const output = await workspace.ok<T>(operation, request)
  const schema = OPERATIONS[operation].output as z.ZodType // asked only for operations that answer JSON
  return schema.parse(output) as T
}

describe('flows', () => {
  test('[OP1] a flow is made once; its name answers the first with 200', async () => {
    const again = await workspace.call('flows.create', { body: { name: 'pipeline', tags: ['other'] } })
    expect(again).toMatchObject({ status: 200, output: { id: flow.id, tags: [] } })
    expect(await answered('flows.read', { params: { id: flow.id } })).toEqual(flow)
    expect(await answered('flows.read_by_name', { params: { name: 'pipeline' } })).toEqual(flow)
  })

  test('[OP2] tags and labels of a flow are changed, and nothing else', async () => {
    expect(await workspace.call('flows.update', { params: { id: flow.id }, body: { tags: ['a'], labels: { l: 1 } } })).toMatchObject({
      status: 204,
      output: null,
    })
    expect(await answered('flows.read', { params: { id: flow.id } })).toMatchObject({
      ...flow,
      tags: ['a'],
      labels: { l: 1 },
      updated: expect.any(String),
    })
  })

  test('[OP3] flows are listed, counted, paged and deleted with their runs', async () => {
    await workspace.ok('flows.create', { body: { name: 'other' } })
    const run = await newRun()
    const task = await newTask({ flow_run_id: run.id })
    expect(names(await answered('flows.filter', { body: { sort: 'NAME_DESC' } }))).toEqual(['pipeline', 'other'])
    expect(await answered('flows.paginate', { body: { limit: 1, page: 2 } })).toMatchObject({
      results: [{ name: 'pipeline' }],
      count: 2,
      limit: 1,
      pages: 2,
      page: 2,
    })
    expect(await answered('flows.count', { body: { flows: { name: { like_: 'PIPE' } } } })).toBe(1)
    expect(await answered('flows.bulk_delete', { body: { flows: { name: { any_: ['pipeline'] } } } })).toEqual({ deleted: [flow.id] })
    expect([
      codeOf(await workspace.call('flow_runs.read', { params: { id: run.id } })),
      codeOf(await workspace.call('task_runs.read', { params: { id: task.id } })),
    ]).toEqual(['not_found', 'not_found'])
    const [other] = await answered<Identified[]>('flows.filter')
    expect(codeOf(await workspace.call('flows.delete', { params: { id: other?.id ?? '' } }))).toBe('204')
    expect(await answered('flows.count')).toBe(0)
  })

  test('[OP4] what is not there is not found, for every operation on one thing', async () => {
    const id = NOWHERE
    const calls = [
      workspace.call('flows.read', { params: { id } }),
      workspace.call('flows.read_by_name', { params: { name: 'nobody' } }),
      workspace.call('flows.update', { params: { id }, body: {} }),
      workspace.call('flows.delete', { params: { id } }),
      workspace.call('flow_runs.create', { body: { flow_id: id } }),
      workspace.call('flow_runs.read', { params: { id } }),
      workspace.call('flow_runs.update', { params: { id }, body: {} }),
      workspace.call('flow_runs.update_labels', { params: { id }, body: {} }),
      workspace.call('flow_runs.delete', { params: { id } }),
      workspace.call('flow_runs.graph', { params: { id }, query: {} }),
      workspace.call('flow_runs.download_logs', { params: { id } }),
      setState(id, 'RUNNING'),
      workspace.call('task_runs.create', { body: { task_key: 'a', dynamic_key: 'b', flow_run_id: id } }),
      workspace.call('task_runs.read', { params: { id } }),
      workspace.call('task_runs.update', { params: { id }, body: { name: 'x' } }),
      workspace.call('task_runs.delete', { params: { id } }),
      workspace.call('task_runs.set_state', { params: { id }, body: { state: { type: 'RUNNING' } } }),
      workspace.call('flow_run_states.read', { params: { id } }),
      workspace.call('flow_run_states.list', { query: { flow_run_id: id } }),
      workspace.call('task_run_states.read', { params: { id } }),
      workspace.call('task_run_states.list', { query: { task_run_id: id } }),
      workspace.call('logs.create', { body: [{ name: 'n', level: 20, message: 'm', timestamp: '2026-01-01T00:00:00Z', flow_run_id: id }] }),
      workspace.call('logs.create', { body: [{ name: 'n', level: 20, message: 'm', timestamp: '2026-01-01T00:00:00Z', task_run_id: id }] }),
    ]
    expect((await Promise.all(calls)).map(codeOf)).toEqual(calls.map(() => 'not_found'))
  })
})

describe('flow runs', () => {
  test('[OP5] a run that is created over REST begins PENDING, or as the client says, with a name of its own', async () => {
    const run = await answered('flow_runs.read', { params: { id: (await newRun()).id } })
    expect(run).toMatchObject({
      flow_id: flow.id,
      flow_name: 'pipeline',
      state_type: 'PENDING',
      run_count: 0,
      start_time: null,
      name: expect.stringMatching(/^[a-z]+-[a-z]+$/),
    })
    const scheduled = await newRun({
      name: 'nightly',
      state: { type: 'SCHEDULED', state_details: { scheduled_time: '2050-01-01T00:00:00Z' } },
      parameters: { a: [1] },
      tags: ['x', 'x'],
      labels: { l: true },
      empirical_policy: { retries: 2, retry_delay: 1 },
    })
    expect(scheduled).toMatchObject({
      name: 'nightly',
      state_name: 'Scheduled',
      expected_start_time: '2050-01-01T00:00:00.000000Z',
      next_scheduled_start_time: '2050-01-01T00:00:00.000000Z',
      parameters: { a: [1] },
      tags: ['x'],
      labels: { l: true },
      empirical_policy: { retries: 2, retry_delay: 1 },
    })
    expect(codeOf(await workspace.call('flow_runs.create', { body: { flow_id: flow.id, state: { type: 'PAUSED' } } }))).toBe(
      'invalid_request',
    )
  })

  test('[OP6] an idempotency_key answers the first run of its flow, with 200', async () => {
    const first = await workspace.call('flow_runs.create', { body: { flow_id: flow.id, idempotency_key: 'k' } })
    const second = await workspace.call('flow_runs.create', { body: { flow_id: flow.id, idempotency_key: 'k', name: 'other' } })
    const other = await workspace.ok<Identified>('flows.create', { body: { name: 'other' } })
    const third = await workspace.call('flow_runs.create', { body: { flow_id: other.id, idempotency_key: 'k' } })
    expect([first, second, third].map(codeOf)).toEqual(['201', '200', '201'])
    expect(second).toMatchObject({ output: { id: first.ok ? (first.output as Identified).id : '' } })
    expect(await answered('flow_runs.count')).toBe(2)
  })

  test('[OP7] an Idempotency-Key answers its first request again; another request under it is a conflict', async () => {
    const create = (name: string, idempotencyKey: string) =>
      workspace.call('flow_runs.create', { body: { flow_id: flow.id, name } }, { idempotencyKey })
    const first = await create('a', 'key')
    expect(await create('a', 'key')).toEqual(first)
    expect(codeOf(await create('b', 'key'))).toBe('idempotency_conflict')
    expect(codeOf(await create('b', 'other'))).toBe('201')
    expect(codeOf(await workspace.call('flow_runs.create', { body: { flow_id: NOWHERE } }, { idempotencyKey: 'failed' }))).toBe('not_found')
    expect(codeOf(await workspace.call('flow_runs.create', { body: { flow_id: flow.id } }, { idempotencyKey: 'failed' }))).toBe('201')
    expect(await answered('flow_runs.count')).toBe(3)
  })

  test('[OP8] a whole life, from pending to cancelled, with Prefect’s verdicts and status codes', async () => {
    const { id } = await newRun()
    const verdict = (status: string, type: string) => ({ status, state: { type }, details: { type: `${status.toLowerCase()}_details` } })
    expect(await setState(id, 'RUNNING')).toMatchObject({ status: 201, output: verdict('ACCEPT', 'RUNNING') })
    expect(await setState(id, 'PENDING')).toMatchObject({ status: 200, output: verdict('ABORT', 'RUNNING') })
    expect(await setState(id, 'CANCELLING')).toMatchObject({ status: 201, output: verdict('ACCEPT', 'CANCELLING') })
    expect(await setState(id, 'COMPLETED')).toMatchObject({ status: 201, output: verdict('REJECT', 'CANCELLING') })
    expect(await setState(id, 'CANCELLED')).toMatchObject({ status: 201, output: verdict('ACCEPT', 'CANCELLED') })
    expect(await answered('flow_runs.read', { params: { id } })).toMatchObject({
      state_name: 'Cancelled',
      run_count: 1,
      end_time: expect.any(String),
    })
    const states = await answered<{ id: string; type: string }[]>('flow_run_states.list', { query: { flow_run_id: id } })
    expect(states.map(({ type }) => type)).toEqual(['PENDING', 'RUNNING', 'CANCELLING', 'CANCELLED'])
    for (const state of states) expect(await answered('flow_run_states.read', { params: { id: state.id } })).toEqual(state)
  })

  test('[OP9] a run that is due later waits whole seconds; force does not', async () => {
    const { id } = await newRun({ state: { type: 'SCHEDULED', state_details: { scheduled_time: '2050-01-01T00:00:00Z' } } })
    expect(await setState(id, 'RUNNING')).toMatchObject({
      status: 200,
      output: { status: 'WAIT', details: { type: 'wait_details', delay_seconds: expect.any(Number) } },
    })
    expect(
      await workspace.call('flow_runs.set_state', { params: { id }, body: { state: { type: 'RUNNING' }, force: true } }),
    ).toMatchObject({ output: { status: 'ACCEPT' } })
  })

  test('[OP10] what people edit is changed; labels are added', async () => {
    const { id } = await newRun({ labels: { a: 1 } })
    await workspace.ok('flow_runs.update', {
      params: { id },
      body: {
        name: 'renamed',
        tags: ['t'],
        flow_version: 'v',
        parameters: { p: 1 },
        infrastructure_pid: 'host:1',
        empirical_policy: { retries: 3 },
      },
    })
    await workspace.ok('flow_runs.update_labels', { params: { id }, body: { b: 'x' } })
    expect(await answered('flow_runs.read', { params: { id } })).toMatchObject({
      name: 'renamed',
      tags: ['t'],
      flow_version: 'v',
      parameters: { p: 1 },
      infrastructure_pid: 'host:1',
      empirical_policy: { retries: 3 },
      labels: { a: 1, b: 'x' },
    })
    const many = Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`l${index}`, index]))
    expect(codeOf(await workspace.call('flow_runs.update_labels', { params: { id }, body: many }))).toBe('invalid_request')
  })

  test('[OP11] runs are listed, paged by number and by cursor, and counted', async () => {
    for (const name of ['a', 'b', 'c']) await newRun({ name })
    const page = await answered<(Identified & { id: string })[]>('flow_runs.filter', { body: { limit: 2 } })
    expect(names(page)).toEqual(['c', 'b'])
    expect(names(await answered('flow_runs.filter', { body: { limit: 2, cursor: page.at(-1)?.id } }))).toEqual(['a'])
    expect(names(await answered('flow_runs.filter', { body: { sort: 'NAME_ASC', offset: 1 } }))).toEqual(['b', 'c'])
    expect(await answered('flow_runs.paginate', { body: { limit: 2, page: 2 } })).toMatchObject({
      results: [{ name: 'a' }],
      count: 3,
      pages: 2,
    })
    expect(await answered('flow_runs.paginate', { body: { limit: 0 } })).toMatchObject({ results: [], count: 3, pages: 0 })
    expect(await answered('flow_runs.count', { body: { flow_runs: { name: { any_: ['a', 'z'] } } } })).toBe(1)
  })

  test('[OP12] many runs are set or deleted at once', async () => {
    for (const name of ['a', 'b', 'c']) await newRun({ name })
    const results = await answered<{ results: { status: string }[] }>('flow_runs.bulk_set_state', {
      body: { flow_runs: { name: { any_: ['a', 'b'] } }, state: { type: 'CANCELLING' } },
    })
    expect(results.results.map(({ status }) => status)).toEqual(['ACCEPT', 'ACCEPT'])
    const { deleted } = await answered<{ deleted: string[] }>('flow_runs.bulk_delete', { body: { limit: 2 } })
    expect([deleted.length, await answered('flow_runs.count')]).toEqual([2, 1])
  })

  test('[OP13] deleting a run takes its task runs and its log in steps, and leaves its subflow runs', async () => {
    const run = await newRun()
    const tracking = await newTask({ flow_run_id: run.id })
    const subflow = await newRun({ parent_task_run_id: tracking.id })
    await workspace.ok('logs.create', {
      body: [{ name: 'n', level: 20, message: 'm', timestamp: '2026-01-01T00:00:00Z', flow_run_id: run.id }],
    })
    await workspace.ok('flow_runs.delete', { params: { id: run.id } })
    expect([await answered('flow_runs.count'), await answered('task_runs.count'), await answered('logs.filter', { body: {} })]).toEqual([
      1,
      0,
      [],
    ])
    expect(await answered('flow_runs.read', { params: { id: subflow.id } })).toMatchObject({ parent_task_run_id: tracking.id })
  })

  test('[OP14] a full workspace refuses new runs and lets old ones end; a full disk is 507', async () => {
    const { id } = await newRun()
    vi.spyOn(ObjectDatabase.prototype, 'sizeBytes').mockReturnValue(8 * 1024 ** 3)
    expect(await workspace.call('flow_runs.create', { body: { flow_id: flow.id } })).toMatchObject({
      problem: { code: 'storage_full', detail: expect.stringContaining('8589934592 bytes, FLOWCELL_MAX_WORKSPACE_BYTES') },
    })
    expect(codeOf(await workspace.call('task_runs.create', { body: { task_key: 'a', dynamic_key: 'b' } }))).toBe('storage_full')
    expect(codeOf(await setState(id, 'RUNNING'))).toBe('201')
    expect(codeOf(await setState(id, 'COMPLETED'))).toBe('201')
    const { exec } = ObjectDatabase.prototype
    vi.spyOn(ObjectDatabase.prototype, 'exec').mockImplementation(function (this: ObjectDatabase, sql, ...bindings) {
      if (sql.startsWith('UPDATE')) throw new Error('database or disk is full: SQLITE_FULL')
      return exec.call(this, sql, ...bindings)
    })
    expect(await setState(id, 'RUNNING')).toMatchObject({ ok: false, problem: { status: 507, code: 'storage_full' } })
    expect(await answered('flow_runs.read', { params: { id } })).toMatchObject({ state_type: 'COMPLETED' })
  })

  test('[OP15] what is too large for a row is refused with its limit', async () => {
    const big = { big: 'x'.repeat(513 * 1024) }
    const refused = [
      await workspace.call('flow_runs.create', { body: { flow_id: flow.id, parameters: big } }),
      await workspace.call('flow_runs.create', { body: { flow_id: flow.id, context: big } }),
      await workspace.call('flow_runs.create', { body: { flow_id: flow.id, state: { type: 'RUNNING', data: big } } }),
      await workspace.call('flows.create', { body: { name: 'large', parameter_openapi_schema: big } }),
      await setState((await newRun()).id, 'RUNNING', { data: big }),
    ]
    expect(refused.map(codeOf)).toEqual(refused.map(() => 'too_large'))
  })

  test('[OP16] a history of many large errors still fits: the data of the oldest states goes, no state does', async () => {
    const { id } = await newRun()
    for (let count = 0; count < 14; count++) await setState(id, 'RUNNING', { name: `R${count}`, data: { error: 'x'.repeat(120 * 1024) } })
    const states = await answered<{ data: { kind?: string } | null }[]>('flow_run_states.list', { query: { flow_run_id: id } })
    expect(states.length).toBe(15)
    expect([states.some(({ data }) => data?.kind === 'unkept'), states.at(-1)?.data?.kind]).toEqual([true, undefined])
  })

  test('[OP17] history has a bar for every interval; too many are refused', async () => {
    await newRun({ state: { type: 'SCHEDULED', state_details: { scheduled_time: '2050-01-01T00:01:30Z' } } })
    const body = { history_start: '2050-01-01T00:00:00Z', history_end: '2050-01-01T00:03:00Z', history_interval_seconds: 60 }
    const bars = await answered<{ interval_start: string; states: unknown[] }[]>('flow_runs.history', { body })
    expect(bars.map(({ interval_start, states }) => [interval_start, states])).toEqual([
      ['2050-01-01T00:00:00.000000Z', []],
      [
        '2050-01-01T00:01:00.000000Z',
        [{ state_type: 'SCHEDULED', state_name: 'Scheduled', count_runs: 1, sum_estimated_run_time: 0, sum_estimated_lateness: 0 }],
      ],
      ['2050-01-01T00:02:00.000000Z', []],
    ])
    expect(codeOf(await workspace.call('flow_runs.history', { body: { ...body, history_end: '2051-01-01T00:00:00Z' } }))).toBe(
      'invalid_request',
    )
    expect(codeOf(await workspace.call('task_runs.history', { body: { ...body, history_end: body.history_start } }))).toBe(
      'invalid_request',
    )
    expect(await answered('task_runs.history', { body })).toMatchObject([{ states: [] }, { states: [] }, { states: [] }])
    expect([
      await answered('flow_runs.lateness'),
      await answered('flow_runs.lateness', { body: { flow_runs: { name: { any_: ['z'] } } } }),
    ]).toEqual([0, null])
  })
})

describe('task runs', () => {
  test('[OP18] a task run is made once per flow run and keys; its id may come from the client', async () => {
    const run = await newRun()
    const first = await newTask({ flow_run_id: run.id })
    expect(first).toMatchObject({ name: 'fetch-0', state_type: 'PENDING' })
    expect(await workspace.call('task_runs.create', { body: { task_key: 'fetch', dynamic_key: '0', flow_run_id: run.id } })).toMatchObject({
      status: 200,
      output: { id: first.id },
    })
    const id = crypto.randomUUID()
    expect(await newTask({ id, dynamic_key: '1', flow_run_id: run.id })).toMatchObject({ id })
    expect(
      codeOf(await workspace.call('task_runs.create', { body: { id, task_key: 'other', dynamic_key: '1', flow_run_id: run.id } })),
    ).toBe('conflict')
    const [state] = await answered<{ id: string }[]>('task_run_states.list', { query: { task_run_id: id } })
    expect(await answered('task_run_states.read', { params: { id: state?.id } })).toEqual(state)
  })

  test('[OP19] a task run that a client drives runs only while its flow run does', async () => {
    const run = await newRun()
    const { id } = await newTask({ flow_run_id: run.id, empirical_policy: { retries: 1, retry_delay: 0 } })
    const propose = (type: StateType) => workspace.ok('task_runs.set_state', { params: { id }, body: { state: { type } } })
    expect(await propose('RUNNING')).toMatchObject({ status: 'ABORT' })
    await setState(run.id, 'RUNNING')
    expect(await propose('RUNNING')).toMatchObject({ status: 'ACCEPT' })
    expect(await propose('FAILED')).toMatchObject({ status: 'REJECT', state: { name: 'Retrying' } })
    expect(await propose('COMPLETED')).toMatchObject({ status: 'ACCEPT' })
    expect(await answered('task_runs.read', { params: { id } })).toMatchObject({ run_count: 2, state_type: 'COMPLETED' })
  })

  test('[OP20] task runs are listed, counted, paged, renamed and deleted', async () => {
    const run = await newRun()
    for (const dynamic_key of ['0', '1', '2']) await newTask({ flow_run_id: run.id, dynamic_key })
    const [last] = await answered<Identified[]>('task_runs.filter', {
      body: { flow_runs: { id: { any_: [run.id] } }, sort: 'NAME_DESC', limit: 1 },
    })
    expect(last?.name).toBe('fetch-2')
    await workspace.ok('task_runs.update', { params: { id: last?.id ?? '' }, body: { name: 'renamed' } })
    expect(names(await answered('task_runs.filter', { body: { sort: 'NAME_ASC' } }))).toEqual(['fetch-0', 'fetch-1', 'renamed'])
    await workspace.ok('task_runs.delete', { params: { id: last?.id ?? '' } })
    expect(await answered('task_runs.paginate', { body: { limit: 1 } })).toMatchObject({ count: 2, pages: 2 })
    expect(await answered('task_runs.count', { body: { task_runs: { flow_run_id: { any_: [run.id] } } } })).toBe(2)
  })

  test('[OP21] the graph shows task runs with their edges, and subflow runs in place of the task runs that started them', async () => {
    const run = await newRun()
    const first = await newTask({ flow_run_id: run.id })
    const tracking = await newTask({
      flow_run_id: run.id,
      dynamic_key: 'sub',
      task_inputs: {
        x: [
          { input_type: 'task_run', id: first.id },
          { input_type: 'constant', type: 'int' },
        ],
      },
    })
    const subflow = await newRun({ name: 'sub', parent_task_run_id: tracking.id })
    const last = await newTask({
      flow_run_id: run.id,
      dynamic_key: '2',
      task_inputs: { wait_for: [{ input_type: 'task_run', id: tracking.id }] },
    })
    const graph = await answered<{ root_node_ids: string[]; nodes: [string, object][] }>('flow_runs.graph', {
      params: { id: run.id },
      query: {},
    })
    expect(graph.root_node_ids).toEqual([first.id])
    expect(graph.nodes).toMatchObject([
      [first.id, { kind: 'task-run', label: 'fetch-0', parents: [], children: [{ id: subflow.id }] }],
      [subflow.id, { kind: 'flow-run', label: 'pipeline / sub', parents: [{ id: first.id }], children: [{ id: last.id }] }],
      [last.id, { kind: 'task-run', parents: [{ id: subflow.id }], children: [] }],
    ])
    const later = await answered<{ nodes: unknown[] }>('flow_runs.graph', {
      params: { id: run.id },
      query: { since: '2050-01-01T00:00:00Z' },
    })
    expect(later.nodes.length).toBe(3)
  })
})

test('[OP22] the workspace says hello, its version and that it is ready', async () => {
  expect([
    await answered('admin.hello'),
    await answered('admin.version'),
    await answered('admin.server_version'),
    await answered('admin.ready'),
  ]).toEqual(['👋', VERSION, PREFECT_VERSION, { message: 'OK' }])
})
