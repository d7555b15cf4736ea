/**
 * The engine's host in a dedicated Worker of a browser: no AsyncLocalStorage, no files, no environment.
 *
 * It replaces functions of the platform to carry context (see async-context.ts), so it belongs into a Worker that runs nothing else. The code
 * of users and the engine's own have to be instrumented, with {@link BrowserHost.helpers} in reach: both ask for the context after an `await`.
 */
import type { EngineSettings, Host, Orchestrator } from '../engine/ports.ts'
import { installContext, type AsyncContext, type ContextHelpers } from './async-context.ts'
import { captureStack, foreignFrame, withoutOwnFrames, withOriginalPlaces } from './call-site.ts'
import { capturePrintsAs } from './capture-prints.ts'
import { formatLine } from './console-line.ts'
import { formatPrint, inspect } from './inspect.ts'
import { newWallClock, sleep } from './time.ts'

export interface BrowserHostOptions {
  readonly orchestrator: () => Promise<Orchestrator>
  readonly settings?: Partial<EngineSettings>
  readonly print?: Host['print']
  readonly now?: Host['now']
  readonly random?: Host['random']
  readonly sleep?: Host['sleep']
  readonly inspect?: Host['inspect']
  /** What the compiler has read of the cells; without it parameters are not checked. */
  readonly declarationAt?: Host['declarationAt']
  /** Tells the files of this package in a stack trace; without it there are no call sites. */
  readonly isOwnFile?: (file: string) => boolean
  /** The place in what a person wrote of a place in what runs (`file:line:column`); the same where there is no other. */
  readonly originalPlace?: (place: string) => string
  /** Told at most once per place that code inside `enter` has lost its run; a warning is printed by default. */
  readonly onLost?: (place: string | undefined) => void
}

export interface BrowserHost extends Host {
  /** What instrumented code calls. */
  readonly helpers: ContextHelpers
  /** Runs a cell: from here on, code without context is code that has lost it. */
  enter<R>(body: () => R): R
  /** Whether it is known whose code runs now; asking loses nothing and warns nobody. */
  hasContext(): boolean
  /** Gives the platform its functions back. */
  uninstall(): void
}

const DEFAULTS: EngineSettings = {
  loggingLevel: 'INFO',
  logPrints: false,
  persistResults: false,
  taskRetries: 0,
  taskRetryDelaySeconds: 0,
  flowRetries: 0,
}

/**
 * A host for this Worker.
 *
 * @example
 * const host = browserHost({ orchestrator: async () => overThePort })
 * const { flow, task } = createEngine(host)
 * Object.assign(globalThis, host.helpers)
 */
export function browserHost(options: BrowserHostOptions): BrowserHost {
  const now = options.now ?? newWallClock()
  const { isOwnFile, originalPlace } = options
  const nativeLog = console.log.bind(console)
  const print = options.print ?? ((line) => nativeLog(formatLine(line, false).trimEnd()))
  const tellLost =
    options.onLost ?? ((place) => print({ at: now(), level: 'WARNING', source: 'flowcell.context', message: lostMessage(place) }))
  const told = new Set<string>()
  const placeOf = (below: () => unknown): string | undefined => {
    const place = isOwnFile === undefined ? undefined : foreignFrame(captureStack(below), isOwnFile)
    return place === undefined ? undefined : (originalPlace?.(place) ?? place)
  }
  const context: AsyncContext = installContext(function lost() {
    const place = placeOf(lost)
    if (told.has(place ?? '')) return
    told.add(place ?? '')
    tellLost(place)
  })
  return {
    now,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleep,
    newController: () => new AbortController(),
    newContext: () => context.newStore(),
    orchestrator: options.orchestrator,
    settings: () => ({ ...DEFAULTS, ...options.settings }),
    print,
    capturePrints: capturePrintsAs(formatPrint),
    callSite: function callSite() {
      return placeOf(callSite)
    },
    declarationAt: options.declarationAt ?? (async () => ({ reason: 'the source of a cell is not known here' })),
    ...(isOwnFile !== undefined && {
      trimStack: (stack: string) => withOriginalPlaces(withoutOwnFrames(stack, isOwnFile), originalPlace),
    }),
    inspect: options.inspect ?? inspect,
    helpers: context.helpers,
    enter: (body) => context.enter(body),
    hasContext: () => context.hasContext(),
    uninstall: () => context.uninstall(),
  }
}

function lostMessage(place: string | undefined): string {
  const at = place === undefined ? 'A call' : `The call at ${place}`
  return `${at} does not know which run it belongs to: it came through a library's callback. What it does is not recorded with a run.`
}
