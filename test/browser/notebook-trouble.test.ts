/** What goes wrong around a notebook: it is said at the right place, and no text is lost. */
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { becomes, cell, openNotebook, order, run, sees, select, shown, text, write } from './notebook-hands.ts'
import { workspacePages } from './workspace-page.ts'

const site = workspacePages()
const EDITOR = /\/app\/cell-editor/

describe('trouble in notebooks', { timeout: 60_000 }, () => {
  test('[NP71] an address that names no notebook is told, whatever stands in it', async () => {
    const { page } = await site.open('/notebooks/notebook/not-an-id')
    await page.getByText('This notebook cannot be opened').waitFor()
    expect(await page.getByRole('link', { name: 'To the notebooks' }).isVisible()).toBe(true)
  })

  test('[NP72] a notebook that is deleted while somebody writes in it leaves its text to become another one', async () => {
    const { page, workspace, id } = await openNotebook(site, { a: 'const a = 1', m: 'md:Words' })
    await write(page, 'a')
    await page.keyboard.type(' // mine')
    await workspace.api(`/notebooks/${id}`, undefined, 'DELETE')
    await page.getByText('This notebook is gone').waitFor()
    const focused = `(() => { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; return at?.localName })()`
    await expect.poll(() => page.evaluate(focused)).toBe('fc-empty')
    await page.getByRole('button', { name: 'Make a new notebook of it' }).click()
    await cell(page, 'a').waitFor()
    expect([await order(page), await text(page, 'a'), page.url().endsWith(id)]).toEqual([['a', 'm'], 'const a = 1 // mine', false])
  })

  test('[NP73] a file in an older encoding keeps its letters, and it is said how it was read', async () => {
    const { page } = await site.open('/notebooks')
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Import' }).click()
    await (await choosing).setFiles({ name: 'menu.md', mimeType: 'text/markdown', buffer: Buffer.from('# Caf\xe9', 'latin1') })
    await page.getByRole('heading', { name: 'Café' }).waitFor()
    expect(await page.locator('fc-toasts').getByText('The file is no UTF-8; it was read as windows-1252.').count()).toBe(1)
  })

  test('[NP74] text with styles of its own and formulas that are not finished is drawn without a complaint of the policy', async () => {
    const { page } = await openNotebook(site, {
      a: 'md:Half: $\\frac{1$ and $\\nosuch$ and $x^2$\n\n<p align="center" style="color: red" onclick="go()">Styled</p>',
    })
    await expect.poll(() => cell(page, 'a').locator('math').count()).toBeGreaterThan(0)
    expect(await shown(page, 'a')).toMatch(/\\frac\{1.*Styled/)
  })

  test('[NP76] a cell that closes its Worker is told that it may not, and the kernel goes on', async () => {
    const { page } = await openNotebook(site, { a: 'self.close()', b: '1 + 1' })
    await run(page, 'a')
    await sees(page, 'a', /close.*Stop/)
    await run(page, 'b')
    await becomes(page, 'b', 'fresh')
    expect(await shown(page, 'b')).toMatch(/1 \+ 1 2 /)
  })

  test('[NP77] a cell that breaks what all code is made of ends as failed; after a restart the others run again', async () => {
    const { page } = await openNotebook(site, {
      a: 'Array.prototype.map = () => { throw new Error("broken") }; [1]',
      b: '[1].map((x) => x + 1)',
    })
    await run(page, 'a')
    await becomes(page, 'a', 'failed')
    await page.keyboard.press('0')
    await page.keyboard.press('0')
    await run(page, 'b')
    await becomes(page, 'b', 'fresh')
    expect(await shown(page, 'a')).toContain('broken')
  })

  test('[NP79] what is typed before the editor has come stands in the cell; an editor that never comes is told once', async () => {
    const typed = Promise.withResolvers<void>()
    const slowly = async (page: Page) => void (await page.route(EDITOR, (route) => typed.promise.then(() => route.continue())))
    const slow = await openNotebook(site, { a: 'const a = 1' }, { prepare: slowly })
    await select(slow.page, 'a')
    await slow.page.keyboard.press('Enter')
    await slow.page.keyboard.type('// earlx')
    await slow.page.keyboard.press('Backspace')
    await slow.page.keyboard.type('y')
    await slow.page.keyboard.press('Enter')
    typed.resolve()
    await cell(slow.page, 'a').locator('.cm-content').waitFor()
    await slow.page.keyboard.type('later;')
    await expect.poll(() => text(slow.page, 'a')).toBe('// early\nlater;const a = 1')

    const broken = async (page: Page) => void (await page.route(EDITOR, (route) => route.abort()))
    const never = await openNotebook(site, { a: 'const a = 1' }, { prepare: broken })
    never.expectComplaints(/ERR_FAILED/)
    await select(never.page, 'a')
    await never.page.keyboard.press('Enter')
    await never.page.getByText('The editor could not be loaded').waitFor()
    await never.page.unroute(EDITOR)
    await never.page.getByRole('button', { name: 'Load the page again' }).click()
    await cell(never.page, 'a').waitFor()
    await write(never.page, 'a')
  })
})
