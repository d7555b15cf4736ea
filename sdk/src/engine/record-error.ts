/** Anything that can be thrown, told in words: for state messages, log lines and records. Never throws, whatever it is given. */
import { MAX_STATE_MESSAGE_LENGTH } from '../protocol/limits.ts'
import type { ErrorRecord } from '../protocol/results.ts'

/** Causes that are followed. */
const MAX_CAUSES = 5
/** Of each error in a record: six of them fit a frame many times over. */
const MAX_STACK_LENGTH = 16 * 1024
const UNREADABLE = '(an error that cannot be read)'

/** `Error: Our unreliable service failed`; for what is no error, what it is and how it reads. */
export function describeError(thrown: unknown): string {
  const { name, message } = recordOf(thrown, 0)
  return message === '' ? name : `${name}: ${message}`
}

/** The stack with its causes, as Node would print it; for what is no error, its description. */
export function stackOf(thrown: unknown): string {
  const record = recordOf(thrown, MAX_CAUSES)
  const lines: string[] = []
  for (let error: ErrorRecord | undefined = record; error !== undefined; error = error.cause) {
    const text = error.stack ?? (error.message === '' ? error.name : `${error.name}: ${error.message}`)
    lines.push(lines.length === 0 ? text : `Caused by: ${text}`)
  }
  return lines.join('\n')
}

/** What is recorded of an error in a state. */
export const recordError = (thrown: unknown): ErrorRecord => recordOf(thrown, MAX_CAUSES)

/** A text no longer than `limit`, the cut told at its end. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  const mark = `… [cut, ${text.length} characters in all]`
  return text.slice(0, limit - mark.length) + mark
}

function recordOf(thrown: unknown, causes: number): ErrorRecord {
  try {
    if (!(thrown instanceof Error)) return { name: 'Thrown', message: cut(wordsFor(thrown), MAX_STATE_MESSAGE_LENGTH) }
    const { stack, cause } = thrown
    return {
      name: String(thrown.name),
      message: cut(String(thrown.message), MAX_STATE_MESSAGE_LENGTH),
      ...(typeof stack === 'string' ? { stack: cut(stack, MAX_STACK_LENGTH) } : {}),
      ...(cause === undefined || causes === 0 ? {} : { cause: recordOf(cause, causes - 1) }),
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
