/** Look at a local server from outside, and end it: `server status`, `server stop`, `server link`. */
import { setTimeout as delay } from 'node:timers/promises'
import { isHealthy } from '../../hosts/ask.ts'
import { isLocked } from '../../hosts/folder-lock.ts'
import { readNote, type ServerNote } from './note.ts'
import { linkOf, readWorkspace } from './workspace.ts'

const HEALTH_MS = 2_000
const STOP_SECONDS = 5
const CHECK_EVERY_MS = 20

export type ServerStatus =
  | { readonly kind: 'running'; readonly note: ServerNote }
  /** It holds the folder, but does not answer. */
  | { readonly kind: 'silent'; readonly note: ServerNote }
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
  const note = readNote(data)
  if (note === undefined) return { kind: 'refused', message: `A server is just starting on ${data}. Try again in a moment.` }
  process.kill(note.pid, 'SIGTERM')
  for (let waited = 0; waited < STOP_SECONDS * 1_000; waited += CHECK_EVERY_MS) {
    await delay(CHECK_EVERY_MS)
    if (!isLocked(data)) return { kind: 'stopped', note }
  }
  const message = `The server (process ${note.pid}) did not end within ${STOP_SECONDS} seconds. End it with "kill -9 ${note.pid}".`
  return { kind: 'refused', message }
}

export type LinkOutcome = { readonly kind: 'link'; readonly link: string } | { readonly kind: 'not_running' }

/** The owner's link of the workspace that the first start made. It needs a running server: its address is part of the link. */
export async function ownerLink(data: string): Promise<LinkOutcome> {
  const status = await serverStatus(data)
  const workspace = readWorkspace(data)
  if (status.kind === 'stopped' || status.kind === 'starting' || workspace === undefined) return { kind: 'not_running' }
  return { kind: 'link', link: linkOf(status.note.url, workspace) }
}
