import { reset } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import { PROTOCOL_VERSION } from '#sdk/protocol/wire.ts'
import { hashSecret, mintSecret } from '../../worker/http/secrets.ts'
import { ORIGIN, askAnonymously, createWorkspace, refusalOf } from './client.workerd.ts'

afterEach(() => reset())

const UPGRADE = { upgrade: 'websocket' }

/** The role that the workspace welcomes the socket with. */
async function welcomeOf(response: Response): Promise<string> {
  const socket = response.webSocket
  if (response.status !== 101 || socket === null) throw new Error(`no socket: ${response.status} ${await response.text()}`)
  const answer = new Promise<string>((settle) => socket.addEventListener('message', ({ data }) => settle(String(data)), { once: true }))
  socket.accept()
  socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION, kind: 'page', name: 'test' }))
  const { type, role }: { type: string; role?: string } = JSON.parse(await answer)
  socket.close()
  return `${type} ${role ?? ''}`
}

test('[AU14] without credential there is no upgrade', async () => {
  const workspace = await createWorkspace()
  for (const headers of [
    UPGRADE,
    { ...UPGRADE, 'sec-websocket-protocol': 'flowcell' },
    { ...UPGRADE, 'sec-websocket-protocol': `token.${workspace.token}` },
  ]) {
    expect(await refusalOf(await askAnonymously(workspace, '/live', { headers }))).toEqual([401, 'unauthenticated'])
  }
  expect(
    await refusalOf(await askAnonymously(workspace, '/live', { headers: { ...UPGRADE, authorization: `Bearer ${mintSecret('token')}` } })),
  ).toEqual([401, 'unauthenticated'])
})

test('[AU14] a program shows its token as bearer or as second subprotocol; the answer chooses the first', async () => {
  const workspace = await createWorkspace()
  const bearer = await workspace.api('/live', { headers: UPGRADE })
  expect([await welcomeOf(bearer), bearer.headers.get('sec-websocket-protocol')]).toEqual(['welcome owner', null])
  const offered = await askAnonymously(workspace, '/live', {
    headers: { ...UPGRADE, 'sec-websocket-protocol': `flowcell, token.${workspace.token}` },
  })
  expect([await welcomeOf(offered), offered.headers.get('sec-websocket-protocol')]).toEqual(['welcome owner', 'flowcell'])
})

test('[AU14] a page is let in by its cookie, with its own origin only', async () => {
  const workspace = await createWorkspace()
  const cookie = `__Host-fc-${workspace.id}=${workspace.secret}`
  expect(await welcomeOf(await askAnonymously(workspace, '/live', { headers: { ...UPGRADE, cookie, origin: ORIGIN } }))).toBe(
    'welcome owner',
  )
  expect(await refusalOf(await askAnonymously(workspace, '/live', { headers: { ...UPGRADE, cookie } }))).toEqual([401, 'unauthenticated'])
  expect(
    await refusalOf(await askAnonymously(workspace, '/live', { headers: { ...UPGRADE, cookie, 'sec-fetch-site': 'same-origin' } })),
  ).toEqual([401, 'unauthenticated'])
  expect(
    await refusalOf(await askAnonymously(workspace, '/live', { headers: { ...UPGRADE, cookie, origin: 'https://evil.example' } })),
  ).toEqual([403, 'foreign_origin'])
})

test('[AU15] the header that tells the workspace who asks is never taken from outside', async () => {
  const workspace = await createWorkspace()
  const owner = JSON.stringify({ kind: 'token', hash: await hashSecret(workspace.token) })
  const headers = { ...UPGRADE, 'x-flowcell-caller': owner }
  expect(await refusalOf(await askAnonymously(workspace, '/live', { headers }))).toEqual([401, 'unauthenticated'])
  const stranger = { ...headers, authorization: `Bearer ${mintSecret('token')}` }
  expect(await refusalOf(await askAnonymously(workspace, '/live', { headers: stranger }))).toEqual([401, 'unauthenticated'])
})

test('[HT18] a request to the socket that asks for no upgrade is 426', async () => {
  const response = await (await createWorkspace()).api('/live')
  expect([response.headers.get('upgrade'), ...(await refusalOf(response))]).toEqual(['websocket', 426, 'upgrade_required'])
})
