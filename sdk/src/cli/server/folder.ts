/** The data folder of a server: made, locked, with its key, and free of a process that an earlier server left behind. */
import { randomBytes } from 'node:crypto'
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { lockFolder } from '../../hosts/folder-lock.ts'
import { readNote, writePrivate } from './note.ts'
import { refuse, type Refusal } from './refusal.ts'

const KEY_BYTES = 32
const LEFTOVER_TRIES = 20
const LEFTOVER_PAUSE_MS = 100

/** Makes the folder and takes its lock. */
export function prepareFolder(data: string): { readonly kind: 'ours'; readonly release: () => void } | Refusal {
  try {
    makeFolder(join(data, 'objects'))
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

/**
 * Makes a folder and those above it. One by one: with `recursive`, Node hides the reason of a read-only disk and never returns where a
 * parent is there and yet cannot hold a folder (/proc).
 */
function makeFolder(path: string): void {
  const missing: string[] = []
  for (let at = resolve(path); statSync(at, { throwIfNoEntry: false }) === undefined; at = dirname(at)) {
    missing.unshift(at)
    if (dirname(at) === at) break
  }
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode: 0o700 })
    } catch (error) {
      // Another start made it in the meantime.
      if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
    }
  }
}

/** The key that wraps the workspaces' keys: given by the environment, or made once and kept beside the data. */
export function keyOf(data: string, given: string | undefined): { readonly kind: 'key'; readonly key: string } | Refusal {
  const file = join(data, 'key')
  try {
    if (given === undefined && !existsSync(file)) {
      if (isUsed(data)) return missingKey(data, file)
      writePrivate(file, randomBytes(KEY_BYTES).toString('base64'), { durable: true })
    }
    if (given === undefined) chmodSync(file, 0o600)
    const key = given ?? readFileSync(file, 'utf8').trim()
    if (Buffer.from(key, 'base64').byteLength === KEY_BYTES) return { kind: 'key', key }
  } catch (error) {
    return folderRefusal(data, error)
  }
  const source = given === undefined ? `The file ${file}` : 'FLOWCELL_KEK'
  return refuse('bad_key', `${source} must be ${KEY_BYTES} bytes in base64, for example from "openssl rand -base64 ${KEY_BYTES}".`)
}

/** Something in it was made under a key. */
function isUsed(data: string): boolean {
  return existsSync(join(data, 'workspace.json')) || readdirSync(join(data, 'objects')).length > 0
}

function missingKey(data: string, file: string): Refusal {
  const message = `The key of the workspaces in ${data} is missing. Put the file ${file} back, start with the FLOWCELL_KEK of then, or choose another folder with --data.`
  return refuse('bad_key', message)
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

/** The sentence for a folder that could not be read or written. */
export function folderRefusal(data: string, error: unknown): Refusal {
  if (!(error instanceof Error)) throw error
  const path = 'path' in error ? String(error.path) : data
  const why = reasonOf('code' in error ? String(error.code) : '', error.message, dirname(path))
  return refuse('folder_not_writable', `The data folder ${data} cannot be used: ${why}. Choose another with --data.`)
}

function reasonOf(code: string, message: string, parent: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write there'
  if (code === 'EROFS') return 'the disk is read-only'
  if (code === 'ENOSPC') return 'the disk is full'
  if (code === 'ENOENT') return `no folder can be made in ${parent}`
  if (code === 'ENAMETOOLONG') return 'its name is too long'
  if (code === 'ELOOP') return 'its links go round in a circle'
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'a file stands where a folder should be'
  return message
}
