/** Parameters as JSON, for the record of a run. What JSON cannot say, or is too large or too deep, leaves a word in its place: it never stops a run. */
import { isDeeperThan } from '../protocol/json-depth.ts'
import type { JsonObject, JsonValue } from '../protocol/json.ts'
import { MAX_PARAMETERS_BYTES, MAX_RECORDED_DEPTH, MAX_RECORDED_SCHEMA_BYTES } from '../protocol/limits.ts'
import type { ParametersSchema } from '../protocol/parameters.ts'
import type { Parameters } from './parameters.ts'
import { describeError } from './record-error.ts'
import { utf8Length } from '../protocol/utf8-length.ts'

export interface RecordedParameters {
  readonly parameters: JsonObject
  /** What a person should know, in sentences. */
  readonly warnings: readonly string[]
}

interface Entry {
  readonly name: string
  readonly text: string
  readonly bytes: number
  readonly warning?: string
}

const GETS = 'the flow gets it all the same.'

export function recordedParameters(given: Parameters): RecordedParameters {
  const entries = Object.entries(given).map(([name, value]) => entryOf(name, recorded(value)))
  let total = totalOf(entries)
  const kept = new Map(entries.map((entry) => [entry.name, entry]))
  for (const { name, bytes } of entries.toSorted((a, b) => b.bytes - a.bytes)) {
    if (total <= MAX_PARAMETERS_BYTES) break
    const word = entryOf(name, { text: JSON.stringify(`<${bytes} bytes, not recorded>`), warning: 'is too large to be recorded' })
    if (word.bytes >= bytes) break
    kept.set(name, word)
    total += word.bytes - bytes
  }
  if (total > MAX_PARAMETERS_BYTES) {
    const warning = `The ${entries.length} parameters are too large to be recorded; the flow gets them all the same.`
    return { parameters: {}, warnings: [warning] }
  }
  const all = [...kept.values()]
  return {
    parameters: Object.fromEntries(all.map(({ name, text }): [string, JsonValue] => [name, JSON.parse(text) as JsonValue])),
    warnings: all.flatMap(({ warning }) => (warning === undefined ? [] : [warning])),
  }
}

/** The schema, or undefined when it is more than one message may hold. */
export function recordedSchema(schema: ParametersSchema): JsonObject | undefined {
  const text = JSON.stringify(schema)
  return utf8Length(text) <= MAX_RECORDED_SCHEMA_BYTES && !isDeeperThan(text, MAX_RECORDED_DEPTH) ? { ...schema } : undefined
}

interface Recorded {
  readonly text: string
  /** What is the matter with it. */
  readonly warning?: string
}

function entryOf(name: string, { text, warning }: Recorded): Entry {
  const bytes = utf8Length(text) + utf8Length(name) + 8
  return { name, text, bytes, ...(warning !== undefined && { warning: `Parameter '${name}' ${warning}; ${GETS}` }) }
}

const totalOf = (entries: readonly Entry[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0)

/** Prefect's way: what cannot be said is `<TypeName>`. */
function recorded(value: unknown): Recorded {
  try {
    const text = JSON.stringify(value, sayable) ?? 'null'
    return isDeeperThan(text, MAX_RECORDED_DEPTH) ? tooDeep(value) : { text }
  } catch (error) {
    if (error instanceof RangeError && /call stack|recursion/i.test(error.message)) return tooDeep(value)
    const [reason = ''] = describeError(error).split('\n')
    return { text: JSON.stringify(`<${typeName(value)}>`), warning: `cannot be recorded: ${reason}` }
  }
}

const sayable = (_: string, inner: unknown): unknown =>
  typeof inner === 'bigint' ? String(inner) : typeof inner === 'function' ? '<Function>' : inner

const tooDeep = (value: unknown): Recorded => ({
  text: JSON.stringify(`<${typeName(value)}, nested deeper than ${MAX_RECORDED_DEPTH} levels, not recorded>`),
  warning: `is nested deeper than ${MAX_RECORDED_DEPTH} levels and is not recorded`,
})

function typeName(value: unknown): string {
  try {
    return Object.prototype.toString.call(value).slice(8, -1).slice(0, 100)
  } catch {
    return 'Object'
  }
}
