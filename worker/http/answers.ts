/** Answers of the API: JSON, text and problems. */
import { problem, type Problem, type ProblemCode } from '#sdk/protocol/errors.ts'

type HeaderValues = Readonly<Record<string, string>>

/** Seconds after which a client may try again what an overloaded workspace turned away. */
const RETRY_AFTER_SECONDS = 1

export function refusal({
  code,
  detail,
  headers,
}: {
  readonly code: ProblemCode
  readonly detail: string
  readonly headers?: HeaderValues
}): Response {
  return answerProblem(problem(code, detail), headers)
}

export function answerProblem(body: Problem, headers: HeaderValues = {}): Response {
  const added: Record<string, string> = { 'content-type': 'application/problem+json' }
  if (body.status === 401) added['www-authenticate'] = 'Bearer realm="flowcell"'
  if (body.status === 503) added['retry-after'] = String(RETRY_AFTER_SECONDS)
  return new Response(JSON.stringify(body), { status: body.status, headers: { ...added, ...headers } })
}

export function answerJson(value: unknown, status: number, headers: HeaderValues = {}): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json', ...headers } })
}
