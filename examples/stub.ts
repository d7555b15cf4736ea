/**
 * A local service that gives the answers of the services that the examples call, so that they run without internet. Browsers may ask it too.
 *
 * `/unreliable` and `/Random/200,500` fail half of the time; with EXAMPLE_SEED set, always the same half. Run it alone with
 * `node examples/stub.ts [port]`, and give its address to examples as EXAMPLE_API_URL; otherwise each example starts one of its own.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly type?: string
}

const STARS: Readonly<Record<string, number>> = {
  'PrefectHQ/prefect': 17_756,
  'pydantic/pydantic': 21_613,
  'huggingface/transformers': 136_166,
}
const PRICES: Readonly<Record<string, number>> = { 'air-max-270': 160, 'air-max-terrascape-90': 140, 'pegasus-trail-3-gore-tex': 160 }
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': 'GET, POST',
} as const

/** The address to call: the one that EXAMPLE_API_URL gives, else that of a service started here. It does not keep the process alive. */
export async function exampleApi(): Promise<string> {
  return process.env['EXAMPLE_API_URL'] ?? (await startStub()).url
}

/** Starts the service on a free port, or on the one that is given. */
export async function startStub(port = 0): Promise<{ readonly url: string; close(): void }> {
  const chance = newChance(process.env['EXAMPLE_SEED'])
  const server = createServer((request, response) => send(response, answerTo(request, chance)))
  await new Promise<void>((listening, fail) => server.once('error', fail).listen(port, '127.0.0.1', listening))
  server.unref()
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The service has no port.')
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() }
}

function answerTo(request: IncomingMessage, chance: () => number): Answer {
  const { pathname } = new URL(request.url ?? '/', 'http://stub')
  if (request.method === 'OPTIONS') return { status: 204, body: '' }
  if (pathname === '/unreliable')
    return chance() < 0.5 ? { status: 200, body: { data: 42 } } : { status: 503, body: { error: 'Our unreliable service failed' } }
  if (pathname === '/Random/200,500') return chance() < 0.5 ? text(200, '200 OK') : text(500, '500 Internal Server Error')
  if (pathname === '/v1/forecast') return { status: 200, body: { hourly: { temperature_2m: [10.4, 10.1, 9.8] } } }
  if (pathname.startsWith('/repos/')) return starsOf(pathname.slice('/repos/'.length))
  if (pathname.startsWith('/t/')) return pageOf(pathname)
  if (pathname.startsWith('/services/') && request.method === 'POST') return text(200, 'ok')
  return { status: 404, body: { error: `There is no ${pathname} here.` } }
}

function starsOf(repo: string): Answer {
  const stars = STARS[repo]
  return stars === undefined
    ? { status: 404, body: { message: 'Not Found' } }
    : { status: 200, body: { full_name: repo, stargazers_count: stars } }
}

function pageOf(path: string): Answer {
  const shoe = Object.keys(PRICES).find((name) => path.includes(name))
  if (shoe === undefined) return text(404, 'No such shoe')
  return {
    status: 200,
    body: `<html><body><h1>${shoe}</h1><div class="product-price">$${PRICES[shoe]}</div></body></html>`,
    type: 'text/html',
  }
}

const text = (status: number, body: string): Answer => ({ status, body, type: 'text/plain' })

function send(response: ServerResponse, { status, body, type = 'application/json' }: Answer): void {
  response.writeHead(status, { ...CORS, 'content-type': type, connection: 'close' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Mulberry32 where there is a seed. */
function newChance(seed: string | undefined): () => number {
  if (seed === undefined) return Math.random
  let state = Number(seed)
  return () => {
    let t = (state += 0x6d2b79f5)
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

if (import.meta.main) {
  const { url } = await startStub(Number(process.argv[2] ?? 0))
  console.log(url)
  // The server alone does not keep the process alive.
  setInterval(() => undefined, 2 ** 30)
}
