/** From a request to what an operation gets: decoded, validated, or refused with a sentence and the place of each fault. */
import type { z } from 'zod'
import { ProblemError, describeProblemIssues, issuesOf, type ProblemIssue } from '#sdk/protocol/errors.ts'
import { MAX_IDEMPOTENCY_KEY_LENGTH, MAX_JSON_DEPTH } from '#sdk/protocol/limits.ts'
import type { Operation } from '#sdk/protocol/operation.ts'

export interface Input {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly idempotencyKey?: string
}

/** @throws ProblemError `malformed_json`, `unsupported_media_type`, `malformed_request` or `invalid_request`. */
export async function readInput(operation: Operation, request: Request, params: Readonly<Record<string, string>>): Promise<Input> {
  const issues: ProblemIssue[] = []
  const input = {
    params: decode(operation.params, params, 'path', issues),
    query: decode(operation.query, readQuery(request.url, operation.query, issues), 'query', issues),
    body: decode(operation.body, await readBody(operation, request), 'body', issues),
  }
  if (issues.length > 0) throw new ProblemError('invalid_request', describeProblemIssues(issues), issues)
  const idempotencyKey = operation.creates === true ? readIdempotencyKey(request) : undefined
  return idempotencyKey === undefined ? input : { ...input, idempotencyKey }
}

/** Reads a JSON body by its schema, outside of the table of operations. @throws ProblemError as {@link readInput}. */
export async function readJson<T extends z.ZodType>(schema: T, request: Request): Promise<z.output<T>> {
  const parsed = schema.safeParse(await readBody({ body: schema, bodyOptional: true }, request))
  if (parsed.success) return parsed.data
  const issues = issuesOf(parsed.error, 'body')
  throw new ProblemError('invalid_request', describeProblemIssues(issues), issues)
}

function decode(schema: z.ZodType | undefined, value: unknown, where: string, issues: ProblemIssue[]): unknown {
  if (schema === undefined) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  issues.push(...issuesOf(parsed.error, where))
  return undefined
}

function readQuery(url: string, schema: z.ZodObject | undefined, issues: ProblemIssue[]): Record<string, string> {
  if (!url.includes('?')) return {}
  const values = new Map<string, string>()
  for (const [name, value] of new URL(url).searchParams) {
    if (values.has(name)) issues.push({ loc: ['query', name], msg: 'given more than once', type: 'duplicate' })
    if (schema === undefined) issues.push({ loc: ['query', name], msg: 'this operation takes no query', type: 'unrecognized_keys' })
    values.set(name, value)
  }
  return Object.fromEntries(values)
}

type Bodied = Pick<Operation, 'body' | 'bodyOptional'>

async function readBody(operation: Bodied, request: Request): Promise<unknown> {
  const bytes = await request.arrayBuffer().catch(bodyBroke)
  if (operation.body === undefined) {
    if (bytes.byteLength > 0) throw new ProblemError('invalid_request', 'This operation takes no body.')
    return undefined
  }
  if (bytes.byteLength === 0) {
    if (operation.bodyOptional === true) return {}
    const missing = { loc: ['body'], msg: 'the body is missing; send JSON', type: 'missing' }
    throw new ProblemError('invalid_request', 'body: the body is missing; send JSON', [missing])
  }
  checkContentType(request.headers.get('content-type'))
  const value = parseJson(bytes)
  return value === null && operation.bodyOptional === true ? {} : value
}

/** The sender went away in the middle: it is nobody's fault here, and nobody hears the answer. */
export function bodyBroke(): never {
  throw new ProblemError('malformed_request', 'The connection ended in the middle of the body.')
}

function checkContentType(contentType: string | null): void {
  const [type = ''] = (contentType ?? 'application/json').split(';')
  if (/^application\/([\w.-]+\+)?json$/i.test(type.trim())) return
  throw new ProblemError('unsupported_media_type', `Bodies are application/json; this one says ${contentType}.`)
}

function parseJson(bytes: ArrayBuffer): unknown {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes))
  } catch (error) {
    throw new ProblemError('malformed_json', `The body is not JSON in UTF-8: ${error instanceof Error ? error.message : 'unreadable'}.`)
  }
  // What recurses over the value later (schemas, the RPC, the database's JSON) has a stack that ends.
  if (isDeeperThan(value, MAX_JSON_DEPTH)) {
    throw new ProblemError('invalid_request', `body: nested deeper than ${MAX_JSON_DEPTH} levels (MAX_JSON_DEPTH)`)
  }
  return value
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1))
}

function readIdempotencyKey(request: Request): string | undefined {
  const key = request.headers.get('idempotency-key') ?? undefined
  if (key === undefined || (key.length > 0 && key.length <= MAX_IDEMPOTENCY_KEY_LENGTH)) return key
  throw new ProblemError('invalid_request', `Idempotency-Key: expected 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH} characters.`)
}
