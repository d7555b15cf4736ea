/**
 * Which page is shown: reads the address, follows links and the browser's buttons, keeps where each page was scrolled to.
 *
 * 1. Links are plain `<a href>`; a click that opens something else (another tab, a download, another origin, an address outside the workspace's
 *    pages) is left to the browser.
 * 2. Only the query changed: the page stays and gets the new one. Anything else is a new element.
 */
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import { matchRoute } from './match.ts'
import type { Route } from './routes.ts'
import { newEntry, restoreScroll, startScroll } from './scroll.ts'

export interface Place {
  /** Below the workspace, such as `/runs`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly route: Route | undefined
  readonly params: Readonly<Record<string, string>>
  /** How it was reached; the first page of a visit takes no focus. */
  readonly by: 'visit' | 'link' | 'history' | 'replace'
}

let base = ''
let routes: readonly Route[] = []
const placeSignal = new Signal<Place>({ path: '/', query: new URLSearchParams(), route: undefined, params: {}, by: 'visit' })
export const place: ReadonlySignal<Place> = placeSignal

/** The address of a page: `pathTo('/runs')` → `/w/{workspace}/runs`. */
export const pathTo = (path: string): string => base + (path === '/' ? '' : path)

/** @param path Below the workspace (`/runs?tab=task-runs`). `replace`: the page before is not one to come back to. */
export function navigate(path: string, how?: 'replace'): void {
  newEntry(how ?? 'push', new URL(pathTo(path), location.origin))
  read(how === 'replace' ? 'replace' : 'link')
}

/** Changes some of the query of this page and leaves the rest; null takes one away. */
export function setQuery(changes: Readonly<Record<string, string | null>>, how?: 'push'): void {
  const query = new URLSearchParams(place.value.query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name)
    else query.set(name, value)
  }
  const text = query.toString()
  navigate(place.value.path + (text === '' ? '' : `?${text}`), how === 'push' ? undefined : 'replace')
}

let suffix = 'Flowcell'
/** Names the document: "Runs · Ada · Flowcell". */
export function setTitle(title: string): void {
  document.title = title === '' ? suffix : `${title} · ${suffix}`
}

export function startRouter(basePath: string, workspaceName: string, pages: readonly Route[]): void {
  base = basePath
  routes = pages
  suffix = workspaceName === '' ? 'Flowcell' : `${workspaceName} · Flowcell`
  startScroll()
  addEventListener('popstate', () => {
    read('history')
    restoreScroll()
  })
  document.addEventListener('click', follow)
  read('visit')
  restoreScroll()
}

function read(by: Place['by']): void {
  const path = location.pathname.startsWith(base) ? location.pathname.slice(base.length) || '/' : '/'
  const match = matchRoute(routes, path)
  placeSignal.value = { path, query: new URLSearchParams(location.search), route: match?.route, params: match?.params ?? {}, by }
}

function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement)
  if (link === undefined || !isPage(link)) return
  event.preventDefault()
  navigate(link.pathname.slice(base.length) + link.search + link.hash)
}

function isPage({ href, origin, target, pathname, download }: HTMLAnchorElement): boolean {
  const isOurs = origin === location.origin && (pathname === base || pathname.startsWith(`${base}/`))
  return href !== '' && isOurs && !pathname.startsWith(`${base}/api`) && (target === '' || target === '_self') && download === ''
}
