/**
 * The frame of outputs that have a script: a page of ours without an origin of its own, and with a policy that lets out what the notebook's
 * network setting allows.
 *
 * 1. The policy itself has `sandbox`: opened by any other way than our frame it has no origin either.
 * 2. `network` is read as the kernel's is; what is not understood, and nothing at all, is closed.
 */
import type { Env } from '../env.ts'
import { connectSources } from './kernel-page.ts'
import { PAGE_HEADERS } from './security-headers.ts'

const CLOSED =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:"

/** @param network `https:`, `none`, or hosts: what the deployment opens besides is for kernels. */
export function outputPolicy(network: string | null): string {
  const connect = connectSources(network ?? 'none', [])
  const policy = connect === undefined || connect === "'none'" ? CLOSED : open(connect)
  return `${policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts`
}

function open(connect: string): string {
  const from = connect
    .split(' ')
    .filter((source) => !source.startsWith('wss:'))
    .join(' ')
  return `default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' ${from}; style-src 'unsafe-inline' ${from}; img-src ${from} data: blob:; font-src ${from} data:; media-src ${from} data: blob:; connect-src ${connect}`
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
