/** Anything that can be thrown, told in words: for state messages, log lines and records. Never throws, whatever it is given. */
import { MAX_ERROR_RECORD_BYTES, MAX_NAME_LENGTH, MAX_STATE_MESSAGE_LENGTH } from '../protocol/limits.ts'
import type { ErrorRecord } from '../protocol/results.ts'
import { utf8Length } from '../protocol/utf8-length.ts'

/** Causes that are followed. */
const MAX_CAUSES = 5
/** Of each error that is told. */
const MAX_STACK_LENGTH = 16 * 1024
const UNREADABLE = '(an error that cannot be read)'

/** Takes the frames at the end of a stack off that are not the user's. */
export type TrimStack = (stack: string) => string
const AS_IT_IS: TrimStack = (stack) => stack

interface Shape {
  readonly causes: number
  /** Longest message and stack. */
  readonly length: number
  readonly trim: TrimStack
}

/** `Error: Our unreliable service failed`; for what is no error, what it is and how it reads. */
export function describeError(thrown: unknown): string {
  const { name, message } = recordOf(thrown, { causes: 0, length: MAX_STATE_MESSAGE_LENGTH, trim: AS_IT_IS })
  return message === '' ? name : `${name}: ${message}`
}

/** The stack with its causes, as Node would print it; for what is no error, its description. */
export function stackOf(thrown: unknown, trim: TrimStack): string {
  const record = recordOf(thrown, { causes: MAX_CAUSES, length: MAX_STACK_LENGTH, trim })
  const lines: string[] = []
  for (let error: ErrorRecord | undefined = record; error !== undefined; error = error.cause) {
    const text = error.stack ?? (error.message === '' ? error.name : `${error.name}: ${error.message}`)
    lines.push(lines.length === 0 ? text : `Caused by: ${text}`)
  }
  return lines.join('\n')
}

/** What is recorded of an error in a state: as much of it as {@link MAX_ERROR_RECORD_BYTES} hold. */
export function recordError(thrown: unknown, trim: TrimStack): ErrorRecord {
  for (let length = MAX_STACK_LENGTH; ; length /= 2) {
    const record = recordOf(thrown, { causes: MAX_CAUSES, length, trim })
    if (length <= SURE_TO_FIT || utf8Length(JSON.stringify(record)) <= MAX_ERROR_RECORD_BYTES) return record
  }
}
/** Six errors of two such texts and a name each, every character six bytes in JSON. */
const SURE_TO_FIT = 512

/** A text no longer than `limit`, the cut told at its end. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  const mark = `… [cut, ${text.length} characters in all]`
  return text.slice(0, limit - mark.length) + mark
}

function recordOf(thrown: unknown, shape: Shape): ErrorRecord {
  const { causes, length, trim } = shape
  try {
    if (!(thrown instanceof Error)) return { name: 'Thrown', message: cut(wordsFor(thrown), length) }
    const { stack, cause } = thrown
    return {
      name: cut(String(thrown.name), MAX_NAME_LENGTH),
      message: cut(String(thrown.message), length),
      ...(typeof stack === 'string' ? { stack: cut(trim(stack), length) } : {}),
      ...(cause === undefined || causes === 0 ? {} : { cause: recordOf(cause, { ...shape, causes: causes - 1 }) }),
    }
  } catch {
    return { name: 'Thrown', message: UNREADABLE }
  }
}

function wordsFor(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown
  if (typeof thrown !== 'object' || thrown === null) return `${typeof thrown} ${String(thrown)}`
  return JSON.stringify(thrown) ?? Object.prototype.toString.call(thrown)
}
