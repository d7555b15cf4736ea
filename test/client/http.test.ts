import { expect, test } from 'vitest'
import { ApiError } from '#sdk/client/errors.ts'
import { createClient, type ClientOptions } from '#sdk/client/http.ts'
import { problem } from '#sdk/protocol/errors.ts'

const API = 'http://127.0.0.1:1/w/abc/api'
const FLOW = {
  id: '0198c0de-0000-7000-8000-000000000000',
  created: '2026-11-22T05:00:00.000000Z',
  updated: '2026-11-22T05:00:00.000000Z',
  name: 'pipeline',
  tags: [],
  labels: {},
  parameter_openapi_schema: null,
}

interface Asked {
  readonly url: string
  readonly method: string | undefined
  readonly headers: unknown
  readonly body: unknown
}

/** A client whose server gives these answers in order; an Error is a broken connection. */
function scripted(answers: readonly (Response | Error)[], options: Partial<ClientOptions> = {}) {
  const asked: Asked[] = []
  const pauses: number[] = []
  const fetch = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const answer = answers[asked.length]
    asked.push({ url: String(url), method: init.method, headers: init.headers, body: init.body })
    if (answer === undefined) throw new Error('asked too often')
    if (answer instanceof Error) throw answer
    return answer
  }
  const sleep = async (ms: number) => void pauses.push(ms)
  return { client: createClient({ apiUrl: API, fetch, sleep, random: () => 0.5, ...options }), asked, pauses }
}

const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(value), { status, headers })
const refused = () => new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') })
async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ApiError) return error
  throw new Error(`expected an ApiError, got ${String(error)}`)
}

test('[CL1] a call puts parameters into the path, values into the query, the body into JSON and the token into the header', async () => {
  const { client, asked } = scripted([json(FLOW), json([]), json(FLOW, 201)], { token: 'fc_secret' })
  expect(await client.call('flows.read_by_name', { params: { name: 'my flow' } })).toEqual(FLOW)
  await client.call('flow_run_states.list', { query: { flow_run_id: FLOW.id } })
  await client.call('flows.create', { body: { name: 'pipeline' } }, { idempotencyKey: 'k1' })
  const headers = { accept: 'application/json', authorization: 'Bearer fc_secret' }
  expect(asked).toEqual([
    { url: `${API}/flows/name/my%20flow`, method: 'GET', headers, body: undefined },
    { url: `${API}/flow_run_states/?flow_run_id=${FLOW.id}`, method: 'GET', headers, body: undefined },
    {
      url: `${API}/flows/`,
      method: 'POST',
      headers: { ...headers, 'idempotency-key': 'k1', 'content-type': 'application/json' },
      body: '{"name":"pipeline"}',
    },
  ])
})

test('[CL2] a refusal is thrown with code, status, detail and the fields at fault', async () => {
  const issues = [{ loc: ['body', 'limit'], msg: 'Too big', type: 'too_big' }]
  const { client } = scripted([json(problem('invalid_request', 'body.limit: Too big', issues), 422)])
  const error = await failureOf(client.call('flows.filter', { body: {} }))
  const { name, message, code, status, detail } = error
  expect({ name, message, code, status, detail, issues: error.issues }).toEqual({
    name: 'ApiError',
    message: 'body.limit: Too big',
    code: 'invalid_request',
    status: 422,
    detail: 'body.limit: Too big',
    issues,
  })
})

test('[CL3] a server that does not answer is named, with what to do, after four tries', async () => {
  const { client, asked, pauses } = scripted([refused(), refused(), refused(), refused()])
  const error = await failureOf(client.call('admin.version'))
  expect([error.code, error.status, error.detail]).toEqual([
    'unreachable',
    0,
    `The workspace at ${API} does not answer (connect ECONNREFUSED 127.0.0.1:1). Start the local server with "flowcell server start", or set FLOWCELL_API_URL to one that runs.`,
  ])
  expect([asked.length, pauses]).toEqual([4, [125, 250, 500]])
})

test.each([429, 502, 503, 504])('[CL4] a read that may be asked again is, after Retry-After where it is given: %i', async (status) => {
  const { client, pauses } = scripted([json({}, status, { 'retry-after': '2' }), json({}, status), json('0.1.0')])
  expect(await client.call('admin.version')).toBe('0.1.0')
  expect(pauses).toEqual([2_125, 250])
})

test('[CL5] what may have changed something is not sent twice; with an idempotency key, or turned away by 429, it is', async () => {
  const once = scripted([refused()])
  expect((await failureOf(once.client.call('flows.create', { body: { name: 'x' } }))).code).toBe('unreachable')
  const keyed = scripted([refused(), json(FLOW, 201)])
  expect(await keyed.client.call('flows.create', { body: { name: 'x' } }, { idempotencyKey: 'k' })).toEqual(FLOW)
  const limited = scripted([json(problem('rate_limited', 'slow'), 429), new Response(null, { status: 204 })])
  expect(await limited.client.call('flows.delete', { params: { id: FLOW.id } })).toBeUndefined()
})

test('[CL6] a Retry-After that is longer than half a minute is not waited for', async () => {
  const { client, pauses } = scripted([json(problem('overloaded', 'later'), 503, { 'retry-after': '3600' })])
  expect((await failureOf(client.call('admin.version'))).code).toBe('overloaded')
  expect(pauses).toEqual([])
})

test('[CL7] an answer of another shape than the table says is an error that asks for equal versions', async () => {
  const { client } = scripted([json({ id: 1 })])
  const error = await failureOf(client.call('flows.read', { params: { id: FLOW.id } }))
  expect([error.code, error.detail.includes('Are server and SDK of one version?')]).toEqual(['unexpected_answer', true])
  const html = scripted([new Response('<h1>Bad gateway</h1>', { status: 500 })])
  expect((await failureOf(html.client.call('flows.read', { params: { id: FLOW.id } }))).detail).toBe(
    `The server at ${API} answered 500: <h1>Bad gateway</h1>`,
  )
})
