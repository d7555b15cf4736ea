/**
 * What a running server says of itself, in `server.json` of its data folder (mode 600) and on one line of `--json`.
 * A note for people and programs, never the proof that the server runs: see control.ts.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
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

/** How often a running server looks whether its note is still there, and whole. */
export const NOTE_EVERY_MS = 1_000

/** The note in a data folder; undefined when no server wrote one, or an older one that says something else. */
export function readNote(data: string): ServerNote | undefined {
  const found = readJson(join(data, 'server.json'))
  return found.kind === 'read' && isNote(found.value) ? found.value : undefined
}

export type JsonFile = { readonly kind: 'read'; readonly value: unknown } | { readonly kind: 'absent' } | { readonly kind: 'damaged' }

/** The value in a JSON file; troubles other than no file, or only half of one, are thrown. */
export function readJson(file: string): JsonFile {
  try {
    return { kind: 'read', value: JSON.parse(readFileSync(file, 'utf8')) }
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'damaged' }
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return { kind: 'absent' }
    throw error
  }
}

export function writePrivateJson(file: string, value: unknown, options?: PrivateOptions): void {
  writePrivate(file, `${JSON.stringify(value)}\n`, options)
}

export interface PrivateOptions {
  /** It survives the loss of power; costs a few milliseconds. */
  readonly durable?: boolean
}

/** Writes a file that only its owner may read; a reader sees the old one or the new one, never half of one. */
export function writePrivate(file: string, text: string, { durable = false }: PrivateOptions = {}): void {
  const descriptor = openSync(`${file}.new`, 'w', 0o600)
  try {
    writeFileSync(descriptor, text)
    if (durable) fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(`${file}.new`, file)
}

const TEXTS = ['url', 'workspace', 'api_url', 'link', 'token', 'data', 'started_at'] as const
const NUMBERS = ['pid', 'workerd_pid'] as const

function isNote(value: unknown): value is ServerNote {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  return TEXTS.every((name) => typeof fields.get(name) === 'string') && NUMBERS.every((name) => typeof fields.get(name) === 'number')
}
