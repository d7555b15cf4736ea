/** Time as every JavaScript platform has it. */
import type { Signal } from '../engine/ports.ts'
import { MICROS_PER_MS, type Instant } from '../protocol/instants.ts'

/** A timer can hold no more (24.8 days); longer sleeps take several. */
const MAX_TIMER_MS = 2 ** 31 - 1
/** The steady clock may be off by so much before it is set by the wall clock again: after the machine slept, or somebody set the time. */
const MAX_SKEW_MS = 5

/**
 * The wall clock in microseconds: steady between two settings, and no time is told twice, so that what follows has a later time. A browser's
 * clock stands still for 100 µs at a time.
 */
export function newWallClock(): () => Instant {
  let origin = performance.timeOrigin
  let last = 0
  return () => {
    const wall = Date.now()
    let now = origin + performance.now()
    if (Math.abs(now - wall) > MAX_SKEW_MS) {
      origin += wall - now
      now = wall
      last = 0
    }
    last = Math.max(Math.floor(now * MICROS_PER_MS), last + 1)
    return last
  }
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
export function sleep(ms: number, signal?: Signal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(asError(signal.reason))
    let left = ms
    let timer = setTimeout(next, Math.min(left, MAX_TIMER_MS))
    const aborted = () => {
      clearTimeout(timer)
      reject(asError(signal?.reason))
    }
    signal?.addEventListener('abort', aborted)

    function next(): void {
      left -= MAX_TIMER_MS
      if (left > 0) return void (timer = setTimeout(next, Math.min(left, MAX_TIMER_MS)))
      signal?.removeEventListener('abort', aborted)
      resolve()
    }
  })
}

/** An abort may be given any reason; ours are errors. */
function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('The wait was called off.', { cause: reason })
}
