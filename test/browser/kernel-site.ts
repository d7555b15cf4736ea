/** A real server, a real Chromium, and a page of the server's own origin that holds a kernel; and a server of somebody else's for cells to reach. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as esbuild from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { Bundles, COMMON } from '../../sdk/scripts/pages.ts'
import { root } from '../support/repository.ts'
import { ask, freshFolder, launch, type Running } from '../support/server.ts'
import { launchChromium } from './chromium.ts'
import type { Ended, InPage, NotebookInPage, NotebookOptions } from './kernel-in-page.ts'

/** What a cell may meet outside. */
export interface Elsewhere {
  /** `http://127.0.0.1:9000` */
  readonly url: string
  /** `GET /path origin`, in order. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

const MODULES: Readonly<Record<string, string>> = {
  '/answer@1.0.0': "export const answer = 42; export default () => 'hi'",
  '/broken@1': "throw new Error('this module throws')",
}

/** Answers with CORS below /open and for modules, and without everywhere else. */
async function elsewhere(): Promise<Elsewhere> {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    asked.push(
      `${request.method} ${request.url} ${request.headers.origin ?? 'no origin'}${request.headers.cookie === undefined ? '' : ' cookie'}`,
    )
    const module = MODULES[path]
    const open = module !== undefined || path.startsWith('/open') ? { 'access-control-allow-origin': '*' } : {}
    const type = module === undefined ? 'application/json' : 'text/javascript'
    const isThere = module !== undefined || path.startsWith('/open') || path.startsWith('/closed')
    response.writeHead(isThere ? 200 : 404, { 'content-type': type, ...open }).end(module ?? '{"stars":7}')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, asked, close }
}

export interface KernelPage {
  readonly page: Page
  readonly complaints: readonly string[]
  /** Runs a cell and waits for its end. */
  run(cell: string, source: string): Promise<Ended>
  /** Asks the notebook in the page. The function runs there. */
  ask<T, Given>(question: (notebook: NotebookInPage, given: Given) => T | Promise<T>, given: Given): Promise<T>
}

export interface KernelSite {
  readonly server: Running
  readonly workspace: string
  readonly browser: Browser
  readonly other: Elsewhere
  /** A page with the owner's cookie that holds a notebook (kernel-in-page.ts), and what it complained about. */
  openPage(options?: NotebookOptions): Promise<KernelPage>
  /** The workspace's API, as its owner. */
  api(path: string, body?: unknown): Promise<unknown>
  close(): Promise<void>
}

/** By their addresses; once for all files that run in this process. */
let built: Promise<ReadonlyMap<string, string>> | undefined

export async function openKernelSite(): Promise<KernelSite> {
  const folder = freshFolder()
  const other = await elsewhere()
  const [server, browser, scripts] = await Promise.all([
    launch(folder.path, { kernelHosts: [other.url], moduleHost: `${other.url}/` }),
    launchChromium(),
    (built ??= buildScripts()),
  ])
  const { url } = server.note
  const made = await ask(`${url}/api/workspaces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"Kernel"}',
  })
  const { id: workspace, link, token }: { readonly id: string; readonly link: string; readonly token: string } = JSON.parse(made.text)
  const secret = new URL(link).hash.slice('#k='.length)
  const first = [...scripts.keys()].find((name) => name.startsWith('/app/page-'))
  return {
    server,
    workspace,
    browser,
    other,
    openPage: async (options = {}) => {
      const page = await browser.newPage()
      const complaints: string[] = []
      page.on('pageerror', ({ message }) => complaints.push(message))
      page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
      await page.route(`${url}/app/*`, (route) => {
        const text = scripts.get(new URL(route.request().url()).pathname)
        return text === undefined ? route.continue() : route.fulfill({ contentType: 'text/javascript', body: text })
      })
      // A document of the server itself: one that was put in its place would count as public, and could not reach this machine.
      await page.goto(`${url}/robots.txt`)
      await page.evaluate(login, { path: `/w/${workspace}/api/sessions`, secret })
      await page.evaluate(`import('${first}').then(() => undefined)`)
      await page.evaluate(
        ([id, given]) => {
          const realm = globalThis as unknown as InPage
          realm.notebook = realm.newNotebook(id, given)
        },
        [workspace, options] as const,
      )
      const run: KernelPage['run'] = (cell, source) =>
        page.evaluate(([id, text]) => (globalThis as unknown as InPage).notebook.run(id, text), [cell, source] as const)
      const ask: KernelPage['ask'] = (question, given) =>
        page.evaluate(`(${question.toString()})(globalThis.notebook, ${JSON.stringify(given)})`)
      return { page, complaints, run, ask }
    },
    api: async (path, body) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const method = body === undefined ? 'GET' : 'POST'
      const answer = await ask(`${url}/w/${workspace}/api${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      if (answer.status >= 400) throw new Error(`${path}: ${answer.status} ${answer.text}`)
      return JSON.parse(answer.text)
    },
    close: async () => {
      await browser.close()
      await server.stop()
      await other.close()
      folder[Symbol.dispose]()
    },
  }
}

async function buildScripts(): Promise<ReadonlyMap<string, string>> {
  const outdir = mkdtempSync(join(tmpdir(), 'flowcell-kernel-'))
  try {
    const entryPoints = { page: join(root, 'test/browser/page/kernel-page.ts') }
    await esbuild.build({ ...COMMON, entryPoints, outdir, plugins: [new Bundles(outdir).plugin] })
    return new Map(readdirSync(outdir).map((name) => [`/app/${name}`, readFileSync(join(outdir, name), 'utf8')]))
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

/** Runs in the page. */
async function login({ path, secret }: { readonly path: string; readonly secret: string }): Promise<void> {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ secret }) })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
}
