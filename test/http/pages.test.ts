/** The pages as a person meets them: a real Chromium against the real server. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { PAGE_HEADERS } from '../../worker/http/security-headers.ts'
import { launchChromium } from '../browser/chromium.ts'
import { root } from '../support/repository.ts'
import { ask, freshFolder, launch, type Running } from '../support/server.ts'

const folder = freshFolder()
let server: Running
let browser: Browser
let context: BrowserContext
let page: Page
let requests: string[]
let complaints: string[]

beforeAll(async () => {
  server = await launch(folder.path)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
  folder[Symbol.dispose]()
})
beforeEach(async () => {
  context = await browser.newContext()
  page = await context.newPage()
  page.setDefaultTimeout(10_000)
  requests = []
  complaints = []
  page.on('request', (request) => requests.push(`${request.method()} ${request.url()} ${JSON.stringify(request.headers())}`))
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', (error) => complaints.push(error.message))
})
afterEach(() => context.close())

interface Workspace {
  readonly id: string
  readonly link: string
  readonly token: string
  readonly api: (path: string, body: unknown) => Promise<{ readonly id: string }>
}

async function createWorkspace(name: string): Promise<Workspace> {
  const headers = { 'content-type': 'application/json' }
  const made: Omit<Workspace, 'api'> = JSON.parse(
    (await ask(`${server.note.url}/api/workspaces`, { method: 'POST', headers, body: JSON.stringify({ name }) })).text,
  )
  const api: Workspace['api'] = async (path, body) => {
    const authorization = `Bearer ${made.token}`
    const { status, text } = await ask(`${server.note.url}/w/${made.id}/api${path}`, {
      method: 'POST',
      headers: { ...headers, authorization },
      body: JSON.stringify(body),
    })
    if (status >= 400) throw new Error(`${path}: ${status} ${text}`)
    return text === '' ? { id: '' } : JSON.parse(text)
  }
  return { ...made, api }
}

const run = async ({ api }: Workspace, name: string) => {
  const flow = await api('/flows/', { name: 'pipeline' })
  return api('/flow_runs/', { flow_id: flow.id, name, state: { type: 'PENDING' } })
}

test('[PG1] a link opens the workspace; its secret leaves the address bar and stands in no address, header or script', async () => {
  const workspace = await createWorkspace('Ada')
  const secret = new URL(workspace.link).hash.slice(3)
  await page.goto(workspace.link)
  await page.getByRole('heading', { name: 'Your workspace is running' }).waitFor()
  expect(page.url()).toBe(`${server.note.url}/w/${workspace.id}`)
  expect([await page.locator('#name').textContent(), await page.locator('#role').textContent()]).toEqual(['Ada', 'owner'])
  const addresses = requests.map((request) => request.replace(/"cookie":"[^"]*"/, ''))
  expect(addresses.filter((request) => request.includes(secret))).toEqual([])
  expect(
    await page.evaluate<string>('document.cookie + JSON.stringify(Object.entries(localStorage)) + JSON.stringify(history.state)'),
  ).not.toContain(secret)
  await page.reload()
  await page.getByRole('heading', { name: 'Your workspace is running' }).waitFor()
  expect(complaints).toEqual([])
})

test('[PG1] a link that is pasted into the open page is taken as well', async () => {
  const workspace = await createWorkspace('Ada')
  await page.goto(`${server.note.url}/w/${workspace.id}`)
  await page.getByRole('heading', { name: 'This browser needs a link' }).waitFor()
  await page.goto(workspace.link)
  await page.getByRole('heading', { name: 'Your workspace is running' }).waitFor()
  expect(page.url()).toBe(`${server.note.url}/w/${workspace.id}`)
})

test('[PG2] a workspace without runs teaches: one sentence, one command, one button', async () => {
  const { link } = await createWorkspace('Empty')
  await page.goto(link)
  const panel = page.locator('.empty')
  await panel.waitFor()
  expect(await panel.locator('h2').textContent()).toBe('No flow has run here yet')
  expect(await panel.locator('code').textContent()).toBe('npx node examples/seeds/000-getting-started.ts')
  expect(await panel.getByRole('button', { name: 'Copy' }).count()).toBe(1)
})

test('[PG3] a run appears while somebody looks, with its state, and leads to its page', async () => {
  const workspace = await createWorkspace('Ada')
  await page.goto(workspace.link)
  await page.locator('.empty').waitFor()
  const made = await run(workspace, 'thundering-goshawk')
  const row = page.locator('tbody tr')
  await row.waitFor()
  expect(await row.locator('td').first().textContent()).toBe('Pending')
  await workspace.api(`/flow_runs/${made.id}/set_state`, { state: { type: 'FAILED', message: '1/3 states failed.' }, force: true })
  await workspace.api('/logs/', [
    { name: 'flowcell.flow_runs', level: 40, message: 'two\nlines', timestamp: '2026-11-22T05:00:00Z', flow_run_id: made.id },
  ])
  await workspace.api('/task_runs/', {
    flow_run_id: made.id,
    task_key: 'load',
    dynamic_key: '0',
    name: 'load-0',
    state: { type: 'RUNNING' },
  })
  await row.getByRole('link', { name: 'thundering-goshawk' }).click()
  await page.getByRole('heading', { name: 'thundering-goshawk' }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/w/${workspace.id}/runs/flow-run/${made.id}`)
  expect(await page.locator('h1 .state').textContent()).toBe('Failed')
  expect(await page.locator('.log .line span:last-child').allTextContents()).toEqual(['two\nlines'])
  expect(await page.locator('tbody tr td:nth-child(2)').allTextContents()).toEqual(['load-0'])
  expect(await page.locator('.states .state').allTextContents()).toEqual(['Pending', 'Failed'])
  expect(complaints).toEqual([])
})

test('[PG4] what users name stays text', async () => {
  const workspace = await createWorkspace('<img src=x onerror=alert(1)>')
  await run(workspace, '<script>alert(1)</script>')
  await page.goto(workspace.link)
  await page.getByRole('link', { name: '<script>alert(1)</script>' }).waitFor()
  expect(await page.locator('#name').textContent()).toBe('<img src=x onerror=alert(1)>')
  expect(complaints).toEqual([])
})

test('[PG5] every trouble has a sentence and a way on: no link, a dead link, another workspace, no such run, no such page', async () => {
  const workspace = await createWorkspace('Ada')
  const heading = async (address: string) => {
    await page.goto('about:blank')
    await page.goto(address)
    const title = page.locator('h1')
    await title.waitFor()
    return title.textContent()
  }
  const home = `${server.note.url}/w/${workspace.id}`
  expect(await heading(home)).toBe('This browser needs a link')
  expect(await heading(`${home}#k=fl_${'a'.repeat(38)}`)).toBe('This browser needs a link')
  const response = await ask(`${server.note.url}/w/${'a'.repeat(20)}`)
  expect([response.status, response.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  expect(await heading(`${server.note.url}/w/${'a'.repeat(20)}`)).toBe('There is no such workspace here')
  expect(await heading(workspace.link)).toBe('Your workspace is running')
  expect(await heading(`${home}/runs/flow-run/01990c5e-7a10-7c3e-9f00-2b6f1d4e0000`)).toBe('The workspace refused this')
  expect(await heading(`${home}/nothing/here`)).toBe('There is no such page')
})

test('[PG5] a server that goes away is said, and the page goes on when it is back', async () => {
  const workspace = await createWorkspace('Ada')
  await page.goto(workspace.link)
  await page.locator('.empty').waitFor()
  await context.setOffline(true)
  const said = page.getByText('The server does not answer. Trying again…')
  await said.waitFor()
  await context.setOffline(false)
  await said.waitFor({ state: 'detached' })
  expect(await page.locator('.empty').isVisible()).toBe(true)
})

test('[PG6] the start page says how to get a link and lists the workspaces that this browser has opened', async () => {
  await page.goto(server.note.url)
  expect(await page.locator('pre code').textContent()).toBe('npm run flowcell -- server link')
  expect(await page.locator('#opened').isVisible()).toBe(false)
  const workspace = await createWorkspace('Ada')
  await page.goto(workspace.link)
  await page.getByRole('heading', { name: 'Your workspace is running' }).waitFor()
  await page.goto(server.note.url)
  await page.getByRole('link', { name: 'Ada' }).click()
  await page.getByRole('heading', { name: 'Your workspace is running' }).waitFor()
})

test('[PG7] pages have the headers of pages, whether the Worker or the assets answer, and ask nobody else', async () => {
  const workspace = await createWorkspace('Ada')
  await page.goto(workspace.link)
  await page.getByRole('heading', { name: 'Your workspace is running' }).waitFor()
  await page.goto(`${server.note.url}/w/${workspace.id}/api/docs`)
  const foreign = requests.map((request) => new URL(request.split(' ')[1] ?? '').origin).filter((origin) => origin !== server.note.url)
  expect([foreign, complaints]).toEqual([[], []])
  for (const path of ['/', `/w/${workspace.id}`, `/w/${workspace.id}/runs/flow-run/x`, '/look.css', '/workspace.js']) {
    const { headers } = await ask(server.note.url + path)
    const found = Object.fromEntries(Object.keys(PAGE_HEADERS).map((name) => [name, headers[name.toLowerCase()]]))
    expect([path, found]).toEqual([path, PAGE_HEADERS])
  }
})

test('[PG7] the file for the assets says the same as the Worker', () => {
  const lines = readFileSync(join(root, 'web/public/_headers'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('  '))
  expect(Object.fromEntries(lines.map((line) => line.trim().split(/: (.*)/s)))).toEqual(PAGE_HEADERS)
})

test('[PG8] nothing is wider than a narrow screen, and the first Tab reaches the skip link', async () => {
  const workspace = await createWorkspace('A workspace with a name that is far too long for the bar of a small telephone')
  const made = await run(workspace, 'a-name-that-has-no-space-in-it-and-goes-on-for-much-longer-than-the-screen-is-wide')
  await page.setViewportSize({ width: 320, height: 640 })
  for (const path of ['', `/runs/flow-run/${made.id}`, '/api/docs']) {
    await page.goto(path === '' ? workspace.link : `${server.note.url}/w/${workspace.id}${path}`)
    await page.locator('h1').waitFor()
    const wider = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect([path, wider]).toEqual([path, 0])
  }
  await page.goto(`${server.note.url}/w/${workspace.id}`)
  await page.locator('tbody a').waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Skip to the runs')
})
