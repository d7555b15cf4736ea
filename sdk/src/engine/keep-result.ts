/** Results on their way into a state: kept, or the reason why not. */
import { stringify } from 'devalue'
import { MAX_INLINE_RESULT_BYTES, MAX_STATE_MESSAGE_LENGTH } from '../protocol/limits.ts'
import type { JsonValue } from '../protocol/json.ts'
import type { ErrorRecord, ResultReference } from '../protocol/results.ts'
import { cut, describeError, recordError, type TrimStack } from './record-error.ts'
import { utf8Length } from '../protocol/utf8-length.ts'

const NOT_ASKED = { kind: 'unkept', reason: 'Not asked for.' } as const satisfies ResultReference

export interface KeptResult {
  readonly reference: JsonValue | undefined
  /** What a person should know: the result was wanted and is not kept. */
  readonly warning?: string
}

/** Turns a result into what its state records. A result of nothing needs no record unless it was to be kept. */
export function keepResult(value: unknown, persist: boolean): KeptResult {
  if (!persist) return { reference: value === undefined ? undefined : NOT_ASKED }
  const text = serialize(value)
  if (!text.ok) return unkept(`The result cannot be kept: ${text.reason}`)
  const bytes = utf8Length(text.value)
  if (bytes > MAX_INLINE_RESULT_BYTES) {
    return unkept(`The result is not kept: it has ${bytes} bytes and at most ${MAX_INLINE_RESULT_BYTES} can be kept.`)
  }
  return { reference: { kind: 'inline', serializer: 'devalue', value: text.value } }
}

/** Why a run failed, as its state records it. */
export function errorData(thrown: unknown, trim: TrimStack): JsonValue {
  const error: ErrorRecord = recordError(thrown, trim)
  return { kind: 'error', error: error as unknown as JsonValue }
}

/** The text of a value, or where and why it has none. */
export function serialize(value: unknown): { readonly ok: true; readonly value: string } | { readonly ok: false; readonly reason: string } {
  try {
    return { ok: true, value: stringify(value) }
  } catch (error) {
    const path = typeof error === 'object' && error !== null && 'path' in error && typeof error.path === 'string' ? error.path : ''
    return { ok: false, reason: `${describeError(error)}${path === '' ? '' : ` at result${path}`}` }
  }
}

function unkept(why: string): KeptResult {
  const reason = cut(why, MAX_STATE_MESSAGE_LENGTH)
  return { reference: { kind: 'unkept', reason }, warning: reason }
}
