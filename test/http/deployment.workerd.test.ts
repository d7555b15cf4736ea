import { env } from 'cloudflare:workers'
import { listDurableObjectIds, reset } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import { VERSION } from '#sdk/protocol/version.ts'
import { app } from '../../worker/http/app.ts'
import { mintWorkspaceId } from '../../worker/http/workspace-ids.ts'
import { ORIGIN, ask, askAnonymously, createWorkspace, refusalOf } from './client.workerd.ts'

afterEach(() => reset())

const ADMIN = { authorization: `Bearer ${env.ADMIN_TOKEN}` }

/** The Worker under other variables. */
const askWith = (variables: Partial<typeof env>, path: string, headers: Record<string, string> = {}) =>
  app.fetch(new Request(ORIGIN + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' }), {
    ...env,
    ...variables,
  })

test('[AU11] a new workspace comes with its API address, its link and its token, and both open it', async () => {
  const { api, ...made } = await createWorkspace('Ada')
  expect(made).toEqual({
    id: expect.stringMatching(/^[a-z2-7]{20}$/),
    name: 'Ada',
    api_url: `${ORIGIN}/w/${made.id}/api`,
    link: expect.stringMatching(new RegExp(`^${ORIGIN}/w/${made.id}#k=fl_[a-z2-7]{38}$`)),
    token: expect.stringMatching(/^fc_[a-z2-7]{38}$/),
    secret: expect.stringMatching(/^fl_/),
  })
  expect((await api('/hello')).status).toBe(200)
  expect((await createWorkspace()).name).toBe('My workspace')
})

test('[AU11] a name is text of 1 to 255 characters, and no other field is taken', async () => {
  for (const json of [{ name: '' }, { name: 'x'.repeat(256) }, { name: 1 }, { id: 'x' }, [], 'x']) {
    expect(await refusalOf(await ask('/api/workspaces', { json }))).toEqual([422, 'invalid_request'])
  }
  expect(await refusalOf(await ask('/api/workspaces', { body: '{', headers: { 'content-type': 'application/json' } }))).toEqual([
    400,
    'malformed_json',
  ])
})

test('[AU12] who may make workspaces is open, token or closed; a word that is none of them means closed', async () => {
  const status = async (variables: Partial<typeof env>, headers?: Record<string, string>) =>
    (await askWith(variables, '/api/workspaces', headers)).status
  expect(await status({ WORKSPACE_CREATION: 'open' })).toBe(201)
  expect(await status({ WORKSPACE_CREATION: 'token' })).toBe(401)
  expect(await status({ WORKSPACE_CREATION: 'token' }, { authorization: `Bearer ${env.ADMIN_TOKEN}x` })).toBe(401)
  expect(await status({ WORKSPACE_CREATION: 'token' }, ADMIN)).toBe(201)
  expect(await status({ WORKSPACE_CREATION: 'token', ADMIN_TOKEN: '' }, { authorization: 'Bearer ' })).toBe(403)
  expect(await status({ WORKSPACE_CREATION: 'closed' }, ADMIN)).toBe(403)
  expect(await status({ WORKSPACE_CREATION: 'Open' }, ADMIN)).toBe(403)
})

test('[AU13] with ADMIN_TOKEN a new owner link is made; it opens the workspace, and the old ones still do', async () => {
  const { id, secret } = await createWorkspace()
  const response = await ask(`/api/workspaces/${id}/links`, { json: { name: 'lost' }, headers: ADMIN })
  const { link, role } = await response.json<{ link: string; role: string }>()
  expect([response.status, role, link.startsWith(`${ORIGIN}/w/${id}#k=fl_`)]).toEqual([201, 'owner', true])
  for (const known of [secret, new URL(link).hash.slice(3)]) {
    expect((await ask(`/w/${id}/api/sessions`, { json: { secret: known } })).status).toBe(201)
  }
})

test('[AU13] with ADMIN_TOKEN a new owner token is made; it opens the workspace, and the old one still does', async () => {
  const { id, token: old } = await createWorkspace()
  const response = await ask(`/api/workspaces/${id}/tokens`, { json: {}, headers: ADMIN })
  const { token, role } = await response.json<{ token: string; role: string }>()
  expect([response.status, role]).toEqual([201, 'owner'])
  for (const known of [old, token]) {
    expect((await ask(`/w/${id}/api/hello`, { headers: { authorization: `Bearer ${known}` } })).status).toBe(200)
  }
  expect(await refusalOf(await ask(`/api/workspaces/${id}/tokens`, { json: {}, headers: { authorization: `Bearer ${token}` } }))).toEqual([
    401,
    'unauthenticated',
  ])
  const foreign = await mintWorkspaceId(btoa('o'.repeat(32)))
  expect(await refusalOf(await ask(`/api/workspaces/${foreign}/tokens`, { json: {}, headers: ADMIN }))).toEqual([404, 'no_such_workspace'])
})

test('[AU13] without ADMIN_TOKEN there is no new link, and an unknown workspace wakes no object', async () => {
  const { id, token } = await createWorkspace()
  expect(await refusalOf(await ask(`/api/workspaces/${id}/links`, { json: {} }))).toEqual([401, 'unauthenticated'])
  expect(await refusalOf(await ask(`/api/workspaces/${id}/links`, { json: {}, headers: { authorization: `Bearer ${token}` } }))).toEqual([
    401,
    'unauthenticated',
  ])
  expect((await askWith({ ADMIN_TOKEN: '' }, `/api/workspaces/${id}/links`, { authorization: 'Bearer ' })).status).toBe(403)
  const before = await listDurableObjectIds(env.WORKSPACE)
  const foreign = await mintWorkspaceId(btoa('o'.repeat(32)))
  expect(await refusalOf(await ask(`/api/workspaces/${foreign}/links`, { json: {}, headers: ADMIN }))).toEqual([404, 'no_such_workspace'])
  expect(await listDurableObjectIds(env.WORKSPACE)).toHaveLength(before.length)
})

test('[AU13] an id of ours whose workspace was never made gets no link and no answer', async () => {
  const id = await mintWorkspaceId(env.FLOWCELL_KEK)
  expect((await ask(`/api/workspaces/${id}/links`, { json: {}, headers: ADMIN })).status).toBe(404)
  expect((await ask(`/w/${id}/api/ready`)).status).toBe(404)
})

test('[HT17] health tells who answers, and a workspace says that it is ready', async () => {
  expect(await (await ask('/api/health')).json()).toEqual({ name: 'flowcell', version: VERSION })
  const workspace = await createWorkspace()
  expect(await (await askAnonymously(workspace, '/health')).json()).toBe(true)
  expect(await (await askAnonymously(workspace, '/ready')).json()).toEqual({ message: 'OK' })
})
