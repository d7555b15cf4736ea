/** What only a real connection shows: bodies that are refused while they are sent, and sockets as clients open them. */
import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROTOCOL_VERSION } from '#sdk/protocol/wire.ts'
import { MAX_BODY_BYTES } from '#sdk/protocol/limits.ts'
import { freshFolder, launch, type Running } from '../support/server.ts'

const folder = freshFolder()
let server: Running
let authorization: string

beforeAll(async () => {
  server = await launch(folder.path)
  authorization = `Bearer ${server.note.token}`
})
afterAll(async () => {
  await server.stop()
  folder[Symbol.dispose]()
})

/** Sends a body in pieces, with or without telling its length first. */
function send(bytes: number, headers: Readonly<Record<string, string>>): Promise<readonly [number, string]> {
  return new Promise((settle, fail) => {
    const options = { method: 'POST', agent: false, headers: { authorization, 'content-type': 'application/json', ...headers } }
    const call = httpRequest(`${server.note.api_url}/flows/`, options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => settle([response.statusCode ?? 0, text]))
    })
    call.on('error', fail)
    Readable.from(Array.from({ length: bytes / 65_536 }, () => Buffer.alloc(65_536, ' '))).pipe(call)
  })
}

test.each([{ 'content-length': String(MAX_BODY_BYTES * 3) }, { 'transfer-encoding': 'chunked' }])(
  '[HT12] who sends too much gets to read the refusal (%o)',
  async (headers) => {
    const [status, text] = await send(MAX_BODY_BYTES * 3, headers)
    const { code }: { code: string } = JSON.parse(text)
    expect([status, code]).toEqual([413, 'too_large'])
  },
)

test('[AU14] a program opens the socket with its token as second subprotocol, and a wrong token opens none', async () => {
  const address = `${server.note.api_url.replace('http:', 'ws:')}/live`
  const socket = new WebSocket(address, ['flowcell', `token.${server.note.token}`])
  const answer = new Promise<string>((settle, fail) => {
    socket.addEventListener('message', ({ data }) => settle(String(data)))
    socket.addEventListener('error', () => fail(new Error('no socket')))
  })
  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION, kind: 'script', name: 'test' })),
  )
  const { type }: { type: string } = JSON.parse(await answer)
  expect([socket.protocol, type]).toEqual(['flowcell', 'welcome'])
  socket.close()
  const refused = new WebSocket(address, ['flowcell', `token.${server.note.token.slice(0, -1)}`])
  expect(await new Promise((settle) => ['open', 'error'].forEach((name) => refused.addEventListener(name, () => settle(name))))).toBe(
    'error',
  )
})
