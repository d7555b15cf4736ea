/** The data folder of a server: made, locked, with its key, and free of a process that an earlier server left behind. */
import { randomBytes } from 'node:crypto'
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { lockFolder } from '../../hosts/folder-lock.ts'
import { readNote } from './note.ts'
import { refuse, type Refusal } from './refusal.ts'

const KEY_BYTES = 32
const LEFTOVER_TRIES = 20
const LEFTOVER_PAUSE_MS = 100

/** Makes the folder and takes its lock. */
export function prepareFolder(data: string): { readonly kind: 'ours'; readonly release: () => void } | Refusal {
  try {
    mkdirSync(join(data, 'objects'), { recursive: true, mode: 0o700 })
    writeFileSync(join(data, 'lock'), '', { flag: 'a', mode: 0o600 }) // says EACCES, EROFS and ENOSPC better than SQLite
    accessSync(join(data, 'objects'), constants.W_OK)
  } catch (error) {
    return folderRefusal(data, error)
  }
  const locked = lockFolder(data)
  if (locked.kind === 'failed') return folderRefusal(data, locked.cause)
  if (locked.kind === 'held') return { kind: 'ours', release: locked.release }
  const by = readNote(data)
  const who = by === undefined ? '' : ` (process ${by.pid}, ${by.url})`
  return refuse(
    'folder_in_use',
    `Another Flowcell server${who} uses the data folder ${data}. Use that one, stop it, or give this one its own folder with --data.`,
  )
}

/** The key that wraps the workspaces' keys: given by the environment, or made once and kept beside the data. */
export function keyOf(data: string, given: string | undefined): { readonly kind: 'key'; readonly key: string } | Refusal {
  const file = join(data, 'key')
  try {
    if (given === undefined && !existsSync(file))
      writeFileSync(file, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600, flag: 'wx' })
    if (given === undefined) chmodSync(file, 0o600)
    const key = given ?? readFileSync(file, 'utf8').trim()
    if (Buffer.from(key, 'base64').byteLength === KEY_BYTES) return { kind: 'key', key }
  } catch (error) {
    return folderRefusal(data, error)
  }
  const source = given === undefined ? `The file ${file}` : 'FLOWCELL_KEK'
  return refuse('bad_key', `${source} must be ${KEY_BYTES} bytes in base64, for example from "openssl rand -base64 ${KEY_BYTES}".`)
}

/** A workerd of this very folder that outlived its launcher, should the guard ever fail. */
export async function leftoverProcess(data: string): Promise<Refusal | undefined> {
  const pid = readNote(data)?.workerd_pid
  if (pid === undefined || process.platform !== 'linux') return undefined
  for (let tries = 0; tries < LEFTOVER_TRIES; tries++) {
    if (!commandOf(pid).includes(join(data, 'objects'))) return undefined
    await delay(LEFTOVER_PAUSE_MS)
  }
  const message = `A server process that was left behind (${pid}) still uses the data folder ${data}. End it with "kill ${pid}" and start again.`
  return refuse('folder_in_use', message)
}

/** The arguments of a process on Linux; empty when there is none. */
function commandOf(pid: number): string {
  const file = `/proc/${pid}/cmdline`
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function folderRefusal(data: string, error: unknown): Refusal {
  if (!(error instanceof Error)) throw error
  const why = reasonOf('code' in error ? String(error.code) : '', error.message)
  return refuse('folder_not_writable', `The data folder ${data} cannot be used: ${why}. Choose another with --data.`)
}

function reasonOf(code: string, message: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write there'
  if (code === 'EROFS') return 'the disk is read-only'
  if (code === 'ENOSPC') return 'the disk is full'
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'a file stands where a folder should be'
  return message
}
