/** The shared elements by themselves, in a real Chromium under the policy of our pages. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { axeFindings, lookFindings } from './axe.ts'
import { launchChromium } from './chromium.ts'
import { serveScript, type ScriptSite } from './script-site.ts'

let browser: Browser
let site: ScriptSite
let page: Page
let complaints: string[]

beforeAll(async () => {
  ;[browser, site] = await Promise.all([launchChromium(), serveScript('test/browser/page/gallery.ts')])
})
afterAll(async () => {
  await browser.close()
  await site.close()
})
afterEach(async () => {
  await page.context().close()
  expectSilence()
})
const expectSilence = (): void => expect(complaints).toEqual([])

async function open(prepare?: (page: Page) => Promise<void>): Promise<void> {
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  page.setDefaultTimeout(20_000)
  complaints = []
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await prepare?.(page)
  await page.goto(site.url)
  await page.getByRole('heading', { name: 'Gallery' }).waitFor()
}
const said = (): Promise<string[]> => page.evaluate('gallery.said')

test('[SH30] axe finds nothing wrong with the shared elements in light, dark, with more contrast, and narrow', async () => {
  await open()
  expect(await lookFindings(page, [{}, { colorScheme: 'dark' }, { contrast: 'more' }, { width: 390 }])).toEqual([])
})

test('[SH31] a menu opens, moves and runs by keys alone, passes what is disabled and gives the focus back', async () => {
  await open()
  const button = page.getByRole('button', { name: 'Cell' })
  await button.focus()
  await page.keyboard.press('ArrowDown')
  const menu = page.getByRole('menu')
  await menu.waitFor()
  expect(await axeFindings(page)).toEqual([])
  const current = (): Promise<string> =>
    page.evaluate(
      '(() => { let a = document.activeElement; while (a?.shadowRoot?.activeElement) a = a.shadowRoot.activeElement; return a.textContent.trim() || a.ariaLabel })()',
    )
  await page.keyboard.press('ArrowDown')
  expect(await current()).toBe('Not now')
  await page.keyboard.press('Enter')
  await page.keyboard.press('d')
  expect(await current()).toMatch(/^Delete/)
  await page.keyboard.press('ArrowDown')
  expect(await current()).toMatch(/^Run cell/)
  await page.keyboard.press('Enter')
  await menu.waitFor({ state: 'hidden' })
  await expect.poll(async () => [await said(), await current()]).toEqual([['run'], 'Cell'])
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await menu.waitFor({ state: 'hidden' })
  await expect.poll(current).toBe('Cell')
})

test('[SH32] tabs are one stop; arrows choose', async () => {
  await open()
  const tabs = page.getByRole('tab')
  await tabs.first().focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowRight')
  expect(await said()).toEqual(['tab states', 'tab parameters', 'tab logs'])
  expect(
    await tabs.evaluateAll((all: { getAttribute(name: string): string | null }[]) => all.map((tab) => tab.getAttribute('tabindex'))),
  ).toEqual(['0', '-1', '-1'])
})

test('[SH33] of 100,000 rows only those in sight exist; the end stays in sight until the reader scrolls away', async () => {
  await open()
  const rows = page.getByRole('option').locator('span')
  await page.getByText('line 99999').waitFor()
  expect(await rows.count()).toBeLessThan(40)
  await page.evaluate('gallery.setCount(100001)')
  await page.getByText('line 100000').waitFor()
  const list = page.getByRole('listbox', { name: 'Lines' })
  await list.evaluate((element: { scrollTop: number }) => void (element.scrollTop = 0))
  await page.getByText('line 0', { exact: true }).waitFor()
  await page.evaluate('gallery.setCount(100002)')
  await expect.poll(said).toContain('stick false')
  expect(await page.getByText('line 100001').count()).toBe(0)
  await list.focus()
  await page.keyboard.press('End')
  await page.getByText('line 100001').waitFor()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  expect(await said()).toEqual(['stick false', 'stick true', 'row 100000'])
})

test('[SH34] bars are one stop; arrows go from bar to bar and say what each is', async () => {
  await open()
  const bars = page.getByRole('list', { name: 'Runs of the flow' }).getByRole('link')
  await bars.first().focus()
  await page.keyboard.press('ArrowRight')
  await page.getByText('run 1 · failed · 1 s').waitFor()
  await page.keyboard.press('Enter')
  expect(new URL(page.url()).hash).toBe('#bar-1')
})

test('[SH35] a toast is said, can be acted on and goes away; an error stays', async () => {
  await open()
  await page.evaluate(`gallery.toast({ text: 'Cell deleted.', action: { title: 'Undo', run: () => gallery.said.push('undone') } })`)
  await page.getByRole('log', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Cell deleted.').waitFor({ state: 'detached' })
  expect(await said()).toEqual(['undone'])
  await page.clock.install()
  await page.evaluate(`gallery.toast({ text: 'Saved.' }); gallery.toast({ text: 'It broke.', kind: 'error' })`)
  await page.getByText('Saved.').waitFor()
  await page.clock.runFor(30_000)
  expect([await page.getByText('Saved.').count(), await page.getByText('It broke.').count()]).toEqual([0, 1])
})

test('[SH39] "now" becomes "1m ago" by itself; a time with a present of its own stays', async () => {
  await open(async (fresh) => fresh.clock.install())
  const times = () => page.getByRole('region', { name: 'Ages' }).locator('time').allTextContents()
  expect(await times()).toEqual(['now', '1m ago'])
  await page.clock.runFor(61_000)
  expect(await times()).toEqual(['1m ago', '1m ago'])
})

test('[SH36] a question waits for its answer; Escape is no', async () => {
  await open()
  const ask = (): Promise<void> =>
    page.evaluate(
      `void gallery.confirm({ heading: 'Delete the run?', text: 'It cannot be brought back.', action: 'Delete', isDanger: true }).then((yes) => gallery.said.push(String(yes)))`,
    )
  await ask()
  await page.getByRole('dialog', { name: 'Delete the run?' }).waitFor()
  expect(await axeFindings(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect.poll(said).toEqual(['false'])
  await ask()
  await page.keyboard.press('Enter') // the button that does it has the focus
  await expect.poll(said).toEqual(['false', 'true'])
})

test('[SH37] a form is filled by keys alone, says what is wrong where it is, and gives the value', async () => {
  await open()
  const message = page.getByLabel('message')
  await message.focus()
  await page.keyboard.press('Enter')
  expect(await said()).toEqual([])
  expect(await page.locator('.trouble').allTextContents()).toEqual(['Is needed.'])
  expect(await axeFindings(page)).toEqual([])
  await message.fill('hello')
  await page.getByLabel('count').fill('2.5')
  await page.getByLabel('mode').selectOption('careful')
  await page.getByLabel('isDry').press('Space')
  await page.getByLabel('repos 1').fill('a/b')
  await page.getByRole('group', { name: 'repos' }).getByRole('button', { name: 'Add entry' }).press('Enter')
  await page.getByLabel('repos 2').fill('c/d')
  await page.getByRole('group', { name: 'retry' }).getByRole('button', { name: 'Add' }).press('Enter')
  await page.getByLabel('times').fill('2')
  await page.getByLabel('anything').fill('{"a": [1]}')
  await page.getByRole('button', { name: 'null' }).press('Enter')
  expect(await page.evaluate('gallery.read()')).toEqual({ issues: [{ path: ['count'], message: 'Needs a whole number.' }] })
  await page.getByLabel('count').fill('4')
  await page.keyboard.press('Enter')
  expect((await said()).map((text): unknown => JSON.parse(text))).toEqual([
    {
      message: 'hello',
      count: 4,
      ratio: null,
      isDry: true,
      mode: 'careful',
      repos: ['a/b', 'c/d'],
      retry: { times: 2 },
      anything: { a: [1] },
    },
  ])
})
