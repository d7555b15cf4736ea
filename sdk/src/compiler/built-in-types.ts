/** The types that every TypeScript source knows without declaring them. */
import type { JsonSchema } from '../protocol/parameters.ts'
import {
  isAny,
  literalsOf,
  of,
  propertiesOf,
  record,
  UNKNOWN,
  union,
  withProperties,
  withRequired,
  type Reading,
} from './schema-algebra.ts'
import { arrayOf } from './structural-types.ts'

/** What a built-in type says; "any" for every name that is not listed (Map, Set, URL, Promise, what is declared elsewhere). */
export function readBuiltIn(name: string, given: readonly Reading[], resolved: (schema: JsonSchema) => JsonSchema): Reading {
  const [first = UNKNOWN, second = UNKNOWN] = given
  const target = resolved(first.schema)
  const isObject = target.type === 'object'
  const names = new Set(literalsOf(resolved(second.schema))?.map(String))
  switch (name) {
    case 'String':
    case 'Uppercase':
    case 'Lowercase':
    case 'Capitalize':
    case 'Uncapitalize':
      return of({ type: 'string' })
    case 'Number':
      return of({ type: 'number' })
    case 'Boolean':
      return of({ type: 'boolean' })
    case 'Date':
      return of({ type: 'string', format: 'date-time' })
    case 'Array':
    case 'ReadonlyArray':
      return of(arrayOf(first))
    case 'Record':
      return of(record(target, second))
    case 'Readonly':
      return first
    case 'Partial':
    case 'Required':
      return isObject && propertiesOf(target).size > 0 ? of(withRequired(target, name === 'Required')) : first
    case 'Pick':
      return isObject && names.size > 0 ? of(withProperties(target, (key) => names.has(key))) : UNKNOWN
    case 'Omit':
      return isObject && names.size > 0 ? of(withProperties(target, (key) => !names.has(key))) : UNKNOWN
    case 'NonNullable':
      return of(withoutNull(first.schema))
    default:
      return UNKNOWN
  }
}

function withoutNull(schema: JsonSchema): JsonSchema {
  const branches = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [schema]
  return isAny(schema) ? schema : union(branches.map(of)).schema
}
