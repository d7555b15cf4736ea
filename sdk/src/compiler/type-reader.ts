/**
 * Reads TypeScript types as JSON Schema, from their text alone.
 *
 * Responsible for the types of one signature and the definitions that they need. It never runs or type-checks anything, and never looks into
 * another file: what it cannot say becomes "any".
 *
 * 1. A named object type stands once in `definitions`, and every use refers to it; so does every type that contains itself.
 * 2. Any other alias stands where it is used.
 * 3. A type's name is the innermost one of that name around its use; what is imported hides what is built in.
 */
import type { JsonSchema } from '../protocol/parameters.ts'
import type { Bindings, Meaning } from './bindings.ts'
import { readBuiltIn } from './built-in-types.ts'
import { descriptionAt } from './documentation.ts'
import type { SourceDocument } from './parse.ts'
import { ANY, intersection, isTooLarge, narrow, of, UNDEFINED, union, UNKNOWN, widened, type Reading } from './schema-algebra.ts'
import { staticValue } from './static-value.ts'
import {
  arrayOf,
  indexedOf,
  mappedOf,
  objectTypeOf,
  operatorOf,
  tupleOf,
  type TypeContext,
  type TypeEnvironment,
} from './structural-types.ts'
import {
  startOf,
  type AliasNode,
  type Expression,
  type InterfaceNode,
  type TypeArguments,
  type TypeNode,
  type TypeNodeOf,
} from './syntax.ts'

/** A type nested deeper than this is "any": nobody fills that in. */
const MAX_TYPE_DEPTH = 64

type NamedType = InterfaceNode | AliasNode
type TypeParameters = AliasNode['typeParameters']

export class TypeReader implements TypeContext {
  readonly document: SourceDocument
  readonly #bindings: Bindings
  readonly #definitions = new Map<string, JsonSchema>()
  readonly #names = new Map<NamedType, string>()
  readonly #done = new Map<NamedType, Reading>()
  readonly #open = new Set<NamedType>()
  #depth = 0

  constructor(document: SourceDocument, bindings: Bindings) {
    this.document = document
    this.#bindings = bindings
  }

  /** The definitions that the types read so far refer to. */
  get definitions(): { readonly [name: string]: JsonSchema } {
    return Object.fromEntries(this.#definitions)
  }

  read(node: TypeNode, environment: TypeEnvironment): Reading {
    if (this.#depth >= MAX_TYPE_DEPTH) return UNKNOWN
    this.#depth++
    try {
      const reading = this.#read(node, environment)
      return isTooLarge(reading.schema) ? { ...reading, schema: ANY } : reading
    } finally {
      this.#depth--
    }
  }

  /** A schema without a reference at its top; "any" for a definition that is still being read. */
  resolved(schema: JsonSchema): JsonSchema {
    let current = schema
    for (let hops = 0; current.$ref !== undefined; hops++) {
      const next = this.#definitions.get(current.$ref.slice('#/definitions/'.length))
      if (next === undefined || hops > this.#definitions.size) return ANY
      current = next
    }
    return current
  }

  /** What type parameters stand for: the arguments given, else their defaults, else "any". */
  environment(parameters: TypeParameters, given: readonly Reading[], outer: TypeEnvironment): TypeEnvironment {
    const environment = new Map(outer)
    for (const [index, parameter] of (parameters?.params ?? []).entries()) {
      const fallback = parameter.default ?? parameter.constraint
      environment.set(parameter.name.name, given[index] ?? (fallback ? this.read(fallback, environment) : UNKNOWN))
    }
    return environment
  }

  #read(node: TypeNode, environment: TypeEnvironment): Reading {
    switch (node.type) {
      case 'TSStringKeyword':
      case 'TSTemplateLiteralType':
        return of({ type: 'string' })
      case 'TSNumberKeyword':
        return of({ type: 'number' })
      case 'TSBooleanKeyword':
        return of({ type: 'boolean' })
      case 'TSBigIntKeyword':
        return of({ type: 'integer', format: 'bigint' })
      case 'TSNullKeyword':
        return of({ type: 'null' })
      case 'TSUndefinedKeyword':
      case 'TSVoidKeyword':
        return UNDEFINED
      case 'TSLiteralType':
        return of(this.#literal(node))
      case 'TSParenthesizedType':
        return this.read(node.typeAnnotation, environment)
      case 'TSArrayType':
        return of(arrayOf(this.read(node.elementType, environment)))
      case 'TSTupleType':
        return of(tupleOf(this, node, environment))
      case 'TSUnionType':
        return union(node.types.map((type) => this.read(type, environment)))
      case 'TSIntersectionType':
        return of(intersection(node.types.map((type) => this.resolved(this.read(type, environment).schema))))
      case 'TSTypeLiteral':
        return of(objectTypeOf(this, node.members, environment, []))
      case 'TSTypeOperator':
        return operatorOf(this, node, environment)
      case 'TSMappedType':
        return mappedOf(this, node, environment)
      case 'TSIndexedAccessType':
        return indexedOf(this, node, environment)
      case 'TSTypeQuery':
        return this.#typeOf(node)
      case 'TSTypeReference':
        return node.typeName.type === 'Identifier'
          ? this.#named(node.typeName.name, startOf(node), node.typeArguments, environment)
          : UNKNOWN
      default:
        return UNKNOWN
    }
  }

  #literal({ literal: node }: TypeNodeOf<'TSLiteralType'>): JsonSchema {
    if (node.type === 'BigIntLiteral') return { type: 'integer', format: 'bigint' }
    if (node.type === 'UnaryExpression' && node.argument.type === 'BigIntLiteral') return { type: 'integer', format: 'bigint' }
    const value = staticValue(node, this.#bindings)
    return value === undefined ? ANY : narrow(value)
  }

  #typeOf(node: TypeNodeOf<'TSTypeQuery'>): Reading {
    if (node.exprName.type !== 'Identifier') return UNKNOWN
    const meaning = this.#bindings.value(node.exprName.name, startOf(node))
    if (meaning?.kind !== 'constant') return UNKNOWN
    const value = staticValue(meaning.init, this.#bindings)
    if (value === undefined) return UNKNOWN
    return of(typeof value !== 'object' || isAsConst(meaning.init) ? narrow(value) : widened(value))
  }

  #named(name: string, at: number, typeArguments: TypeArguments, environment: TypeEnvironment): Reading {
    const bound = environment.get(name)
    if (bound !== undefined) return bound
    const given = this.#arguments(typeArguments, environment)
    const meanings = this.#bindings.type(name, at)
    return meanings.length === 0 ? readBuiltIn(name, given, (schema) => this.resolved(schema)) : this.#declared(meanings, given)
  }

  #arguments(typeArguments: TypeArguments, environment: TypeEnvironment): readonly Reading[] {
    if (typeArguments?.type !== 'TSTypeParameterInstantiation') return []
    return typeArguments.params.map((type) => this.read(type, environment))
  }

  #declared(meanings: readonly Meaning[], given: readonly Reading[]): Reading {
    const nodes = meanings.flatMap((meaning) => (meaning.kind === 'interface' || meaning.kind === 'alias' ? [meaning.node] : []))
    const [node] = nodes.sort((left, right) => startOf(left) - startOf(right))
    if (node === undefined || nodes.length < meanings.length) return UNKNOWN
    const generic = (node.typeParameters?.params.length ?? 0) > 0
    const done = this.#done.get(node)
    if (done !== undefined) return done
    if (this.#open.size >= MAX_TYPE_DEPTH) return UNKNOWN
    if (this.#open.has(node)) return generic ? UNKNOWN : of({ $ref: `#/definitions/${this.#nameOf(node)}` })
    this.#open.add(node)
    const reading = this.#body(nodes, this.environment(node.typeParameters, given, new Map()))
    this.#open.delete(node)
    if (generic) return reading
    const result = this.#isDefinition(node, reading.schema) ? this.#define(node, reading) : reading
    this.#done.set(node, result)
    return result
  }

  #body(nodes: readonly NamedType[], environment: TypeEnvironment): Reading {
    const [first] = nodes
    if (first?.type === 'TSTypeAliasDeclaration') return this.read(first.typeAnnotation, environment)
    const interfaces = nodes.flatMap((node) => (node.type === 'TSInterfaceDeclaration' ? [node] : []))
    const members = interfaces.flatMap((node) => node.body.body)
    const bases = interfaces
      .flatMap((node) => node.extends ?? [])
      .map(({ expression, typeArguments }) => {
        const base =
          expression.type === 'Identifier' ? this.#named(expression.name, startOf(expression), typeArguments, environment) : UNKNOWN
        return this.resolved(base.schema)
      })
    return of(objectTypeOf(this, members, environment, bases))
  }

  /** A named type that was met inside itself has its name already. */
  #isDefinition(node: NamedType, schema: JsonSchema): boolean {
    return this.#names.has(node) || (schema.type === 'object' && schema.properties !== undefined)
  }

  #define(node: NamedType, reading: Reading): Reading {
    const name = this.#nameOf(node)
    const description = descriptionAt(this.document, startOf(node)) ?? this.#exportedDescription(node)
    this.#definitions.set(name, { title: node.id.name, ...(description === undefined ? {} : { description }), ...reading.schema })
    return { schema: { $ref: `#/definitions/${name}` }, optional: reading.optional }
  }

  /** The doc comment of an exported type stands before `export`. */
  #exportedDescription(node: NamedType): string | undefined {
    const before = this.document.source.slice(0, startOf(node))
    const start = /export\s+(?:declare\s+)?$/.exec(before.slice(-40))
    return start === null ? undefined : descriptionAt(this.document, before.length - start[0].length)
  }

  #nameOf(node: NamedType): string {
    const known = this.#names.get(node)
    if (known !== undefined) return known
    const taken = new Set(this.#names.values())
    let name = node.id.name
    for (let count = 2; taken.has(name); count++) name = `${node.id.name}_${count}`
    this.#names.set(node, name)
    return name
  }
}

function isAsConst(init: Expression): boolean {
  if (init.type !== 'TSAsExpression' || init.typeAnnotation.type !== 'TSTypeReference') return false
  const { typeName } = init.typeAnnotation
  return typeName.type === 'Identifier' && typeName.name === 'const'
}
