/** The shell as a person meets it: the way in, the way around, and what happens when the server goes away. */
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { freshFolder, launch, ask } from '../support/server.ts'
import { axeFindings, lookFindings } from './axe.ts'
import { workspacePages, type OpenedPage } from './workspace-page.ts'

const site = workspacePages()
const rail = (page: Page) => page.getByRole('navigation', { name: 'Workspace' })
/** The innermost element with the focus, by its name or text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(
    '(() => { let a = document.activeElement; while (a?.shadowRoot?.activeElement) a = a.shadowRoot.activeElement; return a?.ariaLabel || a?.textContent.trim() || a?.tagName })()',
  )
const expectHeading = (page: Page, name: string): Promise<void> => page.getByRole('heading', { name, level: 1 }).waitFor()
const NOWHERE = '/nothing/here'
/** A machine that has none of the fonts with the widths of ours (web/ui/fonts.css) moves the one key in the rail: 0.000007. A page by a pixel is 0.0008. */
const KEY_WITH_OTHER_FONT = 0.000_01

describe('the way in', () => {
  test('[SH1] a link opens the workspace; its secret leaves the address bar and stands in no address, header or script', async () => {
    const requests: string[] = []
    const workspace = await site.createWorkspace('Ada')
    const { page } = await site.open('/runs', {
      workspace,
      prepare: async (fresh) =>
        void fresh.on('request', (request) => requests.push(`${request.url()} ${JSON.stringify(request.headers())}`)),
    })
    const secret = new URL(workspace.link).hash.slice(3)
    await expectHeading(page, 'Runs')
    expect([page.url(), await rail(page).getByRole('link').first().textContent()].map((text) => text?.trim())).toEqual([
      `${workspace.url}/runs`,
      'Adaowner',
    ])
    expect(requests.map((request) => request.replace(/"cookie":"[^"]*"/, '')).filter((request) => request.includes(secret))).toEqual([])
    const seen = await page.evaluate<string>(
      'document.cookie + JSON.stringify(Object.entries(localStorage)) + JSON.stringify(history.state)',
    )
    expect(seen).not.toContain(secret)
    await page.reload()
    await expectHeading(page, 'Runs')
    expect(await page.title()).toBe('Runs · Ada · Flowcell')
  })

  test('[SH1] a browser that kept the cookie and nothing else finds its way back in', async () => {
    const { page, workspace } = await site.open('/runs')
    await expectHeading(page, 'Runs')
    await page.evaluate('localStorage.clear()')
    await page.reload()
    await expectHeading(page, 'Runs')
    expect((await rail(page).getByRole('link').first().textContent())?.trim()).toBe(`${workspace.name}owner`)
  })

  test('[SH2] without a good link the page says so and what to do; a link that is pasted into it opens the workspace', async () => {
    const workspace = await site.createWorkspace('Ada')
    const opened = await site.openAt(`${workspace.url}/runs`, { workspace })
    const { page } = opened
    opened.expectComplaints(/status of 401/)
    await expectHeading(page, 'This browser needs a link')
    expect(await axeFindings(page)).toEqual([])
    await page.goto('about:blank')
    await page.goto(`${workspace.url}/runs#k=fl_${'a'.repeat(38)}`)
    await expectHeading(page, 'This browser needs a link')
    expect(page.url()).toBe(`${workspace.url}/runs`)
    await page.goto(`${workspace.url}/runs${new URL(workspace.link).hash}`)
    await expectHeading(page, 'Runs')
  })

  test('[SH2] an unknown workspace is a page of its own, and wakes nothing', async () => {
    const address = `${site.url}/w/${'a'.repeat(20)}`
    const opened = await site.openAt(address)
    opened.expectComplaints(/status of 404/)
    await expectHeading(opened.page, 'There is no such workspace here')
    expect(await axeFindings(opened.page)).toEqual([])
    const { status, headers } = await ask(address)
    expect([status, headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  })

  test('[SH2] a link that ends while the page is open is said as soon as the workspace tells', async () => {
    const opened = await site.open('/runs')
    await opened.page.getByText('Live', { exact: true }).waitFor()
    opened.expectComplaints(/status of 401/)
    await opened.context.clearCookies()
    await opened.page.reload()
    await expectHeading(opened.page, 'This browser needs a link')
  })

  test('[SH13] the start page says how to get a link and lists the workspaces that this browser has opened', async () => {
    const { page, workspace } = await site.open('/runs', { workspace: await site.createWorkspace('<b>Ada</b>') })
    await expectHeading(page, 'Runs')
    await page.goto(site.url)
    expect(await page.locator('pre code').textContent()).toBe('npm run flowcell -- server link')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('link', { name: '<b>Ada</b>' }).click()
    await page.locator('fc-shell').waitFor()
    expect(page.url()).toContain(workspace.url)
  })
})

describe('the way around', () => {
  test('[SH12] a link changes page, title and what is current; the heading takes the focus, and Back comes back to where one was', async () => {
    const { page, workspace } = await site.open('/runs')
    await expectHeading(page, 'Runs')
    expect(await focused(page)).not.toBe('Runs')
    await rail(page).getByRole('link', { name: 'Flows' }).click()
    await expectHeading(page, 'Flows')
    await expect.poll(() => focused(page)).toBe('Flows')
    expect([page.url(), await page.title()]).toEqual([`${workspace.url}/flows`, 'Flows · Ada · Flowcell'])
    expect(await rail(page).locator('[aria-current=page]').allTextContents()).toEqual(['Flows'])
    await page.evaluate(`document.body.style.minHeight = '4000px'; scrollTo(0, 900)`)
    await rail(page).getByRole('link', { name: 'Runs' }).click()
    await expectHeading(page, 'Runs')
    expect(await page.evaluate<number>('scrollY')).toBe(0)
    await page.goBack()
    await expectHeading(page, 'Flows')
    await expect.poll(() => page.evaluate<number>('scrollY')).toBe(900)
  })

  test('[SH12] an address that leads nowhere says so and leads on', async () => {
    const { page, workspace } = await site.open(NOWHERE)
    await expectHeading(page, 'There is no such page')
    await rail(page).getByRole('link', { name: 'Runs' }).click()
    await expectHeading(page, 'Runs')
    await page.goto(`${workspace.url}/%E0%A4%A`)
    await expectHeading(page, 'There is no such page')
  })

  test('[SH11] a page whose script does not come is said, with a way to try again, and the rest goes on', async () => {
    const opened = await site.open('/runs')
    const { page } = opened
    await expectHeading(page, 'Runs')
    opened.expectComplaints(/Failed to load|ERR_FAILED/)
    await page.route('**/app/flows-page-*', (route) => route.abort())
    await rail(page).getByRole('link', { name: 'Flows' }).click()
    await expectHeading(page, 'This page could not be shown')
    expect(await axeFindings(page)).toEqual([])
    await rail(page).getByRole('link', { name: 'Runs' }).click()
    await expectHeading(page, 'Runs')
    await rail(page).getByRole('link', { name: 'Flows' }).click()
    await expectHeading(page, 'This page could not be shown')
    await page.unroute('**/app/flows-page-*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expectHeading(page, 'Flows')
  })

  test('[SH4] ⌘K opens the palette: few letters find, arrows choose, Enter goes, Escape leaves; what was chosen is first next time', async () => {
    const { page } = await site.open(NOWHERE)
    await expectHeading(page, 'There is no such page')
    await page.keyboard.press('ControlOrMeta+k')
    const box = page.getByRole('combobox', { name: 'Search commands' })
    await box.waitFor()
    const options = page.getByRole('option')
    await page.keyboard.type('thd')
    expect(await options.first().textContent()).toContain('Theme: dark')
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('Enter')
    await box.waitFor({ state: 'hidden' })
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
    await page.keyboard.press('ControlOrMeta+k')
    await box.waitFor()
    expect([await box.inputValue(), (await options.first().textContent())?.includes('Theme: dark')]).toEqual(['', true])
    await page.keyboard.type('zzzz')
    await page.getByText('Nothing is called so.').waitFor()
    await page.keyboard.press('Escape')
    await box.waitFor({ state: 'hidden' })
  })

  test('[SH4] Enter before the palette has come runs what was typed, once it is there', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { page } = await site.open(NOWHERE, {
      prepare: async (fresh) => void (await fresh.route('**/palette-*', (route) => promise.then(() => route.continue()))),
    })
    await expectHeading(page, 'There is no such page')
    await page.keyboard.press('ControlOrMeta+k')
    await page.keyboard.type('thd')
    await page.keyboard.press('Enter')
    await page.keyboard.type('x')
    resolve()
    await expect.poll(() => page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
    await expect.poll(() => page.getByRole('combobox', { name: 'Search commands' }).isVisible()).toBe(false)
  })

  test('[SH4] runs of the workspace are found in the palette', async () => {
    const { page, workspace } = await site.open('/runs')
    const flow = await workspace.api('/flows/', { name: 'pipeline' })
    const run = await workspace.api('/flow_runs/', { flow_id: flow.id, name: 'thundering-goshawk', state: { type: 'COMPLETED' } })
    await expectHeading(page, 'Runs')
    await page.keyboard.press('ControlOrMeta+k')
    const found = page.getByRole('option', { name: 'thundering-goshawk' })
    await expect
      .poll(async () => {
        await page.getByRole('combobox', { name: 'Search commands' }).fill('')
        await page.getByRole('combobox', { name: 'Search commands' }).fill('goshawk')
        return found.count()
      })
      .toBe(1)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${workspace.url}/runs/flow-run/${run.id}`)
  })

  test('[SH5] ? shows every key of the registry, and what it says works; letters typed into a field do nothing else', async () => {
    const { page, workspace } = await site.open(NOWHERE)
    await expectHeading(page, 'There is no such page')
    await page.keyboard.press('Shift+Slash')
    const dialog = page.getByRole('dialog', { name: 'Keys' })
    await dialog.waitFor()
    expect((await page.locator('fc-help .row').allTextContents()).map((text) => text.replaceAll(/\s+/g, ' ').trim())).toContain('GR Runs')
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    expect(page.url()).toBe(workspace.url + NOWHERE)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('combobox', { name: 'Search commands' }).pressSequentially('gr')
    await page.keyboard.press('Escape')
    await page.getByRole('combobox', { name: 'Search commands' }).waitFor({ state: 'hidden' })
    expect(page.url()).toBe(workspace.url + NOWHERE)
    await page.keyboard.type('gr')
    await page.waitForURL(`${workspace.url}/runs`)
  })

  test('[SH6] the theme follows the system until one is chosen, which is kept and set before the first paint', async () => {
    const { page } = await site.open(NOWHERE, { colorScheme: 'dark' })
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor')
    await expectHeading(page, 'There is no such page')
    const dark = await ground()
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await ground()
    expect(dark).not.toBe(light)
    await page.getByRole('button', { name: 'Theme' }).click()
    await page.getByRole('menuitemradio', { name: 'Dark' }).click()
    expect(await ground()).toBe(dark)
    await page.addInitScript(
      `addEventListener('DOMContentLoaded', () => { globalThis.themeAtFirst = document.documentElement.dataset.theme })`,
    )
    await page.reload()
    await expectHeading(page, 'There is no such page')
    expect([await page.evaluate('themeAtFirst'), await ground()]).toEqual(['dark', dark])
    await page.getByRole('button', { name: 'Theme' }).click()
    await page.getByRole('menuitemradio', { name: 'As the system' }).click()
    expect(await ground()).toBe(light)
  })

  test('[SH16] the rail counts the flow runs that run, live', async () => {
    const { page, workspace } = await site.open(NOWHERE)
    const runs = rail(page).getByRole('link', { name: /^Runs/ })
    const flow = await workspace.api('/flows/', { name: 'pipeline' })
    const made = await workspace.api('/flow_runs/', { flow_id: flow.id, state: { type: 'RUNNING' } })
    await runs.locator('b').waitFor()
    expect((await runs.textContent())?.trim()).toBe('Runs, running: 1')
    await workspace.api(`/flow_runs/${made.id}/set_state`, { state: { type: 'COMPLETED' }, force: true })
    await runs.locator('b').waitFor({ state: 'detached' })
  })
})

describe('look', () => {
  test('[SH8] axe finds nothing wrong with the shell in light, dark, with more contrast, with forced colours, and narrow', async () => {
    const { page } = await site.open(NOWHERE)
    await expectHeading(page, 'There is no such page')
    const looks = [{}, { colorScheme: 'dark' }, { contrast: 'more' }, { forcedColors: 'active' }, { width: 390 }] as const
    expect(await lookFindings(page, looks)).toEqual([])
  })

  test('[SH7] on a narrow screen the rail is a bar at the bottom with everything behind More; nothing is wider than 320 px', async () => {
    const workspace = await site.createWorkspace('A workspace with a name that is far too long for the bar of a small telephone')
    const { page } = await site.open(NOWHERE, { workspace, viewport: { width: 320, height: 640 } })
    await expectHeading(page, 'There is no such page')
    const box = await rail(page).boundingBox()
    expect([box?.x, (box?.y ?? 0) + (box?.height ?? 0), box?.width]).toEqual([0, 640, 320])
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Search' }).click()
    await page.getByRole('combobox', { name: 'Search commands' }).waitFor()
  })

  test('[SH7] the first Tab reaches a link that skips to the page', async () => {
    const { page } = await site.open(NOWHERE)
    await expectHeading(page, 'There is no such page')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    expect(await focused(page)).toMatch(/^There is no such page|^MAIN/)
  })

  test('[SH9] nothing moves while a page comes', async () => {
    const opened = await site.open(NOWHERE, {
      prepare: async (page) => {
        await page.addInitScript(
          `globalThis.shifts = []; new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value))).observe({ type: 'layout-shift', buffered: true })`,
        )
      },
    })
    await expectHeading(opened.page, 'There is no such page')
    await opened.page.getByText('Live', { exact: true }).waitFor()
    await opened.page.evaluate('document.fonts.ready.then(() => new Promise(requestAnimationFrame))')
    const shifts = await opened.page.evaluate<number[]>('shifts')
    expect(shifts.filter((shift) => shift > KEY_WITH_OTHER_FONT)).toEqual([])
  })
})

test('[SH3] a server that goes away is said, and that it is back; a network that comes back is tried at once', async () => {
  using folder = freshFolder()
  const first = await launch(folder.path)
  const opened: OpenedPage = await site.openAt(first.note.url)
  const { page } = opened
  opened.expectComplaints(/WebSocket|ERR_CONNECTION_(REFUSED|RESET)|Failed to fetch/)
  const { port } = new URL(first.note.url)
  const workspace = first.note.link.replace('#', `${NOWHERE}#`)
  await page.goto(workspace)
  await page.getByText('Live', { exact: true }).waitFor()
  await first.stop()
  const note = page.getByText('Reconnecting… What you type is kept.')
  await note.waitFor()
  expect(await axeFindings(page)).toEqual([])
  const second = await launch(folder.path, { port: Number(port) })
  await page.evaluate(`dispatchEvent(new Event('online'))`) // no need to wait out the pause
  await note.waitFor({ state: 'detached', timeout: 25_000 })
  await page.getByText('Live', { exact: true }).waitFor()
  await page.close()
  await second.stop()
})

describe('the API docs', () => {
  test('[SH18] the page of the API has the look of the pages, without scripts, however narrow', async () => {
    const { page, workspace } = await site.open(NOWHERE)
    await page.goto(`${workspace.url}/api/docs`)
    await expectHeading(page, 'API of this workspace')
    expect(await page.evaluate('document.scripts.length')).toBe(0)
    expect(await lookFindings(page, [{}], 'nav')).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
  })
})
