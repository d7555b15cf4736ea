/** What every command is given; nothing in cli/ reads `process` but main.ts, terminal.ts and server start. */
import type { ExitCode } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** Options that every command takes. */
export interface Globals {
  readonly profile?: string
  readonly apiUrl?: string
  readonly apiKey?: string
}

export interface Context {
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly nowMs: () => number
  /** Known once the command line is parsed. */
  readonly globals: () => Globals
  readonly end: (code: ExitCode) => void
}

/** Makes a commander action of a function that may answer an exit code. */
export function act<Args extends readonly unknown[]>(
  context: Context,
  action: (...args: Args) => Promise<ExitCode | void>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    const code = await action(...args)
    if (code !== undefined) context.end(code)
  }
}
