/** Dates out of JSON, by pydantic v2's lax rules. What names no zone is UTC: the same text is the same instant on every machine. */
import { isDate } from './issues.ts'

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt _](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(?:([Zz])|([+\-\u2212])(\d\d):?(\d\d))?)?$/
const NUMERIC = /^[+-]?\d+(?:\.\d*)?$/
/** Above this a number counts milliseconds, below seconds: pydantic's watershed. */
const SECONDS_LIMIT = 2e10

/** Dates as they are, ISO 8601 texts (a day alone is its midnight), and Unix times in seconds or milliseconds, also as text. */
export function toDate(value: unknown): Date | undefined {
  if (isDate(value)) return Number.isNaN(value.getTime()) ? undefined : value
  if (typeof value === 'number') return fromUnix(value)
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return NUMERIC.test(text) ? fromUnix(Number(text)) : fromIso(text)
}

function fromUnix(amount: number): Date | undefined {
  return valid(Math.abs(amount) > SECONDS_LIMIT ? amount : amount * 1_000)
}

function fromIso(text: string): Date | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [, years, months, days, hours = '0', minutes = '0', seconds = '0', fraction = '', , sign, zoneHours = '0', zoneMinutes = '0'] =
    match
  const [year, month, day] = [Number(years), Number(months), Number(days)]
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)]
  if (hour > 23 || minute > 59 || second > 59 || Number(zoneHours) > 23 || Number(zoneMinutes) > 59) return undefined
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month - 1, day)
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === undefined || sign === '+' ? 1 : -1)
  return valid(midnight.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1_000 + millis)
}

function valid(time: number): Date | undefined {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? undefined : date
}
