/** One engine on one host: the functions that people call. */
import { NO_TAGS, type RunContext } from './context.ts'
import { newCore } from './core.ts'
import { flowFactory, type FlowFactory } from './flow.ts'
import { checkTags, joinTags } from './options.ts'
import { runLogger, type RunLogger } from './logger.ts'
import type { Host, Signal } from './ports.ts'
import { newRuntime, type Runtime } from './runtime.ts'
import { taskFactory, type TaskFactory } from './task.ts'

export interface Engine {
  /**
   * Makes a flow of a function: its runs are recorded, its parameters checked, its tasks related.
   * @example
   * const pipeline = flow(async function pipeline(message: string) { … }, { retries: 2 })
   * await pipeline('hello')
   */
  readonly flow: FlowFactory
  /**
   * Makes a task of a function: a unit of work with retries, a timeout, a state and a log of its own.
   * @example
   * const fetchPage = task(async function fetchPage(url: string) { … }, { retries: 3, retryDelaySeconds: [3, 1] })
   * const pages = await fetchPage.map(urls).result()
   */
  readonly task: TaskFactory
  /** The log of the run that calls it. @throws MissingContextError outside runs. */
  readonly getRunLogger: () => RunLogger
  readonly runtime: Runtime
  /**
   * Every run that begins inside `body` gets these tags besides its own.
   * @example
   * await tags(['nightly'], () => pipeline('hello'))
   */
  readonly tags: <R>(tags: readonly string[], body: () => R) => R
  /** What was defined there is defined anew: its names are free again, and nobody is warned. For hosts that run a source again. */
  readonly forgetNames: (isGone: (callSite: string) => boolean) => void
  /** `runtime.signal` inside `body`, where no run has one of its own. For hosts that can stop what they run. */
  readonly withSignal: <R>(signal: Signal, body: () => R) => R
}

export function createEngine(host: Host): Engine {
  const core = newCore(host)
  const outsideRuns = (): RunContext => {
    const { logPrints, persistResults } = core.settings()
    return { flow: null, attempt: null, task: null, tags: NO_TAGS, logPrints, persistResult: persistResults, signal: null }
  }
  return {
    flow: flowFactory(core),
    task: taskFactory(core),
    getRunLogger: () => runLogger(core),
    runtime: newRuntime(core),
    forgetNames: (isGone) => {
      for (const [key, callSite] of core.names) if (callSite !== undefined && isGone(callSite)) core.names.delete(key)
    },
    withSignal: (signal, body) => core.contexts.run({ ...(core.contexts.current() ?? outsideRuns()), signal }, body),
    tags: (tags, body) => {
      checkTags(tags, 'tags')
      const base = core.contexts.current() ?? outsideRuns()
      return core.contexts.run({ ...base, tags: joinTags(base.tags, tags) }, body)
    },
  }
}
