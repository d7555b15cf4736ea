/** A client of the Worker under test: workspaces with their credentials, and requests as programs and pages send them. */
import { exports } from 'cloudflare:workers'
import type { WorkspaceCreated } from '#sdk/protocol/workspaces.ts'
import type { Problem } from '#sdk/protocol/errors.ts'

export const ORIGIN = 'https://flowcell.test'

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  readonly body?: BodyInit
}

/** One request to the Worker; `path` begins with a slash, or is a whole address. */
export function ask(path: string, { method, headers = {}, json, body }: Ask = {}): Promise<Response> {
  const sent = json === undefined ? body : JSON.stringify(json)
  const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' }
  const init = {
    method: method ?? (sent === undefined ? 'GET' : 'POST'),
    headers: { ...type, ...headers },
    ...(sent === undefined ? {} : { body: sent }),
  }
  return exports.default.fetch(new Request(path.startsWith('/') ? ORIGIN + path : path, init))
}

export interface Client extends WorkspaceCreated {
  /** The secret of the owner's link. */
  readonly secret: string
  /** A request below `/w/{id}/api`, with the token unless it brings an Authorization header of its own. */
  readonly api: (path: string, request?: Ask) => Promise<Response>
}

export async function createWorkspace(name?: string): Promise<Client> {
  const response = await ask('/api/workspaces', { json: name === undefined ? {} : { name } })
  if (response.status !== 201) throw new Error(`no workspace: ${response.status} ${await response.text()}`)
  const created: WorkspaceCreated = await response.json()
  const secret = new URL(created.link).hash.replace('#k=', '')
  const bearer = { authorization: `Bearer ${created.token}` }
  return {
    ...created,
    secret,
    api: (path, request = {}) => ask(`/w/${created.id}/api${path}`, { ...request, headers: { ...bearer, ...request.headers } }),
  }
}

/** A request without any credential. */
export const askAnonymously = ({ id }: Client, path: string, request?: Ask): Promise<Response> => ask(`/w/${id}/api${path}`, request)

export async function problemOf(response: Response): Promise<Problem> {
  const body: Problem = await response.json()
  if (response.headers.get('content-type') !== 'application/problem+json') throw new Error(`no problem document: ${JSON.stringify(body)}`)
  return body
}

/** `[status, code]` of a refusal. */
export async function refusalOf(response: Response): Promise<readonly [number, string]> {
  const { code } = await problemOf(response)
  return [response.status, code]
}
