/** The pages of flows and runs as a person meets them, with real runs of a real engine over a real server. */
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { engineOver, makeLargeRun, makeManyFlows, Speaker } from '../support/make-runs.ts'
import { freshFolder, launch } from '../support/server.ts'
import { axeFindings, lookFindings } from './axe.ts'
import { workspacePages, type TestWorkspace } from './workspace-page.ts'

const site = workspacePages()
const NOWHERE = '01990c5e-7a10-7c3e-9f00-2b6f1d4e0000'
const heading = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('heading', { name, level: 1 }).waitFor()
const targetOf = ({ url, token }: TestWorkspace) => ({ api_url: `${url}/api`, token })
const settled = (page: Page): Promise<unknown> => page.waitForLoadState('networkidle')

/** A door that a flow waits at until the test opens it. */
function door() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { wait: () => promise, open: () => resolve() }
}

interface Row {
  readonly id: string
  readonly name: string
}
const newest = async (workspace: TestWorkspace): Promise<Row> => {
  const [run] = await workspace.api<readonly Row[]>('/flow_runs/filter', { limit: 1 })
  if (run === undefined) throw new Error('there is no flow run')
  return run
}

describe('the page of a flow run', () => {
  test('[RP40] a run fills its page while it runs: attempts, waits, lines, and its end, over one socket and without a question', async () => {
    const workspace = await site.createWorkspace()
    const { flow, task, getRunLogger } = engineOver(targetOf(workspace))
    const [first, last] = [door(), door()]
    let tries = 0
    const load = task(
      async function load() {
        getRunLogger().info('loading')
        tries += 1
        if (tries === 1) throw new Error('GitHub answered 502')
        await first.wait()
        return 42
      },
      { name: 'load', retries: 2, retryDelaySeconds: 0.3 },
    )
    const save = task(async (value: number) => last.wait().then(() => value), { name: 'save' })
    const running = flow(async function etl() {
      return save(await load())
    })()
    await expect.poll(() => tries).toBe(2)
    const run = await newest(workspace)
    const { page } = await site.open(`/runs/flow-run/${run.id}`, { workspace })
    await heading(page, run.name)
    const timeline = page.getByRole('list').filter({ hasText: 'load-0' })
    await timeline.locator('[data-kind=failed]').waitFor()
    await timeline.locator('[data-kind=retry]').waitFor()
    await timeline.locator('[data-kind=running]').waitFor()
    await page
      .getByRole('log', { name: /^Log, / })
      .getByText('GitHub answered 502')
      .waitFor()
    await settled(page)
    const requests: string[] = []
    page.on('request', (request) => requests.push(new URL(request.url()).pathname))
    first.open()
    await timeline.getByRole('link', { name: /save-0: Running/ }).waitFor()
    last.open()
    await running
    await page.locator('fc-page-header').getByText('Completed').waitFor()
    await timeline.getByRole('link', { name: /load-0: Completed.*2 attempts/ }).waitFor()
    await page
      .getByRole('log', { name: /^Log, / })
      .getByText('Finished in state Completed()')
      .last()
      .waitFor()
    expect([requests, await page.locator('.nowline').count()]).toEqual([[], 0])
    expect(await axeFindings(page)).toEqual([])
  })

  test('[RP41] Cancel stops the run that one looks at; what it waits for is said meanwhile', async () => {
    const workspace = await site.createWorkspace()
    const { flow, runtime } = engineOver(targetOf(workspace))
    const endless = flow(async function endless() {
      const { signal } = runtime
      await new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('stopped'))))
    })
    const ended = endless().then(
      () => 'completed',
      () => 'stopped',
    )
    const { page } = await site.open('/runs', { workspace })
    const row = page.getByRole('row').filter({ hasText: 'endless' })
    await row.getByText('Running').waitFor()
    await row.getByRole('link').last().click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.locator('fc-page-header').getByText('Cancelled').waitFor()
    expect(await ended).toBe('stopped')
    await page.getByRole('tab', { name: 'States' }).click()
    await expect.poll(() => page.locator('.history .state').allTextContents()).toEqual(['Pending', 'Running', 'Cancelling', 'Cancelled'])
  })

  test('[RP42] a run that changed while the server was away is right after it is back', async () => {
    using folder = freshFolder()
    const first = await launch(folder.path)
    const { port } = new URL(first.note.url)
    const { api_url, token, link, url, workspace } = first.note
    const speaker = await Speaker.open({ api_url, token })
    const run = await makeLargeRun({ api_url, token }, { tasks: 3, lines: 5, name: 'lunar-falcon' })
    speaker.close()
    const opened = await site.openAt(`${url}/w/${workspace}/runs/flow-run/${run}${new URL(link).hash}`)
    opened.expectComplaints(/ERR_CONNECTION|WebSocket/)
    const { page } = opened
    await page.getByRole('tab', { name: 'Task runs 3' }).waitFor()
    await first.stop()
    const second = await launch(folder.path, { port: Number(port) })
    try {
      await fetch(`${api_url}/flow_runs/${run}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'renamed-meanwhile' }),
      })
      await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent(), { timeout: 60_000 }).toBe('renamed-meanwhile')
      await page.getByRole('tab', { name: 'Task runs 3' }).waitFor()
    } finally {
      await page.close()
      await second.stop()
    }
  }, 120_000)

  test('[RP43] a run of 10,000 task runs and 100,000 lines: two questions beside its topic show it all, ten more search it', async () => {
    const workspace = await site.createWorkspace()
    await makeLargeRun(targetOf(workspace), { tasks: 10_000, lines: 100_000 })
    const asked: { readonly path: string; readonly bytes: number }[] = []
    const { page } = await site.open('/runs', { workspace })
    await page.getByRole('link', { name: 'enormous-elephant' }).first().waitFor()
    await settled(page)
    page.on('response', async (response) => {
      const { pathname } = new URL(response.url())
      if (!pathname.includes('/api/')) return
      const bytes = await response.body().then(
        (body) => body.length,
        () => 0,
      )
      asked.push({ path: pathname.split('/').at(-1) ?? '', bytes })
    })
    await page.getByRole('row').getByRole('link', { name: 'enormous-elephant' }).click()
    await page.getByRole('tab', { name: 'Task runs 10,000' }).waitFor()
    await settled(page)
    expect(asked.map(({ path }) => path)).toEqual(['timeline', 'timeline'])
    expect(asked.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(1_200_000)
    const elements = await page.evaluate<number>(
      '(function count(root) { let n = 0; for (const e of root.querySelectorAll("*")) n += 1 + (e.shadowRoot ? count(e.shadowRoot) : 0); return n })(document)',
    )
    expect(elements).toBeLessThan(4_000)
    asked.length = 0
    await page.getByRole('searchbox', { name: 'Search logs' }).fill('row 77:')
    await page.getByText('1 of 1', { exact: true }).waitFor()
    await page.locator('mark').getByText('Row 77:').waitFor()
    await expect.poll(() => page.getByRole('tab', { name: 'Logs 100,000' }).count()).toBe(1)
    expect(asked.map(({ path }) => path)).toEqual(Array.from({ length: 10 }, () => 'log'))
    expect(asked.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(12_000_000)
    await page.getByRole('searchbox', { name: 'Search logs' }).fill('')
    await page.getByRole('button', { name: 'Error' }).click()
    await page.getByRole('log', { name: 'Log, 1000 lines' }).waitFor()
  })

  test('[RP44] the log follows its end until one scrolls up, tells what came, and comes back', async () => {
    const workspace = await site.createWorkspace()
    const { flow, getRunLogger } = engineOver(targetOf(workspace))
    const [more, last] = [door(), door()]
    const done = flow(async function chatty() {
      const log = getRunLogger()
      for (let n = 0; n < 300; n++) log.info(`early ${n}`)
      await more.wait()
      for (let n = 0; n < 40; n++) log.warning(`later ${n}`)
      await last.wait()
    })()
    await expect.poll(async () => (await workspace.api<readonly Row[]>('/flow_runs/filter', {})).length).toBe(1)
    const { page } = await site.open(`/runs/flow-run/${(await newest(workspace)).id}`, { workspace })
    const log = page.getByRole('log', { name: /^Log, / })
    await log.getByText('early 299', { exact: true }).waitFor()
    await log.hover()
    await page.mouse.wheel(0, -1_500)
    await page.getByRole('button', { name: 'Follow', exact: true }).waitFor()
    more.open()
    await page.getByRole('button', { name: '40 new lines' }).click()
    await log.getByText('later 39', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Warn+' }).click()
    await page.getByRole('log', { name: 'Log, 40 lines' }).waitFor()
    await log.getByRole('link').last().click()
    await expect.poll(() => page.url()).toMatch(/[?&]line=\d+/)
    last.open()
    await done
    await page.reload()
    await page.locator('[data-marked]').getByText('later 39').waitFor()
  })

  test('[RP45] without a run of that id the page says so and leads on; one that is deleted while one looks says that', async () => {
    const workspace = await site.createWorkspace()
    const { page } = await site.open(`/runs/flow-run/${NOWHERE}`, { workspace })
    await heading(page, 'There is no such flow run')
    expect(await axeFindings(page)).toEqual([])
    const id = await makeLargeRun(targetOf(workspace), { tasks: 1, lines: 1 })
    await page.goto(`${workspace.url}/runs/flow-run/${id}`)
    await heading(page, 'enormous-elephant')
    await workspace.api(`/flow_runs/${id}`, undefined, 'DELETE')
    await heading(page, 'This flow run was deleted')
  })

  test('[RP46] the graph is walked with arrow keys, nodes are links; the timeline too', async () => {
    const workspace = await site.createWorkspace()
    const { flow, task } = engineOver(targetOf(workspace))
    const get = task(async (n: number) => n, { name: 'get' })
    const add = task(async (a: number, b: number) => a + b, { name: 'add' })
    await flow(async function sums() {
      const [one, two] = [get.submit(1), get.submit(2)]
      await add.submit(one, two).result()
    })()
    const { page } = await site.open(`/runs/flow-run/${(await newest(workspace)).id}?view=graph`, { workspace })
    const node = (name: string) => page.locator('fc-task-graph').getByRole('link', { name: new RegExp(`^${name}`) })
    await node('get-0').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await heading(page, 'add-0')
    await page.getByRole('tab', { name: /^Inputs/ }).click()
    await page.getByRole('link', { name: 'get-1' }).click()
    await heading(page, 'get-1')
    await page.goBack()
    await page.goBack()
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page
      .locator('fc-timeline')
      .getByRole('link', { name: /^get-0/ })
      .focus()
    await page.keyboard.press('End')
    await page.getByRole('tooltip').getByText('add-0').waitFor()
    await page.keyboard.press('+')
    await expect.poll(() => page.getByRole('button', { name: 'Fit' }).isEnabled()).toBe(true)
    await page.keyboard.press('Enter')
    await heading(page, 'add-0')
  })
})

test('[RP58] packed into lanes every task run is reached by keys: its lane’s link names it, says it, and opens it', async () => {
  const workspace = await site.createWorkspace()
  const id = await makeLargeRun(targetOf(workspace), { tasks: 500, lines: 0 })
  const { page } = await site.open(`/runs/flow-run/${id}`, { workspace })
  const timeline = page.locator('fc-timeline')
  await page.getByRole('button', { name: 'Packed', pressed: true }).waitFor()
  const link = timeline.locator('a:focus')
  await timeline.getByRole('link', { name: /^\d+ task runs: fetchStats-0: Completed/ }).focus()
  await page.keyboard.press('ArrowRight')
  const second = await link.getAttribute('aria-label')
  expect(second).toMatch(/^2 of \d+ task runs: (fetchStats|getStars)-\d+: Completed, started .*, took /)
  await page
    .getByRole('status')
    .getByText(second ?? '')
    .waitFor()
  await timeline.getByRole('tooltip').waitFor()
  await timeline.locator('.here').waitFor()
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => link.getAttribute('data-index')).toBe('1')
  await page.keyboard.press('ArrowUp')
  expect(await link.getAttribute('aria-label')).toBe(second)
  expect(await axeFindings(page)).toEqual([])
  await page.keyboard.press('Enter')
  await heading(page, /^(fetchStats|getStars)-\d+$/)
  expect(second).toContain(await page.getByRole('heading', { level: 1 }).textContent())
})

test('[RP51] a subflow is unfolded in the timeline and linked; the log shows the lines of one task run when asked', async () => {
  const workspace = await site.createWorkspace()
  const { flow, task, getRunLogger } = engineOver(targetOf(workspace))
  const say = task(
    async (word: string) => {
      getRunLogger().info(`said ${word}`)
    },
    { name: 'say' },
  )
  const inner = flow(async function inner() {
    await say('inside')
  })
  await flow(async function outer() {
    await say('one')
    await say('two')
    await inner()
  })()
  const runs = await workspace.api<readonly Row[]>('/flow_runs/filter', { flows: { name: { any_: ['outer'] } } })
  const { page } = await site.open(`/runs/flow-run/${runs[0]?.id}`, { workspace })
  const timeline = page.locator('fc-timeline')
  const lines = () => timeline.getByRole('listitem').getByRole('link').allTextContents()
  await expect.poll(lines).toEqual(['say-0', 'say-1', 'inner-0'])
  await timeline.getByRole('button', { name: 'Unfold the subflow inner-0' }).click()
  await expect.poll(lines).toEqual(['say-0', 'say-1', 'inner-0', 'say-0'])
  await timeline.getByRole('link', { name: /^inner-0/ }).focus()
  await page.keyboard.press('ArrowLeft')
  await expect.poll(lines).toEqual(['say-0', 'say-1', 'inner-0'])
  const log = page.getByRole('log', { name: /^Log, / })
  await log.locator('.line').filter({ hasText: 'said two' }).hover()
  await log.locator('.line').filter({ hasText: 'said two' }).getByRole('button', { name: 'Only lines of say-1' }).click()
  await page.getByRole('log', { name: 'Log, 2 lines' }).waitFor()
  await page.getByRole('button', { name: 'Show lines of all task runs again' }).click()
  await log.getByText('said one').waitFor()
  await page.getByRole('tab', { name: 'Subflows 1' }).click()
  await page.getByRole('table', { name: 'Subflow runs' }).getByRole('link', { name: 'inner-0' }).click()
  await page.getByRole('link', { name: 'inner', exact: true }).waitFor()
})

test('[RP54] the page of a task run outside flows fills while it runs: its lines and its end come over the socket', async () => {
  const workspace = await site.createWorkspace()
  const { task, getRunLogger } = engineOver(targetOf(workspace))
  const [go, last] = [door(), door()]
  const running = task(
    async function alone() {
      getRunLogger().info('waiting for the door')
      await go.wait()
      getRunLogger().info('went through')
      await last.wait()
    },
    { name: 'alone' },
  )()
  const rows = () => workspace.api<readonly Row[]>('/task_runs/filter', {})
  await expect.poll(async () => (await rows()).length).toBe(1)
  const { page } = await site.open(`/runs/task-run/${(await rows())[0]?.id}`, { workspace })
  await heading(page, 'alone-0')
  const log = page.getByRole('log', { name: /^Log, / })
  await log.getByText('waiting for the door').waitFor()
  await settled(page)
  const requests: string[] = []
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  go.open()
  await log.getByText('went through').waitFor()
  last.open()
  await running
  await page.locator('fc-page-header').getByText('Completed').waitFor()
  await log.getByText('Finished in state Completed()').waitFor()
  expect(requests.filter((path) => !path.endsWith('/task_run_states/'))).toEqual([])
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.locator('fc-dialog').getByText('Its states, its result and its lines go with it.').waitFor()
  await page.locator('fc-dialog').getByRole('button', { name: 'Delete task run' }).click()
  await heading(page, 'Runs')
})

describe('lists', () => {
  test('[RP47] runs are filtered by state, words and time; the filters are chips and in the address; Back undoes them', async () => {
    const workspace = await site.createWorkspace()
    const { flow } = engineOver(targetOf(workspace))
    await flow(async function good() {}, { flowRunName: 'lunar-falcon' })()
    await flow(
      async function bad() {
        throw new Error('Our unreliable service failed')
      },
      { flowRunName: 'elite-barnacle' },
    )().catch(() => undefined)
    const { page } = await site.open('/runs', { workspace })
    const names = () => page.getByRole('table', { name: 'Flow runs' }).locator('tbody tr td:nth-child(2) a:last-child').allTextContents()
    await expect.poll(names).toEqual(['elite-barnacle', 'lunar-falcon'])
    await page.getByText('Our unreliable service failed').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: '1 Failed: show only these' }).click()
    await expect.poll(names).toEqual(['elite-barnacle'])
    expect(new URL(page.url()).search).toBe('?state=failed')
    await page.getByRole('button', { name: 'Remove state: Failed' }).click()
    await expect.poll(names).toEqual(['elite-barnacle', 'lunar-falcon'])
    await page.getByRole('combobox', { name: /^Filter/ }).fill('flow:good falcon')
    await page.keyboard.press('Enter')
    await expect.poll(names).toEqual(['lunar-falcon'])
    expect(new URL(page.url()).search).toBe('?flow=good&name=falcon')
    await page.reload()
    await expect.poll(names).toEqual(['lunar-falcon'])
    await page.goBack()
    await expect.poll(names).toEqual(['elite-barnacle', 'lunar-falcon'])
    const bars = page.getByRole('list', { name: /^Flow runs/ })
    await bars.getByRole('link').first().focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => bars.locator(':focus').getAttribute('aria-label')).toMatch(/^elite-barnacle · Failed · /)
    await page.keyboard.press('Enter')
    await heading(page, 'elite-barnacle')
  })

  test('[RP48] runs that are chosen are deleted after a question, and each outcome is said; a list that is empty teaches', async () => {
    const workspace = await site.createWorkspace()
    const { page } = await site.open('/runs', { workspace })
    await page.getByRole('heading', { name: 'No flow has run yet' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    for (const name of ['one', 'two', 'three']) await makeLargeRun(targetOf(workspace), { tasks: 2, lines: 0, name })
    await page.getByRole('row').filter({ hasText: 'three' }).waitFor()
    await page.getByRole('checkbox', { name: 'Choose one' }).check()
    await page.getByRole('checkbox', { name: 'Choose three' }).check()
    await page.getByRole('toolbar').getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('0 of 2 done').waitFor()
    await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click()
    await page.locator('fc-dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click()
    await page.locator('fc-dialog').getByRole('button', { name: 'Delete 2 flow runs' }).click()
    await page.getByText('2 of 2 done.').waitFor()
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1)
    const left = await workspace.api<readonly Row[]>('/flow_runs/filter', {})
    expect(left.map(({ name }) => name)).toEqual(['two'])
  })

  test('[RP49] flows show their last run and bars of the newest; the page of a flow its parameters; task runs outside flows have a page too', async () => {
    const workspace = await site.createWorkspace()
    const { flow, task } = engineOver(targetOf(workspace))
    const etl = flow(async function etl(day: string) {
      return day
    })
    for (const day of ['mon', 'tue']) await etl(day)
    await task(async function alone() {
      return 1
    })()
    const { page } = await site.open('/flows', { workspace })
    const row = page.getByRole('row').filter({ hasText: 'etl' })
    await expect.poll(() => row.getByRole('list').getByRole('link').count()).toBe(2)
    expect(await axeFindings(page)).toEqual([])
    await etl('wed')
    await expect.poll(() => row.getByRole('list').getByRole('link').count()).toBe(3)
    await row.getByRole('link', { name: 'etl', exact: true }).click()
    await heading(page, 'etl')
    await expect.poll(() => page.locator('tbody tr').count()).toBe(3)
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('tab', { name: 'Parameters' }).click()
    await page.getByRole('table', { name: 'Parameters' }).getByText('day').waitFor()
    await page.goto(`${workspace.url}/runs?tab=task-runs`)
    await page.getByRole('link', { name: 'alone-0' }).last().click()
    await heading(page, 'alone-0')
    await page.getByText('none: it was called outside flows').waitFor()
    await page.getByText('Finished in state Completed()').waitFor()
    expect(await axeFindings(page)).toEqual([])
  })

  test('[RP57] of 450 flows a hundred are drawn, more as one scrolls, and a search finds any of them', async () => {
    const workspace = await site.createWorkspace()
    await makeManyFlows(targetOf(workspace), 450)
    const { page } = await site.open('/flows', { workspace })
    const rows = page.getByRole('table', { name: 'Flows' }).locator('tbody tr')
    await rows.getByRole('link', { name: 'flow-449', exact: true }).waitFor()
    await settled(page)
    expect([
      await rows.count(),
      await rows
        .first()
        .getByRole('link', { name: /^run-449 / })
        .count(),
    ]).toEqual([100, 1])
    await page.getByRole('button', { name: 'More flows' }).scrollIntoViewIfNeeded()
    await expect.poll(() => rows.count()).toBe(200)
    await expect.poll(() => rows.nth(150).locator('fc-bars').count()).toBe(1)
    await page.getByRole('searchbox', { name: /^Search flows/ }).fill('flow-7')
    await page.getByText('11 of 450').waitFor()
    await expect.poll(() => rows.count()).toBe(11)
    await page.getByRole('button', { name: 'Flow', exact: true }).click()
    await expect
      .poll(() => rows.locator('td:first-child').allTextContents())
      .toEqual(['flow-7', ...Array.from({ length: 10 }, (_, n) => `flow-7${n}`)])
  })

  test('[RP50] the pages of runs hold in light and dark at 390 pixels and at 1280: nothing sticks out, nothing axe finds', async () => {
    const workspace = await site.createWorkspace()
    const id = await makeLargeRun(targetOf(workspace), { tasks: 30, lines: 40 })
    const looks = [
      { colorScheme: 'light', width: 390, height: 844 },
      { colorScheme: 'dark', width: 390, height: 844 },
      { colorScheme: 'dark', width: 1_280, height: 844 },
    ] as const
    const { page } = await site.open('/nothing', { workspace })
    const pages: Readonly<Record<string, Locator>> = {
      [`/runs/flow-run/${id}`]: page.locator('fc-timeline').getByRole('link').first(),
      [`/runs/flow-run/${id}?view=graph&tab=tasks`]: page.locator('fc-task-graph').getByRole('link').first(),
      '/runs': page.getByRole('row').getByRole('link', { name: 'enormous-elephant' }),
      '/flows': page.getByRole('row').getByRole('list').getByRole('link').first(),
      '/runs?tab=task-runs': page.locator('tbody tr').first(),
    }
    for (const [path, shown] of Object.entries(pages)) {
      await page.goto(`${workspace.url}${path}`)
      await shown.waitFor()
      expect([path, await lookFindings(page, looks)]).toEqual([path, []])
    }
  })
})
