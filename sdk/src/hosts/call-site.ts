/** Who called `flow()` or `task()`, out of a stack trace. */

/** Frames that may lie between a call of the user and us: `withOptions`, the public face, the engine. */
const MAX_FRAMES = 12
const PLACE = /(?:^|[\s(@])((?:[a-z][a-z0-9+.-]+:|\/|[A-Za-z]:\\)[^\s()]*?):(\d+):(\d+)\)?$/

/** The stack above `below`, with few frames, so that it is cheap (about 5 µs). */
export function captureStack(below: () => unknown): string {
  const holder: { stack?: string } = {}
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = MAX_FRAMES
  Error.captureStackTrace(holder, below)
  Error.stackTraceLimit = limit
  return holder.stack ?? ''
}

/** `file:///home/me/flow.ts:12:22`: the first frame that is neither ours nor the platform's. */
export function foreignFrame(stack: string, isOurs: (file: string) => boolean): string | undefined {
  for (const line of stack.split('\n')) {
    const [, file, row, column] = PLACE.exec(line) ?? []
    if (file !== undefined && !file.startsWith('node:') && !isOurs(file)) return `${file}:${row}:${column}`
  }
  return undefined
}

export interface CallSite {
  readonly file: string
  readonly line: number
  readonly column: number
}

export function parseCallSite(callSite: string): CallSite | undefined {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/s.exec(callSite) ?? []
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) }
}
