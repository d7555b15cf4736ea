/**
 * Who asks: reads the credential of a request, checks its form and hashes it. Whether it counts, and as which role, is found out by the
 * workspace's object in the commit that acts.
 *
 * 1. A request with an `Authorization` header is judged by it alone; a bad one never falls back to the cookie.
 * 2. A cookie counts only on requests that a page of this very origin made (Origin, or Sec-Fetch-Site on reads without Origin).
 * 3. A token never stands in an address.
 */
import type { WorkspaceId } from '#sdk/protocol/workspaces.ts'
import { SESSION_COOKIE_SECONDS } from '#sdk/protocol/limits.ts'
import type { Caller } from '../workspace/contract.ts'
import { hashOf, type SecretKind } from './secrets.ts'

export type Credential = { readonly ok: true; readonly caller: Caller } | { readonly ok: false; readonly detail: string }

const BASIC_USER = 'flowcell'
/** The subprotocol of our socket; a program adds `token.{token}` as a second one, because browsers' sockets can send nothing else. */
export const SUBPROTOCOL = 'flowcell'
const TOKEN_PROTOCOL = 'token.'

const MISSING = 'This needs a credential: send "Authorization: Bearer fc_…", or open the link of the workspace in this browser.'
const MISTYPED = 'The token is mistyped or cut off: it has the form fc_ and 38 characters, the last six of them a checksum.'
const UNREADABLE = 'The Authorization header is neither "Bearer {token}" nor Basic with the user "flowcell" and the token as password.'
const NOT_OUR_PAGE = "The session cookie counts only on requests that this server's own pages make."

export async function credentialOf(request: Request, workspace: WorkspaceId): Promise<Credential> {
  const authorization = request.headers.get('authorization')
  if (authorization !== null) return callerWith('token', tokenIn(authorization))
  const offered = protocolsOf(request)
  const token = offered.find((name) => name.startsWith(TOKEN_PROTOCOL))
  if (token !== undefined && offered.includes(SUBPROTOCOL)) return callerWith('token', token.slice(TOKEN_PROTOCOL.length))
  const cookie = cookieOf(request, cookieName(request, workspace))
  if (cookie === undefined) return { ok: false, detail: MISSING }
  return isFromOurPage(request) ? callerWith('link', cookie) : { ok: false, detail: NOT_OUR_PAGE }
}

/** The caller that a link's secret makes, when it has the form of one. */
export async function linkCaller(secret: string): Promise<Caller | undefined> {
  const hash = await hashOf('link', secret)
  return hash === undefined ? undefined : { kind: 'link', hash }
}

/** The text after `Bearer`, or undefined. */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer +([^ ]+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1]
}

export function protocolsOf(request: Request): readonly string[] {
  return (request.headers.get('sec-websocket-protocol') ?? '').split(',').map((name) => name.trim())
}

/** `Set-Cookie` for a link's secret that was exchanged. */
export function sessionCookie(request: Request, workspace: WorkspaceId, secret: string): string {
  const name = cookieName(request, workspace)
  const scope = isEncrypted(request) ? 'Path=/; Secure' : `Path=/w/${workspace}`
  return `${name}=${secret}; Max-Age=${SESSION_COOKIE_SECONDS}; ${scope}; HttpOnly; SameSite=Strict`
}

/**
 * `__Host-` binds a cookie to this very host and to TLS. Browsers that take it on http://127.0.0.1 are not all of them, so plain HTTP gets
 * a bare name; there the path keeps it from servers on other ports of this machine, which cookies do not tell apart.
 */
function cookieName(request: Request, workspace: WorkspaceId): string {
  return `${isEncrypted(request) ? '__Host-' : ''}fc-${workspace}`
}

const isEncrypted = (request: Request): boolean => new URL(request.url).protocol === 'https:'

function isFromOurPage(request: Request): boolean {
  const origin = request.headers.get('origin')
  if (origin !== null) return origin === new URL(request.url).origin
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const site = request.headers.get('sec-fetch-site')
  return isRead && !isUpgrade(request) && (site === 'same-origin' || site === 'none')
}

export const isUpgrade = (request: Request): boolean => request.headers.get('upgrade')?.toLowerCase() === 'websocket'

function tokenIn(authorization: string): string | undefined {
  const [, scheme, value = ''] = /^(Bearer|Basic) +([^ ]+) *$/i.exec(authorization) ?? []
  if (scheme?.toLowerCase() !== 'basic') return scheme === undefined ? undefined : value
  const [, user, password] = /^([^:]*):(.*)$/s.exec(decodeBase64(value)) ?? []
  return user === BASIC_USER ? password : undefined
}

async function callerWith(kind: SecretKind, secret: string | undefined): Promise<Credential> {
  if (secret === undefined) return { ok: false, detail: UNREADABLE }
  const hash = await hashOf(kind, secret)
  if (hash === undefined) return { ok: false, detail: kind === 'token' ? MISTYPED : MISSING }
  return { ok: true, caller: { kind, hash } }
}

function cookieOf(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}

function decodeBase64(text: string): string {
  try {
    return atob(text)
  } catch {
    return ''
  }
}
