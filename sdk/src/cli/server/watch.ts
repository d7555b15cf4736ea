/** Does workerd answer? Once after its start, and again and again while it runs. */
import { setTimeout as delay } from 'node:timers/promises'
import { isHealthy, loadHttp } from '../../hosts/ask.ts'
import type { Exit, Workerd } from './workerd.ts'

export const START_SECONDS = 20

export interface Patience {
  readonly checkEveryMs: number
  readonly hungAfterMs: number
}

export const PATIENCE: Patience = { checkEveryMs: 2_000, hungAfterMs: 10_000 }

export type FirstAnswer = { readonly kind: 'answered' } | { readonly kind: 'exited'; readonly exit: Exit } | { readonly kind: 'silent' }

export async function firstAnswer(workerd: Workerd, url: string): Promise<FirstAnswer> {
  const timer = new AbortController()
  const answered = async (): Promise<FirstAnswer> => {
    loadHttp() // which the question needs, while workerd starts
    await workerd.listening
    return { kind: (await isHealthy(url, START_SECONDS * 1_000)) ? 'answered' : 'silent' }
  }
  const exited = async (): Promise<FirstAnswer> => ({ kind: 'exited', exit: await workerd.exited })
  const silent = delay<FirstAnswer>(START_SECONDS * 1_000, { kind: 'silent' }, { signal: timer.signal }).catch((): FirstAnswer => ({
    kind: 'silent',
  }))
  const first = await Promise.race([answered(), exited(), silent])
  timer.abort()
  return first
}

/** Calls `onHung` once when no health answer came for `hungAfterMs`; the only cure for code that never yields. */
export function watchdog(url: string, { checkEveryMs, hungAfterMs }: Patience, onHung: () => void): { readonly stop: () => void } {
  let stopped = false
  const watch = async (): Promise<void> => {
    let lastAnswer = performance.now()
    while (!stopped) {
      await delay(checkEveryMs, undefined, { ref: false })
      const before = performance.now()
      if (before - lastAnswer > checkEveryMs * 3 + hungAfterMs) lastAnswer = before // this machine slept
      if (await isHealthy(url, hungAfterMs)) lastAnswer = performance.now()
      else if (!stopped && performance.now() - lastAnswer >= hungAfterMs) {
        stopped = true
        onHung()
      }
    }
  }
  void watch()
  return { stop: () => void (stopped = true) }
}
