/** The document that goes with a flow when its types are not read from a source. */
import type { JsonSchema, ParameterInfo, ParametersSchema } from '../../protocol/parameters.ts'
import type { StandardSchema } from './standard-schema.ts'

/** Names and positions only: every parameter may be anything. */
export function schemaOfNames(parameters: readonly ParameterInfo[]): ParametersSchema {
  return {
    title: 'Parameters',
    type: 'object',
    properties: Object.fromEntries(
      parameters.map(({ name, position, rest }) => [name, { title: name, position, ...(rest ? { type: 'array' } : {}) }]),
    ),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
    definitions: {},
  }
}

/**
 * The document of a user's own schema: what the schema says of itself (Standard JSON Schema, `~standard.jsonSchema`), with the positions of the
 * signature; parameters that it does not know may be anything. Libraries that cannot say it, or not for this schema, leave the names.
 * It is for the form and for whoever prepares a run: the values are checked by the schema itself.
 */
export function schemaOfStandard(schema: StandardSchema, parameters: readonly ParameterInfo[]): ParametersSchema {
  const names = schemaOfNames(parameters.map((info) => ({ ...info, required: false })))
  const told = tell(schema)
  if (told === undefined) return names
  const known = recordAt(told, 'properties')
  const positions = new Map(parameters.map(({ name, position }) => [name, position]))
  const properties = Object.entries(known).map(([name, property]): [string, JsonSchema] => {
    const position = positions.get(name)
    return [name, { title: name, ...(position === undefined ? {} : { position }), ...(isRecord(property) ? property : {}) }]
  })
  const required: readonly unknown[] = Array.isArray(told['required']) ? told['required'] : []
  return {
    ...names,
    properties: { ...names.properties, ...Object.fromEntries(properties) },
    required: required.filter((name) => typeof name === 'string'),
    definitions: { ...recordAt(told, 'definitions'), ...recordAt(told, '$defs') },
  }
}

/** The schema's own words as plain JSON, its definitions where Prefect's document has them. */
function tell(schema: StandardSchema): Record<string, unknown> | undefined {
  try {
    const text = JSON.stringify(schema['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }), (key, value: unknown) =>
      key === '$ref' && typeof value === 'string' ? value.replace(/^#\/\$defs\//, '#/definitions/') : value,
    )
    const told: unknown = text === undefined ? undefined : JSON.parse(text)
    return isRecord(told) ? told : undefined
  } catch {
    // Part of the interface: a converter throws for what JSON Schema cannot say.
    return undefined
  }
}

function recordAt(value: Record<string, unknown>, key: string): Record<string, JsonSchema> {
  const part = value[key]
  return isRecord(part) ? Object.fromEntries(Object.entries(part).filter((entry): entry is [string, JsonSchema] => isRecord(entry[1]))) : {}
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
