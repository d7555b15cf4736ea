/** Idle time of the page, also where the browser tells none of it (Safari): there what waits comes after what is at hand. */

/** @param timeout Milliseconds after which it is done although the page is busy. */
export function whenPageIsIdle(work: () => void, timeout?: number): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, timeout === undefined ? undefined : { timeout })
  else setTimeout(work, 1)
}
