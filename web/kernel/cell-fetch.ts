/**
 * `fetch` inside cells: "Failed to fetch" becomes a sentence that says why, as far as a page may know; a cell that is stopped stops its requests.
 *
 * A platform tells nobody why a request failed. So what can be asked again without consequences (GET and HEAD) is asked once more without
 * wanting to read the answer: where that comes, the server is there and does not let pages read it.
 */

export interface FetchPorts {
  /** Aborts when the cell that asks is stopped. */
  readonly signal: () => AbortSignal | undefined
  /** The platform's own timer. */
  readonly later: (ms: number, work: () => void) => void
}

const PROBE_MS = 5_000

/** Replaces `fetch` of this realm. */
export function explainFetch({ signal, later }: FetchPorts): void {
  const native = globalThis.fetch.bind(globalThis)
  const blocked = new Set<string>()
  addEventListener('securitypolicyviolation', ({ blockedURI }) => blocked.add(blockedURI))

  /** A violation is told in a task of its own, maybe after the refusal. */
  const isBlocked = async ({ href, origin }: URL): Promise<boolean> => {
    await new Promise<void>((resolve) => later(0, resolve))
    return [...blocked].some((address) => address === href || address === origin || address.startsWith(`${origin}/`))
  }
  const isThere = async (url: URL): Promise<boolean> => {
    try {
      await native(url, { mode: 'no-cors', credentials: 'omit', redirect: 'follow', signal: AbortSignal.timeout(PROBE_MS) })
      return true
    } catch {
      return false // that it is not there is what was asked
    }
  }
  const explain = async (request: Request, error: TypeError): Promise<Error> => {
    const url = new URL(request.url)
    if (await isBlocked(url)) {
      const message = `This notebook may not reach ${url.host}: its network setting does not allow it. Only secure addresses (https:) are open by default.`
      return new TypeError(message, { cause: error })
    }
    const isAskable = request.method === 'GET' || request.method === 'HEAD'
    const there = isAskable ? await isThere(url) : undefined
    if (there === true) return new TypeError(`${corsSentence(url)} Ask a server that sends Access-Control-Allow-Origin.`, { cause: error })
    if (there === false) return new TypeError(`The server at ${url.host} could not be reached.`, { cause: error })
    return new TypeError(`${corsSentence(url)} Or it could not be reached.`, { cause: error })
  }

  const explained = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const stop = signal()
    const own = init.signal ?? (input instanceof Request ? input.signal : undefined)
    const both = stop === undefined ? own : own === null || own === undefined ? stop : AbortSignal.any([own, stop])
    const request = new Request(input, { ...init, ...(both !== undefined && { signal: both }) })
    try {
      return await native(request)
    } catch (error) {
      if (!(error instanceof TypeError) || both?.aborted === true) throw error
      throw placedAs(await explain(request, error), error)
    }
  }
  globalThis.fetch = explained
}

/** What explains it was made after a wait, when nobody could tell any more which line had asked. */
function placedAs(told: Error, error: Error): Error {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  told.stack = [`${told.name}: ${told.message}`, ...frames].join('\n')
  return told
}

const corsSentence = ({ host }: URL): string => `The server at ${host} did not allow pages to read its answer (CORS).`
