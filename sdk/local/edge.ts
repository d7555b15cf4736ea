/**
 * The little of Cloudflare's edge that stands before a Worker, for raw workerd: which Host is ours, who answers first,
 * and the static assets. Runs as its own Worker on this machine only; the product's bundle does not know that it exists.
 *
 * 1. Same answers as Cloudflare's router and asset server for the settings that we use: exact file or Worker,
 *    run_worker_first, `_headers`, ETag and 304 (test/server/parity.test.ts asks `wrangler dev` the same questions).
 * 2. Never reads a path that is not in the manifest, so nothing outside the built folder can be asked for.
 * 3. Files do not change while the server runs: the content hash is the ETag and the key of the memory cache.
 */
import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Asset, Encoding, HeaderRule, Manifest } from './manifest.ts'

interface Env {
  readonly MANIFEST: Manifest
  /** Disk services: the built pages, and their br and gzip twins. */
  readonly FILES: Fetcher
  readonly ENCODED: Fetcher
  readonly WORKER: Fetcher
  /** `host:port` names that this server answers to, comma separated. */
  readonly HOSTS: string
}

/** Answered here, so it proves that the event loop turns without waking an object. Cloudflare keeps /cdn-cgi/ for itself. */
const HEALTH_PATH = '/cdn-cgi/flowcell/health'
const CACHE_CONTROL = 'public, max-age=0, must-revalidate'
const MEMORY_BYTES = 16 * 1024 * 1024
const LARGEST_KEPT_BYTES = 2 * 1024 * 1024
const EXTENSION: Readonly<Record<Encoding, string>> = { br: 'br', gzip: 'gz' }

interface Rules {
  readonly hosts: ReadonlySet<string>
  readonly workerFirst: readonly RegExp[]
  readonly headers: readonly { readonly pattern: RegExp; readonly rule: HeaderRule }[]
}
let rules: Rules | undefined
const memory = new Map<string, ArrayBuffer>()
let memoryBytes = 0

export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    const { hosts, workerFirst } = (rules ??= compile(env))
    const url = new URL(request.url)
    // A page of evil.example whose name was rebound to 127.0.0.1 still sends Host: evil.example.
    if (!hosts.has(url.host)) return problem(421, 'misdirected_request', `This server does not answer to the name ${url.host}.`)
    if (url.pathname === HEALTH_PATH) return new Response('ok')
    if (env.MANIFEST.files[url.pathname] === undefined || workerFirst.some((pattern) => pattern.test(url.pathname)))
      return env.WORKER.fetch(request)
    return serve(request, url.pathname, env, rules)
  },
}

/** What the product's Worker holds as `env.ASSETS`. */
export class Assets extends WorkerEntrypoint<Env> {
  override fetch(request: Request): Response | Promise<Response> {
    return serve(request, new URL(request.url).pathname, this.env, (rules ??= compile(this.env)))
  }
}

async function serve(request: Request, path: string, env: Env, { headers }: Rules): Promise<Response> {
  const response = await answer(request, path, env)
  for (const { pattern, rule } of headers) {
    if (!pattern.test(path)) continue
    for (const name of rule.unset) response.headers.delete(name)
    for (const [name, value] of Object.entries(rule.set)) response.headers.set(name, value)
  }
  return response
}

async function answer(request: Request, path: string, env: Env): Promise<Response> {
  const asset = env.MANIFEST.files[path]
  if (asset === undefined) return new Response(null, { status: 404 })
  if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 })

  const encoding = choose(request.headers.get('accept-encoding'), asset.encodings)
  const headers = new Headers({ 'content-type': asset.type, etag: encoding === undefined ? `"${asset.etag}"` : `W/"${asset.etag}"` })
  if (!request.headers.has('authorization') && !request.headers.has('range')) headers.set('cache-control', CACHE_CONTROL)
  if (asset.encodings.length > 0) headers.set('vary', 'accept-encoding')
  if (isKnown(request.headers.get('if-none-match'), asset.etag)) return new Response(null, { status: 304, headers })
  if (encoding !== undefined) headers.set('content-encoding', encoding)
  const body = request.method === 'HEAD' ? null : await read(env, path, asset, encoding)
  return new Response(body, encoding === undefined ? { headers } : { headers, encodeBody: 'manual' })
}

async function read(env: Env, path: string, asset: Asset, encoding: Encoding | undefined): Promise<ArrayBuffer | ReadableStream | null> {
  const key = `${asset.etag} ${encoding}`
  const kept = memory.get(key)
  if (kept !== undefined) return kept
  const response = await (encoding === undefined
    ? env.FILES.fetch(`http://disk${path}`)
    : env.ENCODED.fetch(`http://disk${path}.${EXTENSION[encoding]}`))
  if (!response.ok) throw new Error(`${path} is in the manifest, but the disk answers ${response.status}.`)
  if (asset.bytes > LARGEST_KEPT_BYTES) return response.body
  const bytes = await response.arrayBuffer()
  if (memoryBytes + bytes.byteLength <= MEMORY_BYTES) {
    memory.set(key, bytes)
    memoryBytes += bytes.byteLength
  }
  return bytes
}

function choose(accepted: string | null, offered: readonly Encoding[]): Encoding | undefined {
  if (accepted === null || offered.length === 0) return undefined
  const wanted = accepted
    .split(',')
    .filter((part) => !/;\s*q=0(\.0+)?\s*$/.test(part))
    .map((part) => part.split(';', 1)[0]?.trim())
  return offered.find((encoding) => wanted.includes(encoding))
}

function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  return ifNoneMatch !== null && ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${etag}"`)
}

function compile(env: Env): Rules {
  const glob = (pattern: string) =>
    new RegExp(
      `^${pattern
        .split('*')
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    )
  return {
    hosts: new Set(env.HOSTS.split(',')),
    workerFirst: env.MANIFEST.workerFirst.map(glob),
    headers: env.MANIFEST.headers.map((rule) => ({ pattern: glob(rule.pattern), rule })),
  }
}

function problem(status: number, code: string, detail: string): Response {
  return Response.json({ status, code, detail }, { status, headers: { 'content-type': 'application/problem+json' } })
}
