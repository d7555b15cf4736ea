/**
 * The workspace that the first start makes. Its id, its owner link's secret and its token are kept in `workspace.json` of the
 * data folder (mode 600), because the workspace itself keeps only their hashes.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { ask } from '../../hosts/ask.ts'
import { readJson, writePrivateJson } from './note.ts'
import { refuse, type Refusal } from './refusal.ts'

export interface OwnWorkspace {
  readonly id: string
  /** The fragment of the owner's link. */
  readonly secret: string
  readonly token: string
  /** Fingerprint of the key that signed its id and seals its secrets: under another key the workspace would be unknown. */
  readonly key: string
}

const CREATE_MS = 10_000

export function readWorkspace(data: string): OwnWorkspace | undefined {
  const value = readJson(join(data, 'workspace.json'))
  return isWorkspace(value) ? value : undefined
}

/** Says when the data was made under another key than the one that this start has. */
export function refuseForeignKey(data: string, key: string): Refusal | undefined {
  const known = readWorkspace(data)
  if (known === undefined || known.key === fingerprint(key)) return undefined
  const message = `The workspace in ${data} was made under another key. Start with the FLOWCELL_KEK of then, or without one if it was made without, or choose another folder with --data.`
  return refuse('bad_key', message)
}

/** The workspace of this data folder, made over the server's own API when there is none yet. */
export async function ownWorkspace(data: string, url: string, key: string, adminToken: string): Promise<OwnWorkspace | Refusal> {
  const known = readWorkspace(data)
  if (known !== undefined) return known
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` }
  const reply = await ask(`${url}/api/workspaces`, { method: 'POST', headers, body: '{}', timeoutMs: CREATE_MS })
  const made = reply?.status === 201 ? parse(reply.body, fingerprint(key)) : undefined
  if (made === undefined) {
    const said = reply === undefined ? 'no answer' : `${reply.status} ${reply.body.slice(0, 500)}`
    return refuse('no_workspace', `The server runs, but would not make its first workspace: ${said}`)
  }
  writePrivateJson(join(data, 'workspace.json'), made)
  return made
}

/** The owner's link at the address where the server answers now. */
export function linkOf(url: string, { id, secret }: OwnWorkspace): string {
  return `${url}/w/${id}#k=${secret}`
}

export function apiUrlOf(url: string, { id }: OwnWorkspace): string {
  return `${url}/w/${id}/api`
}

function fingerprint(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16)
}

function parse(body: string, key: string): OwnWorkspace | undefined {
  const { id, link, token }: { id?: unknown; link?: unknown; token?: unknown } = JSON.parse(body)
  if (typeof link !== 'string') return undefined
  const workspace = { id, secret: new URLSearchParams(new URL(link).hash.slice(1)).get('k'), token, key }
  return isWorkspace(workspace) ? workspace : undefined
}

function isWorkspace(value: unknown): value is OwnWorkspace {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  return ['id', 'secret', 'token', 'key'].every((name) => typeof fields.get(name) === 'string')
}
