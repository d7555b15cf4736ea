/** The local edge alone: assets that are large enough to have compressed twins, before a Worker that answers "worker". */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { supervise } from '#sdk/cli/server/supervise.ts'
import { firstAnswer } from '#sdk/cli/server/watch.ts'
import { startWorkerd, type Workerd } from '#sdk/cli/server/workerd.ts'
import { describeAssets } from '../../sdk/scripts/assets.ts'
import { edgeModule } from '../../sdk/scripts/edge-module.ts'
import { serverConfig } from '../../sdk/scripts/server-config.ts'
import { ask, freePort, freshFolder, isAlive } from '../support/server.ts'

const STYLE = 'body { color: black }\n'.repeat(200)
const HEADERS = `# our own
/*
  X-Content-Type-Options: nosniff
/assets/*
  ! X-Content-Type-Options
  Cache-Control: public, max-age=31536000, immutable
`
const WORKER = "export default { fetch: () => new Response('worker') }"

const folder = freshFolder()
let workerd: Workerd
let launchAgain: () => Workerd
let url: string

beforeAll(async () => {
  const web = join(folder.path, 'web')
  const encoded = join(folder.path, 'encoded')
  const data = join(folder.path, 'data')
  for (const path of [join(web, 'assets'), join(folder.path, 'worker'), data]) mkdirSync(path, { recursive: true })
  writeFileSync(join(web, 'assets/style-1a2b.css'), STYLE)
  writeFileSync(join(web, 'small.txt'), 'small')
  writeFileSync(join(web, '_headers'), HEADERS)
  writeFileSync(join(folder.path, 'assets.json'), JSON.stringify(await describeAssets({ web, encoded }, ['/api/*'])))
  writeFileSync(join(folder.path, 'edge.js'), edgeModule())
  writeFileSync(join(folder.path, 'worker/index.js'), WORKER)
  const config = join(folder.path, 'flowcell.capnp')
  writeFileSync(
    config,
    serverConfig({
      compatibilityDate: '2026-10-06',
      compatibilityFlags: [],
      modules: [{ name: 'index.js', path: 'worker/index.js', kind: 'esModule' }],
      objects: [],
      assetsBinding: 'ASSETS',
      variables: [],
    }),
  )
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  url = `http://${address}`
  const { default: binary }: { default: string } = createRequire(import.meta.url)('workerd')
  const environment = { FLOWCELL_HOSTS: address }
  launchAgain = () => startWorkerd({ binary, config, address, folders: { data, files: web, encoded }, environment, onLog: () => undefined })
  workerd = launchAgain()
  const first = await firstAnswer(workerd, url)
  if (first.kind !== 'answered') throw new Error(`the edge did not start: ${JSON.stringify(first)}`)
})
afterAll(async () => {
  workerd.signal('SIGTERM')
  await workerd.exited
  folder[Symbol.dispose]()
})

for (const [accepted, encoding, open] of [
  ['br', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
] as const) {
  test(`[SV14] who accepts ${accepted} gets the file whole in ${encoding}, with its length and a weak ETag`, async () => {
    const plain = await ask(`${url}/assets/style-1a2b.css`)
    const packed = await ask(`${url}/assets/style-1a2b.css`, { headers: { 'accept-encoding': accepted } })
    expect(open(packed.body).toString()).toBe(STYLE)
    expect(packed.headers).toMatchObject({
      'content-encoding': encoding,
      'content-length': String(packed.body.length),
      etag: `W/${plain.headers.etag}`,
      vary: 'accept-encoding',
    })
    expect([plain.text, plain.headers['content-encoding']]).toEqual([STYLE, undefined])
  })
}

test('[SV14] who refuses an encoding gets the plain file, and a small file has no twin', async () => {
  const refused = await ask(`${url}/assets/style-1a2b.css`, { headers: { 'accept-encoding': 'gzip;q=0, br;q=0' } })
  const small = await ask(`${url}/small.txt`, { headers: { 'accept-encoding': 'br' } })
  expect([refused, small].map(({ headers, text }) => [headers['content-encoding'], text])).toEqual([
    [undefined, STYLE],
    [undefined, 'small'],
  ])
})

test('[SV14] the rules of _headers are applied in their order, and taken away by !', async () => {
  const hashed = (await ask(`${url}/assets/style-1a2b.css`)).headers
  const small = (await ask(`${url}/small.txt`)).headers
  expect([hashed, small].map((headers) => [headers['x-content-type-options'], headers['cache-control']])).toEqual([
    [undefined, 'public, max-age=31536000, immutable'],
    ['nosniff', 'public, max-age=0, must-revalidate'],
  ])
})

test('[SV14] what is no file, and what the Worker claims, is the Worker’s', async () => {
  const answers = await Promise.all(['/', '/api/health', '/small', '/_headers', '/assets/'].map((path) => ask(url + path)))
  expect(answers.map(({ text }) => text)).toEqual(answers.map(() => 'worker'))
})

test('[SV15] a workerd that hangs is killed and started again', async () => {
  const hung = workerd
  const log: string[] = []
  const patience = { checkEveryMs: 20, hungAfterMs: 200 }
  const relaunched = Promise.withResolvers<Workerd>()
  const supervisor = supervise(hung, {
    url,
    launch: launchAgain,
    onLaunched: relaunched.resolve,
    onLog: (line) => log.push(line),
    patience,
  })
  process.kill(hung.pid, 'SIGSTOP')
  workerd = await relaunched.promise
  expect(await firstAnswer(workerd, url)).toEqual({ kind: 'answered' })
  expect([isAlive(hung.pid), (await ask(url)).text]).toEqual([false, 'worker'])
  expect(log).toEqual(['workerd has not answered for 0.2 seconds: it is started again.', 'workerd ended (SIGKILL): starting it again.'])
  supervisor.end('SIGTERM')
  await supervisor.closed
})
