import type { LogLevelName } from '../protocol/log-levels.ts'
import { writeLog, type Core } from './core.ts'
import { MissingContextError } from './errors.ts'

/** Writes lines into the log of one run. What is no text is shown as `console.log` would. */
export interface RunLogger {
  debug(...message: readonly unknown[]): void
  info(...message: readonly unknown[]): void
  warning(...message: readonly unknown[]): void
  error(...message: readonly unknown[]): void
  critical(...message: readonly unknown[]): void
}

/** The logger of the innermost run. @throws MissingContextError outside runs. */
export function runLogger(core: Core): RunLogger {
  const context = core.contexts.current()
  const target = context?.task ?? context?.flow ?? null
  if (target === null) {
    throw new MissingContextError('getRunLogger: there is no run here. Call it inside a flow or a task, not while the module is loaded.')
  }
  const at =
    (level: LogLevelName) =>
    (...message: readonly unknown[]): void =>
      writeLog(core, target, level, message.map((part) => (typeof part === 'string' ? part : core.host.inspect(part))).join(' '))
  return { debug: at('DEBUG'), info: at('INFO'), warning: at('WARNING'), error: at('ERROR'), critical: at('CRITICAL') }
}
