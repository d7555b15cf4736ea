/** Types made of other types: objects, tuples, mapped and indexed types. */
import type { JsonSchema } from '../protocol/parameters.ts'
import { descriptionAt } from './documentation.ts'
import type { SourceDocument } from './parse.ts'
import {
  ANY,
  intersection,
  isAny,
  literal,
  literalsOf,
  objectOf,
  of,
  propertiesOf,
  record,
  requiredOf,
  union,
  UNKNOWN,
  whole,
  type Reading,
} from './schema-algebra.ts'
import { keyName, startOf, type TypeMember, type TypeNode, type TypeNodeOf } from './syntax.ts'

/** Type parameters by name. */
export type TypeEnvironment = ReadonlyMap<string, Reading>

/** What these functions need of the reader of types. */
export interface TypeContext {
  readonly document: SourceDocument
  read(node: TypeNode, environment: TypeEnvironment): Reading
  /** A schema without a reference at its top. */
  resolved(schema: JsonSchema): JsonSchema
}

export const arrayOf = (items: Reading): JsonSchema => (isAny(whole(items)) ? { type: 'array' } : { type: 'array', items: whole(items) })

export function tupleOf(context: TypeContext, node: TypeNodeOf<'TSTupleType'>, environment: TypeEnvironment): JsonSchema {
  const prefixItems: JsonSchema[] = []
  let minItems = 0
  for (const element of node.elementTypes) {
    const named = element.type === 'TSNamedTupleMember'
    if (element.type === 'TSRestType') {
      if (element !== node.elementTypes.at(-1)) return { type: 'array' }
      const rest = element.typeAnnotation
      const list = context.resolved(context.read(rest.type === 'TSNamedTupleMember' ? rest.elementType : rest, environment).schema)
      return {
        type: 'array',
        ...(prefixItems.length === 0 ? {} : { prefixItems, minItems }),
        ...(list.items === undefined ? {} : { items: list.items }),
      }
    }
    const optional = element.type === 'TSOptionalType' || (named && element.optional)
    const reading = context.read(
      named ? element.elementType : element.type === 'TSOptionalType' ? element.typeAnnotation : element,
      environment,
    )
    prefixItems.push(optional ? reading.schema : whole(reading))
    if (!optional) minItems = prefixItems.length
  }
  return { type: 'array', prefixItems, minItems, maxItems: prefixItems.length }
}

/** `keyof T` and `readonly T[]`. */
export function operatorOf(context: TypeContext, node: TypeNodeOf<'TSTypeOperator'>, environment: TypeEnvironment): Reading {
  if (node.operator === 'unique') return UNKNOWN
  const inner = context.read(node.typeAnnotation, environment)
  if (node.operator === 'readonly') return inner
  const names = [...propertiesOf(context.resolved(inner.schema)).keys()]
  return names.length === 0 ? UNKNOWN : of(literal(...names))
}

/** `{ [K in Keys]: T }`; renamed keys (`as`) cannot be followed. */
export function mappedOf(context: TypeContext, node: TypeNodeOf<'TSMappedType'>, environment: TypeEnvironment): Reading {
  if (node.nameType) return of({ type: 'object' })
  const keys = context.resolved(context.read(node.constraint, environment).schema)
  const value = node.typeAnnotation ? context.read(node.typeAnnotation, new Map([...environment, [node.key.name, of(keys)]])) : UNKNOWN
  const optional = node.optional === true || node.optional === '+'
  return of(record(keys, optional ? { ...value, optional } : value))
}

/** `T['name']`, `List[number]`. */
export function indexedOf(context: TypeContext, node: TypeNodeOf<'TSIndexedAccessType'>, environment: TypeEnvironment): Reading {
  const target = context.resolved(context.read(node.objectType, environment).schema)
  const keys = literalsOf(context.resolved(context.read(node.indexType, environment).schema))
  if (target.type === 'array') {
    const items = [...(target.prefixItems ?? []), ...(target.items === undefined ? [] : [target.items])]
    const chosen = keys?.map((key) => items[Number(key)] ?? ANY) ?? items
    return chosen.length === 0 ? UNKNOWN : union(chosen.map(of))
  }
  const properties = propertiesOf(target)
  const required = requiredOf(target)
  const readings = keys?.map(String).map((name) => ({ schema: properties.get(name) ?? ANY, optional: !required.has(name) }))
  return readings === undefined || readings.length === 0 ? UNKNOWN : union(readings)
}

/** Members of an object type or an interface, on top of what it extends. Something that can be called is "any". */
export function objectTypeOf(
  context: TypeContext,
  members: readonly TypeMember[],
  environment: TypeEnvironment,
  bases: readonly JsonSchema[],
): JsonSchema {
  const inherited = intersection(bases)
  if (inherited.type !== 'object' && !isAny(inherited)) return ANY
  const properties = new Map(propertiesOf(inherited))
  const required = new Set(requiredOf(inherited))
  let additional = inherited.additionalProperties === true ? ANY : inherited.additionalProperties || undefined
  for (const member of members) {
    if (member.type === 'TSCallSignatureDeclaration' || member.type === 'TSConstructSignatureDeclaration') return ANY
    if (member.type === 'TSIndexSignature') {
      additional = member.typeAnnotation ? whole(context.read(member.typeAnnotation.typeAnnotation, environment)) : ANY
      continue
    }
    const name = keyName(member.key, member.computed)
    if (name === undefined) continue
    const type = member.type === 'TSPropertySignature' ? member.typeAnnotation : undefined
    const reading = type ? context.read(type.typeAnnotation, environment) : UNKNOWN
    const description = descriptionAt(context.document, startOf(member))
    properties.set(name, description === undefined ? reading.schema : { ...reading.schema, description })
    if (member.optional === true || reading.optional) required.delete(name)
    else required.add(name)
  }
  return properties.size === 0 && additional === undefined ? ANY : objectOf(properties, required, additional)
}
