/** Schemas put together: unions, intersections, and what TypeScript's utility types do to objects. */
import type { JsonValue } from '../protocol/json.ts'
import type { JsonLiteral, JsonSchema, JsonSchemaType } from '../protocol/parameters.ts'

/** What a type says: a schema, and whether `undefined` is among its values (JSON cannot say that inside a schema). */
export interface Reading {
  readonly schema: JsonSchema
  readonly optional: boolean
}

export const ANY: JsonSchema = {}
export const of = (schema: JsonSchema): Reading => ({ schema, optional: false })
export const UNKNOWN: Reading = of(ANY)
/** The type `undefined`: no schema of its own, so wherever it is left alone it reads as "any". */
const NOTHING: JsonSchema = {}
export const UNDEFINED: Reading = { schema: NOTHING, optional: true }

/** Utility types multiply: a schema of more parts than this is "any". References count as one part. */
const MAX_SCHEMA_PARTS = 5_000

/** Whether a schema is too large to be written out. Counts no further than the limit. */
export function isTooLarge(schema: JsonSchema): boolean {
  const waiting: JsonSchema[] = [schema]
  let parts = 0
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    parts += 1 + (part.enum?.length ?? 0)
    if (parts + waiting.length > MAX_SCHEMA_PARTS) return true
    const { items, additionalProperties } = part
    for (const list of [part.prefixItems, part.anyOf, part.allOf])
      if (list !== undefined) waiting.push(...list.slice(0, MAX_SCHEMA_PARTS + 1))
    if (part.properties !== undefined) waiting.push(...Object.values(part.properties).slice(0, MAX_SCHEMA_PARTS + 1))
    if (items !== undefined) waiting.push(items)
    if (typeof additionalProperties === 'object') waiting.push(additionalProperties)
  }
  return false
}

const CONSTRAINTS = ['type', 'const', 'enum', 'anyOf', 'allOf', '$ref'] as const
export const isAny = (schema: JsonSchema): boolean => CONSTRAINTS.every((key) => schema[key] === undefined)

/** A schema at a place that cannot be left out (an item, a value of a record): where `undefined` may stand, anything may. */
export const whole = ({ schema, optional }: Reading): JsonSchema => (optional ? ANY : schema)

const jsonType = (value: JsonValue): JsonSchemaType | undefined =>
  typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : undefined

/** Exactly this value, or one of these. */
export function literal(...values: readonly JsonLiteral[]): JsonSchema {
  const [first] = values
  const types = new Set(values.map(jsonType))
  const [type] = types
  const typed = types.size === 1 && type !== undefined ? { type } : {}
  if (values.length === 2 && values.includes(true) && values.includes(false)) return { type: 'boolean' }
  return values.length === 1 && first !== undefined ? { ...typed, const: first } : { ...typed, enum: values }
}

/** The values of a literal or of a union of literals; undefined for every other schema. */
export function literalsOf(schema: JsonSchema): readonly JsonLiteral[] | undefined {
  if (schema.const !== undefined) return [schema.const]
  return schema.enum
}

/** `A | B`, in the order of the source; literals are gathered in one `enum`, `undefined` makes it optional, anything with any is any. */
export function union(readings: readonly Reading[]): Reading {
  const optional = readings.some((reading) => reading.optional)
  const branches = readings.flatMap(({ schema }) => (schema === NOTHING ? [] : (schema.anyOf ?? [schema])))
  if (branches.length === 0) return { schema: NOTHING, optional }
  if (branches.some(isAny)) return { schema: ANY, optional }
  const literals = [...new Set(branches.flatMap((branch) => literalsOf(branch) ?? []))]
  const members: JsonSchema[] = []
  const seen = new Set<string>()
  for (const branch of branches) {
    const member = literalsOf(branch) === undefined ? branch : literal(...literals)
    const text = JSON.stringify(member)
    if (!seen.has(text)) members.push(member)
    seen.add(text)
  }
  const [only] = members
  return { schema: members.length === 1 && only !== undefined ? only : { anyOf: members }, optional }
}

/** An object type; `required` is left out when empty. */
export function objectOf(properties: ReadonlyMap<string, JsonSchema>, required: ReadonlySet<string>, additional?: JsonSchema): JsonSchema {
  return {
    type: 'object',
    ...(properties.size === 0 ? {} : { properties: Object.fromEntries(properties) }),
    ...(required.size === 0 ? {} : { required: [...required] }),
    ...(additional === undefined ? {} : { additionalProperties: isAny(additional) ? true : additional }),
  }
}

export const propertiesOf = (schema: JsonSchema): ReadonlyMap<string, JsonSchema> => new Map(Object.entries(schema.properties ?? {}))
export const requiredOf = (schema: JsonSchema): ReadonlySet<string> => new Set(schema.required)

function additionalOf({ additionalProperties }: JsonSchema): JsonSchema | undefined {
  if (additionalProperties === undefined || additionalProperties === false) return undefined
  return additionalProperties === true ? ANY : additionalProperties
}

/** `A & B` of schemas without references. Objects become one object; a branded primitive is its primitive; the rest must all hold. */
export function intersection(schemas: readonly JsonSchema[]): JsonSchema {
  const known = schemas.filter((schema) => !isAny(schema))
  const primitive = known.find(({ type }) => type !== undefined && type !== 'object' && type !== 'array')
  if (primitive !== undefined) return primitive
  const objects = known.filter(({ type }) => type === 'object')
  const others = known.filter(({ type }) => type !== 'object')
  const merged = objects.length === 0 ? [] : [objects.reduce(mergeObjects)]
  const parts = [...merged, ...others]
  const [only] = parts
  if (only === undefined) return ANY
  return parts.length === 1 ? only : { allOf: parts }
}

function mergeObjects(left: JsonSchema, right: JsonSchema): JsonSchema {
  const properties = new Map(propertiesOf(left))
  for (const [name, schema] of propertiesOf(right)) {
    const other = properties.get(name)
    const same = other === undefined || JSON.stringify(other) === JSON.stringify(schema)
    properties.set(name, same || isAny(other) ? schema : isAny(schema) ? other : { allOf: [other, schema] })
  }
  return objectOf(properties, new Set([...requiredOf(left), ...requiredOf(right)]), additionalOf(right) ?? additionalOf(left))
}

/** `Partial` and `Required`. */
export function withRequired(schema: JsonSchema, all: boolean): JsonSchema {
  const properties = propertiesOf(schema)
  return objectOf(properties, new Set(all ? properties.keys() : []), additionalOf(schema))
}

/** `Pick` and `Omit`: the object with only the properties that are kept. */
export function withProperties(schema: JsonSchema, keeps: (name: string) => boolean): JsonSchema {
  const properties = new Map([...propertiesOf(schema)].filter(([name]) => keeps(name)))
  const required = new Set([...requiredOf(schema)].filter(keeps))
  return properties.size === 0 && additionalOf(schema) === undefined ? ANY : objectOf(properties, required, additionalOf(schema))
}

/** `Record<K, V>` and mapped types: named keys become properties, all other keys values of an open object. */
export function record(keys: JsonSchema, value: Reading): JsonSchema {
  const names = literalsOf(keys)?.map(String)
  if (names === undefined) return objectOf(new Map(), new Set(), whole(value))
  return objectOf(new Map(names.map((name) => [name, value.schema])), new Set(value.optional || isAny(value.schema) ? [] : names))
}

/** The type that TypeScript infers for a variable with this value: `3` is a number, `['a']` a list of strings. */
export function widened(value: JsonValue): JsonSchema {
  if (value === null) return ANY
  if (Array.isArray(value)) {
    const items = value.length === 0 ? ANY : union(value.map((item: JsonValue) => of(widened(item)))).schema
    return isAny(items) ? { type: 'array' } : { type: 'array', items }
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value)
    return objectOf(new Map(entries.map(([name, item]) => [name, widened(item)])), new Set(entries.map(([name]) => name)))
  }
  return literalType(value)
}

/** The type of `value as const`. */
export function narrow(value: JsonValue): JsonSchema {
  if (value === null) return { type: 'null' }
  if (isList(value)) {
    return { type: 'array', prefixItems: value.map((item: JsonValue) => narrow(item)), minItems: value.length, maxItems: value.length }
  }
  if (isObject(value)) {
    const entries = Object.entries(value)
    return objectOf(new Map(entries.map(([name, item]) => [name, narrow(item)])), new Set(entries.map(([name]) => name)))
  }
  return literal(value)
}

const literalType = (value: JsonValue): JsonSchema => {
  const type = jsonType(value)
  return type === undefined ? ANY : { type }
}

/** `Array.isArray` does not narrow readonly arrays. */
const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)
const isObject = (value: JsonValue): value is { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !isList(value)
