/**
 * A real Chromium before a real local server (shared-server.ts), for the tests of the pages.
 *
 * `const site = workspacePages()` at the top of a test file starts the browser; `await site.open(path)` gives a signed-in page of a workspace of its
 * own. After each test every page must have been silent (no console error, no exception, no violation of the policy; `expectComplaints` says which are
 * meant) and a picture of a page whose test failed is kept in test/out.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, onTestFailed } from 'vitest'
import { root } from '../support/repository.ts'
import { ask } from '../support/server.ts'
import { launchChromium } from './chromium.ts'

export interface TestWorkspace {
  readonly id: string
  readonly name: string
  /** The owner's link. */
  readonly link: string
  readonly token: string
  readonly url: string
  /** Asks its API with the owner's token; throws on a refusal. `T` is what the caller knows of the answer. */
  api<T = { readonly id: string }>(path: string, body?: unknown, method?: string): Promise<T>
}

export interface OpenedPage {
  readonly page: Page
  readonly context: BrowserContext
  readonly workspace: TestWorkspace
  /** Console errors, exceptions and violations of the policy so far. */
  readonly complaints: readonly string[]
  /** These are meant by the test: whatever matches is no complaint. */
  expectComplaints(...patterns: readonly RegExp[]): void
}

interface OpenOptions extends BrowserContextOptions {
  readonly workspace?: TestWorkspace
  /** The same browser as another page: cookies and storage are shared. */
  readonly beside?: OpenedPage
  /** Called before the first address is loaded. */
  readonly prepare?: (page: Page) => Promise<void>
}

export interface Site {
  readonly url: string
  createWorkspace(name?: string): Promise<TestWorkspace>
  /** A page at `path` below the workspace (`/runs`), opened by the owner's link. */
  open(path?: string, options?: OpenOptions): Promise<OpenedPage>
  /** A page without a workspace at any address, watched in the same way. */
  openAt(address: string, options?: OpenOptions): Promise<OpenedPage>
}

const PATIENCE_MS = 20_000
/** Collects what the policy refused, inside the page. */
const WATCH_POLICY = `globalThis.policyViolations = [];
addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile + ':' + event.lineNumber))`

export function workspacePages(): Site {
  const url = inject('server')
  let browser: Browser | undefined
  let opened: { readonly opened: OpenedPage; readonly meant: RegExp[]; readonly ownsContext: boolean }[] = []
  const started = (): Browser => {
    if (browser === undefined) throw new Error('workspacePages() starts in beforeAll: use it inside a test.')
    return browser
  }

  beforeAll(async () => void (browser = await launchChromium()))
  afterAll(() => browser?.close())
  afterEach(async () => {
    const all = opened
    opened = []
    const complaints = all.flatMap(({ opened: { complaints: said }, meant }) =>
      said.filter((text) => !meant.some((pattern) => pattern.test(text))),
    )
    for (const { opened: page, ownsContext } of all.toReversed()) await (ownsContext ? page.context.close() : page.page.close())
    expect(complaints).toEqual([])
  })

  const watch = async (
    workspace: TestWorkspace,
    { beside, prepare, workspace: _, ...contextOptions }: OpenOptions,
  ): Promise<OpenedPage> => {
    const context = beside?.context ?? (await started().newContext({ viewport: { width: 1280, height: 800 }, ...contextOptions }))
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    const complaints: string[] = []
    const meant: RegExp[] = []
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
    await page.addInitScript(WATCH_POLICY)
    await prepare?.(page)
    const expectComplaints = (...patterns: readonly RegExp[]): void => void meant.push(...patterns)
    const result: OpenedPage = { page, context, workspace, complaints, expectComplaints }
    opened.push({ opened: result, meant, ownsContext: beside === undefined })
    onTestFailed(async ({ task }) => {
      const out = join(root, 'test/out')
      mkdirSync(out, { recursive: true })
      await page.screenshot({ path: join(out, `${fileNameOf(task.name)}.png`), timeout: 5_000 }).catch(() => undefined) // it may be closed
    })
    return result
  }

  const createWorkspace = async (name = 'Ada'): Promise<TestWorkspace> => {
    const headers = { 'content-type': 'application/json' }
    const made = await ask(`${url}/api/workspaces`, { method: 'POST', headers, body: JSON.stringify({ name }) })
    const { id, link, token }: { id: string; link: string; token: string } = JSON.parse(made.text)
    const authorization = `Bearer ${token}`
    return {
      id,
      name,
      link,
      token,
      url: `${url}/w/${id}`,
      api: async (path, body, method = body === undefined ? 'GET' : 'POST') => {
        const sent = body === undefined ? {} : { body: JSON.stringify(body) }
        const { status, text } = await ask(`${url}/w/${id}/api${path}`, { method, headers: { ...headers, authorization }, ...sent })
        if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text}`)
        return text === '' ? undefined : JSON.parse(text)
      },
    }
  }

  return {
    url,
    createWorkspace,
    open: async (path = '', openOptions = {}) => {
      const workspace = openOptions.workspace ?? openOptions.beside?.workspace ?? (await createWorkspace())
      const result = await watch(workspace, openOptions)
      const secret = openOptions.beside === undefined ? new URL(workspace.link).hash : ''
      await result.page.goto(`${workspace.url}${path}${secret}`)
      await result.page.locator('fc-shell').waitFor()
      return result
    },
    openAt: async (address, openOptions = {}) => {
      const workspace = openOptions.workspace ?? {
        id: '',
        name: '',
        link: '',
        token: '',
        url: address,
        api: () => Promise.reject(new Error('no workspace')),
      }
      const result = await watch(workspace, openOptions)
      await result.page.goto(address)
      return result
    },
  }
}

const fileNameOf = (name: string): string => name.replaceAll(/[^\w.-]+/g, '-').slice(0, 120)
