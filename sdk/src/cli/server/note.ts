/**
 * What a running server says of itself, in `server.json` of its data folder (mode 600) and on one line of `--json`.
 * A note for people and programs, never the proof that the server runs: see control.ts.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ServerNote {
  readonly url: string
  /** Id of the workspace that the first start made. */
  readonly workspace: string
  readonly api_url: string
  /** The owner's link: whoever has it owns the workspace. */
  readonly link: string
  /** The owner's token, for programs. */
  readonly token: string
  /** The data folder. */
  readonly data: string
  readonly pid: number
  readonly workerd_pid: number
  /** RFC 3339. */
  readonly started_at: string
}

/** The note in a data folder; undefined when no server wrote one, or an older one that says something else. */
export function readNote(data: string): ServerNote | undefined {
  const value = readJson(join(data, 'server.json'))
  return isNote(value) ? value : undefined
}

/** The value in a JSON file; undefined when there is none, or only half of one. Other troubles are thrown. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (
      error instanceof SyntaxError ||
      (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    ) {
      return undefined
    }
    throw error
  }
}

/** Writes a file that only its owner may read; a reader sees the old one or the new one, never half of one. */
export function writePrivateJson(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

const TEXTS = ['url', 'workspace', 'api_url', 'link', 'token', 'data', 'started_at'] as const
const NUMBERS = ['pid', 'workerd_pid'] as const

function isNote(value: unknown): value is ServerNote {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  return TEXTS.every((name) => typeof fields.get(name) === 'string') && NUMBERS.every((name) => typeof fields.get(name) === 'number')
}
