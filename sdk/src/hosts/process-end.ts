/**
 * What a Node process says to its workspace when it ends.
 *
 * 1. Everything reported before is handed over, and the process waits for the answers, at most {@link LAST_WORDS_MS}.
 * 2. Runs that did not come to their end are Crashed, with the reason: a signal, an exception, `process.exit`, nothing left to do.
 * 3. A signal still ends the process as if nobody had listened, unless the program listens itself: then it is the program that decides.
 *
 * The waiting blocks the main thread, which works because the socket lives in a thread of its own.
 */

export interface LastWords {
  readonly heldRuns: number
  /** Says that the held runs have crashed. */
  abandon(message: string): void
  /** Hands over what is left. */
  handOver(): void
  /** Blocks until everything is durable, or the time is up. */
  waitSettled(timeoutMs: number): boolean
}

const LAST_WORDS_MS = 2_000
const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGINT: 'Execution was aborted by an interrupt signal.',
  SIGTERM: 'Execution was aborted by a termination signal.',
  SIGHUP: 'Execution was aborted because its terminal was closed.',
}
const EXIT_CALL = 'Execution was aborted by a call of process.exit().'
const NOTHING_LEFT = 'Execution ended before the run did: the process had nothing left to wait for.'

/** Watches for the end of this process. Answers how to stop watching. */
export function watchProcessEnd(words: LastWords): () => void {
  let cause: string | undefined
  const say = (): void => {
    if (words.heldRuns > 0) words.abandon(cause ?? EXIT_CALL)
    words.handOver()
    words.waitSettled(LAST_WORDS_MS)
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    cause = SIGNALS[signal]
    if (process.listenerCount(signal) > 1) return
    say()
    stop()
    process.kill(process.pid, signal)
  }
  const onException = (error: unknown): void => {
    cause = `Execution was interrupted by an unexpected exception: ${describe(error)}`
    // Who handles uncaught exceptions goes on; then this was not the end.
    setImmediate(() => (cause = undefined))
  }
  const onIdle = (): void => void (cause ??= NOTHING_LEFT)
  const stop = (): void => {
    for (const signal of Object.keys(SIGNALS)) process.off(signal, onSignal)
    process.off('uncaughtExceptionMonitor', onException).off('beforeExit', onIdle).off('exit', say)
  }
  for (const signal of Object.keys(SIGNALS)) process.on(signal, onSignal)
  process.on('uncaughtExceptionMonitor', onException).on('beforeExit', onIdle).on('exit', say)
  return stop
}

const describe = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error))
