/** Times on a wire. */
import * as z from 'zod'
import { parseInstant } from './instants.ts'

/** A time in a REST request: text in, {@link Instant} out. */
export const InstantInput = z
  .string()
  .transform((text, context) => {
    const instant = parseInstant(text)
    if (instant !== undefined) return instant
    context.issues.push({ code: 'custom', message: 'expected a time such as 2026-11-22T05:00:00Z', input: text })
    return z.NEVER
  })
  .meta({ type: 'string', format: 'date-time' })

/** A time in a REST answer. */
export const InstantOutput = z.string().meta({ format: 'date-time' })

/** A time on our own socket. */
export const InstantMicros = z.int().min(0).describe('microseconds since 1970-01-01T00:00:00Z')
