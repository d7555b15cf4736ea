/** Time, timers and chance as the live socket uses them; the platform's by default, a test's own in tests. */

export interface LiveClock {
  /** Milliseconds of any clock that only goes forward. */
  now(): number
  /** Chance in [0, 1). */
  random(): number
  /** Calls back after `ms`; answers how to call it off. `idle`: must not keep a process alive. */
  after(ms: number, callback: () => void, idle?: 'idle'): () => void
  /** Calls back once what is running now, and what it has settled already, is done. */
  soon(callback: () => void): void
}

export const platformClock: LiveClock = {
  now: () => performance.now(),
  random: () => Math.random(),
  after: (ms, callback, idle) => {
    const timer: unknown = setTimeout(callback, ms)
    if (idle !== undefined && isNodeTimer(timer)) timer.unref()
    return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0])
  },
  soon: immediately() ?? throughChannel(),
}

/** Node's own. */
function immediately(): LiveClock['soon'] | undefined {
  const platform: { readonly setTimeout: unknown; readonly setImmediate?: (callback: () => void) => unknown } = globalThis
  const { setImmediate } = platform
  return setImmediate === undefined ? undefined : (callback) => void setImmediate(callback)
}

function isNodeTimer(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer
}

/** Browsers slow nested `setTimeout(0)` down to 4 ms; a message does not wait. */
function throughChannel(): (callback: () => void) => void {
  const waiting: (() => void)[] = []
  let channel: InstanceType<typeof MessageChannel> | undefined
  return (callback) => {
    if (channel === undefined) {
      channel = new MessageChannel()
      channel.port1.addEventListener('message', () => waiting.shift()?.())
      channel.port1.start()
    }
    waiting.push(callback)
    channel.port2.postMessage(undefined)
  }
}
