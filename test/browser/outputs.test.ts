import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { outputPolicy } from '../../worker/http/output-page.ts'
import { lookFindings } from './axe.ts'
import { launchChromium } from './chromium.ts'
import { serveOutputs, type OutputsSite } from './outputs-site.ts'
import { PAYLOADS } from './outputs-payloads.ts'

const GLOBALS = '{ display, input, progress, html, md, svg, latex }'

describe('outputs', () => {
  let site: OutputsSite
  let browser: Browser
  let page: Page
  let complaints: string[] = []

  beforeAll(async () => {
    ;[site, browser] = await Promise.all([serveOutputs(), launchChromium()])
    page = await browser.newPage({ viewport: { width: 900, height: 700 } })
    page.setDefaultTimeout(20_000)
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    page.on('pageerror', (error) => void complaints.push(error.stack ?? error.message))
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })
  afterEach(async () => {
    const all = complaints
    complaints = []
    await page.emulateMedia({ colorScheme: null, reducedMotion: null })
    await page.setViewportSize({ width: 900, height: 700 })
    if (all.length > 0) throw new Error(`The page complained: ${all.join('\n')}`)
  })

  const open = async (): Promise<void> => {
    await page.goto(site.url)
    await expect.poll(() => page.evaluate('typeof bench')).toBe('object')
  }
  /** Runs code as a cell, and waits until what it shows is drawn. */
  const cell = (code: string): Promise<void> => page.evaluate(`bench.run(async (${GLOBALS}) => { ${code} })`)
  const calls = (): Promise<readonly unknown[]> => page.evaluate('bench.calls')
  const treeLines = (): Promise<readonly string[]> =>
    page
      .getByRole('treeitem')
      .allInnerTexts()
      .then((lines) => lines.map((line) => line.replaceAll(/\s+/g, ' ').trim()))

  test('[OU30] a tree opens by keys, stays open when the cell runs again, and asks the kernel for more only then', async () => {
    await open()
    const code = (extra: string): string =>
      `return { list: Array.from({ length: 250 }, (_, i) => i), deep: { a: { b: { c: 1 } } }${extra} }`
    await cell(code(''))
    const root = page.getByRole('treeitem').first()
    expect((await root.boundingBox())?.height).toBeLessThan(30) // one line
    await root.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('End')
    await page.keyboard.press('Enter') // deep
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight') // a
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight') // b, which did not come along
    await page.getByRole('treeitem', { name: 'c: 1', exact: true }).waitFor()
    const opened = await treeLines()
    expect(opened.slice(2)).toEqual(['deep: { a: [Object] }', 'a: { b: [Object] }', 'b: { c: 1 }', 'c: 1'])
    await cell(code(', more: 1'))
    await page.getByRole('treeitem', { name: 'c: 1', exact: true }).waitFor()
    expect((await treeLines()).slice(2)).toEqual([...opened.slice(2), 'more: 1'])
    await page.getByRole('treeitem', { name: /^list/ }).click()
    await page.getByRole('treeitem', { name: 'Show 100 of 150 more' }).click()
    await page.getByRole('treeitem', { name: '199: 199' }).waitFor()
    await page.getByRole('treeitem', { name: 'Show 50 of 50 more' }).click()
    await page.getByRole('treeitem', { name: '249: 249' }).waitFor()
    await page.evaluate(`bench.close('The kernel was restarted: run the cell again.')`)
    await root.press('Home')
    expect(await page.getByRole('treeitem', { name: 'c: 1', exact: true }).count()).toBe(1)
  })

  test('[OU31] a getter runs when it is opened, and not before', async () => {
    await open()
    await cell('globalThis.ran = 0; return { get now() { return ++globalThis.ran } }')
    await page.getByRole('treeitem').first().click()
    expect(await page.evaluate('ran')).toBe(0)
    await page.getByRole('treeitem', { name: 'now: (…)' }).click()
    await page.getByRole('treeitem', { name: '1', exact: true }).waitFor()
    expect(await page.evaluate('ran')).toBe(1)
  })

  test('[OU32] a table of 100,000 rows draws those in sight, sorts, searches and filters all, and is walked by keys', async () => {
    await open()
    await cell(
      "return Array.from({ length: 100_000 }, (_, i) => ({ run: 'run-' + i, state: i % 2 ? 'Failed' : 'Completed', seconds: (i * 7919) % 1000, note: i % 3 ? null : 'x' }))",
    )
    const grid = page.getByRole('grid')
    await grid.waitFor()
    expect(await grid.getAttribute('aria-rowcount')).toBe('100001')
    expect(await page.getByRole('row').count()).toBeLessThan(60)
    const firstRow = (): Promise<readonly string[]> =>
      page.locator('.rows [role=row][aria-rowindex="2"]').getByRole('gridcell').allInnerTexts()
    const firstIs = async (expected: readonly string[]): Promise<void> => {
      await expect.poll(firstRow).toEqual(expected)
    }
    await firstIs(['run-0', 'Completed', '0', 'x'])
    await page.getByRole('button', { name: /^seconds/ }).click()
    await page.getByRole('button', { name: /^seconds/ }).click()
    await firstIs(['run-321', 'Failed', '999', 'x'])
    expect(await page.getByRole('columnheader', { name: /^seconds/ }).getAttribute('aria-sort')).toBe('descending')
    await page.getByRole('searchbox').fill('run-9999')
    await firstIs(['run-99990', 'Completed', '810', 'x'])
    await expect.poll(() => page.getByRole('status').first().innerText()).toBe('11 of 100,000 rows')
    await page.getByRole('button', { name: 'Filter columns' }).click()
    await page.getByLabel('Filter seconds').fill('> 500')
    await page.getByLabel('Filter state').fill('= completed')
    await expect.poll(() => page.getByRole('status').first().innerText()).toBe('2 of 100,000 rows')
    await page.getByRole('button', { name: 'Filter columns' }).click()
    await page.getByRole('searchbox').fill('')
    await expect.poll(() => page.getByRole('status').first().innerText()).toBe('100,000 rows')
    await page.locator('[data-place="0.0"]').focus()
    await page.keyboard.press('Shift+End')
    await expect
      .poll(() =>
        page.evaluate(`document.querySelector('fc-outputs').shadowRoot.querySelector('fc-table').shadowRoot.activeElement?.dataset.place`),
      )
      .toBe('99999.3')
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('dialog').getByRole('heading').innerText()).toBe('run, row 100000')
  })

  test('[OU33] without its kernel a table works on the rows that came along, and says so', async () => {
    await open()
    await cell('return Array.from({ length: 500 }, (_, i) => ({ i, even: i % 2 === 0 }))')
    await page.getByRole('grid').waitFor()
    await page.evaluate(`bench.close('The kernel was restarted: run the cell again.')`)
    const status = page.getByRole('status').first()
    await expect.poll(() => status.innerText()).toBe('The first 100 of 500 rows. The kernel was restarted: run the cell again.')
    await page.getByRole('button', { name: /^i / }).click()
    await page.getByRole('button', { name: /^i / }).click()
    await expect.poll(() => page.locator('.rows [aria-rowindex="2"] [role=gridcell]').first().innerText()).toBe('99')
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('101')
  })

  test('[OU34] a table is copied and saved as CSV and JSON, all rows that the question finds', async () => {
    await open()
    await cell(`return Array.from({ length: 1_200 }, (_, i) => ({ i, text: i === 0 ? 'a "b", c\\nd' : null }))`)
    await page.getByRole('grid').waitFor()
    const save = async (title: string): Promise<string> => {
      await page.getByRole('button', { name: 'Copy and save the table' }).click()
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: title }).click()])
      const stream = await file.createReadStream()
      const parts: Buffer[] = []
      for await (const part of stream) parts.push(Buffer.from(part))
      return Buffer.concat(parts).toString()
    }
    const csv = await save('Save as CSV')
    expect(csv.split('\r\n').slice(0, 3)).toEqual(['i,text', '0,"a ""b"", c\nd"', '1,'])
    expect(csv.split('\r\n')).toHaveLength(1_201)
    const json: readonly unknown[] = JSON.parse(await save('Save as JSON'))
    expect([json.length, json[1_199]]).toEqual([1_200, { i: 1_199, text: null }])
  })

  test('[OU35] an error says its message first; its places jump into cells', async () => {
    await open()
    await cell(`throw new TypeError('Our unreliable service failed')`)
    expect(await page.locator('.message').innerText()).toBe('TypeError: Our unreliable service failed')
    await page.getByRole('button', { name: 'load in Load, line 3' }).click()
    expect(await calls()).toEqual([['jump', 'cell1', 3, 7]])
    expect(await page.locator('fc-error pre').isVisible()).toBe(false)
    await page.getByText(/^Stack/).click()
    expect(await page.locator('fc-error pre').isVisible()).toBe(true)
  })

  test('[OU36] an input tells the kernel a moment after the last change, answers it when the cell runs again, and keeps the focus', async () => {
    await open()
    const code = `globalThis.days = input.slider({ label: 'Days', min: 1, max: 30, value: 7 }); globalThis.name = input.text({ label: 'Name', runOnChange: true })`
    await cell(code)
    expect(await page.evaluate('days')).toBe(7)
    await page.getByLabel('Days').evaluate(changeTo, ['8', '9'])
    await page.getByLabel('Name').evaluate(changeTo, ['A', 'Ad', 'Ada'])
    await page.getByLabel('Name').focus()
    await page.keyboard.press('End')
    await expect.poll(calls).toEqual([
      ['set', 'cell1.1', 9],
      ['changed', 'cell1', 'cell1.1', false],
      ['set', 'cell1.2', 'Ada'],
      ['changed', 'cell1', 'cell1.2', true],
    ])
    await page.keyboard.press('!')
    await cell(code)
    expect(await page.evaluate('[days, name]')).toEqual([9, 'Ada'])
    expect(await page.getByLabel('Name').inputValue()).toBe('Ada!')
    expect(await page.locator('output').innerText()).toBe('9')
    await expect
      .poll(async () => (await page.evaluate<readonly unknown[]>('bench.calls')).at(-1))
      .toEqual(['changed', 'cell1', 'cell1.2', true])
  })

  test('[OU37] every kind of input gives its value; a form gives all of its at once', async () => {
    await open()
    const code = `globalThis.values = [
      input.number({ label: 'Number', value: 3, max: 9 }), input.select({ label: 'Colour', options: ['red', 'green'] }),
      input.select({ label: 'Several', options: ['a', 'b', 'c'], multiple: true, value: ['a'] }), input.checkbox({ label: 'Logs' }),
      input.date({ label: 'From' }), input.form({ who: { type: 'text', label: 'Who' }, n: { type: 'number', label: 'How many' } }, { submit: 'Start' })]`
    await cell(code)
    expect(await page.evaluate('values')).toEqual([3, 'red', ['a'], false, null, { who: '', n: null }])
    await page.getByLabel('Number').fill('12') // above its maximum: none of its values
    await page.getByLabel('Colour').selectOption('green')
    await page.getByLabel('c', { exact: true }).check()
    await page.getByLabel('Logs').check()
    await page.getByLabel('From').fill('2026-11-21')
    await page.getByLabel('Who').fill('Ada')
    await page.getByLabel('How many').fill('2')
    expect(await page.getByText('Not submitted yet').count()).toBe(1)
    await expect.poll(async () => (await calls()).length).toBe(8)
    await page.getByRole('button', { name: 'Start' }).click()
    await cell(code)
    expect(await page.evaluate('values')).toEqual([3, 'green', ['a', 'c'], true, '2026-11-21', { who: 'Ada', n: 2 }])
  })

  test('[OU38] a chosen file crosses to the kernel', async () => {
    await open()
    const code = `const file = input.file({ label: 'Data' }); globalThis.told = file === null ? null : [file.name, await file.text()]`
    await cell(code)
    expect(await page.evaluate('told')).toBeNull()
    await page.getByLabel('Data').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b') })
    await expect.poll(async () => (await calls()).length).toBe(2)
    await cell(code)
    expect(await page.evaluate('told')).toEqual(['a.csv', 'a,b'])
    expect(await page.getByText('a.csv, 3 bytes').count()).toBe(1)
  })

  test('[OU39] what no kernel stands behind is closed, with a word why', async () => {
    await open()
    await cell(`input.slider({ label: 'Days' }); input.form({ a: { type: 'text' } })`)
    await page.getByLabel('Days').waitFor()
    await page.evaluate(`bench.close('This ran in another tab.')`)
    expect(await page.getByLabel('Days').isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Submit' }).isDisabled()).toBe(true)
    expect(await page.getByText('This ran in another tab.').count()).toBe(2)
  })

  test('[OU40] a flow has a form of its types; Run gives the parameters', async () => {
    await open()
    await cell(`const pipeline = function pipeline() {}
      pipeline.schema = { title: 'Parameters', type: 'object', properties: { message: { title: 'message', type: 'string', position: 0 }, count: { title: 'count', type: 'integer', default: 3, position: 1 } }, required: ['message'], definitions: {} }
      return pipeline`)
    await page.getByLabel('message').fill('hello')
    await page.getByRole('button', { name: 'Run' }).click()
    await expect.poll(calls).toEqual([['call', 'cell1', 'pipeline', { message: 'hello', count: 3 }]])
  })

  test('[OU41] a million printed lines leave page and memory alive; beginning and end are there, what is left out is counted', async () => {
    await open()
    await page.evaluate(`bench.run(() => { for (let i = 0; i < 1_000_000; i++) bench.log.print('cell1', 'stdout', 'line ' + i + '\\n') })`)
    const [first, last, others] = await page.evaluate<
      readonly { readonly text: string; readonly omitted?: { readonly lines: number; readonly characters: number } }[]
    >(`document.querySelector('fc-outputs').outputs`)
    expect(others).toBeUndefined()
    expect(first?.text.startsWith('line 0\n')).toBe(true)
    expect(last?.text.endsWith('line 999999\n')).toBe(true)
    const lines = (text = ''): number => text.split('\n').length - 1
    expect(lines(first?.text) + lines(last?.text) + (last?.omitted?.lines ?? 0)).toBe(1_000_000)
    expect((first?.text.length ?? 0) + (last?.text.length ?? 0)).toBeLessThanOrEqual(1_000_000)
    expect(await page.evaluate('bench.messages')).toBeLessThan(20)
    expect(await page.getByText(/lines \([\d,]+ characters\) before this were left out/).count()).toBe(1)
    expect(await page.getByRole('button', { name: /^Show 10,000 of/ }).count()).toBe(1)
  })

  test('[OU42] fifty outputs are drawn, the others when they are asked for; what had no room is counted', async () => {
    await open()
    await cell('for (let i = 0; i < 1_100; i++) display(i)')
    expect(await page.locator('fc-inspector').count()).toBe(50)
    await page.getByRole('button', { name: 'Show 50 of 950 more outputs' }).click()
    await expect.poll(() => page.locator('fc-inspector').count()).toBe(100)
    expect(await page.locator('p.note.more').innerText()).toBe('100 more outputs (14 KiB) were left out: there was no room.')
  })

  test('[OU43] colours of terminals are classes; long text keeps its end in sight', async () => {
    await open()
    await cell(`bench.log.print('cell1', 'stdout', 'plain \\u001b[1;31mred\\u001b[0m <b>no tag</b>\\n')`)
    expect(await page.locator('fc-text .ansi-1.ansi-bold').innerText()).toBe('red')
    expect(await page.locator('fc-text pre').innerText()).toBe('plain red <b>no tag</b>\n')
    await cell(`for (let i = 0; i < 5_000; i++) bench.log.print('cell1', 'stdout', 'line ' + i + '\\n')`)
    await expect
      .poll(() =>
        page.evaluate(
          `(() => { const box = document.querySelector('fc-outputs').shadowRoot.querySelector('fc-text').shadowRoot.querySelector('pre'); return box.scrollHeight - box.scrollTop - box.clientHeight < 2 })()`,
        ),
      )
      .toBe(true)
    await page.getByRole('button', { name: 'Show 4,600 more lines above' }).click()
    await expect.poll(async () => (await page.locator('fc-text pre').innerText()).startsWith('line 0')).toBe(true)
  })

  test('[OU44] markup with a script runs in a frame that reaches nothing, and is as high as what is in it', async () => {
    await open()
    await cell(`return html(\`<div id="x" style="height:321px">frame</div><script>
      const tries = { parent: () => parent.document.title, cookie: () => document.cookie, storage: () => localStorage.length, top: () => { top.location = 'https://example.com/' } }
      const outcome = {}
      for (const [name, attempt] of Object.entries(tries)) { try { attempt(); outcome[name] = 'reached' } catch (error) { outcome[name] = error.name } }
      fetch('/strange').then(() => 'reached', (error) => error.name).then((end) => { outcome.fetch = end; outcome.origin = origin; document.getElementById('x').textContent = JSON.stringify(outcome) })
      new Image().src = '/strange.png'
    </script>\`)`)
    const frame = page.frameLocator('iframe')
    await expect
      .poll(async () => JSON.parse((await frame.locator('#x').innerText()).replace('frame', '{}')))
      .toEqual({
        parent: 'SecurityError',
        cookie: 'SecurityError',
        storage: 'SecurityError',
        top: 'SecurityError',
        fetch: 'TypeError',
        origin: 'null',
      })
    await expect.poll(() => page.locator('iframe').evaluate((frame: { readonly clientHeight?: number }) => frame.clientHeight)).toBe(321)
    expect(site.strange).toEqual([])
    complaints = [] // the frame's own policy said no, as it shall
  })

  test('[OU57] the frame of an output reaches the network only where the notebook says so, and never has an origin', () => {
    const closed = outputPolicy('none')
    expect([outputPolicy(null), outputPolicy('http:'), outputPolicy('https: http:')]).toEqual([closed, closed, closed])
    expect(closed).not.toMatch(/https?:|\*|'self'(?!;)|connect-src|allow-same-origin/)
    expect(outputPolicy('https:')).toMatch(/connect-src https: wss:;.*sandbox allow-scripts$/)
    expect(closed).toMatch(/^default-src 'none';.*form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts$/)
  })

  test('[OU45] a stored output with a script waits for a click', async () => {
    await open()
    await page.evaluate(
      `bench.stored([{ kind: 'display', data: { 'text/html': '<script>document.body.textContent = "it ran"</script>', 'text/plain': 'x' } }])`,
    )
    await page.getByRole('button', { name: 'Run the script of this output' }).waitFor()
    expect(await page.locator('iframe').count()).toBe(0)
    await page.getByRole('button', { name: 'Run the script of this output' }).click()
    await expect.poll(() => page.frameLocator('iframe').locator('body').innerText()).toBe('it ran')
  })

  test('[OU46] nothing that a cell, a store or another tab says runs in the page or asks for anything', async () => {
    await open()
    await page.evaluate(`globalThis.canary = 0`)
    const found: string[] = []
    // Three times fifteen outputs are drawn at once; more than fifty would wait for a click.
    for (let at = 0; at < PAYLOADS.length; at += 3) {
      const payloads = JSON.stringify(PAYLOADS.slice(at, at + 3))
      const drawn = `bench.stored(${payloads}.flatMap(${OUTPUTS_OF})).then(() => document.querySelector('fc-outputs').shadowRoot.querySelectorAll('.output').length)`
      expect(await page.evaluate(drawn)).toBe(15 * Math.min(3, PAYLOADS.length - at))
      found.push(...(await page.evaluate<readonly string[]>(DANGEROUS)).map((what) => `${what} of ${payloads}`))
    }
    // Handlers of elements that could not be loaded would run now.
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 200))')
    expect(found).toEqual([])
    expect(await page.evaluate('canary')).toBe(0)
    expect(site.strange).toEqual([])
    expect(page.url()).toBe(site.url)
    // The policy speaks of what the sanitiser reads in a document that runs nothing, too.
    complaints = complaints.filter((text) => !/violates the following Content Security Policy directive/.test(text))
  })

  test('[OU47] charts are named drawings that follow the theme, Markdown has its formulas, and nothing is drawn by inline style', async () => {
    await open()
    await cell(`display(svg('<svg viewBox="0 0 10 10" style="color: rgb(1, 2, 3); position: fixed; background: url(https://x.test/)" fill="currentColor"><style>rect { stroke: rgb(4, 5, 6); position: fixed; filter: url(/strange) } :host { opacity: 0 } @import url(/strange.css);</style><clipPath id="c"><rect width="5" height="5"/></clipPath><rect width="10" height="10" clip-path="url(#c)"/><title>Two squares</title></svg>'))
      display(md('Euler: $e^{i\\\\pi} = -1$, [a link](https://example.com) and [none](javascript:alert(1))'))`)
    const chart = page.getByRole('img', { name: 'Chart: Two squares' })
    await chart.waitFor()
    expect(
      await page.evaluate(`(() => {
        const svg = document.querySelector('fc-outputs').shadowRoot.querySelector('fc-chart').shadowRoot.querySelector('svg.drawing')
        const { stroke, position, filter } = getComputedStyle(svg.querySelector('rect'))
        return [getComputedStyle(svg).color, svg.style.position, svg.style.background, svg.querySelector('style'), stroke, position, filter]
      })()`),
    ).toEqual(['rgb(1, 2, 3)', '', '', null, 'rgb(4, 5, 6)', 'static', 'none'])
    expect(await chart.locator('rect').last().getAttribute('clip-path')).toMatch(/^url\(#drawing-\d+-c\)$/)
    await page.locator('math').waitFor()
    expect(await page.getByRole('link', { name: 'a link' }).getAttribute('rel')).toBe('noopener noreferrer')
    expect(await page.getByText('none').getAttribute('href')).toBeNull()
  })

  test('[OU48] axe finds nothing wrong with outputs, and nothing is wider than the page: in light, dark, narrow and at 200 %', async () => {
    await open()
    await cell(ALL_KINDS)
    await page.locator('fc-flow-form').getByRole('button', { name: 'Run' }).waitFor()
    await page.getByRole('treeitem').first().click()
    const looks = [
      {},
      { colorScheme: 'dark' },
      { width: 390, reducedMotion: 'reduce' },
      { colorScheme: 'dark', width: 450, height: 350 },
    ] as const
    expect(await lookFindings(page, looks)).toEqual([])
  })
})

/** Runs in the page: changes that follow one another faster than any machine is slow. */
function changeTo(input: { value: string; dispatchEvent(event: Event): void }, values: readonly string[]): void {
  for (const value of values) {
    input.value = value
    input.dispatchEvent(new Event('input', { bubbles: true, composed: true }))
  }
}

/** Whatever in the page could run or load something, through all shadow roots. */
const DANGEROUS = `(() => {
  const found = []
  const look = (root) => {
    for (const node of root.querySelectorAll('*')) {
      if (/^(script|iframe|object|embed|base|meta|link|style|animate|set|foreignobject)$/i.test(node.localName)) found.push(node.localName)
      for (const { name, value } of node.attributes) {
        if (/^on/i.test(name) || /^\\s*(javascript|vbscript):/i.test(value) && /href|src|action/i.test(name)) found.push(node.localName + ' ' + name)
        if (/^(src|srcset|background|poster)$/i.test(name) && !value.startsWith('data:image/')) found.push(node.localName + ' ' + name)
        if (/^(xlink:)?href$/i.test(name) && node.localName !== 'a' && !value.startsWith('#')) found.push(node.localName + ' ' + name)
        if (/^(style|fill|stroke|filter|mask|cursor|clip-path|marker.*)$/.test(name) && /url\\((?!["']?#)/i.test(value)) found.push(node.localName + ' ' + name)
      }
      if (node.shadowRoot) look(node.shadowRoot)
    }
  }
  look(document.querySelector('main'))
  return found
})()`

/** One text in every place of every output. */
const OUTPUTS_OF = `(text) => [
  { kind: 'stream', name: 'stdout', text: text + '\\u001b]8;;javascript:canary++\\u0007' + text },
  { kind: 'error', name: text, message: text, stack: [text], places: [] },
  ...['text/markdown', 'image/svg+xml', 'text/latex', 'text/html', 'application/json', 'image/png', text].map((type) => ({ kind: 'display', data: { [type]: text, 'text/plain': text } })),
  ...Object.entries({
    value: { type: text, preview: text, key: text, children: [] },
    table: { columns: [{ name: text, type: text, nulls: 0 }], rows: [[text]], total: 1, handle: text },
    progress: { label: text, value: 1, total: 2, startedAt: 0, updatedAt: 1, isDone: false },
    input: { id: text, type: 'text', label: text, value: text, placeholder: text },
    flow: { flow: text, name: text, cell: text, schema: { properties: { [text]: { title: text, description: text, enum: [text] } } } },
    state: { type: text, name: text, message: text },
  }).map(([kind, content]) => ({ kind: 'display', data: { ['application/vnd.flowcell.' + kind + '+json']: content, 'text/plain': text } })),
]`

const ALL_KINDS = `
  bench.log.print('cell1', 'stdout', 'plain \\u001b[31mred\\u001b[0m\\n')
  for (let i = 0; i < 2_000; i++) bench.log.print('cell1', 'stderr', 'line ' + i + '\\n')
  display({ a: 1, b: 'text', nested: { list: [1, 2, 3] }, get lazy() { return 1 } })
  display(Array.from({ length: 300 }, (_, i) => ({ run: 'elite-barnacle-' + i, state: i % 3 ? 'Completed' : null, seconds: i * 1.37 })))
  display(md('# Title\\n\\nText, \`code\`, [link](https://example.com)\\n\\n| a | b |\\n|--|--|\\n| 1 | 2 |'))
  display(html('<p style="font-weight: 700">Hello <b>you</b></p>'))
  progress(100, { label: 'Pages' }).set(37)
  progress(Infinity, { label: 'Unknown' })
  input.slider({ label: 'Days', min: 1, max: 30, value: 7 }); input.text({ label: 'Name', placeholder: 'a name' }); input.number({ label: 'Number' })
  input.select({ label: 'Colour', options: ['red', 'green'] }); input.select({ label: 'Several', options: ['a', 'b'], multiple: true }); input.checkbox({ label: 'Logs' })
  input.date({ label: 'From' }); input.file({ label: 'Data' }); input.form({ who: { type: 'text', label: 'Who' } }, { label: 'A form' })
  display(svg('<svg viewBox="0 0 100 20" width="100" height="20"><title>A bar</title><rect width="100" height="20" fill="currentColor"/></svg>'))
  const pipeline = function pipeline() {}
  pipeline.schema = { title: 'Parameters', type: 'object', properties: { message: { title: 'message', type: 'string' } }, required: ['message'], definitions: {} }
  display(pipeline)
  throw new TypeError('Our unreliable service failed')
`
