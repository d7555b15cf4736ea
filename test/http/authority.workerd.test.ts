import { env } from 'cloudflare:workers'
import { listDurableObjectIds, reset } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import type { Operation } from '#sdk/protocol/operation.ts'
import { OPERATIONS } from '#sdk/protocol/operations.ts'
import { mintSecret } from '../../worker/http/secrets.ts'
import { mintWorkspaceId } from '../../worker/http/workspace-ids.ts'
import { ROUTES, workspaceApi } from '../../worker/http/workspace-api.ts'
import { ORIGIN, ask, askAnonymously, createWorkspace, problemOf, refusalOf } from './client.workerd.ts'

afterEach(() => reset())

const ID = '01990c5e-7a10-7c3e-9f00-2b6f1d4e0000'
const addressOf = ({ path }: Operation) => path.replace(':id', ID).replace(':name', 'pipeline').replace(':cell', 'a1b2')
const TABLE: readonly (readonly [string, Operation])[] = Object.entries(OPERATIONS)

test('[AU4] router and table of operations are the same set', () => {
  const mounted = workspaceApi.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)
  expect(mounted.toSorted()).toEqual(ROUTES.map(({ operation, path }) => `${operation.method} ${path}`).toSorted())
  expect(ROUTES.map(({ id }) => id).toSorted()).toEqual(TABLE.map(([id]) => id).toSorted())
})

test('[AU5] every operation that is not public refuses a request without credential with 401, whatever its body', async () => {
  const workspace = await createWorkspace()
  for (const [id, operation] of TABLE.filter(([, { role }]) => role !== 'public')) {
    const bodies = operation.method === 'GET' ? [undefined] : [undefined, '{', '{}']
    for (const body of bodies) {
      const request = { method: operation.method, ...(body === undefined ? {} : { body }) }
      expect([id, ...(await refusalOf(await askAnonymously(workspace, addressOf(operation), request)))]).toEqual([
        id,
        401,
        'unauthenticated',
      ])
    }
  }
})

test('[AU5] every operation refuses a well-formed token that the workspace does not know with 401', async () => {
  const workspace = await createWorkspace()
  const stranger = { authorization: `Bearer ${mintSecret('token')}` }
  for (const [id, operation] of TABLE.filter(
    ([, { role, body, query }]) => role !== 'public' && body === undefined && query === undefined,
  )) {
    const upgrade: Record<string, string> = operation.output === 'websocket' ? { upgrade: 'websocket' } : {}
    const response = await workspace.api(addressOf(operation), { method: operation.method, headers: { ...stranger, ...upgrade } })
    expect([id, ...(await refusalOf(response))]).toEqual([id, 401, 'unauthenticated'])
  }
})

test('[AU5] public operations answer anybody, also with a bad credential', async () => {
  const workspace = await createWorkspace()
  for (const [id, operation] of TABLE.filter(([, { role, method }]) => role === 'public' && method === 'GET')) {
    expect([id, (await askAnonymously(workspace, addressOf(operation))).status]).toEqual([id, 200])
    expect([id, (await workspace.api(addressOf(operation), { headers: { authorization: 'Bearer nonsense' } })).status]).toEqual([id, 200])
  }
})

test('[AU6] the token counts as bearer and as Basic password of the user flowcell, and in no other form', async () => {
  const { api, token, id } = await createWorkspace()
  const status = async (authorization: string) => (await api('/hello', { headers: { authorization } })).status
  expect(await Promise.all([`Bearer ${token}`, `bearer   ${token}`, `Basic ${btoa(`flowcell:${token}`)}`].map(status))).toEqual([
    200, 200, 200,
  ])
  const bad = [
    token,
    `Token ${token}`,
    `Bearer ${token} x`,
    `Bearer${token}`,
    'Bearer ',
    `Basic ${btoa(`root:${token}`)}`,
    `Basic ${btoa(token)}`,
    'Basic %%%',
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${mintSecret('link')}`,
  ]
  expect(await Promise.all(bad.map(status))).toEqual(bad.map(() => 401))
  expect((await ask(`/w/${id}/api/hello?token=${token}`)).status).toBe(401)
})

test('[AU6] a 401 names the scheme, and the sentence says what to send', async () => {
  const response = await askAnonymously(await createWorkspace(), '/hello')
  expect(response.headers.get('www-authenticate')).toBe('Bearer realm="flowcell"')
  expect((await problemOf(response)).detail).toBe(
    'This needs a credential: send "Authorization: Bearer fc_…", or open the link of the workspace in this browser.',
  )
})

test('[AU7] the token of one workspace opens no other', async () => {
  const [one, two] = [await createWorkspace(), await createWorkspace()]
  expect((await two.api('/hello', { headers: { authorization: `Bearer ${one.token}` } })).status).toBe(401)
})

test('[AU3] unknown workspaces, mistyped tokens and cut link secrets wake no object', async () => {
  const before = await listDurableObjectIds(env.WORKSPACE)
  const foreign = await mintWorkspaceId(btoa('o'.repeat(32)))
  for (const id of [foreign, 'aaaaaaaaaaaaaaaaaaaa', 'demo', '%00', 'A'.repeat(20), 'a'.repeat(5_000)]) {
    for (const path of ['', '/health', '/ready', '/flows/filter', '/nothing', '/live']) {
      expect(await refusalOf(await ask(`/w/${id}/api${path}`))).toEqual([404, 'no_such_workspace'])
    }
    expect((await ask(`/w/${id}`)).status).toBe(404)
  }
  const own = await mintWorkspaceId(env.FLOWCELL_KEK)
  const mistyped = `${mintSecret('token').slice(0, -1)}!`
  expect((await ask(`/w/${own}/api/hello`, { headers: { authorization: `Bearer ${mistyped}` } })).status).toBe(401)
  expect(await refusalOf(await ask(`/w/${own}/api/sessions`, { json: { secret: 'fl_short' } }))).toEqual([401, 'unauthenticated'])
  expect((await ask(`/w/${own}/api/health`)).status).toBe(200)
  expect(await listDurableObjectIds(env.WORKSPACE)).toHaveLength(before.length)
  await ask(`/w/${own}/api/ready`)
  expect(await listDurableObjectIds(env.WORKSPACE)).toHaveLength(before.length + 1)
})

test('[AU8] a link is exchanged for a cookie that scripts cannot read and other sites do not send', async () => {
  const { id, secret, name } = await createWorkspace('Ada')
  const response = await ask(`/w/${id}/api/sessions`, { json: { secret } })
  expect([response.status, await response.json()]).toEqual([201, { role: 'owner', workspace: id, name }])
  expect(response.headers.get('set-cookie')).toBe(`__Host-fc-${id}=${secret}; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Strict`)
  const plain = await ask(`http://127.0.0.1:8787/w/${id}/api/sessions`, { json: { secret } })
  expect(plain.headers.get('set-cookie')).toBe(`fc-${id}=${secret}; Max-Age=2592000; Path=/w/${id}; HttpOnly; SameSite=Strict`)
})

test('[AU8] a secret that the workspace does not know is no session, and no cookie is set', async () => {
  const { id, token } = await createWorkspace()
  for (const secret of [mintSecret('link'), token, 'x', 'x'.repeat(200)]) {
    const response = await ask(`/w/${id}/api/sessions`, { json: { secret } })
    expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null])
  }
})

test('[AU9] the cookie counts on requests of our own pages only', async () => {
  const { id, secret } = await createWorkspace()
  const cookie = `theme=dark; __Host-fc-${id}=${secret}`
  const status = async (method: string, headers: Record<string, string>) =>
    (await ask(`/w/${id}/api/${method === 'GET' ? 'hello' : 'flows/count'}`, { method, headers: { cookie, ...headers } })).status
  expect(await status('POST', { origin: ORIGIN })).toBe(200)
  expect(await status('GET', { 'sec-fetch-site': 'same-origin' })).toBe(200)
  expect(await status('GET', { 'sec-fetch-site': 'none' })).toBe(200)
  expect(await status('GET', { origin: ORIGIN })).toBe(200)
  expect(await status('GET', {})).toBe(401)
  expect(await status('GET', { 'sec-fetch-site': 'same-site' })).toBe(401)
  expect(await status('GET', { 'sec-fetch-site': 'cross-site' })).toBe(401)
  expect(await status('POST', {})).toBe(401)
  expect(await status('POST', { 'sec-fetch-site': 'same-origin' })).toBe(401)
  expect(await status('POST', { origin: 'https://evil.example' })).toBe(403)
  expect(await status('POST', { origin: ORIGIN, authorization: 'Bearer nonsense' })).toBe(401)
})

test('[AU9] the cookie of one workspace opens no other', async () => {
  const [one, two] = [await createWorkspace(), await createWorkspace()]
  const headers = { origin: ORIGIN, cookie: `__Host-fc-${one.id}=${one.secret}; __Host-fc-${two.id}=${one.secret}` }
  expect((await ask(`/w/${one.id}/api/hello`, { headers })).status).toBe(200)
  expect((await ask(`/w/${two.id}/api/hello`, { headers })).status).toBe(401)
})

test('[AU10] a page of another origin is refused everywhere, with any credential', async () => {
  const { id, token } = await createWorkspace()
  const foreign = ['https://evil.example', 'null', 'http://flowcell.test', `${ORIGIN}.evil.example`, `${ORIGIN}:8443`, `${ORIGIN}.`]
  for (const origin of foreign) {
    for (const path of ['/', '/api/health', `/w/${id}`, `/w/${id}/api/health`, `/w/${id}/api/hello`]) {
      const response = await ask(path, { headers: { origin, authorization: `Bearer ${token}` } })
      expect([origin, path, ...(await refusalOf(response))]).toEqual([origin, path, 403, 'foreign_origin'])
    }
  }
})

test('[AU10] no answer allows another origin to read it', async () => {
  const { api, id } = await createWorkspace()
  for (const response of [
    await api('/hello'),
    await api('/hello', { method: 'OPTIONS', headers: { origin: ORIGIN } }),
    await ask(`/w/${id}`),
  ]) {
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin')
  }
})
