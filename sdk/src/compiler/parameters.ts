/** The signature of one function: its parameters, and the schema that goes with the flow. */
import type { JsonValue } from '../protocol/json.ts'
import { ARGUMENTS_PARAMETER, positionalName, type JsonSchema, type ParameterInfo, type ParametersSchema } from '../protocol/parameters.ts'
import type { Bindings } from './bindings.ts'
import { descriptionAt, type Documentation } from './documentation.ts'
import type { SourceDocument } from './parse.ts'
import { objectOf, of, propertiesOf, requiredOf, UNKNOWN, widened, type Reading } from './schema-algebra.ts'
import { staticValue } from './static-value.ts'
import type { TypeEnvironment } from './structural-types.ts'
import { endOf, keyName, startOf, type Expression, type FunctionNode, type ObjectPattern, type ParameterNode } from './syntax.ts'
import { TypeReader } from './type-reader.ts'

export interface Signature {
  readonly parameters: readonly ParameterInfo[]
  readonly schema: ParametersSchema
}

/**
 * Reads a function's parameters. One without annotation has the type of its default, as in TypeScript, else any. `this` is none. A function
 * that reads `arguments` takes whatever it is given: that is one more rest parameter.
 */
export function readSignature(node: FunctionNode, document: SourceDocument, bindings: Bindings, documentation: Documentation): Signature {
  const reader = new TypeReader(document, bindings)
  const typeParameters = node.typeParameters?.type === 'TSTypeParameterDeclaration' ? node.typeParameters : undefined
  const environment = reader.environment(typeParameters, [], new Map())
  const nodes = node.params.filter((parameter) => !(parameter.type === 'Identifier' && parameter.name === 'this'))
  const taken = new Set(nodes.map(nameOf).filter((name) => name !== undefined))
  const read = nodes.map((parameter, position) => {
    const name = nameOf(parameter) ?? positionalName(position, taken)
    const facts = readParameter(parameter, reader, environment, bindings)
    const description = documentation.parameters.get(name) ?? descriptionAt(document, startOf(parameter))
    return describe(name, position, facts, description)
  })
  if (node.type !== 'ArrowFunctionExpression' && !read.some(({ info }) => info.rest) && readsArguments(node, document)) {
    read.push(
      describe(
        ARGUMENTS_PARAMETER,
        read.length,
        { reading: of({ type: 'array' }), required: false, rest: true, fallback: undefined },
        undefined,
      ),
    )
  }
  const schema: ParametersSchema = {
    title: 'Parameters',
    type: 'object',
    properties: Object.fromEntries(read.map(({ info, property }) => [info.name, property])),
    required: read.filter(({ info }) => info.required).map(({ info }) => info.name),
    definitions: reader.definitions,
  }
  return { parameters: read.map(({ info }) => info), schema }
}

interface ParameterFacts {
  readonly reading: Reading
  readonly required: boolean
  readonly rest: boolean
  readonly fallback: JsonValue | undefined
}

function describe(name: string, position: number, { reading, required, rest, fallback }: ParameterFacts, description: string | undefined) {
  const info: ParameterInfo = { name, position, required, rest }
  const property: JsonSchema = {
    title: name,
    position,
    ...reading.schema,
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  }
  return { info, property }
}

function readParameter(node: ParameterNode, reader: TypeReader, environment: TypeEnvironment, bindings: Bindings): ParameterFacts {
  if (node.type === 'RestElement') {
    const reading = annotated(node, reader, environment) ?? of({ type: 'array' })
    return {
      reading: reader.resolved(reading.schema).type === 'array' ? reading : of({ type: 'array' }),
      required: false,
      rest: true,
      fallback: undefined,
    }
  }
  if (node.type === 'AssignmentPattern') {
    const fallback = staticValue(node.right, bindings)
    const reading =
      typeOf(node.left, reader, environment, bindings) ?? (fallback === undefined ? madeBy(node.right) : of(widened(fallback)))
    return { reading, required: false, rest: false, fallback }
  }
  const reading = typeOf(node, reader, environment, bindings) ?? UNKNOWN
  const optional = 'optional' in node && node.optional === true
  return { reading, required: !optional && !reading.optional, rest: false, fallback: undefined }
}

type Target = ParameterNode | Extract<ParameterNode, { type: 'AssignmentPattern' }>['left']

/** The annotated type; for a destructured parameter with the defaults that its pattern gives. */
function typeOf(node: Target, reader: TypeReader, environment: TypeEnvironment, bindings: Bindings): Reading | undefined {
  const reading = annotated(node, reader, environment)
  if (node.type !== 'ObjectPattern') return reading
  if (reading === undefined) return of(patternSchema(node, { type: 'object' }, bindings))
  return reading.schema.type === 'object' ? { ...reading, schema: patternSchema(node, reading.schema, bindings) } : reading
}

function annotated(node: Target, reader: TypeReader, environment: TypeEnvironment): Reading | undefined {
  const annotation = 'typeAnnotation' in node ? node.typeAnnotation : undefined
  return annotation?.type === 'TSTypeAnnotation' ? reader.read(annotation.typeAnnotation, environment) : undefined
}

/** `{ a, b = 3 }`: what is taken out of the object, on top of what its type says. */
function patternSchema(node: ObjectPattern, base: JsonSchema, bindings: Bindings): JsonSchema {
  const properties = new Map(propertiesOf(base))
  const required = new Set(requiredOf(base))
  const typed = properties.size > 0
  for (const property of node.properties) {
    if (property.type !== 'ObjectProperty') continue
    const name = keyName(property.key, property.computed)
    if (name === undefined || (typed && !properties.has(name))) continue
    const value = property.value.type === 'AssignmentPattern' ? staticValue(property.value.right, bindings) : undefined
    const known = properties.get(name) ?? (value === undefined ? {} : widened(value))
    properties.set(name, value === undefined ? known : { ...known, default: value })
    if (!typed && property.value.type !== 'AssignmentPattern') required.add(name)
  }
  const schema = objectOf(properties, required)
  return base.additionalProperties === undefined ? schema : { ...schema, additionalProperties: base.additionalProperties }
}

/** The type of a default that is no plain data, as far as its text shows it. */
function madeBy(node: Expression): Reading {
  const isDate = node.type === 'NewExpression' && node.callee.type === 'Identifier' && node.callee.name === 'Date'
  return isDate ? of({ type: 'string', format: 'date-time' }) : UNKNOWN
}

function nameOf(node: ParameterNode): string | undefined {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'AssignmentPattern') return node.left.type === 'Identifier' ? node.left.name : undefined
  if (node.type === 'RestElement') return node.argument.type === 'Identifier' ? node.argument.name : undefined
  return undefined
}

/** By its text: a mention in a string costs no more than one rest parameter too many. */
function readsArguments(node: FunctionNode, { source }: SourceDocument): boolean {
  return /\barguments\b/.test(source.slice(startOf(node.body), endOf(node.body)))
}
