/** The notebook page in a real Chromium: the first result of a cold tab, a warm cell, what a key costs, a large notebook opened and scrolled. */
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../browser/chromium.ts'
import { freshFolder, launch } from '../support/server.ts'
import { keyWorks, longestTask, traced } from './main-thread.ts'
import { median, type Bench, type Row } from './row.ts'

const CELLS = 500
const LINES = 12
const ROUNDS = 21
/** A person who types quickly: 15 keys in a second. */
const KEY_GAP_MS = 66
/** 100 letters with which completion opens, narrows and closes. */
const TYPED = "const total = rows.filter((row) => row.day === 'Mon').map(({ runs }) => runs.length + total.toFixed(2) "
const FRAMES = 180
const LIMIT = { beside: 'limit', unit: 'ms', better: 'less' } as const

const large = (): string =>
  [
    '// ---\n// nb: 1\n// title: Large\n// ---',
    ...Array.from({ length: CELLS }, (_, index) => {
      const lines = Array.from({ length: LINES }, (__, line) => `const value${index}x${line} = [${line}, 'some text'].map((x) => x)`)
      return index % 5 === 0
        ? `// %% [md] id=m${index}\n// ## Part ${index}\n//\n// Some *text*.`
        : `// %% id=c${index}\n${lines.join('\n')}`
    }),
  ].join('\n\n')

/** The first `fc-cell` with an id, through all shadow roots. */
const FIND = `const find = (id, root = document) => { for (const one of root.querySelectorAll('*')) { if (one.localName === 'fc-cell' && (id === undefined || one.id === id)) return one; const deeper = one.shadowRoot && find(id, one.shadowRoot); if (deeper) return deeper } };`

export const bench: Bench = {
  title: `in Chromium; a large notebook has ${CELLS} cells of ${LINES} lines`,
  run: async (): Promise<readonly Row[]> => {
    using folder = freshFolder()
    const [server, browser] = await Promise.all([launch(folder.path), launchChromium()])
    try {
      const made = await fetch(`${server.note.url}/api/workspaces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Bench' }),
      })
      const { id, link, token }: Record<'id' | 'link' | 'token', string> = JSON.parse(await made.text())
      const create = async (source: string): Promise<string> => {
        const answer = await fetch(`${server.note.url}/w/${id}/api/notebooks/`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ source }),
        })
        const { id: notebook }: { id: string } = JSON.parse(await answer.text())
        return `${server.note.url}/w/${id}/notebooks/notebook/${notebook}`
      }
      const small = await create('// ---\n// nb: 1\n// ---\n\n// %% id=a\n1 + 1\n\n// %% id=b\n2 + 2')
      const long = await create(large())
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
      await page.goto(link)
      await page.locator('fc-shell').waitFor()
      const cold: number[] = []
      for (let round = 0; round < 5; round++) {
        await open(page, small)
        cold.push(await firstResult(page))
      }
      const warm = await warmCells(page)
      const few = await keyRows(browser, page, 'a', 'a notebook of two cells')
      const opened = await open(page, long)
      const frames = await scrolling(page)
      const opening = await traced(browser, page, () => open(page, long))
      const many = await keyRows(browser, page, 'c1', `a notebook of ${CELLS} cells`)
      return [
        { what: 'a tab without a kernel to its first result, from the key on', ours: median(cold), reference: 300, ...LIMIT },
        { what: 'a warm cell, from the command to its end', ours: median(warm), reference: 20, ...LIMIT },
        ...few,
        ...many,
        { what: `${CELLS} cells opened, to the first one drawn`, ours: opened, reference: 1_000, ...LIMIT },
        { what: 'the longest task meanwhile', ours: longestTask(opening), reference: 50, ...LIMIT, beside: 'a long task' },
        { what: `a frame while ${CELLS} cells are scrolled, 95th of 100`, ours: percentile(frames, 0.95), reference: 17, ...LIMIT },
      ]
    } finally {
      await browser.close()
      await server.stop()
    }
  },
}

/** From the address until a cell is in a frame; then waits for what comes when the page is idle. */
async function open(page: Page, url: string): Promise<number> {
  const began = performance.now()
  await page.goto(url)
  await page.locator('fc-cell').first().waitFor()
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))')
  const took = performance.now() - began
  await page.waitForTimeout(1_000)
  return took
}

const firstResult = (page: Page): Promise<number> =>
  page.evaluate(`(async () => {
    ${FIND}
    const { notebook, model } = find('a')
    const began = performance.now()
    await notebook.run({ run: 'cells', cells: ['a'] })
    await notebook.runner.idle()
    while (find('a').shadowRoot.querySelector('fc-outputs')?.shadowRoot?.querySelector('.output') == null) await new Promise(requestAnimationFrame)
    return performance.now() - began
  })()`)

const warmCells = (page: Page): Promise<number[]> =>
  page.evaluate(`(async () => {
    ${FIND}
    const { notebook } = find('b')
    const took = []
    for (let round = 0; round < ${ROUNDS}; round++) {
      const began = performance.now()
      await notebook.run({ run: 'cells', cells: ['b'] })
      await notebook.runner.idle()
      took.push(performance.now() - began)
    }
    return took
  })()`)

/**
 * What a key costs that is typed into a cell while the language service is awake. Keys come as from a quick typist: closer together, each would be
 * measured with the work of those before it.
 *
 * The work of a key is all that the main thread does from the key's event until the frame that shows the letter is handed over: commands, editor,
 * completion, style, layout, paint, and whatever else falls between. Idle waiting for the screen is no work; the row of the echo has it: from the
 * time stamp of the event to the end of that frame. Tracing itself is in all of them.
 */
async function keyRows(browser: Browser, page: Page, cell: string, where: string): Promise<readonly Row[]> {
  await page.evaluate(`(() => { ${FIND} find('${cell}').hooks.edit('${cell}') })()`)
  await page.locator('.cm-content').waitFor()
  const isAwake = `(() => { ${FIND} return find('${cell}').notebook.types.value === 'ready' })()`
  while (!(await page.evaluate(isAwake))) await page.waitForTimeout(50)
  await page.keyboard.press('Control+End')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(3_000) // its first answers have come
  await page.evaluate(`globalThis.echoes = []; addEventListener('keydown', ({ timeStamp }) => {
    const channel = new MessageChannel()
    channel.port1.onmessage = () => echoes.push(performance.now() - timeStamp)
    requestAnimationFrame(() => channel.port2.postMessage(0))
  }, true)`)
  const keys = keyWorks(await traced(browser, page, () => type(page)), KEY_GAP_MS)
  const echoes: readonly number[] = await page.evaluate('echoes')
  const drawn = keys.map(({ untilDrawn }) => untilDrawn)
  const all = keys.map(({ untilNext }) => untilNext)
  return [
    { what: `the work for a key typed into ${where}, until it is drawn`, ours: median(drawn), reference: 16, ...LIMIT },
    { what: 'the same, 95th of 100', ours: percentile(drawn, 0.95), reference: 16, ...LIMIT },
    { what: 'and with all that comes before the next key', ours: median(all), reference: KEY_GAP_MS, ...LIMIT },
    { what: 'from that key to the end of its frame, waiting included', ours: median(echoes), reference: 33, ...LIMIT },
  ]
}

async function type(page: Page): Promise<void> {
  for (const key of TYPED) {
    const began = performance.now()
    await page.keyboard.press(key)
    await page.waitForTimeout(Math.max(0, KEY_GAP_MS - (performance.now() - began)))
  }
}

const scrolling = (page: Page): Promise<number[]> =>
  page.evaluate(`(async () => {
    const took = []
    let last = await new Promise(requestAnimationFrame)
    for (let frame = 0; frame < ${FRAMES}; frame++) {
      scrollBy(0, 120)
      const now = await new Promise(requestAnimationFrame)
      took.push(now - last)
      last = now
    }
    return took
  })()`)

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
