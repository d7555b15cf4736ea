/** Times for people. `--output json` has the exact ones. */

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** `3m ago`, `in 2h`, `just now`, and the date once that is more than a month away. */
export function relative(text: string | null, nowMs: number): string {
  if (text === null) return ''
  const seconds = (nowMs - Date.parse(text)) / 1_000
  const distance = Math.abs(seconds)
  if (distance < 1) return 'just now'
  if (distance >= 30 * 86_400) return text.slice(0, 10)
  const size = UNITS.find(([, unit]) => distance >= unit)
  const amount = size === undefined ? '1s' : `${Math.floor(distance / size[1])}${size[0]}`
  return seconds > 0 ? `${amount} ago` : `in ${amount}`
}

/** `12ms`, `3.4s`, `2m 05s`, `1h 02m`, `3d 04h`. */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1_000)}ms`
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`
  const whole = Math.round(seconds)
  const two = (value: number): string => String(value).padStart(2, '0')
  if (whole < 3_600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`
  if (whole < 86_400) return `${Math.floor(whole / 3_600)}h ${two(Math.floor(whole / 60) % 60)}m`
  return `${Math.floor(whole / 86_400)}d ${two(Math.floor(whole / 3_600) % 24)}h`
}

/** `2026-11-22 05:31:27.123` in this machine's time zone; log lines stand side by side with what the script itself printed. */
export function localTime(text: string): string {
  const date = new Date(text)
  const two = (value: number, digits = 2): string => String(value).padStart(digits, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${two(date.getMilliseconds(), 3)}`
}
