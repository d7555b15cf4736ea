/** How long code waits for task runs, and what it gives up meanwhile. */
import { inTime } from './core.ts'
import { OptionError, TimeoutError } from './errors.ts'
import type { TaskFrame } from './task-frame.ts'

export interface WaitOptions {
  /** Longest wait; without it there is no limit. */
  readonly timeoutSeconds?: number
}
export interface ResultOptions extends WaitOptions {
  /** False: the error is answered instead of thrown. */
  readonly raiseOnFailure?: boolean
}

/** True when it came in time. A task that waits here gives up its turn meanwhile, so that what it waits for can run. */
export async function waitFor(frame: TaskFrame, settled: Promise<void> | undefined, timeoutSeconds: number | undefined): Promise<boolean> {
  if (timeoutSeconds !== undefined && !(timeoutSeconds >= 0)) {
    throw new OptionError('timeoutSeconds', `timeoutSeconds: expected a number of seconds from 0 on, got ${String(timeoutSeconds)}.`)
  }
  if (settled === undefined) return true
  const { core } = frame
  const waiter = core.contexts.current()?.task ?? null
  if (waiter !== null && waiter.isInside(frame)) throw new Error(`Task run '${frame.name}' cannot wait for itself.`)
  const turn = waiter?.turnHolder ?? null
  turn?.yieldTurn()
  try {
    if (timeoutSeconds === undefined) await settled
    else return await inTime(core, settled, timeoutSeconds)
    return true
  } finally {
    if (turn !== null) await turn.retakeTurn()
  }
}

export const lateError = (what: string, seconds: number | undefined) =>
  new TimeoutError(`Waited ${String(seconds)} s for ${what}, which has not ended yet.`)
