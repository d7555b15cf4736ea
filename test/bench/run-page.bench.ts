/** How long the page of a large flow run takes to show, in a real Chromium. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { launchChromium } from '../browser/chromium.ts'
import { makeLargeRun } from '../support/make-runs.ts'
import { freshFolder, launch } from '../support/server.ts'
import { median, type Bench, type Row } from './row.ts'

const TASKS = 10_000
const LINES = 100_000
const VISITS = 5
const SCROLLS = 60

export const bench: Bench = {
  title: `the page of a flow run with ${TASKS} task runs and ${LINES} log lines`,
  run: async () => {
    using folder = freshFolder()
    const server = await launch(folder.path)
    const browser = await launchChromium()
    try {
      const { api_url, token, link, url, workspace } = server.note
      const run = await makeLargeRun({ api_url, token }, { tasks: TASKS, lines: LINES })
      const page = await browser.newPage({ viewport: { width: 1_280, height: 800 } })
      await page.goto(link)
      await page.locator('fc-shell').waitFor()
      const address = `${url}/w/${workspace}/runs/flow-run/${run}`
      const [first, whole]: [number[], number[]] = [[], []]
      for (let visit = 0; visit < VISITS; visit++) {
        await page.goto('about:blank')
        const began = performance.now()
        await page.goto(address, { waitUntil: 'commit' })
        await page.locator('fc-log-view .line').first().waitFor()
        await page.locator('fc-timeline .bar').first().waitFor()
        first.push(performance.now() - began)
        await page.getByRole('tab', { name: 'Task runs 10,000' }).waitFor()
        whole.push(performance.now() - began)
      }
      const searched = await searchAll(page)
      const frames = await slowestFrames(page)
      const rows: readonly Row[] = [
        { what: 'address to bars and lines (p50)', ours: median(first), beside: 'limit', reference: 1_000, unit: 'ms', better: 'less' },
        { what: 'address to all task runs (p50)', ours: median(whole), beside: 'limit', reference: 1_500, unit: 'ms', better: 'less' },
        {
          what: 'a search through all lines, those not here yet',
          ours: searched,
          beside: 'limit',
          reference: 3_000,
          unit: 'ms',
          better: 'less',
        },
        { what: 'a frame while the log scrolls (p95)', ours: frames, beside: 'limit', reference: 34, unit: 'ms', better: 'less' },
      ]
      return rows
    } finally {
      await browser.close()
      await server.stop()
    }
  },
}

async function searchAll(page: Page): Promise<number> {
  const began = performance.now()
  await page.getByRole('searchbox', { name: 'Search logs' }).fill('row 77:')
  await page.getByText('1 of 1', { exact: true }).waitFor()
  const took = performance.now() - began
  await page.getByRole('searchbox', { name: 'Search logs' }).fill('')
  return took
}

/** 95 of 100 frames took no longer, while the wheel turns through the log. */
async function slowestFrames(page: Page): Promise<number> {
  await page.locator('fc-log-view .scroller').hover()
  await page.evaluate(
    'globalThis.frames = []; (function next(last) { requestAnimationFrame((now) => { frames.push(now - last); next(now) }) })(performance.now())',
  )
  for (let turn = 0; turn < SCROLLS; turn++) {
    await page.mouse.wheel(0, turn < SCROLLS / 2 ? -4_000 : 4_000)
    await delay(16)
  }
  const frames = await page.evaluate<number[]>('globalThis.frames')
  return frames.toSorted((a, b) => a - b)[Math.floor(frames.length * 0.95)] ?? 0
}
