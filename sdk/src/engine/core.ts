/** What every part of one engine shares: its host, and what it asked the host for once. */
import type { RunContext } from './context.ts'
import type { ContextStore, EngineSettings, Host, Orchestrator } from './ports.ts'
import { LOG_LEVELS, type LogLevelName } from '../protocol/log-levels.ts'
import { MAX_LOG_MESSAGE_LENGTH } from '../protocol/limits.ts'
import type { FlowRunId, Random, TaskRunId } from '../protocol/ids.ts'
import { cut, stackOf, type TrimStack } from './record-error.ts'
import type { Source } from './source.ts'
import { Starter } from './starter.ts'

export interface Core {
  readonly host: Host
  readonly random: Random
  readonly contexts: ContextStore<RunContext>
  readonly settings: () => EngineSettings
  readonly orchestrator: () => Promise<Orchestrator>
  readonly starter: Starter
  /** Counts the calls of tasks outside flows, by name. */
  readonly outside: Map<string, number>
  /** Makes the host offer print statements; asked for when they are first wanted. */
  readonly capturePrints: () => void
  /** Functions that have no name until their source is read. */
  readonly nameless: Set<Source>
  /** Leaves of a stack what is the user's, where the host can tell. */
  readonly trimStack: TrimStack
  /** Where each name was first given to a flow or a task. */
  readonly names: Map<string, string | undefined>
}

/** Whose log a line belongs to. */
export interface LogTarget {
  readonly source: string
  readonly runId: FlowRunId | null
  readonly taskId: TaskRunId | null
  readonly epoch: number
  /** Undefined before the orchestrator is known, and for lines that are only printed. */
  readonly orchestrator: Orchestrator | undefined
}

const ENGINE: LogTarget = { source: 'flowcell.engine', runId: null, taskId: null, epoch: 0, orchestrator: undefined }

/** Writes a line where people look and where it is kept, if the level wants it. */
export function writeLog(core: Core, target: LogTarget, level: LogLevelName, message: string): void {
  const number = LOG_LEVELS[level]
  if (number < LOG_LEVELS[core.settings().loggingLevel]) return
  const at = core.host.now()
  core.host.print({ at, level, source: target.source, message })
  const { runId: run, taskId: task, orchestrator } = target
  if (orchestrator === undefined) return
  const m = cut(message, MAX_LOG_MESSAGE_LENGTH)
  const n = task === null ? 'flowcell.flow_runs' : 'flowcell.task_runs'
  const line = task === null || run === null ? { t: at, l: number, m, n } : { t: at, l: number, m, n, k: task }
  orchestrator.log({ run, epoch: target.epoch, lines: [line], ...(run === null && task !== null && { task }) })
}

/** A line of the engine itself: printed, not part of a run's log. */
export function writeEngineLog(core: Core, level: LogLevelName, message: string): void {
  writeLog(core, ENGINE, level, message)
}

export function newCore(host: Host): Core {
  let settings: EngineSettings | undefined
  let orchestrator: Promise<Orchestrator> | undefined
  let isCapturing = false
  let isListening = false
  const core: Core = {
    host,
    random: () => host.random(),
    contexts: host.newContext(),
    settings: () => (settings ??= host.settings()),
    orchestrator: () => (orchestrator ??= connect()),
    capturePrints: () => {
      if (isCapturing) return
      isCapturing = true
      host.capturePrints((level, message) => writePrint(core, level, message))
    },
    starter: new Starter(),
    outside: new Map(),
    nameless: new Set(),
    names: new Map(),
    trimStack: (stack) => host.trimStack?.(stack) ?? stack,
  }
  return core

  /** A failed connection is not remembered: the next run asks again. */
  async function connect(): Promise<Orchestrator> {
    if (!isListening) host.captureRejections?.((reason) => writeRejection(core, reason))
    isListening = true
    try {
      return await host.orchestrator()
    } catch (error) {
      orchestrator = undefined
      throw error
    }
  }
}

/** A print statement belongs to the innermost run, if that wants it. */
function writePrint(core: Core, level: LogLevelName, message: string): boolean {
  const context = core.contexts.current()
  const target = context?.task ?? context?.flow ?? null
  if (target === null || context?.logPrints !== true) return false
  writeLog(core, target, level, message)
  return true
}

/** A promise that user code let fall is the run's to tell, not the process's to die of. */
function writeRejection(core: Core, reason: unknown): boolean {
  const context = core.contexts.current()
  const target = context?.task ?? context?.flow ?? null
  if (target === null) return false
  writeLog(core, target, 'ERROR', `A promise was rejected and nobody awaited it:\n${stackOf(reason, core.trimStack)}`)
  return true
}

/** For promises that are handed out inside a run: whether anybody awaits them is the flow's end to judge, not the platform's to die of. */
export function quiet<P extends Promise<unknown>>(promise: P): P {
  promise.catch(ignore)
  return promise
}
function ignore(): void {}

/** Waits for `promise`, but no longer than `seconds`. True when it came in time. Its rejection is passed on. */
export async function inTime(core: Core, promise: Promise<unknown>, seconds: number): Promise<boolean> {
  const timer = core.host.newController()
  const late = core.host.sleep(seconds * 1_000, timer.signal).then(
    () => false,
    () => false,
  )
  try {
    return await Promise.race([promise.then(() => true), late])
  } finally {
    timer.abort(undefined)
  }
}
