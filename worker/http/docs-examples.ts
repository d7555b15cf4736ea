/** One call for each operation that a person can paste into a terminal. */
import type { OpenApiOperation } from './openapi.ts'
import { isSchema, referredName, type Json, type Schema } from './schemas.ts'

const ID = '01990c5e-7a10-7c3e-9f00-2b6f1d4e0000'
const CELL = 'k3f9'
/** Where the least that a body must have would teach nothing. */
const BODIES: Readonly<Record<string, Json>> = {
  'sessions.create': { secret: 'fl_…' },
  'flows.create': { name: 'pipeline', tags: ['etl'] },
  'flows.update': { tags: ['etl', 'nightly'] },
  'flows.filter': { flows: { name: { like_: 'pipe' } }, limit: 10 },
  'flows.bulk_delete': { flows: { id: { any_: [ID] } } },
  'flow_runs.create': { flow_id: ID, parameters: { day: '2026-11-22' }, state: { type: 'SCHEDULED' } },
  'flow_runs.update': { tags: ['by-hand'] },
  'flow_runs.update_labels': { team: 'data' },
  'flow_runs.filter': { flow_runs: { state: { type: { any_: ['FAILED', 'CRASHED'] } } }, sort: 'START_TIME_DESC', limit: 10 },
  'flow_runs.paginate': { limit: 20, page: 2 },
  'flow_runs.count': { flow_runs: { state: { type: { any_: ['RUNNING'] } } } },
  'flow_runs.bulk_delete': { flow_runs: { id: { any_: [ID] } } },
  'flow_runs.set_state': { state: { type: 'CANCELLING' } },
  'flow_runs.bulk_set_state': { flow_runs: { state: { type: { any_: ['PENDING'] } } }, state: { type: 'CANCELLED' } },
  'task_runs.filter': { flow_runs: { id: { any_: [ID] } }, limit: 50 },
  'task_runs.set_state': { state: { type: 'COMPLETED' } },
  'notebooks.create': { title: 'Daily ETL', source: '// %% id=k3f9\nconst rows = 42' },
  'notebooks.filter': { notebooks: { title: { like_: 'etl' } }, sort: 'UPDATED_DESC', limit: 10 },
  'notebooks.operate': { id: ID, base: 0, ops: [{ op: 'replaceText', cell: CELL, source: 'const rows = 43' }] },
  'notebooks.report_run': {
    cell: CELL,
    kernel: ID,
    code: 'c0de',
    state: 'done',
    started: 1_795_323_600_000_000,
    duration_ms: 12,
    place: 'browser',
    outputs: [{ kind: 'stream', name: 'stdout', text: 'hello' }],
  },
  'logs.filter': { logs: { flow_run_id: { any_: [ID] }, level: { ge_: 30 } } },
}

export interface Call {
  readonly method: string
  readonly path: string
  readonly operation: OpenApiOperation
}

export function exampleCall({ method, path, operation }: Call, shapes: Readonly<Record<string, Schema>>, url: string): string {
  if (operation.operationId === 'live.connect') return `new WebSocket('${url.replace(/^http/, 'ws')}${path}', ['flowcell', 'token.fc_…'])`
  const required = operation.parameters.filter((parameter) => parameter.in === 'query' && parameter.required)
  const query = required.map(({ name, schema }) => `${name}=${textOf(exampleOf(schema, shapes))}`).join('&')
  const address = `"$API${path.replace('{id}', ID).replace('{name}', 'pipeline').replace('{cell}', CELL)}${query === '' ? '' : `?${query}`}"`
  const body = operation.requestBody?.content['application/json']?.schema
  const given = body === undefined ? undefined : (BODIES[operation.operationId] ?? exampleOf(body, shapes))
  const lines = [
    `curl ${method === 'GET' || (method === 'POST' && given !== undefined) ? '' : `-X ${method} `}${address}`,
    ...(operation['x-flowcell-role'] === 'public' ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...(given === undefined ? [] : [`--json '${JSON.stringify(given)}'`]),
  ]
  return lines.join(' \\\n  ')
}

/** The least that the schema admits. */
function exampleOf(schema: Schema, shapes: Readonly<Record<string, Schema>>): Json {
  const referred = shapes[referredName(schema) ?? '']
  if (referred !== undefined) return exampleOf(referred, shapes)
  const [choice] = Array.isArray(schema['anyOf']) ? schema['anyOf'] : []
  if (isSchema(choice)) return exampleOf(choice, shapes)
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? null
  if (schema['format'] === 'uuid') return ID
  if (schema['format'] === 'date-time') return '2026-11-22T05:00:00Z'
  if (schema['type'] === 'string') return 'text'
  if (schema['type'] === 'array') return isSchema(schema['items']) ? [exampleOf(schema['items'], shapes)] : []
  if (schema['type'] === 'number' || schema['type'] === 'integer') return Math.max(20, Number(schema['minimum'] ?? 0))
  if (schema['type'] !== 'object') return null
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : []
  const { properties } = schema
  const fields = required.flatMap((name): [string, Json][] => {
    const field = isSchema(properties) ? properties[name] : undefined
    return isSchema(field) ? [[name, exampleOf(field, shapes)]] : []
  })
  return Object.fromEntries(fields)
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))
