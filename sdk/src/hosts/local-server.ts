/** Finds the local server that runs with the default data folder, by the note that it left there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface FoundWorkspace {
  readonly apiUrl: string
  readonly token: string | undefined
}

/** The workspace of the local server below Flowcell's folder; undefined when no process of that number lives. */
export function localWorkspace(folder: string): FoundWorkspace | undefined {
  const note = readNote(join(folder, 'server', 'server.json'))
  if (typeof note !== 'object' || note === null || !('api_url' in note && 'token' in note && 'pid' in note)) return undefined
  const { api_url: apiUrl, token, pid } = note
  if (typeof apiUrl !== 'string' || typeof token !== 'string' || typeof pid !== 'number') return undefined
  return isAlive(pid) ? { apiUrl, token } : undefined
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
