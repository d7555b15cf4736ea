/** The notebook page in a real Chromium: the first result of a cold tab, a warm cell, the echo of a key, scrolling through a large notebook. */
import type { Page } from 'playwright-core'
import { launchChromium } from '../browser/chromium.ts'
import { freshFolder, launch } from '../support/server.ts'
import { median, type Bench, type Row } from './row.ts'

const CELLS = 500
const LINES = 12
const ROUNDS = 21
const KEYS = 60
const FRAMES = 180

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
      const echo = await keyEchoes(page)
      const began = performance.now()
      await open(page, long)
      const opened = performance.now() - began
      const frames = await scrolling(page)
      const limit = { beside: 'limit', unit: 'ms', better: 'less' } as const
      return [
        { what: 'a tab without a kernel to its first result, from the key on', ours: median(cold), reference: 300, ...limit },
        { what: 'a warm cell, from the command to its end', ours: median(warm), reference: 20, ...limit },
        { what: 'the page’s work for one key, typed into a cell', ours: median(echo), reference: 16, ...limit },
        { what: `${CELLS} cells opened, to the first one drawn`, ours: opened, reference: 1_000, ...limit },
        { what: `a frame while ${CELLS} cells are scrolled, 95th of 100`, ours: percentile(frames, 0.95), reference: 17, ...limit },
      ]
    } finally {
      await browser.close()
      await server.stop()
    }
  },
}

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.locator('fc-cell').first().waitFor()
  await page.waitForTimeout(1_000) // what comes when the page is idle has come
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

/** From the key to the end of everything that it caused in the same task, the drawing of the page included. */
async function keyEchoes(page: Page): Promise<readonly number[]> {
  await page.evaluate(`(() => { ${FIND} find('a').hooks.edit('a') })()`)
  await page.locator('.cm-content').waitFor()
  await page.evaluate(`globalThis.echoes = []; addEventListener('keydown', () => {
    const began = performance.now()
    const channel = new MessageChannel()
    channel.port1.onmessage = () => echoes.push(performance.now() - began)
    setTimeout(() => channel.port2.postMessage(0))
  }, true)`)
  for (let key = 0; key < KEYS; key++) await page.keyboard.press('x', { delay: 5 })
  return page.evaluate('echoes')
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
