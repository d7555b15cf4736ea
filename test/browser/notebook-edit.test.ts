/** Writing a notebook as a person does: text, cells, keys, files, several tabs, and a workspace that goes away. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { freePort, freshFolder, launch } from '../support/server.ts'
import { axeFindings, lookFindings } from './axe.ts'
import { becomes, cell, openNotebook, order, run, saved, sees, select, shown, text, write } from './notebook-hands.ts'
import { workspacePages } from './workspace-page.ts'

const site = workspacePages()
const ABC = { a: "'one'", b: "'two'", c: "'three'" }

describe('cells', () => {
  test('[NP40] letters of command mode add, delete, bring back, duplicate, cut and paste, change kinds; the toast and Z undo', async () => {
    const { page } = await openNotebook(site, ABC)
    await select(page, 'b')
    await page.keyboard.press('a')
    await page.keyboard.press('b')
    expect((await order(page)).map((id) => (id.length === 1 ? id : '+')).join('')).toBe('a++bc')
    await page.keyboard.press('z')
    await page.keyboard.press('z')
    await expect.poll(() => order(page)).toEqual(['a', 'b', 'c'])
    await select(page, 'b')
    await page.keyboard.press('d')
    await page.keyboard.press('d')
    await expect.poll(() => order(page)).toEqual(['a', 'c'])
    expect(await page.locator('fc-cell[data-head]').getAttribute('data-cell')).toBe('c')
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect.poll(() => order(page)).toEqual(['a', 'b', 'c'])
    await select(page, 'a')
    await page.keyboard.press('x')
    await select(page, 'c')
    await page.keyboard.press('v')
    await expect.poll(async () => Promise.all((await order(page)).map((id) => text(page, id)))).toEqual(["'two'", "'three'", "'one'"])
    await select(page, 'b')
    await page.keyboard.press('m')
    await expect.poll(() => cell(page, 'b').getAttribute('data-kind')).toBe('md')
    await page.keyboard.press('2')
    await expect.poll(() => cell(page, 'b').locator('.text h2').textContent()).toBe("'two'")
    await page.keyboard.press('y')
    await expect.poll(() => cell(page, 'b').getAttribute('data-kind')).toBe('ts')
  })

  test('[NP41] a deleted cell stands in the bin and is put back where it was', async () => {
    const { page } = await openNotebook(site, ABC)
    await select(page, 'b')
    await page.keyboard.press('d')
    await page.keyboard.press('d')
    await page.getByRole('button', { name: '1 deleted cell' }).click()
    await page.getByRole('button', { name: 'Put it back' }).click()
    await expect.poll(() => order(page)).toEqual(['a', 'b', 'c'])
  })

  test('[NP42] cells are split at the cursor, merged, selected together and moved by keys and by dragging', async () => {
    const { page } = await openNotebook(site, { a: 'const x = 1\nconst y = 2', b: "'two'", c: "'three'" })
    await write(page, 'a')
    await page.keyboard.press('Home')
    await page.keyboard.press('Control+Shift+Minus')
    await expect.poll(async () => (await order(page)).length).toBe(4)
    const [, below] = await order(page)
    expect([await text(page, 'a'), await text(page, String(below))]).toEqual(['const x = 1', 'const y = 2'])
    await page.keyboard.press('Escape')
    await select(page, 'a')
    await page.keyboard.press('Shift+j')
    await page.keyboard.press('Shift+m')
    await expect.poll(() => text(page, 'a')).toBe('const x = 1\nconst y = 2')
    await select(page, 'b')
    await page.keyboard.press('Alt+Shift+ArrowUp')
    await expect.poll(() => order(page)).toEqual(['b', 'a', 'c'])
    await page.keyboard.press('Control+Shift+ArrowDown')
    await expect.poll(() => order(page)).toEqual(['a', 'b', 'c'])
    await cell(page, 'c').hover()
    const target = await cell(page, 'a').boundingBox()
    await cell(page, 'c')
      .getByRole('button', { name: /Move cell 3/ })
      .dragTo(cell(page, 'a'), { targetPosition: { x: 200, y: Math.min(10, target?.height ?? 10) } })
    await expect.poll(() => order(page)).toEqual(['c', 'a', 'b'])
  })

  test('[NP43] text is found in all cells and replaced as one step that Undo takes back', async () => {
    const { page } = await openNotebook(site, { a: 'const rows = 1', b: 'rows + rows', c: 'md:The rows' })
    await select(page, 'a')
    await page.keyboard.press('Control+f')
    await page.getByRole('searchbox', { name: 'Find in all cells' }).fill('rows')
    await expect.poll(() => page.locator('fc-find-bar .count').textContent()).toBe('1 of 4')
    await page.getByRole('textbox', { name: 'Replace with' }).fill('lines')
    await page.getByRole('button', { name: 'Replace all' }).click()
    await expect
      .poll(async () => Promise.all(['a', 'b', 'c'].map((id) => text(page, id))))
      .toEqual(['const lines = 1', 'lines + lines', 'The lines'])
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect.poll(() => text(page, 'b')).toBe('rows + rows')
    await page.getByRole('searchbox', { name: 'Find in all cells' }).press('Escape')
    await page.locator('fc-find-bar').waitFor({ state: 'detached' })
  })

  test('[NP44] the palette finds the commands of the notebook and runs them; the help names their keys', async () => {
    const { page } = await openNotebook(site, ABC)
    await select(page, 'b')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('duplicate')
    await expect.poll(() => page.getByRole('combobox').inputValue()).toBe('duplicate')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await order(page)).length).toBe(4)
    await page.keyboard.press('Escape')
    await select(page, 'a')
    await page.keyboard.press('Shift+?')
    await page.getByText('Run cell and go on').first().waitFor()
  })
})

describe('several tabs and a workspace that goes away', () => {
  test('[NP45] two tabs that write into one cell at the same time end with the same text, and lose nothing', async () => {
    const first = await openNotebook(site, { a: 'middle' })
    const second = await site.open(`/notebooks/notebook/${first.id}`, { beside: first })
    await second.page.locator('fc-cell').first().waitFor()
    await write(first.page, 'a')
    await write(second.page, 'a')
    await second.page.keyboard.press('Control+Home')
    for (let letter = 0; letter < 12; letter++) {
      await first.page.keyboard.type(String.fromCharCode(97 + letter))
      await second.page.keyboard.type(String.fromCharCode(65 + letter))
    }
    for (const { page } of [first, second]) {
      await expect.poll(() => text(page, 'a')).toBe('ABCDEFGHIJKLmiddleabcdefghijkl')
      expect(await cell(page, 'a').locator('.cm-content').textContent()).toBe('ABCDEFGHIJKLmiddleabcdefghijkl')
    }
    await first.page.keyboard.press('Escape')
    await select(first.page, 'a')
    await first.page.keyboard.press('b')
    await expect.poll(async () => (await order(second.page)).length).toBe(2)
  })

  test('[NP46] what is written while the server is away stays in the browser over a reload, and arrives when it is back', async () => {
    using folder = freshFolder()
    const port = await freePort()
    let server = await launch(folder.path, { port })
    try {
      const workspace = await createOn(server.note.url)
      const opened = await site.openAt(workspace.link)
      const { page } = opened
      opened.expectComplaints(/./)
      await page.waitForURL(/\/notebooks\/notebook\//)
      await page.locator('fc-cell').first().waitFor()
      await write(page, 'runf')
      await server.stop('SIGKILL')
      await page.keyboard.type('// written while away')
      await expect
        .poll(() => page.locator('fc-notebook-head .saved').textContent(), { timeout: 20_000 })
        .toContain('Not saved: the workspace is away')
      const isKept = () => page.evaluate('Object.keys(localStorage).some((key) => key.startsWith("flowcell:unsent"))')
      await expect.poll(isKept).toBe(true)
      server = await launch(folder.path, { port })
      await page.reload()
      await page.locator('fc-cell').first().waitFor()
      await expect.poll(() => text(page, 'runf'), { timeout: 20_000 }).toContain('// written while away')
      await saved(page)
      await write(page, 'runf')
      await server.stop('SIGKILL')
      await page.keyboard.type('// and again')
      server = await launch(folder.path, { port })
      await expect.poll(() => page.locator('fc-notebook-head .saved').textContent(), { timeout: 30_000 }).toContain('Saved')
      await page.reload()
      await page.locator('fc-cell').first().waitFor()
      expect(await text(page, 'runf')).toContain('// written while away// and again')
      await page.close()
    } finally {
      await server.stop()
    }
  })
})

async function createOn(url: string): Promise<{ readonly link: string }> {
  const made = await fetch(`${url}/api/workspaces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada' }),
  })
  const answer: unknown = await made.json()
  if (typeof answer !== 'object' || answer === null || !('link' in answer)) throw new Error('no link')
  return { link: String(answer.link) }
}

describe('files', () => {
  test('[NP48] an .ipynb with Python cells becomes a notebook that keeps them as text; a file that is none is refused with a sentence', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flowcell-import-'))
    try {
      const code = (source: string) => ({ cell_type: 'code', metadata: {}, execution_count: null, outputs: [], source })
      const python = {
        nbformat: 4,
        nbformat_minor: 5,
        metadata: { kernelspec: { name: 'python3', display_name: 'Python', language: 'python' } },
        cells: [{ cell_type: 'markdown', metadata: {}, source: '# From elsewhere' }, code('print("hello")')],
      }
      writeFileSync(join(folder, 'elsewhere.ipynb'), JSON.stringify(python))
      writeFileSync(join(folder, 'picture.ipynb'), 'PNG no JSON at all')
      writeFileSync(join(folder, 'data.csv'), 'a,b')
      const { page } = await site.open('/notebooks')
      for (const [name, sentence] of [
        ['picture.ipynb', /picture\.ipynb was not imported\. The file is no JSON object/],
        ['data.csv', /data\.csv was not imported\. A notebook is a \.nb\.ts/],
      ] as const) {
        const choosing = page.waitForEvent('filechooser')
        await page.getByRole('button', { name: 'Import' }).click()
        await (await choosing).setFiles(join(folder, name))
        await page.getByText(sentence).waitFor()
      }
      const choosing = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Import' }).click()
      await (await choosing).setFiles(join(folder, 'elsewhere.ipynb'))
      await page.waitForURL(/\/notebooks\/notebook\//)
      await page.getByRole('heading', { name: 'From elsewhere' }).waitFor()
      const [first, second] = await order(page)
      expect([await text(page, String(first)), await text(page, String(second))]).toEqual([
        '# From elsewhere',
        '```python\nprint("hello")\n```',
      ])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('[NP49] a notebook is exported as every kind of file, with its outputs where they go along', async () => {
    const { page } = await openNotebook(site, { a: "'shown below'", t: 'md:# Heading' })
    await run(page, 'a')
    await becomes(page, 'a', 'fresh')
    const file = async (item: string) => {
      const downloading = page.waitForEvent('download')
      await page.locator('fc-notebook-head').getByRole('button', { name: 'More for this notebook' }).click()
      await page.getByRole('menuitem', { name: item }).click()
      const download = await downloading
      return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
    }
    const source = await file('Export as .nb.ts')
    expect([source.name, source.text.includes("// %% id=a\n'shown below'")]).toEqual(['test.nb.ts', true])
    expect((await file('Export as .ipynb, with outputs')).text).toMatch(/"execute_result"[^]*shown below|"display_data"[^]*shown below/)
    expect((await file('Export as Markdown')).text).toContain('# Heading')
    const html = await file('Export as a page (.html)')
    expect([html.text.includes('<h1>Heading</h1>'), html.text.includes('flowcell-notebook')]).toEqual([true, true])
    expect((await file('Export the code (.ts)')).text.trim()).toBe("'shown below'")
  })

  test('[NP50] the list makes notebooks, finds them by their title, and deletes one after a question', async () => {
    const { page, workspace } = await site.open('/notebooks')
    for (const title of ['Prices', 'Weather', 'Stars']) await workspace.api('/notebooks/', { title })
    await page.getByRole('link', { name: 'Stars' }).waitFor()
    await page.getByRole('searchbox', { name: 'Search notebooks' }).fill('wea')
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1)
    await page.getByRole('button', { name: 'Delete Weather' }).click()
    await page.getByRole('button', { name: 'Delete it' }).click()
    await page.getByText('No notebook is called so.').waitFor()
    await page.getByRole('searchbox', { name: 'Search notebooks' }).fill('')
    await page.getByRole('button', { name: 'New notebook' }).click()
    await page.getByText('This notebook has no cells').waitFor()
    await page.getByRole('button', { name: 'Add code', exact: true }).click()
    await page.locator('.cm-content').waitFor()
    await page.keyboard.type('1 + 1')
    await page.keyboard.press('Shift+Enter')
    const [first] = await order(page)
    await sees(page, String(first), /\b2\b/)
  })
})

/** When the first cell stood there. */
const TELL_FIRST_CELL = `
  const find = (root) => { for (const one of root.querySelectorAll('*')) { if (one.localName === 'fc-cell' && one.shadowRoot?.firstElementChild) return true; if (one.shadowRoot && find(one.shadowRoot)) return true } return false }
  const look = () => { if (find(document)) globalThis.firstCell = performance.now(); else requestAnimationFrame(look) }
  requestAnimationFrame(look)`

describe('everybody', () => {
  test('[NP51] by keys alone: from the address to a new cell with its result, and back out of the text', async () => {
    const { page } = await openNotebook(site, { a: 'const x = 20' })
    await page.keyboard.press('b')
    await page.keyboard.press('Enter')
    await page.locator('.cm-content').waitFor()
    await page.keyboard.type('x * 2 + 2')
    await page.keyboard.press('Alt+Enter')
    const [, second] = await order(page)
    await sees(page, String(second), /\b42\b/)
    await page.keyboard.press('Escape')
    await page.keyboard.press('k')
    expect(await page.locator('fc-cell[data-head]').getAttribute('data-cell')).toBe(second)
  })

  test('[NP52] axe finds nothing in a notebook that is read, run, failed, edited, dark or narrow, nor in the list', async () => {
    const cells = { t: 'md:# Title\nText with `code`.', a: 'const x = 1\nx', b: "throw new Error('no')", c: 'const = 1' }
    const looks = [{}, { colorScheme: 'dark' }, { width: 390 }] as const
    const opened = await openNotebook(site, cells)
    const { page } = opened
    expect(await axeFindings(page)).toEqual([])
    await run(page, 'a')
    await run(page, 'b')
    await becomes(page, 'b', 'failed')
    expect(await lookFindings(page, looks)).toEqual([])
    await write(page, 'a')
    expect(await lookFindings(page, looks)).toEqual([])
    const { page: list } = await site.open('/notebooks', { beside: opened })
    await list.getByRole('link', { name: 'Getting started' }).waitFor()
    expect(await axeFindings(list)).toEqual([])
  })

  test('[NP53] a notebook is read with at most 120 KB of scripts, no editor among them; the editor comes with the first intent to edit', async () => {
    const scripts = new Map<string, number>()
    const { page } = await openNotebook(
      site,
      { a: 'const x = 1', b: 'md:# Text' },
      {
        prepare: async (fresh) => {
          await fresh.addInitScript(TELL_FIRST_CELL)
          fresh.on('response', (response) => {
            if (!response.url().endsWith('.js')) return
            scripts.set(response.url(), 0)
            void response.body().then(
              (body) => scripts.set(response.url(), gzipSync(body).length),
              () => undefined,
            )
          })
        },
      },
    )
    await sees(page, 'a', /const x = 1/)
    const first = await page.evaluate<string[]>(
      'performance.getEntriesByType("resource").filter(({ name, startTime }) => name.endsWith(".js") && startTime < firstCell).map(({ name }) => name)',
    )
    await expect.poll(() => first.every((url) => (scripts.get(url) ?? 0) > 0)).toBe(true)
    expect(first.filter((url) => /cell-editor|highlight|types|compiler|fc-outputs/.test(url))).toEqual([])
    const bytes = first.reduce((sum, url) => sum + (scripts.get(url) ?? 0), 0)
    expect([bytes > 60 * 1024, bytes <= 120 * 1024]).toEqual([true, true])
    expect([...scripts.keys()].filter((url) => /cell-editor|types/.test(url))).toEqual([])
    await write(page, 'a')
    expect([...scripts.keys()].some((url) => url.includes('cell-editor'))).toBe(true)
  })

  test('[NP54] an address with # and a cell shows that cell; a notebook that is not there is told', async () => {
    const cells = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`c${index}`, `const v${index} = ${index}`]))
    const first = await openNotebook(site, cells)
    const { page } = await site.open(`/notebooks/notebook/${first.id}#c35`, { beside: first })
    await expect.poll(() => page.locator('fc-cell[data-head]').getAttribute('data-cell')).toBe('c35')
    await expect.poll(async () => ((await cell(page, 'c35').boundingBox())?.y ?? -1) > 0).toBe(true)
    await page.goto(`${first.workspace.url}/notebooks/notebook/00000000-0000-4000-8000-000000000000`)
    await page.getByText('This notebook cannot be opened').waitFor()
    expect(await shown(first.page, 'c1')).toContain('const v1 = 1')
  })
})
