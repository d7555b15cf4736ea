/**
 * Instants: integer microseconds since 1970-01-01T00:00:00Z, in memory, in the database and on our socket.
 * RFC 3339 text with six decimals appears on the REST wire only.
 */
import * as z from 'zod'

/** Microseconds since 1970, an integer; safe below 2^53, which is the year 2255. */
export type Instant = number
export const MICROS_PER_MS = 1_000
export const MICROS_PER_SECOND = 1_000_000

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(?:([Zz])|([+-])(\d\d):?(\d\d))?)?$/

/** Reads RFC 3339, also without a zone (then UTC, as Prefect does). Answers undefined for anything else. */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC3339.exec(text.trim())
  if (match === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', , sign, offsetHours = '0', offsetMinutes = '0'] = match
  const wholeSeconds = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) / 1_000
  // Date.UTC reads the years 0 to 99 as 1900 to 1999.
  const date = new Date(wholeSeconds * 1_000)
  const isReal =
    date.getUTCFullYear() === Number(year) &&
    date.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60
  if (!Number.isFinite(wholeSeconds) || !isReal || Number(month) < 1 || Number(month) > 12) return undefined
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHours) * 3_600 + Number(offsetMinutes) * 60)
  const instant = (wholeSeconds - (sign === undefined ? 0 : offset)) * MICROS_PER_SECOND + Number(fraction.padEnd(6, '0').slice(0, 6))
  return Number.isSafeInteger(instant) ? instant : undefined
}

/** RFC 3339 in UTC with six decimals, as Prefect's server writes it. */
export function formatInstant(instant: Instant): string {
  const seconds = Math.floor(instant / MICROS_PER_SECOND)
  const micros = instant - seconds * MICROS_PER_SECOND
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`
}

// Marked as pure, so that kernel and pages, which only reckon with instants, carry no schemas.
/** A time in a REST request: text in, {@link Instant} out. */
export const InstantInput = /* @__PURE__ */ instantInput()

/** A time in a REST answer. */
export const InstantOutput = /* @__PURE__ */ instantOutput()

/** A time on our own socket. */
export const InstantMicros = /* @__PURE__ */ instantMicros()

function instantInput() {
  return z
    .string()
    .transform((text, context) => {
      const instant = parseInstant(text)
      if (instant !== undefined) return instant
      context.issues.push({ code: 'custom', message: 'expected a time such as 2026-11-22T05:00:00Z', input: text })
      return z.NEVER
    })
    .meta({ type: 'string', format: 'date-time' })
}

function instantOutput() {
  return z.string().meta({ format: 'date-time' })
}

function instantMicros() {
  return z.int().min(0).describe('microseconds since 1970-01-01T00:00:00Z')
}
