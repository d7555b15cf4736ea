/** What a person does with a notebook page, and what they see of it. */
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { OpenedPage, Site, TestWorkspace } from './workspace-page.ts'

/** A cell for a test: TypeScript, or text where it begins with `md:`. */
function notebookText(cells: Readonly<Record<string, string>>): string {
  const parts = Object.entries(cells).map(([id, source]) =>
    source.startsWith('md:')
      ? `// %% [md] id=${id}\n${source
          .slice(3)
          .split('\n')
          .map((line) => `// ${line}`)
          .join('\n')}`
      : `// %% id=${id}\n${source}`,
  )
  return ['// ---\n// nb: 1\n// title: Test\n// ---', ...parts].join('\n\n')
}

export async function openNotebook(
  site: Site,
  cells: Readonly<Record<string, string>> | string,
  options: Parameters<Site['open']>[1] = {},
): Promise<OpenedPage & { readonly id: string }> {
  const workspace: TestWorkspace = options.workspace ?? (await site.createWorkspace())
  const source = typeof cells === 'string' ? cells : notebookText(cells)
  const { id } = await workspace.api('/notebooks/', { source })
  const opened = await site.open(`/notebooks/notebook/${id}`, { ...options, workspace })
  await opened.page.locator('fc-cell').first().waitFor()
  return { ...opened, id }
}

export const cell = (page: Page, id: string): Locator => page.locator(`fc-cell[data-cell="${id}"]`)
export const order = (page: Page): Promise<string[]> => page.locator('fc-cell').evaluateAll((cells) => cells.map((one) => one.id))
export const edge = (page: Page, id: string): Promise<string | null> => cell(page, id).locator('.body').getAttribute('data-edge')
export const footer = async (page: Page, id: string): Promise<string> => {
  await cell(page, id).scrollIntoViewIfNeeded()
  return ((await cell(page, id).locator('footer').textContent()) ?? '').replaceAll(/\s+/g, ' ').trim()
}

/** Takes the hand to a cell, in command mode. */
export async function select(page: Page, id: string): Promise<void> {
  await page.evaluate(`(() => {
    const find = (root) => { for (const one of root.querySelectorAll('*')) { if (one.matches('fc-cell[data-cell="${id}"]')) return one; const deeper = one.shadowRoot && find(one.shadowRoot); if (deeper) return deeper } }
    const found = find(document); found.hooks.select('${id}'); found.scrollIntoView({ block: 'nearest' }); found.focus({ preventScroll: true })
  })()`)
}

/** Puts the cursor at the end of a cell's text. */
export async function write(page: Page, id: string): Promise<void> {
  await select(page, id)
  await page.keyboard.press('Enter')
  await cell(page, id).locator('.cm-content').waitFor()
  await page.keyboard.press('Control+End')
}

/** What a cell's element holds, as far as tests look at it; they know no document. */
interface CellNode {
  readonly nodeType: number
  readonly localName?: string
  readonly textContent: string | null
  readonly childNodes: Iterable<CellNode>
  readonly shadowRoot?: CellNode | null
}

export const text = (page: Page, id: string): Promise<string> =>
  cell(page, id).evaluate((one: unknown) => (one as { model: { cell: { value: { source: string } } } }).model.cell.value.source)

export async function run(page: Page, id: string): Promise<void> {
  await select(page, id)
  await page.keyboard.press('Control+Enter')
}

export const sees = async (page: Page, id: string, words: string | RegExp): Promise<void> => {
  await expect.poll(() => shown(page, id)).toMatch(words)
}

/** Everything that the cell shows, shadow roots included. It is brought into sight: what is far away is not drawn. */
export const shown = async (page: Page, id: string): Promise<string> => {
  await cell(page, id).scrollIntoViewIfNeeded()
  return cell(page, id).evaluate((one: unknown) => {
    const read = (node: CellNode): string => {
      if (node.nodeType === 3) return node.textContent ?? ''
      if (node.localName === 'style') return ''
      return Array.from((node.shadowRoot ?? node).childNodes, read).join(' ')
    }
    return read(one as CellNode)
      .replaceAll(/\s+/g, ' ')
      .trim()
  })
}

export async function becomes(page: Page, id: string, wanted: string): Promise<void> {
  await expect.poll(() => edge(page, id)).toBe(wanted)
}

export const saved = async (page: Page): Promise<void> => {
  await expect.poll(() => page.locator('fc-notebook-head .saved').textContent()).toContain('Saved')
}
