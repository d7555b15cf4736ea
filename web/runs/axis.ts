/** The axis of a timeline: which part of time is seen, where its ticks stand, how it is zoomed. Instants and durations are microseconds. */

export interface View {
  readonly from: number
  readonly to: number
}

export interface Tick {
  readonly at: number
  readonly label: string
}

const MS = 1_000
const SECOND = 1_000 * MS
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Round distances between ticks. */
const STEPS: readonly number[] = [
  ...[1, 10, 100, 1_000, 10_000].flatMap((size) => [size, 2 * size, 5 * size]),
  100_000,
  250_000,
  500_000,
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * DAY),
]
/** The least that can be seen of time. */
const MIN_SPAN = 20

/** Ticks at round distances from `origin`, at least `room` pixels apart. */
export function ticksOf({ from, to }: View, origin: number, width: number, room = 70): readonly Tick[] {
  const span = to - from
  if (!(span > 0) || width <= 0) return []
  const least = (span * room) / width
  const step = STEPS.find((candidate) => candidate >= least) ?? Math.ceil(least / DAY) * DAY
  const ticks: Tick[] = []
  for (let at = origin + Math.ceil((from - origin) / step) * step; at <= to; at += step) {
    ticks.push({ at, label: offsetLabel(at - origin, step) })
  }
  return ticks
}

/** "0 s", "250 ms", "1.5 s", "2:30", "1:02:00", "3 d": as exact as the distance between ticks. */
function offsetLabel(offset: number, step: number): string {
  const sign = offset < 0 ? '−' : ''
  const value = Math.abs(offset)
  if (value === 0) return '0 s'
  if (step < MS) return `${sign}${decimals(value / MS, step / MS)} ms`
  if (value < SECOND && step < SECOND) return `${sign}${Math.round(value / MS)} ms`
  if (value < MINUTE) return `${sign}${decimals(value / SECOND, step / SECOND)} s`
  if (step >= DAY) return `${sign}${Math.round(value / DAY)} d`
  const [hours, minutes] = [Math.floor(value / HOUR), Math.floor((value % HOUR) / MINUTE)]
  const seconds = decimals((value % MINUTE) / SECOND, Math.min(1, step / SECOND))
  const padded = seconds.indexOf('.') === 1 || seconds.length === 1 ? `0${seconds}` : seconds
  return hours === 0 ? `${sign}${minutes}:${padded}` : `${sign}${hours}:${String(minutes).padStart(2, '0')}:${padded}`
}

/** As many decimals as tell neighbours apart exactly. */
function decimals(value: number, step: number): string {
  let digits = 0
  for (let rest = step; digits < MAX_DIGITS && Math.abs(rest - Math.round(rest)) > 1e-9; rest *= 10) digits += 1
  const text = value.toFixed(digits)
  return digits === 0 ? text : text.replace(/\.?0+$/, '')
}
const MAX_DIGITS = 6

/** Zooms by `factor` (2: half of the time is seen) around an instant that stays where it is; never out of `all` by more than its own size. */
export function zoom(view: View, factor: number, around: number, all: View): View {
  const span = Math.max(MIN_SPAN, Math.min((view.to - view.from) / factor, (all.to - all.from) * 2))
  const share = (around - view.from) / (view.to - view.from)
  const from = around - span * share
  return { from, to: from + span }
}

/** Moves by a share of what is seen, and not out of sight of `all`. */
export function pan(view: View, share: number, all: View): View {
  const span = view.to - view.from
  const wanted = view.from + span * share
  const from = Math.max(all.from - span / 2, Math.min(wanted, all.to - span / 2))
  return { from, to: from + span }
}

/** The same view where an instant is in it, else moved so that it is in the middle. */
export function reveal(view: View, at: number): View {
  if (at >= view.from && at <= view.to) return view
  const half = (view.to - view.from) / 2
  return { from: at - half, to: at + half }
}

/** A live view grows by a seventh at a time, so that bars do not creep with every tick. */
const GROWTH = 1.15
const LEAST_LIVE = 100_000

/** All there is from `from` until now, and some room for what comes. */
export function growingView(from: number, now: number): View {
  const past = Math.max(now - from, LEAST_LIVE)
  return { from, to: from + GROWTH ** Math.ceil(Math.log(past * 1.02) / Math.log(GROWTH)) }
}

/** All there is of what has ended. */
export function wholeView(from: number, to: number): View {
  const end = Math.max(to, from + MS)
  return { from, to: end + (end - from) * 0.02 }
}
