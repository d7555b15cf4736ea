/** What the `data` of a state holds when one of our engines wrote it. */
import type { JsonValue } from './json.ts'

/** An error as it is recorded: enough to read it years later, in any language. */
export interface ErrorRecord {
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly cause?: ErrorRecord
}

/**
 * `inline`: the value itself, text of `serializer` (`devalue` round-trips Date, Map, Set, BigInt, typed arrays, undefined, NaN and cycles).
 * `error`: why the run failed. `unkept`: there was a result and it was not kept; `reason` says why (not asked for, too large, not serializable).
 */
export type ResultReference =
  | { readonly kind: 'inline'; readonly serializer: 'devalue'; readonly value: string }
  | { readonly kind: 'error'; readonly error: ErrorRecord }
  | { readonly kind: 'unkept'; readonly reason: string }

export function readResultReference(data: JsonValue | undefined): ResultReference | undefined {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return undefined
  return data.kind === 'inline' || data.kind === 'error' || data.kind === 'unkept' ? (data as ResultReference) : undefined
}
