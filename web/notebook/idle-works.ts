/** Small works that may wait for everything else: done in idle time, in the order in which they came. */

import { whenPageIsIdle } from '../ui/idle.ts'

/** Idle time may last 50 ms; a key that comes in it does not wait so long. */
const PART_MS = 8
const works: (() => void)[] = []

export function whenIdle(work: () => void): void {
  works.push(work)
  if (works.length === 1) whenPageIsIdle(doSome)
}

/** At least one: a tab that is never idle comes to the end of them, too. */
function doSome(): void {
  const until = performance.now() + PART_MS
  try {
    do works.shift()?.()
    while (works.length > 0 && performance.now() < until)
  } finally {
    if (works.length > 0) whenPageIsIdle(doSome)
  }
}
