/** The workspace's first page: where its API is, how much ran, and the ten newest flow runs, kept fresh while somebody looks. */
import { Away, command, h, runtimeOf, stateBadge, timeOf } from './page.js'

const NEWEST = 10
const REFRESH_MS = 3_000
const FIRST_FLOW = 'npx node examples/seeds/000-getting-started.ts'
const COUNTED = [
  ['Completed', 'completed', ['COMPLETED']],
  ['Failed', 'failed', ['FAILED']],
  ['Crashed', 'crashed', ['CRASHED']],
  ['Running', 'running', ['RUNNING', 'PENDING', 'CANCELLING']],
  ['Waiting', 'scheduled', ['SCHEDULED', 'PAUSED']],
]

export async function showOverview(page) {
  const rows = h('div', {})
  const counts = h('dl', { class: 'stats' })
  let seen = ''
  const refresh = async () => {
    const runs = await page.ask('/flow_runs/filter', { sort: 'ID_DESC', limit: NEWEST })
    const now = JSON.stringify(runs.map(({ id, updated, state_id }) => [id, updated, state_id]))
    if (now !== seen) counts.replaceChildren(...(await countRuns(page)))
    rows.replaceChildren(runs.length === 0 ? emptyRuns() : runTable(page, runs))
    seen = now
  }
  await refresh()
  page.show(heading(page), counts, rows, ...(seen === '[]' ? [] : [nextSteps()]))
  repeat(refresh)
}

/** Quietly while the page is hidden; says so when the server goes away, and goes on when it is back. */
function repeat(refresh) {
  const said = document.querySelector('#said')
  setInterval(() => {
    if (document.hidden) return
    refresh().then(
      () => said?.replaceChildren(),
      (error) => said?.replaceChildren(error instanceof Away ? 'The server does not answer. Trying again…' : String(error.message)),
    )
  }, REFRESH_MS)
}

function heading(page) {
  const api = `${location.origin}${page.api}`
  return h(
    'section',
    { class: 'hero' },
    h('h1', {}, 'Your workspace is running'),
    h('dl', { class: 'facts' }, h('dt', {}, 'API'), h('dd', {}, command(api))),
  )
}

async function countRuns(page) {
  const counted = await Promise.all(
    COUNTED.map(([, , types]) => page.ask('/flow_runs/count', { flow_runs: { state: { type: { any_: types } } } })),
  )
  return COUNTED.map(([word, kind], at) =>
    h('div', {}, h('dt', {}, word), h('dd', { class: counted[at] > 0 ? kind : 'none' }, counted[at].toLocaleString())),
  )
}

function runTable(page, runs) {
  const head = ['State', 'Run', 'Started', 'Duration', 'Tags'].map((word) => h('th', { scope: 'col' }, word))
  return h(
    'section',
    { class: 'panel table' },
    h('h2', { id: 'newest' }, 'Newest flow runs'),
    h(
      'table',
      { 'aria-labelledby': 'newest' },
      h('thead', {}, h('tr', {}, ...head)),
      h('tbody', {}, ...runs.map((run) => runRow(page, run))),
    ),
  )
}

function runRow(page, run) {
  const address = `${page.home}/runs/flow-run/${run.id}`
  const words = run.state_type === 'FAILED' || run.state_type === 'CRASHED' ? [h('small', { class: 'why' }, run.state?.message ?? '')] : []
  return h(
    'tr',
    {},
    h('td', {}, stateBadge(run.state_type, run.state_name)),
    h('td', {}, h('a', { href: address }, h('span', { class: 'quiet' }, `${run.flow_name} / `), run.name), ...words),
    h('td', {}, timeOf(run.start_time ?? run.expected_start_time)),
    h('td', { class: 'number' }, runtimeOf(run)),
    h('td', {}, ...run.tags.map((tag) => h('span', { class: 'pill' }, tag))),
  )
}

function emptyRuns() {
  return h(
    'section',
    { class: 'panel empty' },
    h('h2', {}, 'No flow has run here yet'),
    h(
      'p',
      {},
      'A flow is a TypeScript function wrapped in flow(); when it runs, its states and log lines appear here. In the folder of this server:',
    ),
    command(FIRST_FLOW),
  )
}

function nextSteps() {
  return h(
    'details',
    { class: 'panel' },
    h('summary', {}, 'Run a flow'),
    h('p', {}, 'On this machine scripts find the workspace by themselves:'),
    command(FIRST_FLOW),
    h('p', {}, 'On another machine, tell them where it is:'),
    command(`export FLOWCELL_API_URL=${location.origin}${location.pathname.replace(/\/$/, '')}/api FLOWCELL_API_KEY=fc_…`),
  )
}
