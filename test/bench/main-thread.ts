/**
 * What the main thread of a page did while something happened, read out of a trace of Chromium.
 *
 * Work is the thread's own time: neither the wait for the screen nor the time in which the machine gave its core to somebody else is in it.
 */
import type { Browser, Page } from 'playwright-core'

/** `devtools.timeline` names what happens; the other one tells the tasks around it. */
const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline']

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds. */
  readonly ts: number
  readonly dur?: number
  /** Of the thread's own clock; left out for the shortest. */
  readonly tdur?: number
  readonly args?: { readonly data?: { readonly type?: string } }
}

interface Task {
  readonly start: number
  readonly end: number
  /** Milliseconds of the thread. */
  readonly work: number
}

export interface MainThread {
  readonly tasks: readonly Task[]
  readonly events: readonly TraceEvent[]
}

export interface KeyWork {
  /** From the key's event until the frame that shows what it typed is handed over, with everything that came in between. */
  readonly untilDrawn: number
  /** That, and everything until the next key. */
  readonly untilNext: number
}

export async function traced(browser: Browser, page: Page, work: () => Promise<unknown>): Promise<MainThread> {
  await browser.startTracing(page, { categories: CATEGORIES })
  await work()
  const { traceEvents }: { readonly traceEvents: readonly TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString())
  const main = busiest(traceEvents)
  const events = traceEvents.filter((event) => event.ph === 'X' && threadOf(event) === main).toSorted((a, b) => a.ts - b.ts)
  const tasks = events
    .filter(({ name }) => name === 'RunTask')
    .map((event): Task => ({ start: event.ts, end: endOf(event), work: (event.tdur ?? event.dur ?? 0) / 1_000 }))
  return { tasks, events }
}

export const longestTask = ({ tasks }: MainThread): number => Math.max(...tasks.map(({ work }) => work))

/** @param gapMs Between two keys: the last one has as much time as the others. */
export function keyWorks({ tasks, events }: MainThread, gapMs: number): readonly KeyWork[] {
  const downs = events.filter((event) => isDispatch(event, 'keydown'))
  return downs.map((down, index) => {
    const until = downs[index + 1]?.ts ?? down.ts + gapMs * 1_000
    const typed = events.find((event) => event.ts >= down.ts && event.ts < until && isDispatch(event, 'input'))
    const drawn = events.find(({ name, ts }) => name === 'Commit' && ts >= (typed ?? down).ts)
    const all = tasks.filter(({ start, end }) => end > down.ts && start < until)
    const shown = all.filter(({ start }) => drawn === undefined || start < endOf(drawn))
    return { untilDrawn: sum(shown), untilNext: sum(all) }
  })
}

const isDispatch = ({ name, args }: TraceEvent, type: string): boolean => name === 'EventDispatch' && args?.data?.type === type
const endOf = ({ ts, dur }: TraceEvent): number => ts + (dur ?? 0)
const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}:${tid}`
const sum = (tasks: readonly Task[]): number => tasks.reduce((total, { work }) => total + work, 0)

/** The browser and other pages have a main thread, too; the one that is looked at lays out the most. */
function busiest(events: readonly TraceEvent[]): string | undefined {
  const layouts = Map.groupBy(
    events.filter(({ name }) => name === 'Layout'),
    threadOf,
  )
  return [...layouts].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0]
}
