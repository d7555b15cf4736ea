import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prepareFolder } from '#sdk/cli/server/folder.ts'
import { freePort, freshFolder, launch, tryLaunch, type LaunchOutcome } from '../support/server.ts'

const NOBODY = 65_534

function told(outcome: LaunchOutcome): unknown {
  return outcome.kind === 'refused' ? { code: outcome.code, message: outcome.message } : outcome.note
}

test('[SV8] a port that another program has', async () => {
  using folder = freshFolder()
  const port = await freePort()
  const stranger = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1')
  const refused = await tryLaunch(folder.path, { port })
  expect(told(refused)).toEqual({
    code: 'port_taken',
    message: `Port ${port} on 127.0.0.1 is taken by another program. Choose another with --port, or --port 0 for any free one.`,
  })
  expect((await refused.exited).code).toBe(1)
  await new Promise((settle) => stranger.close(settle))
})

test('[SV8] a port that another Flowcell server has', async () => {
  using folder = freshFolder()
  using other = freshFolder()
  const first = await launch(folder.path)
  const port = Number(new URL(first.note.url).port)
  expect(told(await tryLaunch(other.path, { port }))).toEqual({
    code: 'port_taken',
    message: `Port ${port} on 127.0.0.1 is taken by another Flowcell server. Choose another with --port, or --port 0 for any free one.`,
  })
  await first.stop()
})

test('[SV9] a folder that another server has, and that is free again when that one is gone', async () => {
  using folder = freshFolder()
  const first = await launch(folder.path)
  expect(told(await tryLaunch(folder.path))).toEqual({
    code: 'folder_in_use',
    message: `Another Flowcell server (process ${first.note.pid}, ${first.note.url}) uses the data folder ${folder.path}. Use that one, stop it, or give this one its own folder with --data.`,
  })
  await first.stop()
  const second = await launch(folder.path)
  await second.stop()
})

test('[SV9] of eight servers started at once on one folder exactly one gets it', async () => {
  using folder = freshFolder()
  const all = await Promise.all(Array.from({ length: 8 }, () => tryLaunch(folder.path)))
  const codes = all.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind)).toSorted()
  expect(codes).toEqual([...Array.from({ length: 7 }, () => 'folder_in_use'), 'started'])
  await Promise.all(all.filter(({ kind }) => kind === 'started').map(({ stop }) => stop()))
})

test('[SV10] a folder whose place a file has', async () => {
  using folder = freshFolder()
  writeFileSync(join(folder.path, 'file'), '')
  const data = join(folder.path, 'file', 'data')
  expect(told(await tryLaunch(data))).toEqual({
    code: 'folder_not_writable',
    message: `The data folder ${data} cannot be used: a file stands where a folder should be. Choose another with --data.`,
  })
})

test('[SV10] a folder where this user may not write', () => {
  using folder = freshFolder()
  const data = join(folder.path, 'locked')
  mkdirSync(join(data, 'objects'), { recursive: true })
  chmodSync(folder.path, 0o755)
  chmodSync(data, 0o555)
  expect(asNobody(() => prepareFolder(data))).toEqual({
    kind: 'refused',
    code: 'folder_not_writable',
    message: `The data folder ${data} cannot be used: this user may not write there. Choose another with --data.`,
  })
  chmodSync(data, 0o755)
})

test('[SV10] a folder where none can be made is refused at once', () => {
  expect(prepareFolder('/proc/flowcell/data')).toEqual({
    kind: 'refused',
    code: 'folder_not_writable',
    message: 'The data folder /proc/flowcell/data cannot be used: no folder can be made in /proc. Choose another with --data.',
  })
})

/** Root may write everywhere, so root becomes nobody for this. */
function asNobody<T>(act: () => T): T {
  if (process.geteuid?.() !== 0) return act()
  process.seteuid?.(NOBODY)
  try {
    return act()
  } finally {
    process.seteuid?.(0)
  }
}

test('[SV11] a key that is none', async () => {
  using folder = freshFolder()
  expect(told(await tryLaunch(folder.path, { environment: { FLOWCELL_KEK: 'short' } }))).toEqual({
    code: 'bad_key',
    message: 'FLOWCELL_KEK must be 32 bytes in base64, for example from "openssl rand -base64 32".',
  })
})

test('[SV11] another key than the one that the data was made under', async () => {
  using folder = freshFolder()
  const first = await launch(folder.path)
  await first.stop()
  const other = Buffer.alloc(32, 1).toString('base64')
  expect(told(await tryLaunch(folder.path, { environment: { FLOWCELL_KEK: other } }))).toEqual({
    code: 'bad_key',
    message: `The workspace in ${folder.path} was made under another key. Start with the FLOWCELL_KEK of then, or without one if it was made without, or choose another folder with --data.`,
  })
})
