/** Who called `flow()` or `task()`, out of a stack trace. */

/** Frames that may lie between a call of the user and us: `withOptions`, the public face, the engine. */
const MAX_FRAMES = 12
const PLACE = /^(.+):(\d+):(\d+)$/

/** What V8 adds to `Error`. */
interface StackTraces {
  readonly prototype: Error
  stackTraceLimit?: number
  captureStackTrace?(target: object, below: () => unknown): void
}
const STACKS: StackTraces = Error

/** The stack above `below`, with few frames, so that it is cheap (about 5 µs). */
export function captureStack(below: () => unknown): string {
  if (STACKS.captureStackTrace === undefined || STACKS.stackTraceLimit === undefined) return new Error('stack').stack ?? '' // not in V8: our own frames are told by their file
  const holder: { stack?: string } = {}
  const limit = STACKS.stackTraceLimit
  STACKS.stackTraceLimit = MAX_FRAMES
  STACKS.captureStackTrace(holder, below)
  STACKS.stackTraceLimit = limit
  return holder.stack ?? ''
}

/** `file:///home/me/flow.ts:12:22`: the first frame that is neither ours nor the platform's. */
export function foreignFrame(stack: string, isOurs: (file: string) => boolean): string | undefined {
  for (const line of stack.split('\n')) {
    const place = placeOf(line)
    const [, file] = PLACE.exec(place) ?? []
    if (file !== undefined && !file.startsWith('node:') && !isOurs(file)) return place
  }
  return undefined
}

/**
 * The stack of an error without the frames at its end that are ours or the platform's: below the user's own code they tell a user nothing.
 * As it is when it has no frame of the user's.
 */
export function withoutOwnFrames(stack: string, isOurs: (file: string) => boolean): string {
  const lines = stack.split('\n')
  let end = lines.length
  while (end > 0 && isOwnFrame(lines[end - 1] ?? '', isOurs)) end--
  return end > 0 && isFrame(lines[end - 1] ?? '') ? lines.slice(0, end).join('\n') : stack
}

/** The stack with each of its places as a person wrote it. */
export function withOriginalPlaces(stack: string, originalPlace: ((place: string) => string) | undefined): string {
  if (originalPlace === undefined) return stack
  return stack
    .split('\n')
    .map((line) => {
      const place = placeOf(line)
      if (!PLACE.test(place)) return line
      const original = originalPlace(place)
      return original === place ? line : line.replace(place, () => original)
    })
    .join('\n')
}

/** As V8 writes it, with or without a place: `at new Promise (<anonymous>)`. */
const isFrame = (line: string): boolean => /^\s+at /.test(line) || PLACE.test(placeOf(line))

function isOwnFrame(line: string, isOurs: (file: string) => boolean): boolean {
  const [, file] = PLACE.exec(placeOf(line)) ?? []
  if (file === undefined) return /^\s+at .*\((?:<anonymous>|index \d+)\)$/.test(line)
  return file.startsWith('node:') || isOurs(file)
}

/** `at name (file:1:2)`, `at file:1:2`, `at async file:1:2`; elsewhere `name@file:1:2`. A file's name may have spaces and parentheses. */
export function placeOf(line: string): string {
  const text = line.trim()
  const parenthesis = text.endsWith(')') ? text.indexOf(' (') : -1
  if (parenthesis >= 0) return text.slice(parenthesis + 2, -1)
  return text.replace(/^at (?:async )?/, '').replace(/^[^@/\s]*@/, '')
}

export interface CallSite {
  readonly file: string
  readonly line: number
  readonly column: number
}

export function parseCallSite(callSite: string): CallSite | undefined {
  const [, file, line, column] = PLACE.exec(callSite) ?? []
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) }
}
