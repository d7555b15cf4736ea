/** Look at a local server from outside, and end it: `server status`, `server stop`, `server link`. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isHealthy } from '../../hosts/ask.ts'
import { isLocked } from '../../hosts/folder-lock.ts'
import { NOTE_EVERY_MS, readNote, type ServerNote } from './note.ts'

const HEALTH_MS = 2_000
const STOP_SECONDS = 5
const CHECK_EVERY_MS = 20
/** A running server writes its note again within {@link NOTE_EVERY_MS}. */
const NOTE_PATIENCE_MS = 3 * NOTE_EVERY_MS

export type ServerStatus =
  | { readonly kind: 'running'; readonly note: ServerNote }
  /** It holds the folder, but does not answer. */
  | { readonly kind: 'silent'; readonly note: ServerNote }
  /** It holds the folder and has not written its note yet, or it was lost and is written again in a moment. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'stopped' }

/** Is a server running on this data folder? The folder's lock proves it; the note alone would not, and its process id may be another's by now. */
export async function serverStatus(data: string): Promise<ServerStatus> {
  if (!isLocked(data)) return { kind: 'stopped' }
  const note = readNote(data)
  if (note === undefined) return { kind: 'starting' }
  return { kind: (await isHealthy(note.url, HEALTH_MS)) ? 'running' : 'silent', note }
}

export type StopOutcome =
  | { readonly kind: 'stopped'; readonly note: ServerNote }
  | { readonly kind: 'not_running' }
  | { readonly kind: 'refused'; readonly message: string }

/** Asks the server of this data folder to end, and waits until it is gone. */
export async function stopServer(data: string): Promise<StopOutcome> {
  if (!isLocked(data)) return { kind: 'not_running' }
  const note = await noteOf(data)
  if (note === undefined) {
    if (!isLocked(data)) return { kind: 'not_running' }
    const message = `A server is just starting on ${data}, or it hangs and its note is lost. Try again in a moment; else end the process that has ${join(data, 'lock')} open.`
    return { kind: 'refused', message }
  }
  process.kill(note.pid, 'SIGTERM')
  for (let waited = 0; waited < STOP_SECONDS * 1_000; waited += CHECK_EVERY_MS) {
    await delay(CHECK_EVERY_MS)
    if (!isLocked(data)) return { kind: 'stopped', note }
  }
  const message = `The server (process ${note.pid}) did not end within ${STOP_SECONDS} seconds. End it with "kill -9 ${note.pid}".`
  return { kind: 'refused', message }
}

async function noteOf(data: string): Promise<ServerNote | undefined> {
  for (let waited = 0; waited < NOTE_PATIENCE_MS && readNote(data) === undefined && isLocked(data); waited += CHECK_EVERY_MS) {
    await delay(CHECK_EVERY_MS)
  }
  return readNote(data)
}

export type LinkOutcome = { readonly kind: 'link'; readonly link: string } | { readonly kind: 'not_running' }

/** The owner's link of the workspace that the first start made. It needs a running server: its address is part of the link. */
export async function ownerLink(data: string): Promise<LinkOutcome> {
  if (!isLocked(data)) return { kind: 'not_running' }
  const note = await noteOf(data)
  return note === undefined ? { kind: 'not_running' } : { kind: 'link', link: note.link }
}
