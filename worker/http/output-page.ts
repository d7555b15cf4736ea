/**
 * The frame of outputs that have a script: a page of ours without an origin of its own, and with a policy that lets nothing out unless the notebook's
 * network is open.
 *
 * 1. The policy itself has `sandbox`: opened by any other way than our frame it has no origin either.
 * 2. Whatever is asked for, anything but `network=https:` is closed.
 */
import type { Env } from '../env.ts'
import { PAGE_HEADERS } from './security-headers.ts'

const CLOSED =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:"
const OPEN =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' https:; style-src 'unsafe-inline' https:; img-src https: data: blob:; font-src https: data:; media-src https: data: blob:; connect-src https: wss:"

export function outputPolicy(network: string | null): string {
  return `${network === 'https:' ? OPEN : CLOSED}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts`
}

/** `/w/{ws}/output?network=…`; the workspace is known. */
export async function serveOutputPage(env: Env, request: Request): Promise<Response> {
  const asset = await env.ASSETS.fetch(new URL('/output.html', request.url).href)
  const headers = {
    ...PAGE_HEADERS,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': outputPolicy(new URL(request.url).searchParams.get('network')),
    'Cache-Control': 'no-cache',
  }
  return new Response(await asset.text(), { status: asset.status, headers })
}
