/** What axe-core finds wrong with a page as it stands: WCAG 2.2 A and AA and best practices, shadow roots included. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Finding {
  readonly id: string
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[]
}

/** One line per element: the rule, where, and why. Nothing is what a test wants. */
export async function axeFindings(page: Page, within = 'html'): Promise<readonly string[]> {
  const run = `typeof axe === 'undefined' ? undefined : axe.run(${JSON.stringify(within)}, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })) })))`
  let found = await page.evaluate<readonly Finding[] | undefined>(run)
  if (found === undefined) {
    await page.evaluate(axe.source)
    found = (await page.evaluate<readonly Finding[] | undefined>(run)) ?? [{ id: 'axe is not there', nodes: [{ target: within }] }]
  }
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)} ${failureSummary ?? ''}`),
  )
}

/** A way to look at a page; what is left out is as it was when the page was opened. */
export interface Look {
  readonly colorScheme?: 'light' | 'dark'
  readonly contrast?: 'more'
  readonly forcedColors?: 'active'
  readonly reducedMotion?: 'reduce'
  readonly width?: number
  readonly height?: number
}

/** Looks at the same page in each of these ways: what is wider than it, and what axe finds. The page keeps the last look. */
export async function lookFindings(page: Page, looks: readonly Look[], within?: string): Promise<readonly string[]> {
  const opened = page.viewportSize() ?? { width: 1280, height: 800 }
  const all: string[] = []
  for (const look of looks) {
    await lookAt(page, look, opened)
    const wider = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    const found = [...(wider > 0 ? [`${wider} px wider than the page`] : []), ...(await axeFindings(page, within))]
    all.push(...found.map((finding) => `${JSON.stringify(look)}: ${finding}`))
  }
  return all
}

async function lookAt(page: Page, look: Look, opened: { readonly width: number; readonly height: number }): Promise<void> {
  const {
    width = opened.width,
    height = opened.height,
    colorScheme = null,
    contrast = null,
    forcedColors = null,
    reducedMotion = null,
  } = look
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme, contrast, forcedColors, reducedMotion })
  await page.evaluate(AT_REST)
}

/** What follows the size has followed it, and no colour is on its way any more, in any shadow root; what turns without end is left turning. */
const AT_REST = `new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))).then(() => {
  const moving = (root) => [
    ...root.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity),
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot === null ? [] : moving(shadowRoot))),
  ]
  return Promise.allSettled(moving(document).map(({ finished }) => finished)).then(() => undefined)
})`
