/** One flow run: its state, how it came there, its task runs and its log. The address is the one that scripts print. */
import { h, runtimeOf, stateBadge, timeOf } from './page.js'

const LINES = 200
const TASK_RUNS = 200

export async function showRun(page, id) {
  const ofRun = { flow_runs: { id: { any_: [id] } } }
  const [run, states, tasks, lines] = await Promise.all([
    page.ask(`/flow_runs/${encodeURIComponent(id)}`),
    page.ask(`/flow_run_states/?flow_run_id=${encodeURIComponent(id)}`),
    page.ask('/task_runs/filter', { ...ofRun, sort: 'EXPECTED_START_TIME_ASC', limit: TASK_RUNS }),
    page.ask('/logs/filter', { logs: { flow_run_id: { any_: [id] } }, sort: 'TIMESTAMP_ASC', limit: LINES }),
  ])
  document.title = `${run.name} · Flowcell`
  page.show(heading(page, run), facts(run), taskTable(tasks), logPanel(page, run, tasks, lines), statePanel(states))
}

export async function showTaskRun(page, id) {
  const task = await page.ask(`/task_runs/${encodeURIComponent(id)}`)
  if (task.flow_run_id !== null) return showRun(page, task.flow_run_id)
  document.title = `${task.name} · Flowcell`
  page.show(heading(page, { ...task, flow_name: 'Task runs' }), facts(task))
}

function heading(page, run) {
  return h(
    'section',
    { class: 'hero' },
    h('p', { class: 'quiet' }, h('a', { href: page.home }, 'Runs'), ` / ${run.flow_name} /`),
    h('h1', {}, run.name, ' ', stateBadge(run.state_type, run.state_name)),
    ...message(run),
  )
}

const hasFailed = (run) => run.state_type === 'FAILED' || run.state_type === 'CRASHED'
const message = (run) => (run.state?.message ? [h('p', { class: hasFailed(run) ? 'why' : 'quiet' }, run.state.message)] : [])

function facts(run) {
  const fact = (word, ...value) => h('div', {}, h('dt', {}, word), h('dd', {}, ...value))
  const parameters = Object.keys(run.parameters ?? {}).length > 0 ? [fact('Parameters', h('code', {}, JSON.stringify(run.parameters)))] : []
  return h(
    'dl',
    { class: 'stats small' },
    fact('Started', timeOf(run.start_time)),
    fact('Duration', runtimeOf(run)),
    fact('Attempts', String(run.run_count)),
    ...parameters,
    ...(run.tags.length > 0 ? [fact('Tags', ...run.tags.map((tag) => h('span', { class: 'pill' }, tag)))] : []),
  )
}

function taskTable(tasks) {
  if (tasks.length === 0) return h('div', {})
  const head = ['State', 'Task run', 'Started', 'Duration', 'Attempts'].map((word) => h('th', { scope: 'col' }, word))
  const row = (task) =>
    h(
      'tr',
      {},
      h('td', {}, stateBadge(task.state_type, task.state_name)),
      h('td', {}, task.name, ...(hasFailed(task) ? [h('small', { class: 'why' }, task.state?.message ?? '')] : [])),
      h('td', {}, timeOf(task.start_time)),
      h('td', { class: 'number' }, runtimeOf(task)),
      h('td', { class: 'number' }, String(task.run_count)),
    )
  return h(
    'section',
    { class: 'panel table' },
    h('h2', { id: 'tasks' }, tasks.length === TASK_RUNS ? `First ${TASK_RUNS} task runs` : 'Task runs'),
    h('table', { 'aria-labelledby': 'tasks' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...tasks.map(row))),
  )
}

function logPanel(page, run, tasks, lines) {
  const names = new Map(tasks.map((task) => [task.id, task.name]))
  const title = h('h2', {}, lines.length === LINES ? `First ${LINES} log lines` : 'Log')
  const download = h('a', { href: `${page.api}/flow_runs/${run.id}/logs/download`, download: `${run.name}.csv` }, 'Download')
  const rows = lines.map(({ timestamp, level, message: text, task_run_id }) =>
    h(
      'div',
      { class: 'line' },
      h('time', { datetime: timestamp }, clock(timestamp)),
      h('b', { class: levelClass(level) }, levelWord(level)),
      h('span', { class: 'quiet' }, names.get(task_run_id) ?? ''),
      h('span', {}, text),
    ),
  )
  const log =
    rows.length === 0
      ? h('p', { class: 'quiet' }, 'No line was logged.')
      : h('div', { class: 'log', tabindex: '0', role: 'log', 'aria-live': 'off' }, ...rows)
  return h('section', { class: 'panel' }, h('div', { class: 'titled' }, title, ...(rows.length === 0 ? [] : [download])), log)
}

function statePanel(states) {
  const row = (state) =>
    h(
      'li',
      {},
      h('time', { datetime: state.timestamp }, clock(state.timestamp)),
      stateBadge(state.type, state.name),
      h('span', { class: 'quiet' }, state.message ?? ''),
    )
  return h('section', { class: 'panel' }, h('h2', {}, 'States'), h('ol', { class: 'states' }, ...states.map(row)))
}

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 })
const clock = (text) => time.format(new Date(text))
const levelWord = (level) => (level >= 50 ? 'CRITICAL' : level >= 40 ? 'ERROR' : level >= 30 ? 'WARNING' : level >= 20 ? 'INFO' : 'DEBUG')
const levelClass = (level) => (level >= 40 ? 'failed' : level >= 30 ? 'retrying' : level >= 20 ? 'info' : 'quiet')
