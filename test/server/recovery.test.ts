/** What the data folder has lost or holds broken, and the way back. */
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownerLink, serverStatus, stopServer } from '#sdk/cli/server/control.ts'
import type { ServerNote } from '#sdk/cli/server/note.ts'
import { ask, freshFolder, launch, tryLaunch, until, type LaunchOutcome } from '../support/server.ts'

function told(outcome: LaunchOutcome): unknown {
  return outcome.kind === 'refused' ? { code: outcome.code, message: outcome.message } : outcome.note
}

async function hello({ api_url }: ServerNote, token: string): Promise<number> {
  return (await ask(`${api_url}/hello`, { headers: { authorization: `Bearer ${token}` } })).status
}

test('[SV19] a damaged workspace.json is refused and left as it is; once it is away, the workspace gets a new link and token', async () => {
  using folder = freshFolder()
  const first = await launch(folder.path)
  await first.stop()
  const file = join(folder.path, 'workspace.json')
  truncateSync(file, 50)
  const damaged = readFileSync(file, 'utf8')
  expect(told(await tryLaunch(folder.path))).toEqual({
    code: 'bad_workspace',
    message: `The file ${file} cannot be read. It holds the link and token of the workspace in ${folder.path}: put a good copy in its place, or move it away and start again; the workspace then gets a new link and token.`,
  })
  expect(readFileSync(file, 'utf8')).toBe(damaged)
  rmSync(file)
  const again = await launch(folder.path)
  const { note } = again
  expect([note.workspace, note.token === first.note.token, note.link === first.note.link]).toEqual([first.note.workspace, false, false])
  expect([await hello(note, note.token), await hello(note, first.note.token)]).toEqual([200, 200])
  const session = { method: 'POST', headers: { 'content-type': 'application/json' } }
  const secret = new URL(note.link).hash.slice('#k='.length)
  expect((await ask(`${note.api_url}/sessions`, { ...session, body: JSON.stringify({ secret }) })).status).toBe(201)
  expect(again.stderr.join('\n')).toContain(
    `The workspace ${note.workspace} was found in ${folder.path} and has a new link and token; those of before are still good.`,
  )
  await again.stop()
  expect([JSON.parse(readFileSync(file, 'utf8')).id, statSync(file).mode & 0o777]).toEqual([note.workspace, 0o600])
})

test('[SV19] where workspace.json is missing and there are several workspaces, a person says which one it is', async () => {
  using folder = freshFolder()
  const first = await launch(folder.path)
  const json = { 'content-type': 'application/json' }
  const { text } = await ask(`${first.note.url}/api/workspaces`, { method: 'POST', headers: json, body: '{"name":"Second"}' })
  const { id }: { id: string } = JSON.parse(text)
  await first.stop()
  const file = join(folder.path, 'workspace.json')
  rmSync(file)
  expect(told(await tryLaunch(folder.path))).toEqual({
    code: 'bad_workspace',
    message: `${folder.path} holds several workspaces, and the file ${file}, which names the one of this server, is missing. Write {"id":"…"} to it with one of these, and start again: ${[
      `${first.note.workspace} (My workspace)`,
      `${id} (Second)`,
    ]
      .toSorted()
      .join(', ')}.`,
  })
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, JSON.stringify({ id }))
  const second = await launch(folder.path)
  expect([second.note.workspace, await hello(second.note, second.note.token)]).toEqual([id, 200])
  await second.stop()
})

test('[SV19] a key that is missing is not made anew where workspaces are', async () => {
  using folder = freshFolder()
  const first = await launch(folder.path)
  await first.stop()
  const key = join(folder.path, 'key')
  rmSync(key)
  expect(told(await tryLaunch(folder.path))).toEqual({
    code: 'bad_key',
    message: `The key of the workspaces in ${folder.path} is missing. Put the file ${key} back, start with the FLOWCELL_KEK of then, or choose another folder with --data.`,
  })
  expect(existsSync(key)).toBe(false)
})

test('[SV20] a workspace.json whose workspace is gone, or does not take its token, prints no dead link', async () => {
  using folder = freshFolder()
  const first = await launch(folder.path)
  await first.stop()
  const file = join(folder.path, 'workspace.json')
  const good: { readonly id: string; readonly token: string } = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...good, token: good.token.slice(0, -1) }))
  expect(told(await tryLaunch(folder.path))).toEqual({
    code: 'bad_workspace',
    message: `The workspace ${good.id} does not take the token of ${file}. Put the file of this folder back, or move it away and start again; the workspace then gets a new link and token.`,
  })
  writeFileSync(file, JSON.stringify(good))
  cpSync(join(folder.path, 'objects'), join(folder.path, 'kept'), { recursive: true })
  rmSync(join(folder.path, 'objects'), { recursive: true })
  expect(told(await tryLaunch(folder.path))).toEqual({
    code: 'bad_workspace',
    message: `The workspace ${good.id} of ${file} is not in ${join(folder.path, 'objects')}. Put that folder back, or move the file away and start again; the server then serves what is there, or a new workspace.`,
  })
})

test('[SV21] a note that was lost or damaged while the server runs is written again, so status, link and stop find it', async () => {
  using folder = freshFolder()
  const server = await launch(folder.path)
  const note = join(folder.path, 'server.json')
  writeFileSync(note, '{"url":')
  expect(await serverStatus(folder.path)).toEqual({ kind: 'starting' })
  await until(async () => (await serverStatus(folder.path)).kind === 'running', 5_000)
  rmSync(join(folder.path, 'workspace.json'))
  expect(await ownerLink(folder.path)).toEqual({ kind: 'link', link: server.note.link })
  writeFileSync(note, '')
  expect(await stopServer(folder.path)).toEqual({ kind: 'stopped', note: server.note })
  expect(readdirSync(folder.path)).not.toContain('server.json')
})

test('[SV18] the server runs from its own copy: a build that is renewed or removed takes nothing from it', async () => {
  using folder = freshFolder()
  const server = await launch(folder.path)
  const { workerd_pid: pid, url, workspace } = server.note
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    .split('\0')
    .filter((word) => word.includes('/') && !word.endsWith('/workerd'))
  expect(words.filter((word) => !word.includes(folder.path))).toEqual([])
  expect((await ask(`${url}/w/${workspace}`)).status).toBe(200)
  await server.stop()
})
