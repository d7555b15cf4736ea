/** Outputs in a notebook: made in the kernel, drawn in the page, stored in the workspace. */
import { expect, test } from 'vitest'
import { axeFindings } from './axe.ts'
import { becomes, cell, footer, openNotebook, run, sees, shown } from './notebook-hands.ts'
import { workspacePages } from './workspace-page.ts'

const site = workspacePages()

test('[OU60] a slider gives its value; moving it makes its cell and what uses it stale, and running what uses it uses the new value', async () => {
  const { page } = await openNotebook(site, {
    days: "const days = input.slider({ label: 'Days', min: 1, max: 30, value: 7 })",
    uses: 'days * 100',
    live: "const name = input.text({ label: 'Name', runOnChange: true })",
    greet: '`hello ${name}`',
  })
  await page.getByRole('button', { name: 'Run all' }).click()
  await sees(page, 'uses', /\b700\b/)
  await becomes(page, 'greet', 'fresh')
  const slider = cell(page, 'days').getByLabel('Days')
  await slider.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await becomes(page, 'days', 'stale')
  await becomes(page, 'uses', 'stale')
  expect(await footer(page, 'days')).toContain('stale: ')
  await run(page, 'uses')
  await sees(page, 'uses', /\b900\b/)
  await becomes(page, 'days', 'fresh')
  expect(await cell(page, 'days').getByLabel('Days').inputValue()).toBe('9')
  await cell(page, 'live').getByLabel('Name').pressSequentially('Ada')
  await sees(page, 'greet', /hello Ada/)
  expect(await cell(page, 'live').getByLabel('Name').inputValue()).toBe('Ada')
})

test('[OU61] charts of the shelf, tables, images, Markdown and frames come from the kernel and stay after a reload, closed with a word', async () => {
  const { page } = await openNotebook(site, {
    chart:
      "import * as Plot from '@observablehq/plot'\nPlot.dot([{ x: 1, y: 2 }, { x: 2, y: 3 }], { x: 'x', y: 'y' }).plot({ ariaLabel: 'Two dots' })",
    legend: "Plot.plot({ color: { legend: true }, marks: [Plot.dot([{ x: 1, y: 2, c: 'a' }], { x: 'x', y: 'y', fill: 'c' })] })",
    table: "Array.from({ length: 1000 }, (_, i) => ({ run: 'run-' + i, state: i % 2 ? 'Completed' : 'Failed', seconds: i }))",
    image: "const canvas = new OffscreenCanvas(40, 30)\ncanvas.getContext('2d').fillRect(0, 0, 20, 20)\ncanvas",
    text: 'md`# Sum\n\n$\\\\sum_i i$`',
    frame: "html('<b id=x>closed</b><script>document.getElementById(`x`).textContent = `it ran`</script>')",
    tree: '({ a: { b: { c: { d: 1 } } } })',
  })
  await page.getByRole('button', { name: 'Run all' }).click()
  await becomes(page, 'tree', 'fresh')
  await cell(page, 'chart').getByRole('img', { name: 'Two dots' }).waitFor()
  await cell(page, 'legend').getByRole('img', { name: 'Chart' }).waitFor()
  await cell(page, 'table').getByRole('gridcell', { name: 'run-11', exact: true }).waitFor()
  await cell(page, 'image').locator('img').waitFor()
  await cell(page, 'text').locator('math').waitFor()
  await cell(page, 'frame').locator('iframe').scrollIntoViewIfNeeded() // it loads when it is near
  await expect.poll(() => cell(page, 'frame').frameLocator('iframe').locator('#x').innerText()).toBe('it ran')
  await cell(page, 'table').getByRole('searchbox').fill('run-99')
  await sees(page, 'table', /11 of 1,000 rows/)
  await cell(page, 'table').getByRole('searchbox').fill('')
  await sees(page, 'table', /\b1,000 rows/)
  expect((await axeFindings(page)).filter((finding) => finding.includes('fc-outputs'))).toEqual([])
  await page.reload()
  await cell(page, 'chart').getByRole('img', { name: 'Two dots' }).waitFor()
  await sees(page, 'table', /The first 100 of 1,000 rows\./)
  await cell(page, 'frame').getByRole('button', { name: 'Run the script of this output' }).waitFor()
  expect(await page.locator('iframe[src*="output"]').count()).toBe(0)
})

test('[OU62] a flow that a cell shows has a form; Run starts it with what stands there', async () => {
  const { page } = await openNotebook(site, {
    flow: "import { flow } from 'flowcell'\nconst greet = flow(async function greet(name: string, times: number = 2) {\n  console.log(`hello ${name} `.repeat(times))\n})\ngreet",
  })
  await run(page, 'flow')
  await cell(page, 'flow').getByLabel('name').fill('Ada')
  await cell(page, 'flow').getByRole('button', { name: 'Run', exact: true }).last().click()
  await sees(page, 'flow', /Completed [a-z]+-[a-z]+ greet/)
  expect(await cell(page, 'flow').locator('fc-flow-form').getByLabel('name').inputValue()).toBe('Ada')
})

test('[OU63] a cell that prints without end keeps page and kernel alive; what is left out is said', async () => {
  const { page } = await openNotebook(site, { loop: "for (let i = 0; i < 1_000_000; i++) console.log('line', i)\n'done'", next: "'alive'" })
  await run(page, 'loop')
  await sees(page, 'loop', /915,\d{3} lines \( 10,\d{3},\d{3} characters \) before this were left out.*line 999999 .*'done'/)
  await run(page, 'next')
  await becomes(page, 'next', 'fresh')
  expect(await shown(page, 'next')).toContain("'alive'")
})
