import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder } from '#sdk/hosts/folder-lock.ts'
import { findWorkspace } from '#sdk/hosts/find-workspace.ts'
import { setValues } from '#sdk/hosts/profiles.ts'
import { readSettings } from '#sdk/hosts/settings.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowcell-local-'))
  mkdirSync(join(folder, 'server'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const DEAD_PID = 2 ** 22 + 1
const NOWHERE = 'http://127.0.0.1:9'
const URL_A = 'http://127.0.0.1:1/w/a/api'
const URL_B = 'http://127.0.0.1:2/w/b/api'
const find = (environment: Record<string, string> = {}) =>
  findWorkspace(readSettings({ FLOWCELL_HOME: folder, ...environment }, '/nowhere'))
const leaveNote = (url: string, pid = process.pid): void =>
  writeFileSync(join(folder, 'server', 'server.json'), JSON.stringify({ url, api_url: `${url}/w/x/api`, token: 'fc_local', pid }))
/** Answers like a local server, or like something else. */
async function answering(body: string) {
  const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  return { url: `http://127.0.0.1:${address.port}`, [Symbol.dispose]: () => void server.close() }
}

test('[HO26] a local server that answers is found by its note; a process that only has its number is not, and gets no token', async () => {
  using local = await answering('ok')
  leaveNote(local.url)
  expect(await find()).toEqual({ apiUrl: `${local.url}/w/x/api`, token: 'fc_local', source: 'the server on this machine' })
  leaveNote(NOWHERE)
  expect(await find()).toBeUndefined()
  using other = await answering('<html>')
  leaveNote(other.url)
  expect(await find()).toBeUndefined()
  leaveNote(local.url, DEAD_PID)
  expect(await find()).toBeUndefined()
})

test('[HO27] a local server that holds its folder and does not answer is still the workspace: nothing runs silently without it', async () => {
  leaveNote(NOWHERE)
  const lock = lockFolder(join(folder, 'server'))
  expect(await find()).toMatchObject({ apiUrl: `${NOWHERE}/w/x/api` })
  if (lock.kind === 'held') lock.release()
  expect(await find()).toBeUndefined()
})

test("[HO28] a profile's token never goes to an address from the environment; a token of the environment goes to the profile's address", async () => {
  setValues(folder, 'default', { API_URL: URL_A, API_KEY: 'fc_profile' })
  expect(await find()).toEqual({ apiUrl: URL_A, token: 'fc_profile', source: 'profile "default"' })
  expect(await find({ FLOWCELL_API_URL: `${URL_B}/` })).toEqual({ apiUrl: URL_B, token: undefined, source: 'the environment' })
  expect(await find({ FLOWCELL_API_URL: URL_B, FLOWCELL_API_KEY: 'fc_b' })).toMatchObject({ apiUrl: URL_B, token: 'fc_b' })
  expect(await find({ FLOWCELL_API_KEY: 'fc_b' })).toMatchObject({ apiUrl: URL_A, token: 'fc_b' })
})
