/** Running cells as a person does: the story of the welcome notebook, what is stale and why, stopping, errors, other tabs. */
import { describe, expect, test } from 'vitest'
import { becomes, cell, edge, footer, openNotebook, run, saved, sees, select, shown, text, write } from './notebook-hands.ts'
import { workspacePages } from './workspace-page.ts'

const site = workspacePages()

describe('the story', () => {
  test('[NP30] a new workspace opens its welcome notebook; Shift Enter goes through it, runs appear in their cells, and their page is a click away', async () => {
    const { page } = await site.open('')
    await page.waitForURL(/\/notebooks\/notebook\//)
    await page.locator('fc-cell').first().waitFor()
    expect(await page.locator('fc-cell[data-head]').getAttribute('data-cell')).toBe('intro')
    const cells = await page.locator('fc-cell').count()
    expect(await page.evaluate('document.querySelectorAll("iframe").length')).toBe(0)
    for (let step = 0; step < cells - 1; step++) await page.keyboard.press('Shift+Enter')
    await becomes(page, 'bars', 'fresh')
    await sees(page, 'tryp', /Wrote|Error: Our unreliable service failed/)
    await cell(page, 'runt').scrollIntoViewIfNeeded()
    await sees(page, 'runt', /(?:Completed|Failed) [a-z]+-[a-z]+ pipeline/)
    await sees(page, 'tsks', /named 'pipeline' is defined more than once/)
    await sees(page, 'runs', /run .*state .*seconds/)
    await cell(page, 'bars').locator('fc-outputs svg rect').first().waitFor()
    await cell(page, 'runr').scrollIntoViewIfNeeded()
    await sees(page, 'runr', /(?:Completed|Failed) [a-z]+-[a-z]+ pipeline/)
    const name = /(?:Completed|Failed) ([a-z]+-[a-z]+) pipeline/.exec(await shown(page, 'runr'))?.[1]
    await cell(page, 'runr')
      .getByRole('link', { name: /^Open run/ })
      .click()
    await page.getByRole('heading', { name: String(name), level: 1 }).waitFor()
  })

  test('[NP31] an edit makes the cell stale and what uses it with the reason and a link to the cause; Run stale brings exactly those up to date', async () => {
    const { page } = await openNotebook(site, { a: 'const x = 1', b: 'const y = x + 1\ny', c: 'const z = 10\nz', d: 'md:# Text' })
    await page.keyboard.press('Escape')
    await select(page, 'a')
    await page.getByRole('button', { name: 'Run all' }).click()
    for (const id of ['a', 'b', 'c']) await becomes(page, id, 'fresh')
    await write(page, 'a')
    await page.keyboard.type('00')
    await page.keyboard.press('Escape')
    await becomes(page, 'a', 'stale')
    await becomes(page, 'b', 'stale')
    expect(await footer(page, 'a')).toContain('stale: edited since it ran')
    expect(await footer(page, 'b')).toContain('stale: x changed just now')
    expect(await edge(page, 'c')).toBe('fresh')
    await cell(page, 'b').getByRole('link', { name: 'x', exact: true }).click()
    expect(await page.locator('fc-cell[data-head]').getAttribute('data-cell')).toBe('a')
    await page.getByRole('button', { name: /Run stale 2/ }).click()
    await becomes(page, 'b', 'fresh')
    await sees(page, 'b', /\b101\b/)
  })
})

describe('running', () => {
  test('[NP32] running a cell first runs what it needs; after a failure what needs it is not run and says so, the rest goes on', async () => {
    const { page } = await openNotebook(site, {
      a: 'const x = 1',
      b: "const y = x + 1\nthrow new Error('broken here')",
      c: 'const z = y',
      d: "'apart'",
    })
    await run(page, 'c')
    await becomes(page, 'a', 'fresh')
    await becomes(page, 'b', 'failed')
    await expect.poll(() => footer(page, 'c')).toContain('Not run: cell 2, which it needs, failed.')
    expect(await edge(page, 'd')).toBe('none')
    await page.getByRole('button', { name: 'Run all' }).click()
    await becomes(page, 'd', 'fresh')
  })

  test('[NP32] the empty cell that Shift Enter puts behind the last one is nothing to run: nothing is stale after a walk through all', async () => {
    const { page } = await openNotebook(site, { a: '1', b: '2' })
    const stale = page.getByRole('button', { name: 'Run stale' })
    await cell(page, 'a').click()
    await page.keyboard.press('Escape')
    await expect.poll(() => stale.textContent()).toContain('2')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.press('Shift+Enter')
    await becomes(page, 'b', 'fresh')
    expect(await page.locator('fc-cell').count()).toBe(3)
    await expect.poll(() => stale.isDisabled()).toBe(true)
  })

  test('[NP33] a frame of an error goes to its line in the cell and shows it', async () => {
    const { page } = await openNotebook(site, { a: 'function deep() {\n  throw new TypeError("no such thing")\n}', b: 'deep()' })
    await run(page, 'b')
    await becomes(page, 'b', 'failed')
    await sees(page, 'b', /TypeError.*no such thing/)
    await cell(page, 'b')
      .locator('fc-error')
      .getByRole('button', { name: /cell 1/ })
      .first()
      .click()
    await cell(page, 'a').locator('.cm-flash').waitFor()
    expect(await cell(page, 'a').locator('.cm-flash').textContent()).toContain('throw new TypeError')
  })

  test('[NP34] a cell in an endless loop is stopped by force; the page stays alive, what ran is stale, and it goes on', async () => {
    const { page } = await openNotebook(site, { a: 'const x = 1', b: 'while (true) {}', c: 'x + 1' })
    await run(page, 'a')
    await becomes(page, 'a', 'fresh')
    await run(page, 'b')
    await becomes(page, 'b', 'running')
    await write(page, 'c')
    await page.keyboard.type(' + 1')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Stop', exact: true }).first().click()
    await page.getByRole('button', { name: 'Force stop' }).click()
    await expect.poll(() => footer(page, 'b')).toContain('stopped')
    await expect.poll(() => footer(page, 'a')).toContain('stale: the kernel was restarted')
    await run(page, 'c')
    await sees(page, 'c', /x \+ 1 \+ 1 .*\b3\b/)
    expect([await edge(page, 'a'), await edge(page, 'b')]).toEqual(['fresh', 'stale'])
  })

  test('[NP35] after a reload outputs are there and say that they are of an earlier session, and nothing runs by itself', async () => {
    const { page } = await openNotebook(site, { a: "console.log('once')\n6 * 7" })
    await run(page, 'a')
    await sees(page, 'a', /once.*42/)
    await saved(page)
    await page.reload()
    await sees(page, 'a', /once.*42.*from an earlier session/)
    expect([await edge(page, 'a'), await page.evaluate('document.querySelectorAll("iframe").length')]).toEqual(['none', 0])
  })

  test('[NP98] a page that is left in the middle of a run says with its last breath what the cell had shown', async () => {
    const { page } = await openNotebook(site, {
      a: "for (let line = 1; ; line++) {\n  console.log('line', line)\n  await new Promise((go) => setTimeout(go, 100))\n}",
    })
    await run(page, 'a')
    await sees(page, 'a', /line 20/) // stored after the first second, and not again before the sixth
    await page.reload()
    await sees(page, 'a', /line 20.*stopped/)
    expect(await edge(page, 'a')).toBe('none')
  })

  test('[NP36] a second tab sees what the first one runs, and whose it is; stale speaks of its own kernel only', async () => {
    const first = await openNotebook(site, { a: "console.log('from the first')\n1" })
    const second = await site.open(`/notebooks/notebook/${first.id}`, { beside: first })
    await second.page.locator('fc-cell').first().waitFor()
    await run(first.page, 'a')
    await sees(second.page, 'a', /from the first.*ran in another tab/)
    expect([await edge(first.page, 'a'), await edge(second.page, 'a')]).toEqual(['fresh', 'none'])
  })

  test('[NP37] a cell that runs elsewhere is kept, shows where, and refuses with a sentence; a kind that nobody knows is text', async () => {
    const source = '// ---\n// nb: 1\n// ---\n\n// %% id=a runs=edge\nconst x = 1\n\n// %% [python] id=b\n// print(1)\n'
    const { page } = await openNotebook(site, source)
    await expect.poll(() => edge(page, 'a')).toBe('blocked')
    expect(await shown(page, 'a')).toMatch(/edge/)
    await run(page, 'a')
    expect(await edge(page, 'a')).toBe('blocked')
    expect(await shown(page, 'b')).toMatch(/print\(1\).*python.*does not run here/)
  })

  test('[NP38] what cannot be compiled is told at its place: broken code, an enum, a name twice, a circle, another cell’s name, a line that goes on', async () => {
    const { page } = await openNotebook(site, {
      broken: 'const = 1',
      enums: 'enum Colour { Red }',
      one: 'const twice = 1',
      two: 'const twice = 2',
      left: 'const l = r',
      right: 'const r = l',
      owner: 'let mine = 1',
      thief: 'mine = 2',
      asi: 'const n = 1\nconst m = n + 1\n({ m })',
    })
    const problems = async (id: string) => {
      await cell(page, id).scrollIntoViewIfNeeded()
      return ((await cell(page, id).locator('.problems').textContent()) ?? '').replaceAll(/\s+/g, ' ').trim()
    }
    await expect.poll(() => problems('broken')).toMatch(/^Line 1: /)
    expect(await problems('enums')).toMatch(/Line 1: .*enum/)
    expect(await problems('one')).toMatch(/twice is also defined in cell 4/)
    expect(await problems('left')).toMatch(/wait for each other: cell 5 → cell 6 → cell 5/)
    expect(await problems('thief')).toMatch(/mine belongs to cell 7/)
    await expect.poll(() => problems('asi')).toMatch(/Line 2 goes on in the next one/)
    await cell(page, 'asi').getByRole('button', { name: 'Put it in' }).click()
    await expect.poll(() => text(page, 'asi')).toContain('n + 1;')
    await cell(page, 'enums').getByRole('button', { name: 'Line 1' }).click()
    await cell(page, 'enums').locator('.cm-flash').waitFor()
  })
})
