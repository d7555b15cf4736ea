/** What cells showed, as far as it goes along with an exported notebook. */
import type { JsonValue } from '../protocol/json.ts'
import type { CellId } from '../protocol/notebook.ts'

export type CellOutput =
  | { readonly kind: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  /** By media type; binary media as base64. `text/plain` is always there. */
  | { readonly kind: 'display' | 'result'; readonly data: Readonly<Record<string, JsonValue>> }
  | { readonly kind: 'error'; readonly name: string; readonly message: string; readonly stack: readonly string[] }

export type CellOutputs = ReadonlyMap<CellId, readonly CellOutput[]>
