/** Parameters as JSON, for the record of a run. What JSON cannot say, or is too large, leaves a word in its place: it never stops a run. */
import type { JsonObject, JsonValue } from '../protocol/json.ts'
import { MAX_PARAMETERS_BYTES } from '../protocol/limits.ts'
import { utf8Length } from './keep-result.ts'
import type { Parameters } from './parameters.ts'

export function recordedParameters(parameters: Parameters): { readonly parameters: JsonObject; readonly tooLarge: readonly string[] } {
  const texts = Object.entries(parameters).map(([name, value]) => ({ name, text: jsonOf(value) }))
  const sized = texts.map((entry) => ({ ...entry, bytes: utf8Length(entry.text) + utf8Length(entry.name) + 8 }))
  let total = sized.reduce((sum, { bytes }) => sum + bytes, 0)
  const tooLarge = new Set<string>()
  for (const { name, bytes } of sized.toSorted((a, b) => b.bytes - a.bytes)) {
    if (total <= MAX_PARAMETERS_BYTES) break
    tooLarge.add(name)
    total -= bytes
  }
  const recorded = sized.map(({ name, text, bytes }): [string, JsonValue] => [
    name,
    tooLarge.has(name) ? `<${bytes} bytes, not recorded>` : (JSON.parse(text) as JsonValue),
  ])
  return { parameters: Object.fromEntries(recorded), tooLarge: [...tooLarge] }
}

/** Prefect's way: what cannot be said is `<TypeName>`. */
function jsonOf(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_, inner: unknown) =>
        typeof inner === 'bigint' ? String(inner) : typeof inner === 'function' ? '<Function>' : inner,
      ) ?? 'null'
    )
  } catch {
    return JSON.stringify(`<${typeName(value)}>`)
  }
}

function typeName(value: unknown): string {
  try {
    return Object.prototype.toString.call(value).slice(8, -1)
  } catch {
    return 'Object'
  }
}
