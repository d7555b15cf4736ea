import { reset } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import { MAX_BODY_BYTES, MAX_JSON_DEPTH } from '#sdk/protocol/limits.ts'
import type { Operation } from '#sdk/protocol/operation.ts'
import { OPERATIONS } from '#sdk/protocol/operations.ts'
import { API_HEADERS } from '../../worker/http/security-headers.ts'
import { ask, askAnonymously, createWorkspace, problemOf, refusalOf } from './client.workerd.ts'

afterEach(() => reset())

const headersOf = (response: Response) => Object.fromEntries(Object.keys(API_HEADERS).map((name) => [name, response.headers.get(name)]))

test('[HT1] answers and refusals carry every security header, over TLS also the one that asks for TLS', async () => {
  const { api } = await createWorkspace()
  for (const response of [await api('/hello'), await api('/nothing'), await ask('/nothing'), await api('/flows/', { body: '{' })]) {
    expect(headersOf(response)).toEqual(API_HEADERS)
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000')
  }
  expect((await ask('http://127.0.0.1/api/health')).headers.get('strict-transport-security')).toBeNull()
})

test('[HT2] a refusal is a problem document with a stable code, a sentence, and the field that Prefect clients read', async () => {
  const { api, id } = await createWorkspace()
  const detail = `There is no GET /w/${id}/api/nothing.`
  expect(await problemOf(await api('/nothing'))).toEqual({
    type: 'urn:flowcell:problem:no_such_route',
    title: 'No such route',
    status: 404,
    code: 'no_such_route',
    detail,
    exception_message: detail,
  })
})

test('[HT3] unknown routes are 404 with and without credential', async () => {
  const workspace = await createWorkspace()
  for (const path of [
    '',
    '/',
    '/flow',
    '/flows/a/b/c',
    '/flows//',
    '/admin',
    '/health/x',
    '/flow_runs/x/set_state/y',
    '/.env',
    '/health.json',
  ]) {
    expect([path, ...(await refusalOf(await workspace.api(path)))]).toEqual([path, 404, 'no_such_route'])
    expect([path, ...(await refusalOf(await askAnonymously(workspace, path)))]).toEqual([path, 404, 'no_such_route'])
  }
  for (const path of ['/api', '/api/', '/api/nothing', '/nothing', '/w', '/w/']) expect((await ask(path)).status).toBe(404)
})

test('[HT4] a known address with another method is 405 and names the methods that it takes', async () => {
  const { api } = await createWorkspace()
  const allowed = async (path: string, method: string) => {
    const response = await api(path, { method })
    return [response.status, response.headers.get('allow')]
  }
  expect(await allowed('/flows/', 'GET')).toEqual([405, 'POST'])
  expect(await allowed('/flows/filter', 'GET')).toEqual([405, 'POST'])
  expect(await allowed('/flows/filter', 'DELETE')).toEqual([405, 'POST'])
  expect(await allowed('/health', 'POST')).toEqual([405, 'GET, HEAD'])
  expect(await allowed('/flows/01990c5e-7a10-7c3e-9f00-2b6f1d4e0000', 'PUT')).toEqual([405, 'GET, PATCH, DELETE, HEAD'])
  expect(await allowed('/flows/', 'OPTIONS')).toEqual([405, 'POST'])
  expect((await ask('/api/workspaces')).headers.get('allow')).toBe('POST')
})

test('[HT5] a slash at the end changes nothing, in either direction', async () => {
  const { api } = await createWorkspace()
  const made = await api('/flows', { json: { name: 'one' } })
  expect([made.status, (await api('/flows/', { json: { name: 'one' } })).status]).toEqual([201, 200])
  expect((await api('/flows/count/', { json: {} })).status).toBe(200)
  expect((await api('/hello/')).status).toBe(200)
})

test('[HT6] HEAD answers as GET does, without the body', async () => {
  const { api } = await createWorkspace()
  const response = await api('/hello', { method: 'HEAD' })
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, 'application/json', ''])
  expect((await api('/nothing', { method: 'HEAD' })).status).toBe(404)
})

test('[HT7] an address whose percent signs encode no UTF-8 is 400', async () => {
  const { api } = await createWorkspace()
  for (const path of ['/flows/%E0%A4%A', '/flows/name/%', '/hello?x=%ff', '/%zz']) {
    expect([path, ...(await refusalOf(await api(path)))]).toEqual([path, 400, 'malformed_request'])
  }
})

test('[HT7] a name is decoded once', async () => {
  const { api } = await createWorkspace()
  await api('/flows/', { json: { name: 'a b ü+?#' } })
  const read = await api(`/flows/name/${encodeURIComponent('a b ü+?#')}`)
  expect([read.status, (await read.json<{ name: string }>()).name]).toEqual([200, 'a b ü+?#'])
  expect(await refusalOf(await api('/flows/name/a%2520b'))).toEqual([422, 'invalid_request'])
})

test('[HT8] what is not JSON in UTF-8 is 400', async () => {
  const { api } = await createWorkspace()
  const bodies = ['{', 'null x', '{"name":}', "{'name':'x'}", new Uint8Array([0x22, 0xff, 0x22]), 'NaN', ' ']
  for (const body of bodies) {
    expect(await refusalOf(await api('/flows/', { body, headers: { 'content-type': 'application/json' } }))).toEqual([
      400,
      'malformed_json',
    ])
  }
})

test('[HT9] a body is JSON or says nothing of its type; anything else is 415', async () => {
  const { api } = await createWorkspace()
  const status = async (type: string) =>
    (await api('/flows/count', { body: new TextEncoder().encode('{}'), headers: type === '' ? {} : { 'content-type': type } })).status
  expect(
    await Promise.all(
      ['', 'application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.api+json'].map(status),
    ),
  ).toEqual([200, 200, 200, 200, 200])
  expect(
    await Promise.all(
      ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', '*/*'].map(status),
    ),
  ).toEqual([415, 415, 415, 415, 415])
})

test('[HT10] each fault is named with its place, all in one answer', async () => {
  const { api } = await createWorkspace()
  const response = await api('/flow_runs/filter', {
    json: { limit: 201, sort: 'NEWEST', flow_runs: { state: { type: { any_: ['DONE'] } } }, page: 1 },
  })
  const { code, errors } = await problemOf(response)
  expect([response.status, code, errors?.map(({ loc }) => loc.join('.')).toSorted()]).toEqual([
    422,
    'invalid_request',
    ['body', 'body.flow_runs.state.type.any_.0', 'body.limit', 'body.sort'],
  ])
})

test('[HT10] path, query and body are judged together', async () => {
  const { api } = await createWorkspace()
  const issues = async (path: string, json?: unknown) =>
    (await problemOf(await api(path, json === undefined ? {} : { json }))).errors?.map(({ loc }) => loc.join('.'))
  expect(await issues('/flow_runs/not-an-id/set_state', {})).toEqual(['path.id', 'body.state'])
  expect(await issues('/flow_run_states/')).toEqual(['query.flow_run_id'])
  expect(await issues('/flow_run_states/?flow_run_id=1&flow_run_id=2')).toEqual(['query.flow_run_id', 'query.flow_run_id'])
  expect(await issues('/hello?verbose=1')).toEqual(['query.verbose'])
  expect(await issues('/flows/', [])).toEqual(['body'])
})

test('[HT11] a missing body is named, an optional one may be left out or null', async () => {
  const { api } = await createWorkspace()
  expect((await problemOf(await api('/flows/', { method: 'POST' }))).errors).toEqual([
    { loc: ['body'], msg: 'the body is missing; send JSON', type: 'missing' },
  ])
  expect(
    await Promise.all(
      [await api('/flows/count', { method: 'POST' }), await api('/flows/count', { json: null })].map((response) => response.json()),
    ),
  ).toEqual([0, 0])
  expect(await refusalOf(await api('/flows/01990c5e-7a10-7c3e-9f00-2b6f1d4e0000', { method: 'DELETE', json: { force: true } }))).toEqual([
    422,
    'invalid_request',
  ])
})

const padded = (bytes: number) => JSON.stringify({ name: 'x', labels: { a: '' } }).padEnd(bytes, ' ')

test('[HT12] a body of the limit passes, one byte more is 413, declared or chunked', async () => {
  const { api } = await createWorkspace()
  const chunked = (text: string) => new Blob([text]).stream()
  const headers = { 'content-type': 'application/json' }
  expect((await api('/flows/', { body: padded(MAX_BODY_BYTES), headers })).status).toBe(201)
  expect((await api('/flows/', { body: chunked(padded(MAX_BODY_BYTES)), headers })).status).toBe(200)
  const refused = await api('/flows/', { body: padded(MAX_BODY_BYTES + 1), headers })
  expect([refused.status, (await problemOf(refused)).detail]).toEqual([413, `A body may have ${MAX_BODY_BYTES} bytes (MAX_BODY_BYTES).`])
  expect(await refusalOf(await api('/flows/', { body: chunked(padded(MAX_BODY_BYTES + 1)), headers }))).toEqual([413, 'too_large'])
})

test('[HT13] nesting ends at the limit: what is deeper is refused, never a stack that overflows', async () => {
  const { api } = await createWorkspace()
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  const create = (levels: number) =>
    api('/flows/', {
      body: `{"name":"deep","parameter_openapi_schema":${nested(levels)}}`,
      headers: { 'content-type': 'application/json' },
    })
  expect((await create(MAX_JSON_DEPTH - 1)).status).toBe(201)
  expect(await refusalOf(await create(MAX_JSON_DEPTH))).toEqual([422, 'invalid_request'])
  expect(await refusalOf(await create(200_000))).toEqual([422, 'invalid_request'])
})

test('[HT14] an Idempotency-Key makes the second creation answer the first one', async () => {
  const { api } = await createWorkspace()
  const flow: { id: string } = await (await api('/flows/', { json: { name: 'one' } })).json()
  const create = (key: string) => api('/flow_runs/', { json: { flow_id: flow.id }, headers: { 'idempotency-key': key } })
  const [first, again, other] = [await create('k1'), await create('k1'), await create('k2')]
  expect([first.status, other.status]).toEqual([201, 201])
  const ids = await Promise.all([first, again, other].map(async (response) => (await response.json<{ id: string }>()).id))
  expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false])
  expect((await create('k'.repeat(256))).status).toBe(422)
})

test("[HT15] headers that name the client's version are accepted", async () => {
  const { api } = await createWorkspace()
  expect((await api('/hello', { headers: { 'x-prefect-api-version': '0.8.4', 'x-flowcell-version': '9.9.9' } })).status).toBe(200)
})

test('[HT16] no operation answers 5xx to an empty, wrong or foreign body', async () => {
  const { api } = await createWorkspace()
  const table: readonly (readonly [string, Operation])[] = Object.entries(OPERATIONS)
  for (const [id, operation] of table) {
    const path = operation.path.replace(':id', '01990c5e-7a10-7c3e-9f00-2b6f1d4e0000').replace(':name', 'pipeline')
    const bodies =
      operation.method === 'GET' ? [undefined] : [undefined, {}, [], null, 1, '__proto__', { state: {} }, { state: { type: 'RUNNING' } }]
    for (const json of bodies) {
      const response = await api(path, { method: operation.method, ...(json === undefined ? {} : { json }) })
      expect([id, json, response.status < 500]).toEqual([id, json, true])
    }
  }
})
