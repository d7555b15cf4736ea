/** What pages carry: counted in bytes and requests, over a real connection and in what the build has put together. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { root } from '../support/repository.ts'
import { workspacePages, type TestWorkspace } from './workspace-page.ts'

const KIB = 1024
/** To the first paint of a notebook for reading: HTML, style, scripts, data. */
const READING_BYTES = 120 * 1000
/** Two files that are kept for ever. */
const FONT_BYTES = 92 * 1000

const site = workspacePages()

describe('what the build puts together', () => {
  const app = join(root, 'sdk/server/web/app')
  const textOf = (name: string): string => readFileSync(join(app, name), 'utf8')

  /** The scripts of a page: what it imports, at once or lazily, over however many files. Workers are started by address and are not among them. */
  function pageScripts(): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    const visit = (name: string): void => {
      if (found.has(name)) return
      const text = textOf(name)
      found.set(name, text)
      for (const [, next = ''] of text.matchAll(/(?:from|import)\s*\(?\s*"\/app\/([^"]+\.js)"/g)) visit(next)
    }
    visit(/src="\/app\/(app-[^"]+\.js)"/.exec(readFileSync(join(root, 'sdk/server/web/app.html'), 'utf8'))?.[1] ?? '')
    return found
  }
  /** Names that stay in a library's code however it is made small. */
  const MARKS = { zod: '_zod', 'the parser': 'BABEL_PARSER', 'the language service': 'Cannot_find_name_0' }

  test('[SH14] the marks that tell a library are in the Workers that carry it', () => {
    const bundle = (stem: string): string => textOf(readdirSync(app).find((name) => name.startsWith(`${stem}-`)) ?? '')
    expect([
      bundle('zod').includes(MARKS.zod),
      bundle('compiler-worker').includes(MARKS['the parser']),
      bundle('types-worker').includes(MARKS['the language service']),
    ]).toEqual([true, true, true])
  })

  test.each(Object.entries(MARKS))('[SH14] no script of a page carries %s', (_, mark) => {
    const scripts = pageScripts()
    expect(scripts.size).toBeGreaterThan(5)
    expect([...scripts].filter(([, text]) => text.includes(mark)).map(([name]) => name)).toEqual([])
  })

  test('[SH14] the Worker of the socket stays small and carries no schema', () => {
    const [name = ''] = readdirSync(app).filter((one) => one.startsWith('live-worker-'))
    expect([gzipSync(textOf(name)).byteLength < 5 * KIB, textOf(name).includes(MARKS.zod)]).toEqual([true, false])
  })
})

describe('what goes over the wire', () => {
  interface Load {
    /** Addresses without hash and workspace, in their order. */
    readonly requests: readonly string[]
    readonly bytes: number
    readonly fontBytes: number
  }

  /** Everything that had come when `ready` was seen for the first time, gzip, over an empty cache; what is asked for after that is not counted. */
  async function load(path: string, ready: string, workspace: TestWorkspace): Promise<Load> {
    const first = await site.open('/nothing/here', { workspace })
    const { page } = await site.open(path, {
      beside: first,
      prepare: async (fresh) => {
        await fresh.route('**/*', (route) => route.continue({ headers: { ...route.request().headers(), 'accept-encoding': 'gzip' } }))
        await fresh.addInitScript(MARK_WHEN_SEEN, ready)
      },
    })
    await expect.poll(() => page.evaluate<boolean>(`performance.getEntriesByName('seen').length > 0`)).toBe(true)
    const found = await page.evaluate<{ name: string; bytes: number }[]>(`(() => {
      const seenAt = performance.getEntriesByName('seen')[0].startTime
      return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter(({ responseEnd }) => responseEnd > 0 && responseEnd <= seenAt).map(({ name, transferSize }) => ({ name, bytes: transferSize }))
    })()`)
    const requests = found.map(({ name }) => new URL(name).pathname.replace(/-[A-Z0-9]{8}\./, '.').replace(/^\/w\/[^/]+/, ''))
    const isFont = ({ name }: { name: string }): boolean => name.endsWith('.woff2')
    const sum = (some: readonly { bytes: number }[]): number => some.reduce((all, { bytes }) => all + bytes, 0)
    return { requests, bytes: sum(found.filter((one) => !isFont(one))), fontBytes: sum(found.filter(isFont)) }
  }

  test('[SH14] the shell alone comes in few requests and few bytes', async () => {
    const { requests, bytes, fontBytes } = await load('/nothing/here', 'h1', await site.createWorkspace())
    // The Worker of the socket is asked for at once, and may come before or after.
    const scripts = requests.filter((request) => request.endsWith('.js') && request !== '/app/live-worker.js')
    expect(scripts).toEqual(['/app/theme-first.js', '/app/app.js'])
    expect(requests.length).toBeLessThanOrEqual(8)
    expect(bytes).toBeLessThan(45 * 1000)
    expect(fontBytes).toBeLessThan(FONT_BYTES)
  })

  test('[SH14] a notebook for reading comes in at most 120 KB of gzip beside its fonts, all requests counted', async () => {
    const workspace = await site.createWorkspace()
    const notebooks = await workspace.api<{ id: string }[]>('/notebooks/filter', {})
    const { requests, bytes, fontBytes } = await load(`/notebooks/notebook/${notebooks[0]?.id ?? ''}`, '.cell', workspace)
    expect(requests.filter((request) => /editor|compiler|kernel|types|katex|zod/.test(request))).toEqual([])
    expect(requests.length).toBeLessThanOrEqual(20)
    expect(bytes).toBeLessThan(READING_BYTES)
    expect(fontBytes).toBeLessThan(FONT_BYTES)
  })
})

/** Runs in the page before anything else: marks the moment at which a selector, in any shadow root, is drawn. */
function MARK_WHEN_SEEN(selector: string): void {
  interface Root {
    querySelectorAll(selectors: string): Iterable<{ readonly shadowRoot: Root | null }>
    querySelector(selectors: string): unknown
  }
  const page: { document: Root; performance: { mark(name: string): void }; requestAnimationFrame(callback: () => void): void } =
    Object(globalThis)
  const isSeen = (root: Root): boolean =>
    root.querySelector(selector) !== null ||
    [...root.querySelectorAll('*')].some(({ shadowRoot }) => shadowRoot !== null && isSeen(shadowRoot))
  const look = (): void => {
    if (isSeen(page.document)) page.performance.mark('seen')
    else page.requestAnimationFrame(look)
  }
  look()
}
