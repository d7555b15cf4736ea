import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownerLink, serverStatus, stopServer } from '#sdk/cli/server/control.ts'
import { ask, freshFolder, isAlive, launch, until } from '../support/server.ts'

test('[SV1] a start says one line, answers, and stops with everything put away', async () => {
  using folder = freshFolder()
  const server = await launch(folder.path)
  const { note } = server
  expect(note).toEqual({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    workspace: expect.stringMatching(/^[a-z2-7]{20}$/),
    api_url: `${note.url}/w/${note.workspace}/api`,
    link: expect.stringContaining(`${note.url}/w/${note.workspace}#k=`),
    token: expect.stringMatching(/^fc_/),
    data: folder.path,
    pid: server.child.pid,
    workerd_pid: expect.any(Number),
    started_at: expect.stringMatching(/^\d{4}-.*Z$/),
  })
  expect(JSON.parse(readFileSync(join(folder.path, 'server.json'), 'utf8'))).toEqual(note)
  expect((await ask(`${note.url}/api/health`)).status).toBe(200)
  expect(await server.stop()).toEqual({ code: 0, signal: null })
  expect(existsSync(join(folder.path, 'server.json'))).toBe(false)
  expect(isAlive(note.workerd_pid)).toBe(false)
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`[SV1] ${signal} stops it politely`, async () => {
    using folder = freshFolder()
    const server = await launch(folder.path)
    expect(await server.stop(signal)).toEqual({ code: 0, signal: null })
    expect(isAlive(server.note.workerd_pid)).toBe(false)
  })
}

test('[SV2] SIGKILL of the launcher takes workerd with it, and the folder is free at once', async () => {
  using folder = freshFolder()
  const server = await launch(folder.path)
  await server.stop('SIGKILL')
  await until(() => !isAlive(server.note.workerd_pid), 2_000)
  expect(await serverStatus(folder.path)).toEqual({ kind: 'stopped' })
  const again = await launch(folder.path)
  expect(again.note.workspace).toBe(server.note.workspace)
  await again.stop()
})

test('[SV3] a workerd that is killed is started again on the same port, and the note names the new one', async () => {
  using folder = freshFolder()
  const server = await launch(folder.path)
  process.kill(server.note.workerd_pid, 'SIGKILL')
  const answers = (): Promise<boolean> =>
    ask(`${server.note.url}/api/health`).then(
      ({ status }) => status === 200,
      () => false,
    )
  await until(() => !isAlive(server.note.workerd_pid), 2_000)
  await until(answers, 10_000)
  const status = await serverStatus(folder.path)
  expect(status).toEqual({ kind: 'running', note: { ...server.note, workerd_pid: expect.any(Number) } })
  expect(status).not.toEqual({ kind: 'running', note: server.note })
  await server.stop()
})

test('[SV4] the workspace of the first start is kept, with its link and token, for its owner only', async () => {
  using folder = freshFolder()
  const first = await launch(folder.path)
  await first.stop()
  const second = await launch(folder.path)
  const { workspace, token } = first.note
  expect([second.note.workspace, second.note.token]).toEqual([workspace, token])
  expect(new URL(second.note.link).hash).toBe(new URL(first.note.link).hash)
  expect(await ownerLink(folder.path)).toEqual({ kind: 'link', link: second.note.link })
  const modes = ['workspace.json', 'server.json', 'key'].map((name) => statSync(join(folder.path, name)).mode & 0o777)
  expect(modes).toEqual([0o600, 0o600, 0o600])
  await second.stop()
})

test('[SV5] stop ends the server of a folder and waits for it; a second stop finds none', async () => {
  using folder = freshFolder()
  const server = await launch(folder.path)
  expect(await stopServer(folder.path)).toEqual({ kind: 'stopped', note: server.note })
  expect(isAlive(server.note.workerd_pid)).toBe(false)
  expect(await server.exited).toEqual({ code: 0, signal: null })
  expect(await stopServer(folder.path)).toEqual({ kind: 'not_running' })
  expect(await ownerLink(folder.path)).toEqual({ kind: 'not_running' })
  expect(await serverStatus(join(folder.path, 'nowhere'))).toEqual({ kind: 'stopped' })
})

test('[SV6] secrets travel in the environment of workerd alone, and nothing else of ours goes with them', async () => {
  using folder = freshFolder()
  const key = Buffer.alloc(32, 7).toString('base64')
  const server = await launch(folder.path, { environment: { FLOWCELL_KEK: key, UNRELATED_SECRET: 'do-not-pass-on' } })
  const read = (name: string): string => readFileSync(`/proc/${server.note.workerd_pid}/${name}`, 'utf8')
  expect(read('cmdline')).not.toContain(key)
  expect(read('environ')).toContain(key)
  expect(read('environ')).not.toContain('do-not-pass-on')
  expect(existsSync(join(folder.path, 'key'))).toBe(false)
  await server.stop()
})

test('[SV7] a foreign Host is refused before any code of the product runs', async () => {
  using folder = freshFolder()
  const server = await launch(folder.path)
  const { port } = new URL(server.note.url)
  const statusOf = async (host: string): Promise<number> => (await ask(`${server.note.url}/api/health`, { headers: { host } })).status
  const foreign = ['evil.example', `evil.example:${port}`, '127.0.0.1:1', 'localhost.evil.example']
  const ours = [`localhost:${port}`, `127.0.0.1:${port}`, `LOCALHOST:${port}`]
  expect(await Promise.all(foreign.map(statusOf))).toEqual(foreign.map(() => 421))
  expect(await Promise.all(ours.map(statusOf))).toEqual(ours.map(() => 200))
  await server.stop()
})

test('[SV7] a name that was allowed is answered; and who listens on every interface lets nobody make workspaces', async () => {
  using folder = freshFolder()
  const server = await launch(folder.path, { host: '0.0.0.0', allowHosts: ['Flows.example', 'proxy.example:8443'] })
  const { url } = server.note
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const statusOf = async (host: string): Promise<number> => (await ask(`${url}/api/health`, { headers: { host } })).status
  expect(await Promise.all(['flows.example', 'proxy.example:8443', 'proxy.example', 'evil.example'].map(statusOf))).toEqual([
    200, 200, 421, 421,
  ])
  expect(readFileSync(`/proc/${server.note.workerd_pid}/environ`, 'utf8').split('\0')).toContain('WORKSPACE_CREATION=token')
  await server.stop()
})

test('[SV2] SIGKILL in the middle of the start leaves no process behind', async () => {
  const moments = [
    (path: string) => existsSync(join(path, 'lock')),
    (path: string) => existsSync(join(path, 'key')),
    (path: string) => processesOf(path).length > 1,
  ]
  for (const isReached of moments) {
    using folder = freshFolder()
    const failure = launch(folder.path).then(
      () => 'started',
      (error: Error) => error.message,
    )
    await until(() => isReached(folder.path), 10_000)
    const [launcher] = processesOf(folder.path)
    if (launcher !== undefined) process.kill(launcher, 'SIGKILL')
    expect(await failure).toMatch(/^the launcher ended \(SIGKILL\)/)
    await until(() => processesOf(folder.path).length === 0, 2_000)
  }
})

/** Processes that carry the folder in their arguments, the oldest first. */
function processesOf(folder: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const mine = pids.filter((pid) => commandOf(pid).includes(folder))
  return mine.map(Number).toSorted((a, b) => a - b)
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return ''
    throw error
  }
}
