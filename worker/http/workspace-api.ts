/**
 * `/w/{workspace}/api`: the table of operations as routes. Everything that can be refused without the workspace is refused here: ids that
 * are not ours, requests without credential, bodies that do not fit. The rest is one call to the object.
 */
import { Hono, type Context, type Handler } from 'hono'
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { Operation } from '#sdk/protocol/operation.ts'
import { OPERATIONS, type OperationId } from '#sdk/protocol/operations.ts'
import { SessionCreate, type WorkspaceId } from '#sdk/protocol/workspaces.ts'
import type { Env } from '../env.ts'
import type { CALLER_HEADER, Caller, Outcome } from '../workspace/contract.ts'
import { answerJson, answerProblem, refusal } from './answers.ts'
import { SUBPROTOCOL, credentialOf, isUpgrade, linkCaller, protocolsOf, sessionCookie } from './credentials.ts'
import { docsPage } from './docs-page.ts'
import { workspaceDocument } from './openapi.ts'
import { readInput } from './read-input.ts'
import { readWorkspaceId } from './workspace-ids.ts'

export type WorkspaceHttp = { Bindings: Env; Variables: { workspace: WorkspaceId } }
type WorkspaceContext = Context<WorkspaceHttp>

/** The table with its paths as the router wants them: fixed ones before those with parameters, so that `filter` is never read as an id. */
export const ROUTES: readonly { readonly id: OperationId; readonly operation: Operation; readonly path: string }[] = entries(OPERATIONS)
  .map(([id, operation]) => ({ id, operation, path: operation.path.replace(/(?<=.)\/$/, '') }))
  .toSorted((a, b) => Number(a.path.includes(':')) - Number(b.path.includes(':')))

export const workspaceApi = new Hono<WorkspaceHttp>({ strict: false })

workspaceApi.use(async (c, next) => {
  const workspace = await readWorkspaceId(c.env.FLOWCELL_KEK, c.req.param('workspace') ?? '')
  if (workspace === undefined) return refusal({ code: 'no_such_workspace', detail: 'There is no such workspace on this server.' })
  c.set('workspace', workspace)
  return next()
})

const AT_EDGE: Partial<Record<OperationId, Handler<WorkspaceHttp>>> = {
  'admin.health': () => answerJson(true, 200),
  'admin.openapi': (c) => answerJson(workspaceDocument(apiUrl(c)), 200),
  'admin.docs': (c) => docsPage(workspaceDocument(apiUrl(c))),
  'sessions.create': createSession,
  'live.connect': connect,
}

for (const { id, operation, path } of ROUTES) {
  workspaceApi.on(operation.method, path, AT_EDGE[id] ?? ((c: WorkspaceContext) => perform(c, id, operation)))
  const isLastOfPath = ROUTES.findLast((route) => route.path === path)?.id === id
  if (isLastOfPath) workspaceApi.all(path, (c) => methodNotAllowed(c, path))
}

async function perform(c: WorkspaceContext, id: OperationId, operation: Operation): Promise<Response> {
  const caller = await callerFor(c, operation)
  const { workspace: _, ...params } = c.req.param()
  const input = await readInput(operation, c.req.raw, params)
  return answerOutcome(operation, await object(c).perform({ operation: id, caller, ...input }))
}

async function createSession(c: WorkspaceContext): Promise<Response> {
  const operation = OPERATIONS['sessions.create']
  const input = await readInput(operation, c.req.raw, {})
  const { secret } = SessionCreate.parse(input.body)
  const caller = await linkCaller(secret)
  if (caller === undefined) return refusal({ code: 'unauthenticated', detail: 'The secret of the link is mistyped or cut off.' })
  const answer = answerOutcome(operation, await object(c).perform({ operation: 'sessions.create', caller, ...input }))
  if (answer.ok) answer.headers.append('set-cookie', sessionCookie(c.req.raw, c.var.workspace, secret))
  return answer
}

async function connect(c: WorkspaceContext): Promise<Response> {
  const request = c.req.raw
  const caller = await callerFor(c, OPERATIONS['live.connect'])
  if (!isUpgrade(request)) {
    return refusal({
      code: 'upgrade_required',
      detail: 'This address speaks WebSocket.',
      headers: { upgrade: 'websocket', connection: 'upgrade' },
    })
  }
  const answer = await object(c).fetch(new Request(request.url, { headers: { upgrade: 'websocket', [CALLER]: JSON.stringify(caller) } }))
  if (answer.status !== 101) return new Response(answer.body, answer) // of its own, with headers that can be added to
  if (!protocolsOf(request).includes(SUBPROTOCOL)) return answer
  return new Response(null, { status: 101, webSocket: answer.webSocket, headers: { 'sec-websocket-protocol': SUBPROTOCOL } })
}

/** The object trusts this header: upgrades carry it and nothing else of the request. */
const CALLER: typeof CALLER_HEADER = 'x-flowcell-caller'
const NOBODY: Caller = { kind: 'none', hash: '' }

async function callerFor(c: WorkspaceContext, { role }: Operation): Promise<Caller> {
  if (role === 'public') return NOBODY
  const credential = await credentialOf(c.req.raw, c.var.workspace)
  if (!credential.ok) throw new ProblemError('unauthenticated', credential.detail)
  return credential.caller
}

function answerOutcome({ output }: Operation, outcome: Outcome): Response {
  if (!outcome.ok) return answerProblem(outcome.problem, outcome.headers)
  if (output === null) return new Response(null, { status: outcome.status, headers: outcome.headers ?? {} })
  if (typeof output !== 'string') return answerJson(outcome.output, outcome.status, outcome.headers)
  const headers = { 'content-type': `${output}; charset=utf-8`, ...outcome.headers }
  const body = outcome.output instanceof ReadableStream ? outcome.output : String(outcome.output)
  return new Response(body, { status: outcome.status, headers })
}

function methodNotAllowed(c: WorkspaceContext, path: string): Response {
  const methods = ROUTES.filter((route) => route.path === path).map(({ operation }) => operation.method)
  const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods
  const detail = `${c.req.path} does not take ${c.req.method}; it takes ${allowed.join(', ')}.`
  return refusal({ code: 'method_not_allowed', detail, headers: { allow: allowed.join(', ') } })
}

const object = (c: WorkspaceContext) => c.env.WORKSPACE.getByName(c.var.workspace)
const apiUrl = (c: WorkspaceContext) => `${new URL(c.req.url).origin}/w/${c.var.workspace}/api`

function entries(table: Readonly<Record<OperationId, Operation>>): [OperationId, Operation][] {
  return Object.entries(table) as [OperationId, Operation][] // the keys are the ids by the table's type
}
