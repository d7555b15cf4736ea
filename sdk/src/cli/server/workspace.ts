/**
 * The workspace of a data folder, made by the first start. Its id, its owner link's secret and its token are kept in `workspace.json`
 * (mode 600), because the workspace itself keeps only their hashes.
 *
 * 1. A file that cannot be read is never taken for none, and never written over.
 * 2. Where the file is missing, the workspace in `objects` gets a new link and token; which one, when there are several, a person says
 *    with a file that holds the `id` alone.
 * 3. No start prints a link that the workspace does not take: it is asked once.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { ask, type Reply } from '../../hosts/ask.ts'
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

/** What is to be done so that the server has its workspace. */
export type WorkspacePlan =
  | { readonly kind: 'known'; readonly workspace: OwnWorkspace }
  /** It lies in the folder; who owns it was lost. */
  | { readonly kind: 'recover'; readonly id: string }
  | { readonly kind: 'make' }

/** A running server, as its launcher reaches it. */
export interface Reach {
  readonly data: string
  readonly url: string
  readonly key: string
  readonly adminToken: string
  readonly onLog: (line: string) => void
}

const ANSWER_MS = 10_000

/** What the folder says, before anything runs on it. */
export async function planWorkspace(data: string, key: string): Promise<WorkspacePlan | Refusal> {
  const file = fileOf(data)
  const value = readJson(file)
  if (value.kind === 'absent') return planFromObjects(data)
  if (value.kind === 'read' && isWorkspace(value.value)) {
    return value.value.key === fingerprint(key) ? { kind: 'known', workspace: value.value } : foreignKey(data)
  }
  const id = value.kind === 'read' ? idAlone(value.value) : undefined
  if (id !== undefined) return { kind: 'recover', id }
  return refuse(
    'bad_workspace',
    `The file ${file} cannot be read. It holds the link and token of the workspace in ${data}: put a good copy in its place, or ${AWAY}.`,
  )
}

const AWAY = 'move it away and start again; the workspace then gets a new link and token'

async function planFromObjects(data: string): Promise<WorkspacePlan | Refusal> {
  const { hasObjects, storedWorkspaces } = await import('./stored-workspaces.ts')
  if (!hasObjects(data)) return { kind: 'make' }
  const { found, unreadable } = storedWorkspaces(data)
  if (unreadable.length > 0) {
    const message = `There is no ${fileOf(data)}, and these files, one of which may be its workspace, cannot be read: ${unreadable.join(', ')}. Put good copies in their place, or move them away.`
    return refuse('bad_workspace', message)
  }
  const [only, ...others] = found
  if (only === undefined) return { kind: 'make' }
  if (others.length === 0) return { kind: 'recover', id: only.id }
  const names = found.map(({ id, name }) => `${id} (${name})`).join(', ')
  const message = `${data} holds several workspaces, and the file ${fileOf(data)}, which names the one of this server, is missing. Write {"id":"…"} to it with one of these, and start again: ${names}.`
  return refuse('bad_workspace', message)
}

/** The workspace of a running server: asked, made, or given a new link and token. */
export async function ownWorkspace(plan: WorkspacePlan, reach: Reach): Promise<OwnWorkspace | Refusal> {
  if (plan.kind === 'known') return (await refuseUnknown(plan.workspace, reach)) ?? plan.workspace
  const outcome = await (plan.kind === 'make' ? make(reach) : recover(plan.id, reach))
  if (!('kind' in outcome)) writePrivateJson(fileOf(reach.data), outcome, { durable: true })
  return outcome
}

async function refuseUnknown(workspace: OwnWorkspace, { data, url, onLog }: Reach): Promise<Refusal | undefined> {
  const headers = { authorization: `Bearer ${workspace.token}` }
  const reply = await ask(`${apiUrlOf(url, workspace)}/hello`, { headers, timeoutMs: ANSWER_MS })
  const [id, file] = [workspace.id, fileOf(data)]
  if (reply?.status === 200) return undefined
  if (reply?.status === 404) {
    const message = `The workspace ${id} of ${file} is not in ${join(data, 'objects')}. Put that folder back, or move the file away and start again; the server then serves what is there, or a new workspace.`
    return refuse('bad_workspace', message)
  }
  if (reply?.status === 401) {
    const message = `The workspace ${id} does not take the token of ${file}. Put the file of this folder back, or ${AWAY}.`
    return refuse('bad_workspace', message)
  }
  onLog(`The workspace ${id} does not answer as it should: ${saidOf(reply)}. Its file in ${join(data, 'objects')} may be damaged.`)
  return undefined
}

async function make(reach: Reach): Promise<OwnWorkspace | Refusal> {
  const reply = await post(reach, '/api/workspaces')
  const { id, link, token } = fieldsOf(reply)
  const made = ownOf({ id, link, token }, reach.key)
  return made ?? refuse('no_workspace', `The server runs, but would not make its first workspace: ${saidOf(reply)}`)
}

async function recover(id: string, reach: Reach): Promise<OwnWorkspace | Refusal> {
  const link = await post(reach, `/api/workspaces/${id}/links`)
  if (link?.status === 404) {
    const message = `There is no workspace ${id} in ${reach.data}, or it was made under another key: start with the FLOWCELL_KEK or the file "key" of then.`
    return refuse('bad_workspace', message)
  }
  const token = await post(reach, `/api/workspaces/${id}/tokens`)
  const found = ownOf({ id, link: fieldsOf(link).link, token: fieldsOf(token).token }, reach.key)
  if (found === undefined)
    return refuse('no_workspace', `The workspace ${id} would not take a new link and token: ${saidOf(link)}; ${saidOf(token)}`)
  reach.onLog(`The workspace ${id} was found in ${reach.data} and has a new link and token; those of before are still good.`)
  return found
}

function post({ url, adminToken }: Reach, path: string): Promise<Reply | undefined> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` }
  return ask(url + path, { method: 'POST', headers, body: '{}', timeoutMs: ANSWER_MS })
}

/** The owner's link at the address where the server answers now. */
export function linkOf(url: string, { id, secret }: OwnWorkspace): string {
  return `${url}/w/${id}#k=${secret}`
}

export function apiUrlOf(url: string, { id }: OwnWorkspace): string {
  return `${url}/w/${id}/api`
}

const fileOf = (data: string): string => join(data, 'workspace.json')

function foreignKey(data: string): Refusal {
  const message = `The workspace in ${data} was made under another key. Start with the FLOWCELL_KEK of then, or without one if it was made without, or choose another folder with --data.`
  return refuse('bad_key', message)
}

function fingerprint(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16)
}

interface Answered {
  readonly id?: unknown
  readonly link?: unknown
  readonly token?: unknown
}

function fieldsOf(reply: Reply | undefined): Answered {
  return reply?.status === 201 ? JSON.parse(reply.body) : {}
}

const saidOf = (reply: Reply | undefined): string => (reply === undefined ? 'no answer' : `${reply.status} ${reply.body.slice(0, 500)}`)

function ownOf({ id, link, token }: Answered, key: string): OwnWorkspace | undefined {
  if (typeof link !== 'string') return undefined
  const workspace = { id, secret: new URLSearchParams(new URL(link).hash.slice(1)).get('k'), token, key: fingerprint(key) }
  return isWorkspace(workspace) ? workspace : undefined
}

function isWorkspace(value: unknown): value is OwnWorkspace {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  return ['id', 'secret', 'token', 'key'].every((name) => typeof fields.get(name) === 'string')
}

/** A person's word for which workspace is meant. */
function idAlone(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'string') return undefined
  return Object.keys(value).length === 1 && /^[a-z2-7]{20}$/.test(value.id) ? value.id : undefined
}
