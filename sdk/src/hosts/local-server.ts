/**
 * Finds the local server that runs with the default data folder, by the note that it left there.
 *
 * The note is no proof, and its process number may be another's by now: the server has to answer, or at least to hold its folder. Only then
 * its token is given to anybody.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isHealthy } from './ask.ts'

export interface LocalWorkspace {
  readonly apiUrl: string
  readonly token: string
}

const HEALTH_MS = 2_000

/** The workspace of the local server below Flowcell's folder; undefined when none runs. */
export async function localWorkspace(folder: string): Promise<LocalWorkspace | undefined> {
  const data = join(folder, 'server')
  const note = readNote(join(data, 'server.json'))
  if (typeof note !== 'object' || note === null || !('url' in note && 'api_url' in note && 'token' in note && 'pid' in note))
    return undefined
  const { url, api_url: apiUrl, token, pid } = note
  if (typeof url !== 'string' || typeof apiUrl !== 'string' || typeof token !== 'string' || typeof pid !== 'number') return undefined
  if (!isAlive(pid)) return undefined
  return (await isHealthy(url, HEALTH_MS)) || (await isHeld(data)) ? { apiUrl, token } : undefined
}

/** Asked last: it needs SQLite, and takes a tenth of a second where a server holds the folder. */
async function isHeld(data: string): Promise<boolean> {
  const { isLocked } = await import('./folder-lock.ts')
  return isLocked(data)
}

function readNote(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined // no server was started here, or it is just starting: there is no local workspace yet
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
