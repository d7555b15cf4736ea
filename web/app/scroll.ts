/** Where each entry of the history was scrolled to. A page that fills itself later is followed until it is long enough, or the reader scrolls. */

const KEY = 'flowcell.scroll'
const MAX_KEPT = 50
const PATIENCE_MS = 3_000

let key = ''
let positions = new Map<string, number>()
let stopFollowing = (): void => undefined

export function startScroll(): void {
  history.scrollRestoration = 'manual'
  if (typeof history.state?.key !== 'string') newEntry('replace', location.href)
  key = String(history.state.key)
  positions = kept()
  addEventListener('scroll', () => positions.set(key, Math.round(scrollY)), { passive: true })
  addEventListener('pagehide', keep)
}

/** Makes an entry of the history; a pushed one begins at its top. */
export function newEntry(how: 'push' | 'replace', url: string | URL): void {
  if (how === 'replace') return history.replaceState({ ...history.state, key: history.state?.key ?? crypto.randomUUID() }, '', url)
  stopFollowing()
  history.pushState({ key: crypto.randomUUID() }, '', url)
  key = String(history.state.key)
  scrollTo(0, 0)
}

/** The address is another entry now, or the page was loaded again. */
export function restoreScroll(): void {
  stopFollowing()
  key = String(history.state?.key ?? '')
  const wanted = positions.get(key) ?? 0
  const until = performance.now() + PATIENCE_MS
  const following = new AbortController()
  stopFollowing = () => following.abort()
  for (const type of ['wheel', 'touchstart', 'keydown', 'pointerdown']) {
    addEventListener(type, stopFollowing, { passive: true, signal: following.signal })
  }
  const step = (): void => {
    if (following.signal.aborted) return
    scrollTo(0, wanted)
    if (Math.abs(scrollY - wanted) < 2 || performance.now() > until) return stopFollowing()
    requestAnimationFrame(step)
  }
  step()
}

function kept(): Map<string, number> {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]')
    return new Map(Array.isArray(value) ? value.filter((entry) => Array.isArray(entry) && entry.length === 2) : [])
  } catch {
    return new Map() // storage is blocked: pages begin at their top
  }
}

function keep(): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...positions].slice(-MAX_KEPT)))
  } catch {
    // as above
  }
}
