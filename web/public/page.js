/** What the pages share: making elements, asking the API, remembering workspaces, saying states and times. */

/**
 * An element with attributes and children; text stays text.
 * @param {string} tag
 * @param {Record<string, string | ((event: Event) => void)>} attributes A function becomes a listener for the event of that name.
 * @param {...(Node | string)} children
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else element.setAttribute(name, value)
  }
  element.append(...children)
  return element
}

/** What the API refused: its problem document. */
export class Refused extends Error {
  /** @param {{ status: number, code: string, detail: string }} problem */
  constructor(problem) {
    super(problem.detail)
    this.name = 'Refused'
    this.problem = problem
  }
}

/** Nobody answered, or somebody who is not the API. */
export class Away extends Error {
  constructor(cause) {
    super('The server does not answer.', { cause })
    this.name = 'Away'
  }
}

/**
 * Asks the workspace's API; throws {@link Refused} or {@link Away}.
 * @param {string} api
 * @param {string} path
 * @param {unknown} [body] Makes it a POST.
 */
export async function ask(api, path, body) {
  const options = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  let response
  let answer
  try {
    response = await fetch(api + path, { ...options, signal: AbortSignal.timeout(15_000) })
    answer = await response.json()
  } catch (error) {
    throw new Away(error)
  }
  if (response.ok) return answer
  throw new Refused(answer)
}

const OPENED = 'flowcell.workspaces'

/** @returns {Record<string, { name: string, role: string, at: number }>} */
export function opened() {
  try {
    return JSON.parse(localStorage.getItem(OPENED) ?? '{}') ?? {}
  } catch {
    return {} // storage is blocked, or another hand wrote there: the page works without it
  }
}

export function remember(id, { name, role }) {
  try {
    localStorage.setItem(OPENED, JSON.stringify({ ...opened(), [id]: { name, role, at: Date.now() } }))
  } catch {
    // as above
  }
}

const NAMED = {
  Late: 'late',
  AwaitingRetry: 'retrying',
  Retrying: 'retrying',
  Cached: 'cached',
  TimedOut: 'failed',
}
/** Twelve by twelve; a word always stands beside them. */
const ICONS = {
  completed: 'M2.5 6.5l2.5 2.5l4.5-6',
  cached: 'M6 1.5l4 4.5l-4 4.5l-4-4.5z',
  failed: 'M3 3l6 6M9 3l-6 6',
  crashed: 'M6 1v3M6 8v3M1 6h3M8 6h3M2.5 2.5l2 2M7.5 7.5l2 2M9.5 2.5l-2 2M4.5 7.5l-2 2',
  running: 'M6 3.2a2.8 2.8 0 1 0 .01 0z',
  pending: 'M2.5 6h.01M6 6h.01M9.5 6h.01',
  scheduled: 'M6 1.5a4.5 4.5 0 1 0 .01 0zM6 3.5v2.5l1.8 1.2',
  late: 'M6 1.5a4.5 4.5 0 1 0 .01 0zM6 3.5v3M6 8.5v.01',
  retrying: 'M9.8 5a4 4 0 1 0 .1 2.2M10 2v3h-3',
  paused: 'M4.2 3v6M7.8 3v6',
  cancelled: 'M6 1.5a4.5 4.5 0 1 0 .01 0zM3 9l6-6',
}
ICONS.cancelling = ICONS.cancelled

/** Icon and word of a state, in its colour. */
export function stateBadge(type, name) {
  const kind = NAMED[name] ?? String(type ?? 'pending').toLowerCase()
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  for (const [key, value] of Object.entries({ viewBox: '0 0 12 12', width: '12', height: '12', 'aria-hidden': 'true' }))
    svg.setAttribute(key, value)
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', ICONS[kind] ?? ICONS.pending)
  svg.append(path)
  return h('span', { class: `state ${kind}` }, svg, wordsOf(name ?? type ?? 'No state yet'))
}

/** `AwaitingRetry` → "Awaiting retry" */
function wordsOf(name) {
  return /^[A-Z]+$/.test(name)
    ? name.charAt(0) + name.slice(1).toLowerCase()
    : name.replaceAll(/(?<=[a-z])([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
}

const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })
const STEPS = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', Infinity],
]

/** "3m ago", with the full time as title. */
export function timeOf(text) {
  if (text === null) return h('span', { class: 'quiet' }, '–')
  const at = new Date(text)
  let value = (at.getTime() - Date.now()) / 1_000
  for (const [unit, size] of STEPS) {
    if (Math.abs(value) < size) return h('time', { datetime: text, title: at.toLocaleString() }, ago.format(Math.round(value), unit))
    value /= size
  }
  return h('time', { datetime: text }, at.toLocaleString())
}

/** Seconds as people say them: "42 ms", "1.3 s", "4m 05s". */
export function durationOf(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const pad = (value) => String(value).padStart(2, '0')
  if (whole < 3_600) return `${Math.floor(whole / 60)}m ${pad(whole % 60)}s`
  return `${Math.floor(whole / 3_600)}h ${pad(Math.floor(whole / 60) % 60)}m`
}

/** How long a run has run, also while it runs. */
export function runtimeOf({ start_time, total_run_time, estimated_run_time }) {
  if (start_time === null) return '–'
  return durationOf(estimated_run_time > total_run_time ? estimated_run_time : total_run_time)
}

/** A command with a button that copies it. */
export function command(text) {
  const button = h('button', { type: 'button', click: () => void copy(text, button) }, 'Copy')
  return h('div', { class: 'command' }, h('pre', { tabindex: '0' }, h('code', {}, text)), button)
}

async function copy(text, button) {
  const said = await navigator.clipboard.writeText(text).then(
    () => 'Copied',
    () => 'Select it and press Ctrl+C',
  )
  button.textContent = said
  const status = document.querySelector('#said')
  if (status !== null) status.textContent = said
  setTimeout(() => (button.textContent = 'Copy'), 2_000)
}
