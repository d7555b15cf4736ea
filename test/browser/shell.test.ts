import { expect, test } from 'vitest'
import { workspacePages } from './workspace-page.ts'

const site = workspacePages()

test('[SH1] a link opens the workspace; its secret leaves the address bar', async () => {
  const { page, workspace } = await site.open()
  await page.waitForURL(workspace.url)
  expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual(['Notebooks', 'Flows', 'Runs', 'API docs'])
  await page.screenshot({ path: '/tmp/shell.png' })
})
