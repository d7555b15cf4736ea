/**
 * Which field of a form a JSON Schema is. Pure. Whatever has no field of its own (unions, tuples, open objects, anything) is a field of JSON
 * text, checked against the schema's outline.
 */
import type { JsonLiteral, JsonSchema } from '#sdk/protocol/parameters.ts'

interface FieldBase {
  readonly schema: JsonSchema
  readonly title: string
  readonly description: string | undefined
  readonly isNullable: boolean
}
export type Field = FieldBase &
  (
    | { readonly kind: 'text'; readonly format: 'plain' | 'date' | 'date-time' }
    | { readonly kind: 'number'; readonly isWhole: boolean; readonly isBig: boolean }
    | { readonly kind: 'boolean' }
    | { readonly kind: 'choice'; readonly options: readonly JsonLiteral[] }
    | { readonly kind: 'list'; readonly item: JsonSchema; readonly least: number; readonly most: number }
    | { readonly kind: 'object'; readonly properties: readonly Property[] }
    | { readonly kind: 'json' }
  )
export interface Property {
  readonly name: string
  readonly schema: JsonSchema
  readonly isRequired: boolean
}

/** The document that `$ref`s of a schema point into. */
export interface SchemaDocument {
  readonly definitions?: Readonly<Record<string, JsonSchema>>
}

/** References that lead nowhere new end here. */
const MAX_REFERENCES = 20

export function fieldOf(schema: JsonSchema, document: SchemaDocument, name = ''): Field {
  const { schema: inner, isNullable } = withoutNull(resolved(schema, document), document)
  const base = {
    schema: inner,
    title: schema.title ?? inner.title ?? name,
    description: schema.description ?? inner.description,
    isNullable,
  }
  const options = inner.enum ?? (inner.const === undefined ? undefined : [inner.const])
  if (options !== undefined) return { ...base, kind: 'choice', options }
  if (inner.anyOf !== undefined || inner.allOf !== undefined) return { ...base, kind: 'json' }
  switch (inner.type) {
    case 'string':
      return { ...base, kind: 'text', format: inner.format === 'date' || inner.format === 'date-time' ? inner.format : 'plain' }
    case 'integer':
    case 'number':
      return { ...base, kind: 'number', isWhole: inner.type === 'integer', isBig: inner.format === 'bigint' }
    case 'boolean':
      return { ...base, kind: 'boolean' }
    case 'array':
      if (inner.items === undefined || inner.prefixItems !== undefined) return { ...base, kind: 'json' }
      return { ...base, kind: 'list', item: inner.items, least: inner.minItems ?? 0, most: inner.maxItems ?? Infinity }
    case 'object':
      return isClosed(inner) ? { ...base, kind: 'object', properties: propertiesOf(inner) } : { ...base, kind: 'json' }
    default:
      return { ...base, kind: 'json' }
  }
}

function resolved(schema: JsonSchema, { definitions = {} }: SchemaDocument): JsonSchema {
  let found: JsonSchema = schema
  for (let tries = 0; found.$ref !== undefined; tries++) {
    const name = /^#\/(?:definitions|\$defs)\/(.+)$/.exec(found.$ref)?.[1]
    const target = name === undefined || tries >= MAX_REFERENCES ? undefined : definitions[name]
    if (target === undefined) return {} // what a reference to nowhere says: anything
    found = target
  }
  return found
}

function withoutNull(schema: JsonSchema, document: SchemaDocument): { schema: JsonSchema; isNullable: boolean } {
  if (schema.enum?.includes(null) === true) {
    return { schema: { ...schema, enum: schema.enum.filter((value) => value !== null) }, isNullable: true }
  }
  const others = schema.anyOf?.filter(({ type }) => type !== 'null')
  if (others === undefined || others.length === schema.anyOf?.length) return { schema, isNullable: false }
  const { anyOf: _, ...rest } = schema
  const [only] = others
  if (others.length !== 1 || only === undefined) return { schema: { ...rest, anyOf: others }, isNullable: true }
  return { schema: { ...rest, ...resolved(only, document) }, isNullable: true }
}

const isClosed = ({ properties, additionalProperties }: JsonSchema): boolean =>
  properties !== undefined && (additionalProperties === undefined || additionalProperties === false)

function propertiesOf({ properties = {}, required = [] }: JsonSchema): readonly Property[] {
  const all = Object.entries(properties).map(([name, schema]): Property => ({ name, schema, isRequired: required.includes(name) }))
  return all.toSorted((a, b) => (a.schema.position ?? 0) - (b.schema.position ?? 0))
}
