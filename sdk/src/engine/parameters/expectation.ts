/** What a schema asks for, in words. */
import type { JsonSchema } from '../../protocol/parameters.ts'

/** More than so many alternatives are not listed. */
const MAX_LISTED = 8

/** A schema that admits anything. */
export const isAny = ({ type, const: constant, enum: values, anyOf, allOf, $ref }: JsonSchema): boolean =>
  type === undefined && constant === undefined && values === undefined && anyOf === undefined && allOf === undefined && $ref === undefined

/** @example expectation({ anyOf: [{ type: 'string' }, { type: 'null' }] }) // 'a string or null' */
export function expectation(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return alternatives(schema.enum.map((value) => JSON.stringify(value)))
  if (schema.anyOf !== undefined) return alternatives([...new Set(schema.anyOf.map(expectation))])
  if (schema.$ref !== undefined) return `a ${schema.$ref.slice('#/definitions/'.length)}`
  switch (schema.type) {
    case 'string':
      return schema.format === 'date-time' ? 'a date and time' : 'a string'
    case 'number':
      return 'a number'
    case 'integer':
      return 'a whole number'
    case 'boolean':
      return 'a boolean'
    case 'null':
      return 'null'
    case 'array':
      return 'an array'
    case 'object':
      return 'an object'
    default:
      return 'another value'
  }
}

function alternatives(words: readonly string[]): string {
  const shown = words.slice(0, MAX_LISTED)
  const [last = ''] = words.length > shown.length ? [`${words.length - shown.length} others`] : shown.splice(-1)
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`
}
