/** Prefect's own OpenAPI document, reduced, as the judge of what we answer where Prefect has the operation too. */
import { reset } from 'cloudflare:test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Operation } from '#sdk/protocol/operation.ts'
import { OPERATIONS } from '#sdk/protocol/operations.ts'
import { createWorkspace, type Client } from './client.workerd.ts'
import oracle from './prefect-oracle.json' with { type: 'json' }

type Shape =
  | string
  | { readonly shape: string }
  | { readonly array: Shape }
  | { readonly enum: readonly unknown[] }
  | ObjectShape
  | readonly Shape[]
interface ObjectShape {
  readonly fields: Readonly<Record<string, Shape>>
  readonly required: readonly string[]
}
interface Expectation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly status: readonly number[]
  readonly answer: Shape
}

const EXPECTED: readonly Expectation[] = oracle.operations
const SHAPES: Readonly<Record<string, Shape | undefined>> = oracle.shapes
const TABLE: readonly (readonly [string, Operation])[] = Object.entries(OPERATIONS)

/** What is wrong with a value, as sentences; nothing when the shape admits it. */
function faultsOf(value: unknown, shape: Shape, at: string): string[] {
  if (typeof shape === 'string') return isOfType(value, shape) ? [] : [`${at}: expected ${shape}, got ${JSON.stringify(value)}`]
  if (isList(shape)) {
    const tried = shape.map((one) => faultsOf(value, one, at))
    return tried.some((faults) => faults.length === 0) ? [] : (tried[0] ?? [])
  }
  if ('shape' in shape) return faultsOf(value, SHAPES[shape.shape] ?? `no shape ${shape.shape}`, at)
  if ('enum' in shape) return shape.enum.includes(value) ? [] : [`${at}: ${JSON.stringify(value)} is none of ${shape.enum.join(', ')}`]
  if ('array' in shape) {
    if (!Array.isArray(value)) return [`${at}: expected a list`]
    return value.flatMap((item: unknown, index) => faultsOf(item, shape.array, `${at}.${index}`))
  }
  if (typeof value !== 'object' || value === null) return [`${at}: expected an object, got ${JSON.stringify(value)}`]
  const fields = new Map<string, unknown>(Object.entries(value))
  const missing = shape.required.filter((name) => !fields.has(name)).map((name) => `${at}.${name}: missing`)
  const wrong = Object.entries(shape.fields).flatMap(([name, inner]) =>
    fields.has(name) ? faultsOf(fields.get(name), inner, `${at}.${name}`) : [],
  )
  return [...missing, ...wrong]
}

const isList = (shape: Shape): shape is readonly Shape[] => Array.isArray(shape)

function isOfType(value: unknown, type: string): boolean {
  if (type === 'any') return true
  if (type === 'null') return value === null
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}

let workspace: Client
let ids: Readonly<Record<string, string>>

async function made(path: string, json: unknown): Promise<{ id: string; state_id: string }> {
  const response = await workspace.api(path, { json })
  if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

beforeAll(async () => {
  workspace = await createWorkspace()
  const flow = await made('/flows/', { name: 'pipeline', tags: ['a'] })
  const run = await made('/flow_runs/', { flow_id: flow.id, name: 'first', parameters: { x: 1 }, state: { type: 'PENDING' } })
  const task = await made('/task_runs/', { flow_run_id: run.id, task_key: 'load', dynamic_key: '0', state: { type: 'RUNNING' } })
  await workspace.api('/logs/', {
    json: [{ name: 'prefect.flow_runs', level: 20, message: 'one', timestamp: '2026-11-22T05:00:00Z', flow_run_id: run.id }],
  })
  ids = { flow: flow.id, run: run.id, runState: run.state_id, task: task.id, taskState: task.state_id }
})
afterAll(() => reset())

test('[HT19] every operation that the table calls Prefect stands in Prefect with that method and path', () => {
  const ours = TABLE.filter(([, { prefect }]) => prefect === true).map(([id, { method, path }]) => [
    id,
    method,
    path.replaceAll(/:(\w+)/g, '{$1}'),
  ])
  expect(ours.toSorted()).toEqual(EXPECTED.map(({ id, method, path }) => [id, method, path]).toSorted())
})

/** A good request to each operation. What deletes comes last and works on things of its own. */
const REQUESTS: Readonly<Record<string, (() => Promise<{ path?: string; json?: unknown; query?: string }>) | undefined>> = {
  'flows.create': async () => ({ json: { name: 'another' } }),
  'flows.read': async () => ({ path: ids['flow'] ?? '' }),
  'flows.read_by_name': async () => ({ path: 'pipeline' }),
  'flows.update': async () => ({ path: ids['flow'] ?? '', json: { tags: ['b'] } }),
  'flows.delete': async () => ({ path: (await made('/flows/', { name: 'to delete' })).id }),
  'flows.bulk_delete': async () => ({ json: { flows: { id: { any_: [(await made('/flows/', { name: 'to delete too' })).id] } } } }),
  'flow_runs.create': async () => ({ json: { flow_id: ids['flow'], state: { type: 'SCHEDULED' }, tags: ['c'] } }),
  'flow_runs.read': async () => ({ path: ids['run'] ?? '' }),
  'flow_runs.update': async () => ({ path: ids['run'] ?? '', json: { tags: ['b'] } }),
  'flow_runs.update_labels': async () => ({ path: ids['run'] ?? '', json: { team: 'data' } }),
  'flow_runs.delete': async () => ({ path: (await made('/flow_runs/', { flow_id: ids['flow'] })).id }),
  'flow_runs.bulk_delete': async () => ({
    json: { flow_runs: { id: { any_: [(await made('/flow_runs/', { flow_id: ids['flow'] })).id] } } },
  }),
  'flow_runs.history': async () => ({
    json: { history_start: '2026-11-22T00:00:00Z', history_end: '2026-11-23T00:00:00Z', history_interval_seconds: 3_600 },
  }),
  'flow_runs.graph': async () => ({ path: ids['run'] ?? '' }),
  'flow_runs.set_state': async () => ({ path: ids['run'] ?? '', json: { state: { type: 'RUNNING' } } }),
  'flow_runs.bulk_set_state': async () => ({ json: { flow_runs: { id: { any_: [ids['run']] } }, state: { type: 'CANCELLING' } } }),
  'flow_runs.download_logs': async () => ({ path: ids['run'] ?? '' }),
  'task_runs.create': async () => ({ json: { flow_run_id: ids['run'], task_key: 'load', dynamic_key: '1' } }),
  'task_runs.read': async () => ({ path: ids['task'] ?? '' }),
  'task_runs.update': async () => ({ path: ids['task'] ?? '', json: { name: 'renamed' } }),
  'task_runs.delete': async () => ({
    path: (await made('/task_runs/', { flow_run_id: ids['run'], task_key: 'gone', dynamic_key: '0' })).id,
  }),
  'task_runs.history': async () => ({
    json: { history_start: '2026-11-22T00:00:00Z', history_end: '2026-11-23T00:00:00Z', history_interval_seconds: 3_600 },
  }),
  'task_runs.set_state': async () => ({ path: ids['task'] ?? '', json: { state: { type: 'COMPLETED' } } }),
  'flow_run_states.read': async () => ({ path: ids['runState'] ?? '' }),
  'flow_run_states.list': async () => ({ query: `?flow_run_id=${ids['run']}` }),
  'task_run_states.read': async () => ({ path: ids['taskState'] ?? '' }),
  'task_run_states.list': async () => ({ query: `?task_run_id=${ids['task']}` }),
  'logs.create': async () => ({
    json: [{ name: 'x', level: 20, message: 'm', timestamp: '2026-11-22T05:00:00Z', flow_run_id: ids['run'] }],
  }),
}

test.each(EXPECTED.map((expected) => [expected.id, expected] as const))(
  '[HT20] %s answers with a status and a body that Prefect answers with',
  async (id, expected) => {
    const { path = '', json, query = '' } = (await REQUESTS[id]?.()) ?? {}
    const address = expected.path.replace(/\{\w+\}/, path) + query
    const sent = json ?? (expected.method === 'POST' ? {} : undefined)
    const response = await workspace.api(address, { method: expected.method, ...(sent === undefined ? {} : { json: sent }) })
    const text = await response.text()
    expect([id, expected.status.includes(response.status), text.slice(0, response.ok ? 0 : 500)]).toEqual([id, true, ''])
    if (response.headers.get('content-type') !== 'application/json') return
    expect(faultsOf(JSON.parse(text), expected.answer, id)).toEqual([])
  },
)

test('[HT20] the judge finds a missing field, a wrong type and an unknown state', () => {
  expect(faultsOf({ id: 1, type: 'DONE' }, { shape: 'State' }, 'state')).toEqual([
    'state.id: expected string, got 1',
    'state.type: "DONE" is none of SCHEDULED, PENDING, RUNNING, COMPLETED, FAILED, CANCELLED, CRASHED, PAUSED, CANCELLING',
  ])
  expect(faultsOf({ name: 'x' }, { shape: 'Flow' }, 'flow')).toEqual(['flow.created: missing', 'flow.id: missing', 'flow.updated: missing'])
})
