/**
 * Keeps one workerd alive until it is told to end.
 *
 * 1. A workerd that ended is started again on the same port, at once the first time, then after growing pauses.
 * 2. A workerd that does not answer its health question is killed, and so started again.
 * 3. After `end` nothing is started any more.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { firstAnswer, PATIENCE, watchdog, type Patience } from './watch.ts'
import type { Workerd } from './workerd.ts'

/** Who lived this long did not die of its start. */
const STEADY_MS = 2_000
const LONGEST_PAUSE_MS = 2_000
const MAX_FAILED_STARTS = 5

export interface Supervision {
  readonly url: string
  readonly launch: () => Workerd
  readonly onLaunched: (workerd: Workerd) => void
  readonly onLog: (line: string) => void
  readonly patience?: Patience
}

export interface Supervisor {
  /** Resolves once workerd is gone after `end`; rejects when it could not be started again. */
  readonly closed: Promise<void>
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => void
}

export function supervise(first: Workerd, { url, launch, onLaunched, onLog, patience = PATIENCE }: Supervision): Supervisor {
  let workerd = first
  let ending = false

  const exitOf = async (): Promise<{ readonly lived: number; readonly how: string }> => {
    const bornAt = performance.now()
    const watch = watchdog(url, patience, () => {
      onLog(`workerd has not answered for ${patience.hungAfterMs / 1_000} seconds: it is started again.`)
      workerd.signal('SIGKILL')
    })
    const exit = await workerd.exited
    watch.stop()
    return { lived: performance.now() - bornAt, how: String(exit.signal ?? exit.code) }
  }
  const startAgain = async (): Promise<void> => {
    for (let attempt = 1; !ending; attempt++) {
      workerd = launch()
      onLaunched(workerd)
      const answer = await firstAnswer(workerd, url)
      if (answer.kind === 'answered') return
      workerd.signal('SIGKILL')
      const { lastWords } = await workerd.exited
      if (attempt === MAX_FAILED_STARTS) throw new Error(`workerd could not be started again in ${attempt} attempts:\n${lastWords}`)
      await delay(200 * attempt)
    }
  }
  const keepAlive = async (): Promise<void> => {
    let failures = 0
    while (true) {
      const { lived, how } = await exitOf()
      if (ending) return
      failures = lived > STEADY_MS ? 0 : failures + 1
      if (failures > 0) await delay(Math.min(LONGEST_PAUSE_MS, 25 * 2 ** failures))
      if (ending) return
      onLog(`workerd ended (${how}): starting it again.`)
      await startAgain()
    }
  }
  return {
    closed: keepAlive(),
    end: (signal) => {
      ending = true
      workerd.signal(signal)
    },
  }
}
