/** Times that executors report: lists are ordered by them, so a clock that is lost may not put a run at the top for ever. */
import { ProblemError } from '#sdk/protocol/errors.ts'
import { timeOfId } from '#sdk/protocol/mint.ts'
import { formatInstant, MICROS_PER_SECOND, type Instant } from '#sdk/protocol/instants.ts'
import { MAX_CLOCK_SKEW_SECONDS } from '#sdk/protocol/limits.ts'
import type { Unit } from './unit.ts'

const MAX_SKEW = MAX_CLOCK_SKEW_SECONDS * MICROS_PER_SECOND

export function requireSaneTime({ now }: Unit, name: string, at: Instant): void {
  if (Math.abs(at - now) <= MAX_SKEW) return
  throw new ProblemError(
    'invalid_request',
    `${name}: ${formatInstant(at)} is more than 10 years from the workspace's clock. Set the clock.`,
  )
}

/** Ids of new runs sort by their time. */
export function requireSaneId({ now }: Unit, id: string): void {
  const at = timeOfId(id)
  if (at !== undefined && Math.abs(at - now) <= MAX_SKEW) return
  throw new ProblemError('invalid_request', `id: expected a UUID of version 7 of these years, not ${id}.`)
}
