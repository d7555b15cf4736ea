/** Why a live socket ended, as code and sentence; imports no schema, because it runs in a thread of its own. */
import { MAX_SOCKETS } from '../protocol/limits.ts'

export interface Failure {
  /** A problem code of the protocol, or `unreachable`. */
  readonly code: string
  readonly detail: string
  /** Final only for a session that has never been greeted: later it may be a proxy between restarts. */
  readonly onlyAtFirst?: true
  /** Why no socket opens now; it may later. */
  readonly isPassing?: true
}

const ANOTHER_CREDENTIAL = 'Set FLOWCELL_API_KEY to a token of this workspace, or choose another profile.'
const FINAL: Readonly<Record<number, (apiUrl: string) => Failure>> = {
  4400: () => ({ code: 'malformed_frame', detail: 'The workspace did not understand the greeting. Are server and SDK of one version?' }),
  4401: (apiUrl) => ({ code: 'unauthenticated', detail: `The workspace at ${apiUrl} does not know this token. ${ANOTHER_CREDENTIAL}` }),
  4403: (apiUrl) => ({ code: 'forbidden', detail: `The token may not do this in the workspace at ${apiUrl}. ${ANOTHER_CREDENTIAL}` }),
  4404: (apiUrl) => ({ code: 'no_such_workspace', detail: `There is no workspace at ${apiUrl}. Check FLOWCELL_API_URL.` }),
  4410: (apiUrl) => ({ code: 'unauthenticated', detail: `The token for the workspace at ${apiUrl} was revoked. ${ANOTHER_CREDENTIAL}` }),
  4426: () => ({
    code: 'protocol_mismatch',
    detail: 'Server and SDK speak different versions of the protocol. Bring both to the same version of Flowcell.',
  }),
}

/** What a closed socket means; final: opening it again is no use. */
export function closeFailure(apiUrl: string, code: number, reason: string): Failure & { readonly final: boolean } {
  const known = FINAL[code]?.(apiUrl)
  const said = reason === '' ? '' : ` (${reason})`
  if (known !== undefined) return { code: known.code, detail: known.detail + said, final: true }
  const tooMany = code === 4429
  const detail = tooMany
    ? `The workspace at ${apiUrl} has too many connections${said}.`
    : `The connection to the workspace at ${apiUrl} was lost${said}.`
  return { code: tooMany ? 'too_many' : 'unreachable', detail, final: false }
}

const PROBE_MS = 5_000
const FINAL_PROBLEMS: Readonly<Record<string, number>> = { unauthenticated: 4401, forbidden: 4403, no_such_workspace: 4404 }

/**
 * Asks the workspace over HTTP why no socket opens: address and credential may be no good; undefined when it does not answer either. Only the workspace's own
 * words end a session: a proxy may answer 404 for a moment.
 */
export async function probe(
  apiUrl: string,
  token: string | undefined,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<Failure | undefined> {
  try {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const answer = await fetch(`${apiUrl}/hello`, { headers, signal: AbortSignal.timeout(PROBE_MS) })
    const problem = jsonOf(await answer.text())
    const said = typeof problem === 'object' && problem !== null && 'code' in problem ? String(problem.code) : ''
    const code = FINAL_PROBLEMS[said]
    if (code !== undefined) return closeFailure(apiUrl, code, '')
    const isApi = answer.ok ? problem !== undefined : answer.status !== 404
    if (!isApi) return { code: 'no_such_route', detail: notAnApi(apiUrl), onlyAtFirst: true }
    return answer.ok ? { code: 'no_socket', detail: noSocket(apiUrl), isPassing: true } : undefined
  } catch {
    return undefined // the server is away: the link goes on trying
  }
}

/** The platform does not even try: the address or the token is mistyped. */
export function unusableAddress(apiUrl: string, error: unknown): Failure {
  const why = error instanceof Error ? error.message : String(error)
  const shown = apiUrl.replace(/#.*$/s, '#…') // the owner's link carries its secret there
  const detail = `No connection can be opened to ${shown} with this token (${why}). ${ADDRESS_LOOKS} FLOWCELL_API_KEY is a token that begins with fc_.`
  return { code: 'unusable_address', detail }
}

const ADDRESS_LOOKS = 'FLOWCELL_API_URL should look like http://127.0.0.1:8787/w/…/api, and'
const notAnApi = (apiUrl: string): string =>
  `${apiUrl} answers, but is no workspace's API. FLOWCELL_API_URL should look like http://127.0.0.1:8787/w/…/api.`
const noSocket = (apiUrl: string): string =>
  `The workspace at ${apiUrl} answers, but opens no live connection: it may have as many as it can (${MAX_SOCKETS}), or something on the way lets no WebSocket through.`

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // a page of somebody else
  }
}
