/** The pages: static files, under the addresses that people see. */
import type { Env } from '../env.ts'
import { serveKernelPage } from './kernel-page.ts'
import { serveOutputPage } from './output-page.ts'
import { PAGE_HEADERS } from './security-headers.ts'
import { readWorkspaceId } from './workspace-ids.ts'

/** `/`, or a page of the workspace that the address names. Its id is checked here, so an unknown one wakes nothing. */
export async function servePage(env: Env, request: Request, workspace?: string): Promise<Response> {
  if (workspace === undefined) return serve(env, request, '/start.html', 200)
  const known = await readWorkspaceId(env.FLOWCELL_KEK, workspace)
  if (known === undefined) return serve(env, request, '/unknown-workspace.html', 404)
  const { pathname } = new URL(request.url)
  if (pathname === `/w/${workspace}/kernel`) return serveKernelPage(env, request)
  return pathname === `/w/${workspace}/output` ? serveOutputPage(env, request) : serve(env, request, '/app.html', 200)
}

/** The answer to a conditional request is the asset server's own (304). */
async function serve(env: Env, request: Request, file: string, status: 200 | 404): Promise<Response> {
  const asset = await env.ASSETS.fetch(new Request(new URL(file, request.url), request))
  const headers = new Headers(asset.headers)
  for (const [name, value] of Object.entries(PAGE_HEADERS)) headers.set(name, value)
  headers.set('cache-control', 'no-cache')
  // The body is handed on unread: a compressed one stays as it is, because the platform compares its encoding with the header.
  return new Response(asset.body, { status: asset.status === 200 ? status : asset.status, headers })
}
