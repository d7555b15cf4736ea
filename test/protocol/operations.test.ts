import { expect, test } from 'vitest'
import * as z from 'zod'
import { FlowRunQuery, LogQuery, TaskRunQuery, FlowQuery, HistoryQuery } from '#sdk/protocol/filters.ts'
import type { Operation } from '#sdk/protocol/operation.ts'
import { OPERATIONS, type OperationId } from '#sdk/protocol/operations.ts'
import { mayActAs, ROLES } from '#sdk/protocol/role-order.ts'
import type { RequiredRole } from '#sdk/protocol/roles.ts'

const all = Object.entries<Operation>(OPERATIONS)

test('[PR10] every operation has an id of two words, a method and path of its own, a role and a summary', () => {
  expect(all.filter(([id]) => !/^[a-z_]+\.[a-z0-9_]+$/.test(id)).map(([id]) => id)).toEqual([])
  const ways = all.map(([, { method, path }]) => `${method} ${path.replaceAll(/:\w+/g, ':')}`)
  expect(ways.filter((way, index) => ways.indexOf(way) !== index)).toEqual([])
  const roles: readonly string[] = ['public', ...ROLES]
  expect(all.filter(([, { role, summary }]) => !roles.includes(role) || !summary.endsWith('.')).map(([id]) => id)).toEqual([])
})

test('[PR11] parameters of a path and their schema name the same', () => {
  const named = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name)
  const bad = all.filter(([, { path, params }]) => JSON.stringify(named(path)) !== JSON.stringify(Object.keys(params?.shape ?? {})))
  expect(bad.map(([id]) => id)).toEqual([])
})

test.each(all)('[PR12] every operation says everything it takes and gives in JSON Schema: %s', (_, { params, query, body, output }) => {
  for (const input of [params, query, body])
    if (input !== undefined) expect(z.toJSONSchema(input, { io: 'input' })).toHaveProperty('$schema')
  if (output instanceof z.ZodType) expect(z.toJSONSchema(output, { io: 'output' })).toHaveProperty('$schema')
  expect(output === null || typeof output === 'string' || output instanceof z.ZodType).toBe(true)
})

/** Who may do what, as a person decided it. A new operation must be written here by hand. */
const ROLE_OF: Record<OperationId, RequiredRole> = {
  'admin.health': 'public',
  'admin.ready': 'public',
  'admin.hello': 'viewer',
  'admin.version': 'viewer',
  'admin.server_version': 'viewer',
  'admin.openapi': 'public',
  'admin.docs': 'public',
  'sessions.create': 'public',
  'sessions.read': 'viewer',
  'live.connect': 'viewer',
  'flows.create': 'editor',
  'flows.read': 'viewer',
  'flows.read_by_name': 'viewer',
  'flows.update': 'editor',
  'flows.delete': 'owner',
  'flows.filter': 'viewer',
  'flows.paginate': 'viewer',
  'flows.count': 'viewer',
  'flows.bulk_delete': 'owner',
  'flow_runs.create': 'editor',
  'flow_runs.read': 'viewer',
  'flow_runs.update': 'editor',
  'flow_runs.update_labels': 'editor',
  'flow_runs.delete': 'owner',
  'flow_runs.filter': 'viewer',
  'flow_runs.paginate': 'viewer',
  'flow_runs.count': 'viewer',
  'flow_runs.lateness': 'viewer',
  'flow_runs.history': 'viewer',
  'flow_runs.graph': 'viewer',
  'flow_runs.set_state': 'editor',
  'flow_runs.bulk_set_state': 'editor',
  'flow_runs.bulk_delete': 'owner',
  'flow_runs.download_logs': 'viewer',
  'task_runs.create': 'editor',
  'task_runs.read': 'viewer',
  'task_runs.update': 'editor',
  'task_runs.delete': 'owner',
  'task_runs.filter': 'viewer',
  'task_runs.paginate': 'viewer',
  'task_runs.count': 'viewer',
  'task_runs.history': 'viewer',
  'task_runs.set_state': 'editor',
  'flow_run_states.read': 'viewer',
  'flow_run_states.list': 'viewer',
  'task_run_states.read': 'viewer',
  'task_run_states.list': 'viewer',
  'logs.create': 'editor',
  'logs.filter': 'viewer',
  'notebooks.create': 'editor',
  'notebooks.filter': 'viewer',
  'notebooks.read': 'viewer',
  'notebooks.export': 'viewer',
  'notebooks.delete': 'owner',
  'notebooks.operate': 'editor',
  'notebooks.operations': 'viewer',
  'notebooks.report_run': 'editor',
  'notebooks.read_run': 'viewer',
  'flow_runs.timeline': 'viewer',
  'flow_runs.log': 'viewer',
  'task_runs.log': 'viewer',
  'flow_runs.stats': 'viewer',
  'task_runs.stats': 'viewer',
  'flow_runs.task_states': 'viewer',
  'flows.recent_runs': 'viewer',
}

test('[PR13] each operation has the role that was decided for it', () => {
  expect(Object.fromEntries(all.map(([id, { role }]) => [id, role]))).toEqual(ROLE_OF)
})

test('[PR14] a kernel may do nothing that only an owner may, and what deletes is not for kernels', () => {
  const kernels = all.filter(([, { kernel }]) => kernel === true)
  expect(kernels.length).toBeGreaterThan(0)
  expect(
    kernels.filter(([id, { role, method }]) => role === 'owner' || method === 'DELETE' || id.includes('delete')).map(([id]) => id),
  ).toEqual([])
})

test('[PR15] each role may what the roles before it may; without a credential only what is public', () => {
  const grants = [undefined, ...ROLES].map((role) => (['public', ...ROLES] as const).filter((required) => mayActAs(role, required)))
  expect(grants).toEqual([
    ['public'],
    ['public', 'viewer'],
    ['public', 'viewer', 'runner'],
    ['public', 'viewer', 'runner', 'editor'],
    ['public', 'viewer', 'runner', 'editor', 'owner'],
  ])
})

test('[PR16] bodies and filters refuse keys that they do not know, at every depth', () => {
  const loose = all.flatMap(([id, { params, query, body }]) =>
    [params, query, body].flatMap((input) => (input === undefined ? [] : looseObjects(z.toJSONSchema(input, { io: 'input' }), id))),
  )
  expect(loose).toEqual([])
})

/** Objects with named properties that admit others besides them. */
function looseObjects(schema: unknown, where: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const inner = Object.entries(schema).flatMap(([key, value]) => looseObjects(value, `${where}.${key}`))
  const isLoose =
    'type' in schema &&
    schema.type === 'object' &&
    'properties' in schema &&
    !('additionalProperties' in schema && schema.additionalProperties === false)
  return isLoose ? [where, ...inner] : inner
}

test('[PR17] filters read what Prefect sends and answer defaults', () => {
  const read = FlowRunQuery.parse({
    flow_runs: { operator: 'and_', state: { type: { any_: ['RUNNING'] } }, start_time: { after_: '2026-11-22T05:00:00Z' }, tags: null },
    deployments: null,
  })
  expect(read).toEqual({
    flow_runs: { operator: 'and_', state: { type: { any_: ['RUNNING'] } }, start_time: { after_: 1_795_323_600_000_000 }, tags: null },
    deployments: null,
    limit: 200,
    offset: 0,
    sort: 'ID_DESC',
  })
  expect(FlowQuery.parse({ flows: null, limit: null, offset: null, sort: null })).toEqual({
    flows: null,
    limit: 200,
    offset: 0,
    sort: 'NAME_ASC',
  })
})

test('[PR18] filters refuse unknown fields and operators, wrong types, too much, and what this workspace does not have', () => {
  const wrong: readonly (readonly [z.ZodType, unknown])[] = [
    [FlowRunQuery, { flow_run: {} }],
    [FlowRunQuery, { flow_runs: { nmae: {} } }],
    [FlowRunQuery, { flow_runs: { name: { any: [] } } }],
    [FlowRunQuery, { flow_runs: { state: { type: { any_: ['RUN'] } } } }],
    [FlowRunQuery, { flow_runs: { id: { any_: ['x'] } } }],
    [FlowRunQuery, { flow_runs: { start_time: { after_: 'soon' } } }],
    [FlowRunQuery, { flow_runs: { id: { any_: Array.from({ length: 1_001 }, () => '019aa000-0000-7000-8000-000000000000') } } }],
    [FlowRunQuery, { deployments: {} }],
    [FlowRunQuery, { work_pools: { name: {} } }],
    [FlowRunQuery, { limit: 201 }],
    [FlowRunQuery, { limit: -1 }],
    [FlowRunQuery, { offset: 0.5 }],
    [FlowRunQuery, { sort: 'NAME' }],
    [FlowQuery, { sort: 'ID_DESC' }],
    [TaskRunQuery, { task_runs: { subflow_runs: { exists: true } } }],
    [LogQuery, { flow_runs: {} }],
    [LogQuery, { logs: { level: { ge_: 'INFO' } } }],
    [HistoryQuery, { history_start: '2026-11-22', history_end: '2026-11-23', history_interval_seconds: 0.5 }],
    [HistoryQuery, { history_start: '2026-11-22', history_end: '2026-11-23', history_interval_seconds: 1e300 }],
  ]
  expect(wrong.filter(([schema, body]) => schema.safeParse(body).success).map(([, body]) => body)).toEqual([])
})
