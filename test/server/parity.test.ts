/** The same questions to the local edge and to `npm run dev`: who answers, with which status, headers and body. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../support/repository.ts'
import { ask, freePort, freshFolder, launch, until, type Answer, type Request, type Running } from '../support/server.ts'

const folder = freshFolder()
let server: Running
let dev: { readonly url: string; readonly stop: () => Promise<void> }

beforeAll(async () => {
  server = await launch(folder.path)
  dev = await startDev(join(folder.path, 'dev'))
})
afterAll(async () => {
  await Promise.all([server.stop(), dev.stop()])
  folder[Symbol.dispose]()
})

const QUESTIONS: readonly (Request & { readonly path: string })[] = [
  { path: '/favicon.svg' },
  { path: '/favicon.svg', method: 'HEAD' },
  { path: '/favicon.svg', method: 'POST' },
  { path: '/robots.txt' },
  { path: '/robots.txt', headers: { authorization: 'Bearer x' } },
  { path: '/robots.txt', headers: { range: 'bytes=0-3' } },
  { path: '/page.js' },
  { path: '/page.js', headers: { 'accept-encoding': 'br' } },
  { path: '/page.js', headers: { 'accept-encoding': 'gzip' } },
  { path: '/start.html' },
  { path: '/start' },
  { path: '/' },
  { path: '/', headers: { 'accept-encoding': 'br' } },
  { path: '/?a=1' },
  { path: '/w/aaaaaaaaaaaaaaaaaaaa' },
  { path: '/w/aaaaaaaaaaaaaaaaaaaa/runs/flow-run/x' },
  { path: '/w/aaaaaaaaaaaaaaaaaaaa/api/flows/filter', method: 'POST' },
  { path: '/_headers' },
  { path: '/.dev.vars' },
  { path: '/../package.json' },
  { path: '/%2e%2e/package.json' },
  { path: '/nope.js' },
  { path: '/api/health' },
  { path: '/api/nope' },
]

for (const { path, ...request } of QUESTIONS) {
  test(`[SV13] ${request.method ?? 'GET'} ${path} ${JSON.stringify(request.headers ?? {})} is answered as on Cloudflare's own runtime`, async () => {
    const [ours, theirs] = await Promise.all([ask(server.note.url + path, request), ask(dev.url + path, request)])
    expect(comparable(ours)).toEqual(comparable(theirs))
  })
}

test('[SV13] a known ETag is 304, strong, weak or one of many', async () => {
  const { etag } = (await ask(`${server.note.url}/favicon.svg`)).headers
  const known = [`${etag}`, `W/${etag}`, `"other", ${etag}`]
  const answers = await Promise.all(known.map((tag) => ask(`${server.note.url}/favicon.svg`, { headers: { 'if-none-match': tag } })))
  expect(answers.map(({ status, body }) => [status, body.length])).toEqual(known.map(() => [304, 0]))
})

/** Ours and theirs differ in the hash of an ETag, in connection details and in what only a cache says. */
function comparable({ status, headers, body }: Answer): unknown {
  const {
    date: _,
    connection: _c,
    'keep-alive': _k,
    'transfer-encoding': _t,
    'content-length': _l,
    'cf-cache-status': _s,
    vary: _v,
    ...rest
  } = headers
  const open = body.length === 0 ? undefined : OPENERS[headers['content-encoding'] ?? '']
  const text = (open === undefined ? body : open(body)).toString()
  return { status, ...rest, etag: headers.etag === undefined ? undefined : 'present', text }
}

const OPENERS: Readonly<Record<string, (body: Buffer) => Buffer>> = { br: brotliDecompressSync, gzip: gunzipSync }

async function startDev(state: string): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = [
    'sdk/scripts/dev.ts',
    '--port',
    `${port}`,
    '--persist-to',
    state,
    '--inspector-port',
    '0',
    '--show-interactive-dev-session=false',
  ]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (log += part))
  const exited = new Promise<void>((settle) => child.on('close', () => settle()))
  const answers = (): Promise<boolean> =>
    ask(`${url}/api/health`).then(
      ({ status }) => status === 200,
      () => false,
    )
  await Promise.race([
    until(answers, 25_000).catch(() => Promise.reject(new Error(`wrangler dev does not answer:\n${log}`))),
    exited.then(() => Promise.reject(new Error(`wrangler dev ended:\n${log}`))),
  ])
  const stop = (): Promise<void> => {
    child.kill('SIGTERM')
    return exited
  }
  return { url, stop }
}
