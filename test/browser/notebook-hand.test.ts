/** Forms of flows, keys wherever the focus is, places in text, searches without an end, and how all of it stands for those who see or point otherwise. */
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { outputPolicy } from '../../worker/http/output-page.ts'
import { axeFindings, lookFindings } from './axe.ts'
import { becomes, cell, footer, openNotebook, order, run, sees, select, shown, text, write } from './notebook-hands.ts'
import { freePort, freshFolder, launch } from '../support/server.ts'
import { workspacePages } from './workspace-page.ts'

const site = workspacePages()
const ABC = { a: "'one'", b: "'two'", c: "'three'" }
const FLOWS = {
  i: "import { flow } from 'flowcell'",
  f: 'const load = flow(async function load(day: string, count: number = 3) {\n  return `${day} ${count}`\n})',
}

/** What has the focus, through all shadow roots. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(
    `(() => { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; return at.localName + (at.id === '' ? '' : '#' + at.id) })()`,
  )

describe('the form of a flow', () => {
  test('[NP60] a cell that defines a flow has its form: bad values are told at their field, a good run is a card under the cell', async () => {
    const { page } = await openNotebook(site, FLOWS)
    await select(page, 'f')
    const button = cell(page, 'f').getByRole('button', { name: 'Run… a flow of cell 2 with parameters' })
    await button.click()
    await cell(page, 'f').getByText('Run the cell first: load is not in this kernel yet.').waitFor()
    await cell(page, 'f').locator('.first-run:focus').waitFor()
    await page.keyboard.press('Enter')
    const form = cell(page, 'f').locator('fc-flow-form')
    await form.getByLabel('count').fill('many')
    await form.getByLabel('day').fill('Monday')
    await form.getByRole('button', { name: 'Run' }).click()
    await expect.poll(() => focused(page)).toMatch(/count/)
    expect(await form.locator('.trouble').allTextContents()).toEqual(['Needs a number.'])
    await form.getByLabel('count').fill('7')
    await page.keyboard.press('Enter')
    await cell(page, 'f').locator('fc-run-card').getByText('Completed').waitFor()
    expect(await shown(page, 'f')).toMatch(/load · \d+ ms Open run/)
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page)).toBe('fc-cell#f')
    expect(await form.count()).toBe(0)
  })

  test('[NP63] the form comes by keys and from the palette; after a reload the cell runs first, and the card of before still stands', async () => {
    const { page } = await openNotebook(site, FLOWS)
    await run(page, 'f')
    await becomes(page, 'f', 'fresh')
    await page.keyboard.press('e')
    await page.keyboard.press('f')
    await cell(page, 'f').locator('fc-flow-form').getByLabel('day').fill('Tuesday')
    await page.keyboard.press('Enter')
    await cell(page, 'f').locator('fc-run-card').getByText('Completed').waitFor()
    await page.reload()
    await cell(page, 'f').locator('fc-run-card').waitFor()
    await select(page, 'f')
    await cell(page, 'f')
      .getByRole('button', { name: /^Run… a flow/ })
      .waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('flow of the cell with')
    await expect.poll(() => page.getByRole('combobox').inputValue()).toBe('flow of the cell with')
    await page.keyboard.press('Enter')
    await cell(page, 'f').getByText('Run the cell first').waitFor()
    expect(await shown(page, 'f')).toMatch(/Run the cell first: load is not in this kernel yet\. .*Completed/)
  })
})

describe('keys and the focus', () => {
  test('[NP64] letters act after a click on empty ground and on a button; a field and a menu keep theirs', async () => {
    const { page } = await openNotebook(site, ABC)
    await select(page, 'b')
    await page.mouse.click(700, 700)
    await page.keyboard.press('a')
    await expect.poll(async () => (await order(page)).length).toBe(4)
    await page.keyboard.press('z')
    await expect.poll(() => order(page)).toEqual(['a', 'b', 'c'])
    await select(page, 'b')
    await cell(page, 'b').getByRole('button', { name: 'Run cell 2' }).focus()
    await page.keyboard.press('d')
    await page.keyboard.press('d')
    await expect.poll(() => order(page)).toEqual(['a', 'c'])
    await page.getByRole('textbox', { name: 'Title of the notebook' }).focus()
    await page.keyboard.type('dd')
    await cell(page, 'a').hover()
    await cell(page, 'a').getByRole('button', { name: 'More for cell 1' }).click()
    await page.locator('[role^=menuitem]:focus').waitFor()
    await page.keyboard.press('x')
    await page.keyboard.press('b')
    await page.keyboard.press('Escape')
    expect(await order(page)).toEqual(['a', 'c'])
  })

  test('[NP65] Escape comes back to the cell from anything in it, and Enter presses the button that has the focus', async () => {
    const { page } = await openNotebook(site, { t: 'Array.from({ length: 30 }, (_, i) => ({ i, name: `row ${i}` }))', b: '2' })
    await run(page, 't')
    await cell(page, 't').locator('fc-table').waitFor()
    await cell(page, 't').locator('fc-table button').first().focus()
    await page.keyboard.press('Escape')
    await expect.poll(() => focused(page)).toBe('fc-cell#t')
    await cell(page, 'b').getByRole('button', { name: 'Run cell 2' }).focus()
    await page.keyboard.press('Enter')
    await becomes(page, 'b', 'fresh')
    expect(await cell(page, 'b').locator('.cm-content').count()).toBe(0)
  })

  test('[NP66] after cells are deleted, moved, brought back by a button of a notice, the focus is on a cell and never nowhere', async () => {
    const { page } = await openNotebook(site, ABC)
    await cell(page, 'b').hover()
    await cell(page, 'b').getByRole('button', { name: 'More for cell 2' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect.poll(() => focused(page)).toBe('fc-cell#c')
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect.poll(() => order(page)).toEqual(['a', 'b', 'c'])
    await expect.poll(() => focused(page)).toMatch(/^fc-cell#/)
    await select(page, 'c')
    await page.keyboard.press('Alt+Shift+ArrowUp')
    await expect.poll(() => order(page)).toEqual(['a', 'c', 'b'])
    await expect.poll(() => focused(page)).toBe('fc-cell#c')
    await page.keyboard.press('z')
    await expect.poll(() => order(page)).toEqual(['a', 'b', 'c'])
    expect(await focused(page)).toBe('fc-cell#c')
  })
})

describe('what is said at its place', () => {
  test('[NP67] a stale cell names what changed, leads there and says since when; a place in printed text leads to its line', async () => {
    const { page } = await openNotebook(site, { a: 'const rows = 1', b: "console.log('at cell-a.ts:1:7')\nrows + 1" })
    await run(page, 'b')
    await sees(page, 'b', /at cell-a\.ts:1:7/)
    await becomes(page, 'b', 'fresh')
    await write(page, 'a')
    await page.keyboard.type('0')
    await page.keyboard.press('Control+Enter')
    await becomes(page, 'b', 'stale')
    expect(await footer(page, 'b')).toMatch(/stale: rows changed just now/)
    await cell(page, 'b').locator('fc-text .place').click()
    await cell(page, 'a').locator('.cm-flash').waitFor()
    await page.keyboard.press('Escape')
    await cell(page, 'b').locator('footer .why a').click()
    await expect.poll(() => page.locator('fc-cell[data-head]').getAttribute('data-cell')).toBe('a')
  })

  test('[NP68] a line that goes on with the one before is told once, also while somebody edits', async () => {
    const { page } = await openNotebook(site, { asi: 'const n = 1\nconst m = n + 1\n({ m })' })
    await write(page, 'asi')
    await expect.poll(() => page.locator('fc-notebook-head .service').textContent(), { timeout: 30_000 }).toBe('')
    await cell(page, 'asi').locator('.cm-lintRange').first().waitFor({ timeout: 30_000 })
    await cell(page, 'asi').getByText('Line 2 goes on in the next one').waitFor()
    expect(await shown(page, 'asi')).not.toMatch(/This line goes on with the one above/)
    await cell(page, 'asi').getByRole('button', { name: 'Put it in' }).click()
    await expect.poll(() => text(page, 'asi')).toContain('n + 1;')
  })

  test('[NP69] an expression without an end is ended, and said so; the page goes on, and another one finds', async () => {
    const { page } = await openNotebook(site, { a: `'${'a'.repeat(40)}!'` })
    await select(page, 'a')
    await page.keyboard.press('Control+f')
    await page.getByRole('button', { name: 'Regular expression' }).click()
    const field = page.getByRole('searchbox', { name: 'Find in all cells' })
    await field.fill('(a+)+$')
    expect(await page.evaluate('new Promise((done) => setTimeout(() => done("answers"), 50))')).toBe('answers')
    await page.getByText('The search was ended after 1.5 seconds').waitFor()
    await field.fill('a{3}')
    await expect.poll(() => page.locator('fc-find-bar .count').textContent()).toBe('1 of 13')
    await page.getByRole('textbox', { name: 'Replace with' }).fill('b')
    await page.getByRole('button', { name: 'Replace all' }).click()
    await expect.poll(() => text(page, 'a')).toBe(`'${'b'.repeat(13)}a!'`)
  })

  test('[NP70] the frame of an output reaches the hosts of the notebook, and no other', () => {
    const listed = outputPolicy('api.example.com cdn.example.org')
    expect(listed).toContain(
      'connect-src https://api.example.com wss://api.example.com https://cdn.example.org wss://cdn.example.org; base-uri',
    )
    expect(listed).toContain("script-src 'unsafe-inline' 'unsafe-eval' https://api.example.com https://cdn.example.org;")
    expect(listed).not.toMatch(/https:[ ;]|wss:[ ;]/)
    expect(['', 'nothing:', 'https: api.example.com', "'self'"].map(outputPolicy)).toEqual(Array(4).fill(outputPolicy('none')))
  })
})

describe('how it looks to others', () => {
  const SOME = {
    t: 'md:# A heading\n\nWords, `code` and **more**.',
    ...FLOWS,
    bad: "throw new Error('on purpose')",
    stale: 'const n = 1',
    long: `const words = '${'long '.repeat(60)}'`,
  }

  test('[NP90] light, dark, narrow, enlarged, without colours or motion: nothing is cut off, and axe finds nothing', async () => {
    const { page } = await openNotebook(site, SOME)
    await run(page, 'bad')
    await becomes(page, 'bad', 'failed')
    await run(page, 'stale')
    await becomes(page, 'stale', 'fresh')
    await write(page, 'stale')
    await page.keyboard.type('0')
    await page.keyboard.press('Escape')
    await becomes(page, 'stale', 'stale')
    await select(page, 't')
    const looks = [
      {},
      { colorScheme: 'dark', width: 390, height: 844 },
      { reducedMotion: 'reduce', width: 640, height: 400 },
      { forcedColors: 'active' },
    ] as const
    expect(await lookFindings(page, looks)).toEqual([])
    const styleOfEdge = `(() => { let found; const look = (root) => { for (const one of root.querySelectorAll('*')) { if (one.matches('fc-cell#stale')) found = one; if (one.shadowRoot) look(one.shadowRoot) } }; look(document); return getComputedStyle(found.shadowRoot.querySelector('.body')).borderLeftStyle })()`
    expect(await page.evaluate(styleOfEdge)).toBe('dashed')
  })

  test('[NP91] a notebook without cells shows what a cell may hold, and its button or a letter makes the first one', async () => {
    const workspace = await site.createWorkspace()
    const { id } = await workspace.api('/notebooks/', { source: '// ---\n// nb: 1\n// title: Nothing yet\n// ---\n' })
    const { page } = await site.open(`/notebooks/notebook/${id}`, { workspace })
    await page.getByText('This notebook has no cells').waitFor()
    expect(await page.locator('fc-empty pre').textContent()).toMatch(/^const rows = /)
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Add code' }).click()
    await page.locator('fc-cell .cm-content').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('d')
    await page.keyboard.press('d')
    await page.getByText('This notebook has no cells').waitFor()
    await page.keyboard.press('b')
    await expect.poll(async () => (await order(page)).length).toBe(1)
    await expect.poll(() => focused(page)).toMatch(/^fc-cell#/)
  })

  test('[NP92] who may only look has nothing to press that changes or runs', async () => {
    const { page } = await openNotebook(site, SOME)
    // Links that only look come later; the page's own word for it is `canEdit`.
    await page.evaluate(`(() => {
      const all = (root) => [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot === null ? [] : all(one.shadowRoot))])
      const elements = all(document)
      const head = elements.find((one) => one.localName === 'fc-notebook-head')
      Object.defineProperty(head.notebook, 'canEdit', { value: false })
      for (const one of elements) if (/^fc-(notebook|cell)/.test(one.localName)) one.requestUpdate?.()
    })()`)
    await page.getByText('read only').waitFor()
    await select(page, 'f')
    for (const key of ['a', 'b', 'd', 'd', 'x', 'Enter', 'Shift+Enter', 'e', 'f']) await page.keyboard.press(key)
    expect(await order(page)).toEqual(Object.keys(SOME))
    expect(await cell(page, 'f').locator('.cm-content, fc-flow-form, .run, .handle, .insert button').count()).toBe(0)
    expect(await page.getByRole('button', { name: /^(Run|Add|Move|More for cell)/ }).count()).toBe(0)
    expect(await axeFindings(page)).toEqual([])
  })
})

test('[NP93] a compiler that could not be loaded is told, cells are read all the same, and it is tried again when the workspace is back', async () => {
  using folder = freshFolder()
  const port = await freePort()
  let server = await launch(folder.path, { port })
  try {
    const made = await fetch(`${server.note.url}/api/workspaces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Ada' }),
    })
    const { link } = (await made.json()) as { link: string } // our own server
    const opened = await site.openAt(link, {
      prepare: async (page) => void (await page.route('**/compiler-worker-*', (route) => route.abort())),
    })
    const { page } = opened
    opened.expectComplaints(/Failed to load resource|WebSocket|ERR_/)
    const said = page.locator('fc-notebook-head .service')
    await expect.poll(() => said.textContent()).toBe('cells not checked')
    await page.getByText('Negative engineering').first().waitFor()
    await page.unroute('**/compiler-worker-*')
    await server.stop('SIGKILL')
    server = await launch(folder.path, { port })
    await expect.poll(() => said.textContent(), { timeout: 30_000 }).toBe('')
    await page.locator('fc-cell .ref').first().waitFor()
  } finally {
    await server.stop()
  }
})

test('[NP94] what is typed before the palette has come is searched for in it, and is no command', async () => {
  const typed = Promise.withResolvers<void>()
  const { page } = await openNotebook(site, ABC, {
    prepare: async (page) => void (await page.route('**/palette-*', (route) => typed.promise.then(() => route.continue()))),
  })
  await select(page, 'b')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('ddx')
  typed.resolve()
  await expect.poll(() => page.getByRole('combobox').inputValue()).toBe('ddx')
  expect(await order(page)).toEqual(['a', 'b', 'c'])
})
