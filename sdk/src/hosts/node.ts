/**
 * The engine's host in Node: context by AsyncLocalStorage, settings from environment and profile, the workspace that they name.
 *
 * It does nothing before the first run asks for something: importing the SDK opens no file and no socket.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { ConsoleLine, ContextStore, EngineSettings, Host, Orchestrator } from '../engine/ports.ts'
import { captureStack, foreignFrame, withoutOwnFrames } from './call-site.ts'
import { capturePrints, captureRejections, inspectValue, newLogFile, newPrinter, standardError, type TextOutput } from './node-console.ts'
import { newDeclarationReader } from './node-declarations.ts'
import { connectWorkspace } from './node-workspace.ts'
import { readSettings, usable, type Environment, type SettingsReading } from './settings.ts'
import { newWallClock, sleep } from './time.ts'

export interface NodeHostOverrides {
  readonly environment?: Environment
  readonly homeFolder?: string
  /** Where log lines go; standard error by default. */
  readonly output?: TextOutput
  /** Records and decides instead of the workspace that the settings name. */
  readonly orchestrator?: () => Promise<Orchestrator>
  readonly now?: Host['now']
  readonly random?: Host['random']
  readonly sleep?: Host['sleep']
}

/** This package's own folder, as stack traces name it. */
const OWN_URL = new URL('../', import.meta.url).href
const OWN_PATH = fileURLToPath(OWN_URL)
const isOurs = (file: string): boolean => file.startsWith(OWN_URL) || file.startsWith(OWN_PATH)

/**
 * A host for this process.
 *
 * @example
 * const host = nodeHost({ environment: { FLOWCELL_LOGGING_LEVEL: 'DEBUG' } })
 */
export function nodeHost(overrides: NodeHostOverrides = {}): Host {
  const environment = overrides.environment ?? process.env
  let reading: SettingsReading | undefined
  const read = (): SettingsReading => (reading ??= readSettings(environment, overrides.homeFolder ?? homedir()))
  const now = overrides.now ?? newWallClock()
  const random = overrides.random ?? Math.random
  const print = newOutput(overrides.output ?? standardError, environment, read, now)
  return {
    now,
    random,
    sleep: overrides.sleep ?? sleep,
    newController: () => new AbortController(),
    newContext: newStore,
    orchestrator: overrides.orchestrator ?? (() => connectWorkspace({ reading: read(), now, random, print })),
    settings: () => engineSettings(read()),
    print,
    capturePrints,
    captureRejections,
    callSite: function callSite() {
      return foreignFrame(captureStack(callSite), isOurs)
    },
    declarationAt: newDeclarationReader(),
    trimStack: (stack) => withoutOwnFrames(stack, isOurs),
    inspect: inspectValue,
  }
}

function newStore<T>(): ContextStore<T> {
  const storage = new AsyncLocalStorage<T>()
  return { run: (value, body) => storage.run(value, body), current: () => storage.getStore() }
}

function engineSettings(reading: SettingsReading): EngineSettings {
  const { values } = usable(reading)
  return {
    loggingLevel: values.LOGGING_LEVEL,
    logPrints: values.LOGGING_LOG_PRINTS,
    persistResults: values.RESULTS_PERSIST_BY_DEFAULT,
    taskRetries: values.TASKS_DEFAULT_RETRIES,
    taskRetryDelaySeconds: values.TASKS_DEFAULT_RETRY_DELAY_SECONDS,
    flowRetries: values.FLOWS_DEFAULT_RETRIES,
  }
}

function newOutput(output: TextOutput, environment: Environment, read: () => SettingsReading, now: Host['now']): Host['print'] {
  const show = newPrinter(output, (environment['NO_COLOR'] ?? '') !== '')
  let file: ((line: ConsoleLine) => void) | undefined
  let isAsked = false
  return (line) => {
    if (!isAsked) {
      isAsked = true
      const path = read().values.LOGGING_FILE
      const tell = (message: string) => show({ at: now(), level: 'WARNING', source: 'flowcell.logging', message })
      if (path !== undefined) file = newLogFile(path, tell)
    }
    show(line)
    file?.(line)
  }
}
