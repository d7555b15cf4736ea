/** Bars of runs over time: each run one bar while there is room for that, else each span of time one. */
import { isTerminal } from '#sdk/protocol/state-types.ts'
import type { HistoryBar } from '#sdk/protocol/answers.ts'
import type { StateType } from '#sdk/protocol/states.ts'
import type { Bar } from '../ui/bars.ts'
import { stateKind, stateWords, type StateKind } from '../ui/state-kind.ts'
import { clockWords, durationWords } from '../ui/time-words.ts'
import type { Window } from './run-filters.ts'

const SECOND = 1_000_000
const MINUTE = 60 * SECOND
/** Lengths of a bar, in microseconds. */
const LENGTHS: readonly number[] = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1_440, 2_880, 10_080].map((minutes) => minutes * MINUTE)
const MAX_BARS = 96

/** Spans of time that begin at round times, at most {@link MAX_BARS}. */
export function spansOfWindow({ from, to }: Window): { readonly start: number; readonly end: number; readonly seconds: number } {
  const length = LENGTHS.find((candidate) => (to - from) / candidate <= MAX_BARS) ?? Math.ceil((to - from) / MAX_BARS / MINUTE) * MINUTE
  const start = Math.floor(from / length) * length
  return { start, end: Math.floor(to / length) * length + length, seconds: length / SECOND }
}

export interface BarRun {
  readonly id: string
  readonly name: string
  readonly state_type: StateType | null
  readonly state_name: string | null
  /** Seconds; undefined: it has not started. */
  readonly seconds: number | undefined
}

/** How high a run's bar is among others: by the logarithm of its duration, so that one long run does not flatten all others. */
function heights(seconds: readonly (number | undefined)[]): readonly number[] {
  const logs = seconds.map((value) => Math.log(Math.max(0.001, value ?? 0)))
  const [least, most] = [Math.min(...logs), Math.max(...logs)]
  const range = Math.max(LEAST_RANGE, most - least)
  return logs.map((log) => 1 - (0.8 * (most - log)) / range)
}
/** Runs that took about as long as each other look so. */
const LEAST_RANGE = Math.log(20)

/** One bar for each run, in the order given. */
export function barsOfRuns(runs: readonly BarRun[], href: (id: string) => string): readonly Bar[] {
  const sizes = heights(runs.map(({ seconds }) => seconds))
  return runs.map(({ id, name, state_type, state_name, seconds }, at) => {
    const isOver = state_type !== null && isTerminal(state_type)
    const took = seconds === undefined ? (isOver ? 'never started' : 'not started') : `${isOver ? '' : 'for '}${durationWords(seconds)}`
    return {
      id,
      size: sizes[at] ?? 0,
      parts: [{ kind: stateKind(state_type, state_name) }],
      title: `${name} · ${stateWords(state_type, state_name)} · ${took}`,
      href: href(id),
    }
  })
}

/** One bar for each span of time, its states one above the other; `hrefOf` leads to the runs of that time. */
export function barsOfHistory(history: readonly HistoryBar[], hrefOf: (from: string, to: string) => string): readonly Bar[] {
  const counts = history.map(({ states }) => states.reduce((sum, { count_runs }) => sum + count_runs, 0))
  const most = Math.max(1, ...counts)
  return history.map(({ interval_start, interval_end, states }, at) => {
    const count = counts[at] ?? 0
    const kinds = new Map<StateKind, { readonly words: string; share: number }>()
    for (const { state_type, state_name, count_runs } of states) {
      const kind = stateKind(state_type, state_name)
      kinds.set(kind, { words: stateWords(state_type, state_name), share: (kinds.get(kind)?.share ?? 0) + count_runs })
    }
    const said = [...kinds.values()].map(({ words, share }) => `${share} ${words.toLowerCase()}`).join(', ')
    const when = `${timeWords(interval_start)} to ${timeWords(interval_end)}`
    return {
      id: interval_start,
      size: count === 0 ? 0 : Math.max(0.06, Math.sqrt(count / most)),
      parts: [...kinds].map(([kind, { share }]) => ({ kind, share })),
      title: count === 0 ? `${when}: no run` : `${when}: ${said}`,
      ...(count > 0 && { href: hrefOf(interval_start, interval_end) }),
    }
  })
}

const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' })
const isToday = (time: Date): boolean => time.toDateString() === new Date().toDateString()

/** "21:15"; on another day with its date. */
export function timeWords(time: string | number): string {
  const date = new Date(time)
  const clock = clockWords(date.getTime()).slice(0, 5)
  return isToday(date) ? clock : `${day.format(date)} ${clock}`
}

/** Words below the bars: evenly spread times. */
export function axisWords({ from, to }: Window, count = 7): readonly string[] {
  return Array.from({ length: count }, (_, at) => {
    const when = from + ((to - from) * at) / (count - 1)
    return at === count - 1 && Math.abs(when / 1_000 - Date.now()) < 120_000 ? 'now' : timeWords(when / 1_000)
  })
}
