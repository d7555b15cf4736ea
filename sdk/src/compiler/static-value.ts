/** The value of an expression that is plain data, read without running anything. */
import type { JsonValue } from '../protocol/json.ts'
import type { Bindings } from './bindings.ts'
import { bare, keyName, startOf, type Expression, type ObjectNode } from './syntax.ts'

/** Deeper data is not worth showing as a default. */
const MAX_DEPTH = 32

/** The JSON value of a literal expression; undefined for anything that must be run, or that JSON cannot say. Constants of the document count. */
export function staticValue(expression: Expression, bindings: Bindings, depth = 0): JsonValue | undefined {
  if (depth > MAX_DEPTH) return undefined
  const node = bare(expression)
  switch (node.type) {
    case 'StringLiteral':
    case 'BooleanLiteral':
      return node.value
    case 'NumericLiteral':
      return Number.isFinite(node.value) ? node.value : undefined
    case 'BigIntLiteral':
      return safeInteger(node.value)
    case 'NullLiteral':
      return null
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined
    case 'UnaryExpression': {
      const value = node.operator === '-' || node.operator === '+' ? staticValue(node.argument, bindings, depth + 1) : undefined
      if (typeof value !== 'number') return undefined
      return node.operator === '-' ? -value : value
    }
    case 'ArrayExpression': {
      const items: JsonValue[] = []
      for (const element of node.elements) {
        const item = element === null || element.type === 'SpreadElement' ? undefined : staticValue(element, bindings, depth + 1)
        if (item === undefined) return undefined
        items.push(item)
      }
      return items
    }
    case 'ObjectExpression':
      return staticObject(node, bindings, depth)
    case 'Identifier': {
      const meaning = bindings.value(node.name, startOf(node))
      return meaning?.kind === 'constant' ? staticValue(meaning.init, bindings, depth + 1) : undefined
    }
    default:
      return undefined
  }
}

function staticObject(node: ObjectNode, bindings: Bindings, depth: number): JsonValue | undefined {
  const entries: [string, JsonValue][] = []
  for (const property of node.properties) {
    if (property.type !== 'ObjectProperty') return undefined
    const name = keyName(property.key, property.computed)
    const { value: expression } = property
    if (name === undefined || name === '__proto__' || !isExpression(expression)) return undefined
    const value = staticValue(expression, bindings, depth + 1)
    if (value === undefined) return undefined
    entries.push([name, value])
  }
  return Object.fromEntries(entries)
}

type PropertyValue = Extract<ObjectNode['properties'][number], { type: 'ObjectProperty' }>['value']

/** In an object expression the value of a property is never a pattern; the parser's type covers patterns too. */
function isExpression(value: PropertyValue): value is Extract<PropertyValue, Expression> {
  return (
    value.type !== 'AssignmentPattern' &&
    value.type !== 'ArrayPattern' &&
    value.type !== 'ObjectPattern' &&
    value.type !== 'RestElement' &&
    value.type !== 'VoidPattern'
  )
}

function safeInteger(digits: string | bigint): number | undefined {
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : undefined
}
