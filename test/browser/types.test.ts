/** Types in the editor as a person meets them: what opens while typing, what is told, and where keys lead. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from './chromium.ts'
import { serveTypesPage, type TypesPageServer } from './types-page.ts'

/** What of page/types.ts is called here. */
interface OnPage {
  readonly client: { readonly state: { readonly value: string }; readonly notice: { readonly value: string | undefined }; wake(): void }
  readonly navigated: readonly string[]
  open(cells: Readonly<Record<string, string>>): void
  text(id: string): string
  place(id: string, text: string): void
  whereIs(id: string, text: string): { readonly x: number; readonly y: number }
}

/** The budget of everything that types load (design/notebook.md). */
const MOST_BYTES = 1_084 * 1024

const CELLS = {
  a: "/** The rows of the day. */\nconst rows = [{ id: 1, name: 'x' }]\nfunction sum(xs: readonly number[], from = 0) { return xs.reduce((a, b) => a + b, from) }",
  b: 'const ids = rows.map((row) => row.id)\nsum(ids)',
  c: '',
}

let browser: Browser | undefined
let server: TypesPageServer | undefined

beforeAll(async () => {
  server = await serveTypesPage()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** Opens a page with these cells, types not yet loaded. */
async function opened(cells: Readonly<Record<string, string>>, then: (page: Page) => Promise<void>): Promise<void> {
  if (browser === undefined || server === undefined) throw new Error('no browser')
  const context = await browser.newContext()
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  try {
    await page.goto(server.url)
    await page.waitForFunction(() => 'page' in globalThis)
    await page.evaluate((given) => (Reflect.get(globalThis, 'page') as OnPage).open(given), cells)
    await then(page)
    expect(errors).toEqual([])
  } catch (error) {
    await page.screenshot({ path: join(import.meta.dirname, '..', 'out', 'types.png'), fullPage: true })
    throw error
  } finally {
    await context.close()
  }
}

const editor = (page: Page, cell: string) => page.locator(`#${cell} .cm-content`)
const ready = (page: Page) => page.waitForFunction(() => (Reflect.get(globalThis, 'page') as OnPage).client.state.value === 'ready')
const place = (page: Page, cell: string, text: string) =>
  page.evaluate((given) => (Reflect.get(globalThis, 'page') as OnPage).place(given.cell, given.text), { cell, text })
const textOf = (page: Page, cell: string) => page.evaluate((id) => (Reflect.get(globalThis, 'page') as OnPage).text(id), cell)

async function loaded(cells: Readonly<Record<string, string>>, then: (page: Page) => Promise<void>): Promise<void> {
  await opened(cells, async (page) => {
    await editor(page, Object.keys(cells)[0] ?? '').click()
    await ready(page)
    await then(page)
  })
}

describe('types in the editor', () => {
  test('[TY40] everything that types load is within its budget', () => {
    if (server === undefined) throw new Error('no server')
    const { bundles, folder } = server
    const bytes = [...bundles.values()]
      .flatMap(({ outputs }) => Object.keys(outputs))
      .map((path) => gzipSync(readFileSync(join(folder, basename(path))), { level: 9 }).byteLength)
    expect([...bundles.keys()]).toEqual(['web/notebook/types/types-worker.ts'])
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES)
  })

  test('[TY41] nothing is loaded before an editor has the focus', async () => {
    await opened(CELLS, async (page) => {
      expect(page.workers().length).toBe(0)
      expect(await page.evaluate(() => (Reflect.get(globalThis, 'page') as OnPage).client.state.value)).toBe('waiting')
      await editor(page, 'c').click()
      await ready(page)
      expect(page.workers().length).toBe(1)
    })
  })

  test('[TY58] flow and task at the beginning of a line write one out, with its import where there is none; Tab goes through the fields', async () => {
    await loaded({ a: '', b: "import { task } from 'flowcell'" }, async (page) => {
      const write = async (cell: string, word: string): Promise<void> => {
        await editor(page, cell).press('ControlOrMeta+End')
        await page.keyboard.type(word)
        const option = page.locator(`#${cell} .cm-tooltip-autocomplete li[aria-selected]`, { hasText: `a new ${word}` })
        await option.waitFor()
        await page.waitForTimeout(100) // keys in the first moment of a list belong to the text
        await page.keyboard.press('Tab')
      }
      await write('a', 'flow')
      await page.keyboard.type('greet')
      await page.keyboard.press('Tab')
      await page.keyboard.type('who')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.type('return who')
      expect(await textOf(page, 'a')).toBe(
        "import { flow } from 'flowcell'\n\nconst greet = flow(async function greet(who: string) {\n  return who\n})",
      )
      await editor(page, 'b').click()
      await editor(page, 'b').press('ControlOrMeta+End')
      await page.keyboard.press('Enter')
      await write('b', 'task')
      expect(await textOf(page, 'b')).toBe("import { task } from 'flowcell'\nconst load = task(async function load(url: string) {\n  \n})")
    })
  })

  test('[TY42] typing a dot offers the members of another cell’s value, with their types; Tab takes one', async () => {
    await loaded(CELLS, async (page) => {
      await editor(page, 'c').click()
      await page.keyboard.type('rows[0].')
      const list = page.locator('#c .cm-tooltip-autocomplete')
      await list.waitFor()
      expect(await list.locator('.cm-completionLabel').allTextContents()).toEqual(['id', 'name'])
      // Keys in the first moment of a list belong to the text: somebody who types fast did not mean the list.
      await page.locator('#c .cm-completionInfo .fc-doc-code', { hasText: '(property) id: number' }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.locator('#c .cm-completionInfo .fc-doc-code', { hasText: '(property) name: string' }).waitFor()
      await page.keyboard.press('Tab')
      expect(await textOf(page, 'c')).toBe('rows[0].name')
    })
  })

  test('[TY43] a word that is typed at once offers names of other cells, and Ctrl-Space asks anywhere', async () => {
    await loaded(CELLS, async (page) => {
      await editor(page, 'c').click()
      await page.keyboard.type('su', { delay: 0 })
      const sum = page.locator('#c .cm-completionLabel', { hasText: /^sum$/ })
      await sum.waitFor()
      // Keys in the first moment of a list belong to the text; its details come after that.
      await page.locator('#c .cm-completionInfo').waitFor()
      await page.keyboard.press('Enter')
      expect(await textOf(page, 'c')).toBe('sum')
      await page.keyboard.type('\n')
      await page.keyboard.press('Control+Space')
      await page.locator('#c .cm-completionLabel', { hasText: /^rows$/ }).waitFor()
    })
  })

  test('[TY44] the pointer on a name shows what it is and where it comes from', async () => {
    await loaded(CELLS, async (page) => {
      const at = await page.evaluate(() => (Reflect.get(globalThis, 'page') as OnPage).whereIs('b', 'rows'))
      await page.mouse.move(at.x, at.y)
      const tip = page.locator('#b .cm-tooltip-hover .fc-doc')
      await tip.waitFor()
      expect(await tip.locator('> *').allTextContents()).toEqual([
        'const rows: {\n    id: number;\n    name: string;\n}[]',
        'The rows of the day.',
        'Defined in Cell a. F12 goes there.',
      ])
    })
  })

  test('[TY45] an open call shows its parameters, the next one marked; Escape closes it', async () => {
    await loaded(CELLS, async (page) => {
      await editor(page, 'c').click()
      await page.keyboard.type('sum(')
      const active = page.locator('#c .fc-doc-active').first()
      await active.waitFor()
      expect((await page.locator('#c .fc-doc-active').allTextContents()).join('')).toBe('xs: readonly number[]')
      await page.keyboard.type('[1], ')
      await page.locator('#c .fc-doc-active', { hasText: 'from' }).waitFor()
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await active.waitFor({ state: 'detached' })
      await page.keyboard.press('Control+Shift+Space')
      await active.waitFor()
    })
  })

  test('[TY46] an edit in one cell underlines what breaks in another, and taking it back clears it', async () => {
    await loaded(CELLS, async (page) => {
      await place(page, 'a', 'id: 1')
      await page.keyboard.press('Backspace')
      await page.keyboard.type("'one'")
      const squiggle = page.locator('#b .cm-lintRange-warning')
      await squiggle.waitFor()
      expect(await squiggle.textContent()).toBe('ids')
      for (let count = 0; count < 5; count++) await page.keyboard.press('Backspace')
      await page.keyboard.type('1')
      await squiggle.waitFor({ state: 'detached' })
    })
  })

  test('[TY47] F12 goes to the definition in another cell, Shift-F12 lists every place', async () => {
    await loaded(CELLS, async (page) => {
      await place(page, 'b', 'sum')
      await page.keyboard.press('F12')
      await page.waitForFunction(() => (Reflect.get(globalThis, 'page') as OnPage).navigated.length > 0)
      const at = CELLS.a.indexOf('sum')
      expect(await page.evaluate(() => (Reflect.get(globalThis, 'page') as OnPage).navigated)).toEqual([`a:${at}-${at + 3}`])
      await page.keyboard.press('Shift+F12')
      const list = page.locator('#a .fc-references')
      await list.waitFor()
      expect(await list.locator('button').allTextContents()).toEqual([
        'Cell a:3, definitionfunction sum(xs: readonly number[], from = 0) { return xs.reduce((a, b) => a + b, from) }',
        'Cell b:2sum(ids)',
      ])
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      expect((await page.evaluate(() => (Reflect.get(globalThis, 'page') as OnPage).navigated)).length).toBe(2)
    })
  })

  test('[TY48] F2 gives a name another one in every cell, refuses what cannot be, and can be undone', async () => {
    await loaded(CELLS, async (page) => {
      await place(page, 'b', 'sum')
      await page.keyboard.press('F2')
      const input = page.locator('#b .fc-rename input')
      await input.waitFor()
      expect(await input.inputValue()).toBe('sum')
      await page.keyboard.type('rows')
      await page.keyboard.press('Enter')
      await page.locator('#b .fc-rename [role=alert]', { hasText: '`rows` is defined in Cell a already: a name has one cell.' }).waitFor()
      await input.fill('total')
      await page.keyboard.press('Enter')
      await page.waitForFunction(() => (Reflect.get(globalThis, 'page') as OnPage).text('b').endsWith('total(ids)'))
      expect(await textOf(page, 'a')).toBe(CELLS.a.replace('sum', 'total'))
      await page.keyboard.press('Control+z')
      expect(await textOf(page, 'b')).toBe(CELLS.b)
    })
  })

  test('[TY49] a run that nobody waits for is underlined, and Ctrl-. puts the await before it', async () => {
    const flows = "import { flow } from 'flowcell'\nconst load = flow(async function load() {})"
    await loaded({ a: flows, b: "load()\n'shown'" }, async (page) => {
      await page.locator('#b .cm-lintRange-warning').first().waitFor()
      await place(page, 'b', 'load()')
      await page.keyboard.press('Control+.')
      expect(await textOf(page, 'b')).toBe("await load()\n'shown'")
      await page.locator('#b .cm-lintRange-warning').waitFor({ state: 'detached' })
    })
  })

  test('[TY50] a Worker that cannot start is begun anew once, then types are off with a notice, and text is typed as ever', async () => {
    await opened(CELLS, async (page) => {
      let requests = 0
      await page.route('**/types-worker-*.js', (route) => {
        requests += 1
        return route.fulfill({ status: 200, contentType: 'text/javascript', body: 'nothing here works' })
      })
      await editor(page, 'c').click()
      await page.waitForFunction(() => (Reflect.get(globalThis, 'page') as OnPage).client.state.value === 'off')
      expect([requests, await page.evaluate(() => (Reflect.get(globalThis, 'page') as OnPage).client.notice.value)]).toEqual([
        2,
        'Types are off: the language service has stopped twice. Reload the page to try again; cells run without it.',
      ])
      await page.keyboard.type('const typed = 1\nty')
      await page.locator('#c .cm-completionLabel', { hasText: /^typed$/ }).waitFor()
    })
  })
})
