/** The Worker's face: what holds for every request, and who answers which address. */
import { Hono, type MiddlewareHandler } from 'hono'
import { ProblemError } from '#sdk/protocol/errors.ts'
import { MAX_BODY_BYTES } from '#sdk/protocol/limits.ts'
import { DISK_FULL, isDiskFull } from '../disk-full.ts'
import { answerProblem, refusal } from './answers.ts'
import { deploymentApi } from './deployment-api.ts'
import { limitBody } from './limit-body.ts'
import { servePage } from './pages.ts'
import { API_HEADERS, STRICT_TRANSPORT, addHeaders } from './security-headers.ts'
import { workspaceApi, type WorkspaceHttp } from './workspace-api.ts'

export const app = new Hono<WorkspaceHttp>({ strict: false })

app.use(gate())
app.use(
  limitBody(MAX_BODY_BYTES, () => refusal({ code: 'too_large', detail: `A body may have ${MAX_BODY_BYTES} bytes (MAX_BODY_BYTES).` })),
)
app.route('/api', deploymentApi)
app.route('/w/:workspace/api', workspaceApi)
app.get('/', (c) => servePage(c.env, c.req.raw))
app.get('/w/:workspace/*', (c) => (isApi(c.req.path) ? c.notFound() : servePage(c.env, c.req.raw, c.req.param('workspace'))))
app.notFound((c) => refusal({ code: 'no_such_route', detail: `There is no ${c.req.method} ${c.req.path}.` }))
app.onError((error) => {
  if (error instanceof ProblemError) return answerProblem(error.problem)
  if (isDiskFull(error)) {
    console.error('the disk is full', error)
    return refusal({ code: 'storage_full', detail: DISK_FULL })
  }
  // The platform says so of objects that restart or have too much to do; the request was not at fault.
  const passes = ('overloaded' in error && error.overloaded === true) || ('retryable' in error && error.retryable === true)
  console.error(passes ? 'workspace unreachable' : 'unexpected', error)
  if (passes) return refusal({ code: 'overloaded', detail: 'The workspace did not answer. Try again in a moment.' })
  return refusal({ code: 'unexpected', detail: 'Something went wrong on the server; it is in its log.' })
})

/** What holds for every request: an address that can be read, no page of another origin, and the headers of every answer. */
function gate(): MiddlewareHandler {
  return async (c, next) => {
    const { url } = c.req
    // Pages are served at any address: their own router says which leads nowhere.
    const refused = (isPage(c.req.path) ? undefined : refuseUnreadable(url)) ?? refuseForeign(url, c.req.header('origin'))
    if (refused === undefined) await next()
    else c.res = refused
    if (c.res.status === 101) return // a socket's answer cannot be copied
    addHeaders(c.res.headers, API_HEADERS)
    if (url.startsWith('https:')) c.res.headers.set('Strict-Transport-Security', STRICT_TRANSPORT)
  }
}

/** `%E0%A4%A` in a path or query stands for nothing. */
function refuseUnreadable(url: string): Response | undefined {
  if (!url.includes('%')) return undefined
  const { pathname, search } = new URL(url)
  try {
    decodeURIComponent(pathname)
    decodeURIComponent(search)
    return undefined
  } catch {
    return refusal({ code: 'malformed_request', detail: 'The address has a percent sign that encodes no UTF-8.' })
  }
}

/** A page of another origin may not act here, whatever it carries. */
function refuseForeign(url: string, origin: string | undefined): Response | undefined {
  if (origin === undefined || origin === new URL(url).origin) return undefined
  return refusal({ code: 'foreign_origin', detail: `Requests of pages from ${origin} are refused.` })
}

const isApi = (path: string): boolean => /^\/w\/[^/]+\/api(\/|$)/.test(path)
const isPage = (path: string): boolean => path.startsWith('/w/') && !isApi(path)
