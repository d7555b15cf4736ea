/**
 * The page of a workspace. Exchanges the secret of a link for the session cookie, takes it out of the address bar before anything else
 * happens, then shows what runs. Everything on it comes from the workspace's API.
 */
import { Away, Refused, ask, h, opened, remember } from './page.js'
import { showOverview } from './overview.js'
import { showRun, showTaskRun } from './run.js'

const [, , workspace = '', ...rest] = location.pathname.split('/')
const place = rest.filter((part) => part !== '')
const page = {
  workspace,
  home: `/w/${workspace}`,
  api: `/w/${workspace}/api`,
  ask: (path, body) => ask(`/w/${workspace}/api`, path, body),
  show,
}

addEventListener('hashchange', () => void start())
void start()

async function start() {
  introduce()
  try {
    await exchange()
    introduce()
    await route()
  } catch (error) {
    explain(error)
  }
  document.querySelector('#main')?.setAttribute('aria-busy', 'false')
}

/** The secret leaves the address bar first: no reload, history entry or screenshot shows it. */
async function exchange() {
  const secret = new URLSearchParams(location.hash.slice(1)).get('k')
  if (secret === null) return
  history.replaceState(null, '', location.pathname)
  remember(workspace, await page.ask('/sessions', { secret }))
}

function route() {
  if (place.length === 0) return showOverview(page)
  const [area, kind, id, ...more] = place
  if (area === 'runs' && kind === 'flow-run' && id !== undefined && more.length === 0) return showRun(page, id)
  if (area === 'runs' && kind === 'task-run' && id !== undefined && more.length === 0) return showTaskRun(page, id)
  return show(
    notice('There is no such page', 'This address leads nowhere in this workspace.', h('a', { href: page.home }, 'To the workspace')),
  )
}

function introduce() {
  const known = opened()[workspace]
  const name = known?.name ?? 'Workspace'
  document.title = `${name} · Flowcell`
  document.querySelector('#name')?.replaceChildren(name)
  document.querySelector('#home')?.setAttribute('href', page.home)
  const docs = document.querySelector('#docs')
  docs?.setAttribute('href', `${page.api}/docs`)
  docs?.removeAttribute('hidden')
  const role = document.querySelector('#role')
  role?.toggleAttribute('hidden', known === undefined)
  role?.replaceChildren(known?.role ?? '')
}

function show(...sections) {
  document.querySelector('#main')?.replaceChildren(...sections)
}

const LINK = 'npm run flowcell -- server link'

/** Every failure says what happened and what to do. */
function explain(error) {
  const again = h('button', { type: 'button', class: 'primary', click: () => location.reload() }, 'Try again')
  if (error instanceof Away) {
    show(
      notice(
        'The server does not answer',
        'It may have been stopped, or this computer is offline. Start it with the first command; the runs are kept.',
        h('pre', { class: 'command' }, h('code', {}, 'npm start')),
        again,
      ),
    )
  } else if (error instanceof Refused && error.problem.status === 401) {
    show(
      notice(
        'This browser needs a link',
        'The link was cut off, has ended or was revoked, or this browser has not opened one yet. On the machine that runs the server, this prints one that works:',
        h('pre', { class: 'command' }, h('code', {}, LINK)),
      ),
    )
  } else if (error instanceof Refused) {
    show(notice('The workspace refused this', error.message, h('a', { href: page.home }, 'To the workspace'), again))
  } else {
    show(notice('This page broke', String(error), again))
    throw error
  }
}

function notice(title, text, ...actions) {
  return h('section', { class: 'notice' }, h('h1', {}, title), h('p', {}, text), ...actions)
}
