/**
 * The typed client: one call per operation of the protocol's table.
 *
 * 1. A call is tried again only where trying twice changes nothing: reads, `PUT`, creating with an idempotency key, and what the server
 *    turned away before it acted (429).
 * 2. Every wait is bounded: {@link MAX_TRIES} tries, each at most {@link CALL_TIMEOUT_MS}, and no pause above {@link MAX_PAUSE_MS}.
 */
import { Problem } from '../protocol/errors.ts'
import type { Operation } from '../protocol/operation.ts'
import { OPERATIONS, type OperationId, type OperationOutput, type OperationRequest, type Operations } from '../protocol/operations.ts'
import { ApiError, unreachable } from './errors.ts'

type Part = 'params' | 'query' | 'body'
type OptionalPart<Id extends OperationId, Key extends Part> = Key extends 'body'
  ? Operations[Id] extends { readonly bodyOptional: true }
    ? true
    : false
  : Record<never, never> extends OperationRequest<Id>[Key]
    ? true
    : false
type Given<Id extends OperationId> = {
  [Key in Part as OperationRequest<Id>[Key] extends undefined ? never : Key]: OperationRequest<Id>[Key]
}
type OptionalKeys<Id extends OperationId> = {
  [Key in keyof Given<Id>]: Key extends Part ? (OptionalPart<Id, Key> extends true ? Key : never) : never
}[keyof Given<Id>]
/** What a call is given: exactly the parts that the operation has; a body or query that may be left out is optional. */
export type CallInput<Id extends OperationId> = Readonly<Omit<Given<Id>, OptionalKeys<Id>> & Partial<Pick<Given<Id>, OptionalKeys<Id>>>>

/** Operations that answer over plain HTTP. */
export type CallableId = Exclude<OperationId, 'live.connect'>

export interface CallOptions {
  /** Makes creating safe to repeat: the same key answers the first answer. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

export interface ClientOptions {
  /** Such as `http://127.0.0.1:8787/w/…/api`. */
  readonly apiUrl: string
  readonly token?: string | undefined
  readonly fetch?: typeof globalThis.fetch
  /** Waits so many milliseconds; for tests. */
  readonly sleep?: (ms: number) => Promise<void>
  /** Chance in [0, 1); for tests. */
  readonly random?: () => number
}

export interface Client {
  readonly apiUrl: string
  /**
   * Calls one operation.
   *
   * @throws ApiError when the workspace refuses or does not answer.
   * @example
   * const run = await client.call('flow_runs.read', { params: { id } })
   */
  call<Id extends CallableId>(
    id: Id,
    ...given: Record<never, never> extends CallInput<Id>
      ? [input?: CallInput<Id>, options?: CallOptions]
      : [input: CallInput<Id>, options?: CallOptions]
  ): Promise<OperationOutput<Id>>
}

const MAX_TRIES = 4
const CALL_TIMEOUT_MS = 30_000
const MAX_PAUSE_MS = 30_000
const FIRST_PAUSE_MS = 250
const AGAIN: readonly number[] = [429, 502, 503, 504]

interface Reply {
  readonly ok: boolean
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
}

interface Loose {
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
}

export function createClient(options: ClientOptions): Client {
  const apiUrl = options.apiUrl.replace(/\/+$/, '')
  const send = options.fetch ?? globalThis.fetch
  const random = options.random ?? Math.random
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)))

  const attempt = async (operation: Operation, url: string, init: RequestInit): Promise<Reply | ApiError> => {
    const signals = [AbortSignal.timeout(CALL_TIMEOUT_MS), ...(init.signal ? [init.signal] : [])]
    try {
      const answer = await send(url, { ...init, method: operation.method, signal: AbortSignal.any(signals) })
      return { ok: answer.ok, status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() }
    } catch (error) {
      init.signal?.throwIfAborted()
      return new ApiError({ code: 'unreachable', status: 0, detail: unreachable(apiUrl, reasonOf(error)) }, { cause: error })
    }
  }

  const request = async (id: CallableId, input: Loose, { idempotencyKey, signal }: CallOptions): Promise<unknown> => {
    const operation: Operation = OPERATIONS[id]
    const url = apiUrl + pathOf(operation, recordOf(input.params)) + queryOf(recordOf(input.query))
    const init = requestInit(options.token, input.body, idempotencyKey, signal)
    const repeatable = isRepeatable(operation, idempotencyKey)
    for (let tries = 1; ; tries++) {
      const answer = await attempt(operation, url, init)
      const mayRepeat = tries < MAX_TRIES && (repeatable || answer.status === 429)
      const pause = mayRepeat ? pauseBefore(answer, tries, random) : undefined
      if (pause !== undefined) {
        await sleep(pause)
        continue
      }
      if (answer instanceof ApiError) throw answer
      if (!answer.ok) throw refusal(apiUrl, answer)
      return read(operation, answer)
    }
  }

  return {
    apiUrl,
    // The table ties input and output to the operation; `request` checks the output against that table's schema.
    call: (id, ...[input, callOptions]) => request(id, input ?? {}, callOptions ?? {}) as Promise<OperationOutput<typeof id>>,
  }
}

/** Milliseconds before the next try; undefined when there shall be none. */
function pauseBefore(answer: Reply | ApiError, tries: number, random: () => number): number | undefined {
  const spread = random() * FIRST_PAUSE_MS * 2 ** (tries - 1)
  if (answer instanceof ApiError) return spread
  if (!AGAIN.includes(answer.status)) return undefined
  const wanted = retryAfterMs(answer.retryAfter)
  if (wanted === undefined) return spread
  return wanted > MAX_PAUSE_MS ? undefined : wanted + spread
}

function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}

function isRepeatable(operation: Operation, key: string | undefined): boolean {
  if (operation.method === 'GET' || operation.method === 'PUT' || operation.role === 'viewer') return true
  return operation.creates === true && key !== undefined
}

function requestInit(token: string | undefined, body: unknown, key: string | undefined, signal: AbortSignal | undefined): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  if (key !== undefined) headers['idempotency-key'] = key
  if (body !== undefined) headers['content-type'] = 'application/json'
  return { headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal === undefined ? {} : { signal }) }
}

function pathOf(operation: Operation, params: Readonly<Record<string, unknown>>): string {
  return operation.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(textOf(params[name])))
}

function queryOf(query: Readonly<Record<string, unknown>>): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) pairs.append(name, textOf(value))
  return pairs.size === 0 ? '' : `?${pairs.toString()}`
}

function read(operation: Operation, { status, text }: Reply): unknown {
  if (operation.output === null) return undefined
  if (typeof operation.output === 'string') return text
  const parsed = operation.output.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`
  const detail = `${operation.method} ${operation.path} was answered with something else than this version of Flowcell expects${where}. Are server and SDK of one version?`
  throw new ApiError({ code: 'unexpected_answer', status, detail })
}

function refusal(apiUrl: string, { status, text }: Reply): ApiError {
  const problem = Problem.safeParse(jsonOf(text))
  if (!problem.success) {
    const said = text.slice(0, 300).trim() || 'nothing more'
    return new ApiError({ code: 'unexpected_answer', status, detail: `The server at ${apiUrl} answered ${status}: ${said}` })
  }
  const { code, detail, errors } = problem.data
  return new ApiError({ code, status, detail, ...(errors === undefined ? {} : { issues: errors }) })
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? { ...value } : {})

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no JSON: the caller says so with the text itself
  }
}

/** `connect ECONNREFUSED 127.0.0.1:8787`, which undici hides in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message
  return cause instanceof Error ? cause.message : error.message
}
