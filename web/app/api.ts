/**
 * Calls of the workspace's API by operation id, typed by the protocol's table and free of its schemas.
 *
 * 1. {@link ADDRESSES} repeats method and path of what pages use; the type of the table checks every letter of it.
 * 2. Answers are believed: page and server are one deployment. Reads are tried again when the workspace turns them away in passing.
 */
import { ApiError } from '#sdk/client/errors.ts'
import type { CallInput } from '#sdk/client/http.ts'
import type { OperationId, OperationOutput, Operations } from '#sdk/protocol/operations.ts'

type Address<Id extends OperationId> = `${Operations[Id]['method']} ${Operations[Id]['path']}`

/** Add a line for what a page needs. */
export const ADDRESSES = {
  'sessions.create': 'POST /sessions',
  'sessions.read': 'GET /sessions',
  'flows.read': 'GET /flows/:id',
  'flows.filter': 'POST /flows/filter',
  'flows.paginate': 'POST /flows/paginate',
  'flows.count': 'POST /flows/count',
  'flow_runs.read': 'GET /flow_runs/:id',
  'flow_runs.filter': 'POST /flow_runs/filter',
  'flow_runs.count': 'POST /flow_runs/count',
  'flow_runs.history': 'POST /flow_runs/history',
  'flow_runs.stats': 'POST /flow_runs/stats',
  'flow_runs.task_states': 'POST /flow_runs/task_states',
  'flow_runs.timeline': 'GET /flow_runs/:id/timeline',
  'flow_runs.log': 'GET /flow_runs/:id/log',
  'flow_runs.set_state': 'POST /flow_runs/:id/set_state',
  'flow_runs.bulk_set_state': 'POST /flow_runs/bulk_set_state',
  'flow_runs.delete': 'DELETE /flow_runs/:id',
  'flow_runs.bulk_delete': 'POST /flow_runs/bulk_delete',
  'flow_run_states.list': 'GET /flow_run_states/',
  'flows.recent_runs': 'POST /flows/recent_runs',
  'flows.delete': 'DELETE /flows/:id',
  'task_runs.read': 'GET /task_runs/:id',
  'task_runs.filter': 'POST /task_runs/filter',
  'task_runs.history': 'POST /task_runs/history',
  'task_runs.stats': 'POST /task_runs/stats',
  'task_runs.log': 'GET /task_runs/:id/log',
  'task_runs.delete': 'DELETE /task_runs/:id',
  'task_run_states.list': 'GET /task_run_states/',
  'notebooks.create': 'POST /notebooks/',
  'notebooks.filter': 'POST /notebooks/filter',
  'notebooks.read': 'GET /notebooks/:id',
  'notebooks.operations': 'GET /notebooks/:id/operations',
  'notebooks.read_run': 'GET /notebooks/:id/runs/:cell',
  'notebooks.report_run': 'POST /notebooks/:id/runs',
  'notebooks.delete': 'DELETE /notebooks/:id',
} as const satisfies { readonly [Id in OperationId]?: Address<Id> }

export type PageOperationId = keyof typeof ADDRESSES

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Makes creating safe to repeat. */
  readonly idempotencyKey?: string
  /** The request outlives the page; browsers allow 64 KiB for all of them. */
  readonly keepalive?: boolean
}

/**
 * Calls one operation.
 *
 * @throws ApiError when the workspace refuses or does not answer; its message is a sentence for people.
 */
export type Call = <Id extends PageOperationId>(
  id: Id,
  ...given: Record<never, never> extends CallInput<Id>
    ? [input?: CallInput<Id>, options?: CallOptions]
    : [input: CallInput<Id>, options?: CallOptions]
) => Promise<OperationOutput<Id>>

interface Loose {
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
}

const CALL_TIMEOUT_MS = 30_000
const MAX_TRIES = 3
const PAUSE_MS = 300
/** Turned away before anything was done, or a proxy's word for it. */
const AGAIN: readonly number[] = [429, 502, 503, 504]
const READS = /^GET |\/(filter|paginate|count|history|lateness|stats|task_states|recent_runs)$/

/** @param sleep Waits so many milliseconds before another try; for tests. */
export function createCall(apiUrl: string, sleep = pause): Call {
  const request = async (
    id: PageOperationId,
    { params, query, body }: Loose,
    { signal, idempotencyKey, keepalive = false }: CallOptions,
  ): Promise<unknown> => {
    const address = ADDRESSES[id]
    const [method = 'GET', path = ''] = address.split(' ')
    const url =
      apiUrl + path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(textOf(recordOf(params)[name]))) + queryOf(recordOf(query))
    const headers = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    }
    const init: RequestInit = { method, headers, keepalive, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const isRepeatable = READS.test(address) || idempotencyKey !== undefined
    for (let tries = 1; ; tries++) {
      const answer = await ask(url, init, signal)
      if (isRepeatable && AGAIN.includes(answer.status) && tries < MAX_TRIES) await sleep(PAUSE_MS * 2 ** tries)
      else if (answer.ok) return answer.text === '' ? undefined : jsonOf(answer.text)
      else throw refusal(answer)
    }
  }
  // The table ties input and output to the operation.
  return (id, ...[input, options]) => request(id, input ?? {}, options ?? {}) as Promise<OperationOutput<typeof id>>
}

interface Answer {
  readonly ok: boolean
  readonly status: number
  readonly text: string
}

async function ask(url: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Answer> {
  const signals = [AbortSignal.timeout(CALL_TIMEOUT_MS), ...(signal === undefined ? [] : [signal])]
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.any(signals) })
    return { ok: answer.ok, status: answer.status, text: await answer.text() }
  } catch (error) {
    signal?.throwIfAborted()
    throw new ApiError(
      { code: 'unreachable', status: 0, detail: 'The server does not answer. It may have been stopped, or this computer is offline.' },
      { cause: error },
    )
  }
}

function refusal({ status, text }: Answer): ApiError {
  const problem = jsonOf(text)
  if (typeof problem !== 'object' || problem === null || !('code' in problem) || !('detail' in problem)) {
    return new ApiError({ code: 'unexpected_answer', status, detail: `The server answered ${status}, and not in the words of this API.` })
  }
  const issues = 'errors' in problem && Array.isArray(problem.errors) ? { issues: problem.errors } : {}
  return new ApiError({ code: String(problem.code), status, detail: String(problem.detail), ...issues })
}

function queryOf(query: Readonly<Record<string, unknown>>): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) pairs.append(name, textOf(value))
  return pairs.size === 0 ? '' : `?${pairs.toString()}`
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? { ...value } : {})
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // a page of somebody else, or plain text
  }
}
