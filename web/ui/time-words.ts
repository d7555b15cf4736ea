/** Times and durations in words and figures. Pure: the present is an argument; times are what `Date` takes: RFC 3339 text or milliseconds. */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS = [
  ['second', SECOND, MINUTE],
  ['minute', MINUTE, HOUR],
  ['hour', HOUR, DAY],
  ['day', DAY, 30 * DAY],
] as const
const JUST_NOW_MS = 5 * SECOND

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' })
const full = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })
const wall = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const wallMs = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 })

export type Time = string | number
const millisOf = (time: Time): number => (typeof time === 'number' ? time : Date.parse(time))

/** "now", "42s ago", "in 3 min", "yesterday"; beyond a month the day. */
export function agoWords(time: Time, now: number): string {
  const passed = millisOf(time) - now
  const distance = Math.abs(passed)
  if (distance < JUST_NOW_MS) return 'now'
  for (const [unit, size, end] of STEPS) if (distance < end) return relative.format(Math.trunc(passed / size), unit)
  return day.format(millisOf(time))
}

/** "42 ms", "1.3 s", "4m 05s", "2h 07m", "3d 4h". */
export function durationWords(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–'
  if (seconds < 0.9995) return `${Math.round(seconds * 1_000)} ms`
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const pad = (value: number): string => String(value).padStart(2, '0')
  if (whole < 3_600) return `${Math.floor(whole / 60)}m ${pad(whole % 60)}s`
  if (whole < 86_400) return `${Math.floor(whole / 3_600)}h ${pad(Math.floor(whole / 60) % 60)}m`
  return `${Math.floor(whole / 86_400)}d ${Math.floor(whole / 3_600) % 24}h`
}

/** "20:03:04" of this machine's time zone; with `millis` "20:03:04.398". */
export const clockWords = (time: Time, precision?: 'millis'): string => (precision === 'millis' ? wallMs : wall).format(millisOf(time))

/** The whole time, for a title. */
export const fullTime = (time: Time): string => full.format(millisOf(time))

/** Seconds that a run ran, also while it runs: rows of the API carry what passed until they were written. */
export function runSeconds(
  run: {
    readonly start_time: string | null
    readonly end_time: string | null
    readonly total_run_time: number
    readonly state_type?: string | null
  },
  now: number,
): number | undefined {
  if (run.start_time === null) return undefined
  if (run.state_type === 'RUNNING' || run.state_type === 'CANCELLING') {
    // Attempts before this one are in total_run_time already; a first attempt counts from its start.
    return Math.max(run.total_run_time, (now - millisOf(run.start_time)) / 1_000)
  }
  return run.total_run_time
}
