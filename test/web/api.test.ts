/** The pages' calls against a server of Node's own. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { ApiError } from '#sdk/client/errors.ts'
import { OPERATIONS, type OperationId } from '#sdk/protocol/operations.ts'
import { ADDRESSES, createCall, type Call } from '../../web/app/api.ts'

const asked: string[] = []
let close = (): Promise<void> => Promise.resolve()
afterEach(async () => {
  await close()
  asked.length = 0
})

async function serve(answer: (request: IncomingMessage, body: string, response: ServerResponse) => void): Promise<Call> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => (body += part))
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`.trim())
      answer(request, body, response)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  close = () =>
    new Promise((closed) => {
      server.close(() => closed())
      server.closeAllConnections()
    })
  const address = server.address()
  return createCall(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, () => Promise.resolve())
}

const problem = (status: number, code: string, detail: string) => (_: IncomingMessage, _body: string, response: ServerResponse) =>
  void response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ status, code, detail, errors: [{ loc: ['body', 'limit'], msg: 'Too big', type: 'too_big' }] }))

test('[SH29] every address is that of the operation table', () => {
  const table: Readonly<Record<string, string>> = ADDRESSES
  const wrong = Object.entries(table).filter(([id, address]) => {
    const { method, path } = OPERATIONS[id as OperationId] // the table's type holds its keys to operations
    return address !== `${method} ${path}`
  })
  expect(wrong).toEqual([])
})

test('[SH29] parts of an address are encoded, a body is JSON, an answer without a body is nothing', async () => {
  const call = await serve(
    (request, body, response) => void (request.method === 'DELETE' ? response.writeHead(204).end() : response.end(body || '"read"')),
  )
  const id = '01990c5e-7a10-7c3e-9f00-2b6f1d4e0001' as Parameters<typeof call<'flow_runs.read'>>[1]['params']['id']
  expect([
    await call('flow_runs.read', { params: { id } }),
    await call('flow_runs.count', { body: {} }),
    await call('flow_runs.delete', { params: { id } }),
  ]).toEqual(['read', {}, undefined])
  expect(asked).toEqual([`GET /flow_runs/${id}`, 'POST /flow_runs/count {}', `DELETE /flow_runs/${id}`])
})

test('[SH29] a refusal is an error with its code, its sentence and its fields', async () => {
  const call = await serve(problem(422, 'invalid_request', 'body.limit: Too big.'))
  const error = await call('flow_runs.filter', { body: { limit: 1 } }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({
    code: 'invalid_request',
    status: 422,
    message: 'body.limit: Too big.',
    issues: [{ loc: ['body', 'limit'], msg: 'Too big' }],
  })
})

test('[SH29] a read that is turned away in passing is asked again; what changes something is not', async () => {
  let left = 1
  const call = await serve((request, body, response) =>
    left-- > 0 ? problem(503, 'overloaded', 'In a moment.')(request, body, response) : void response.end('7'),
  )
  expect(await call('flow_runs.count', { body: {} })).toBe(7)
  left = 1
  const changing = await call('sessions.create', { body: { secret: 'x' } }).catch((caught: unknown) => caught)
  expect([changing instanceof ApiError && changing.code, asked.length]).toEqual(['overloaded', 3])
})

test('[SH29] who does not answer, and who is somebody else, is said', async () => {
  const call = await serve((_, _body, response) => void response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not here</h1>'))
  const codeOf = (wanted: Promise<unknown>): Promise<unknown> =>
    wanted.catch((caught: unknown) => (caught instanceof ApiError ? [caught.code, caught.status] : caught))
  expect(await codeOf(call('flow_runs.count', { body: {} }))).toEqual(['unexpected_answer', 404])
  await close()
  expect(await codeOf(call('flow_runs.count', { body: {} }))).toEqual(['unreachable', 0])
})
