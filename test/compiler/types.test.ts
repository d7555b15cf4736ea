import { describe, expect, test } from 'vitest'
import { readDeclarations } from '#sdk/compiler/declarations.ts'
import type { ParametersSchema } from '#sdk/protocol/parameters.ts'

function signature(source: string) {
  const read = readDeclarations(source)
  if (!read.ok || read.declarations[0] === undefined) throw new Error('no declaration')
  return read.declarations[0]
}
const schemaOf = (source: string): ParametersSchema => signature(source).schema

/** The schema of one type, beside the declarations that it needs. */
function typed(type: string, before = '') {
  const { properties, definitions, required } = schemaOf(`${before}\nflow((value: ${type}) => value)`)
  const { title, position, ...schema } = properties['value'] ?? {}
  expect({ title, position }).toEqual({ title: 'value', position: 0 })
  return { schema, definitions, required: required.length === 1 }
}
const simple = (type: string, before = '') => typed(type, before).schema

const A = `interface A { a: string; b?: number }\n`
const objectA = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'number' } }, required: ['a'] }

describe('types', () => {
  test.each([
    ['string', { type: 'string' }],
    ['number', { type: 'number' }],
    ['boolean', { type: 'boolean' }],
    ['bigint', { type: 'integer', format: 'bigint' }],
    ['null', { type: 'null' }],
    ['Date', { type: 'string', format: 'date-time' }],
    ['`a${string}`', { type: 'string' }],
    ["'a'", { type: 'string', const: 'a' }],
    ['-1', { type: 'number', const: -1 }],
    ["'a' | 'b'", { type: 'string', enum: ['a', 'b'] }],
    ["'a' | 1 | true", { enum: ['a', 1, true] }],
    ['true | false', { type: 'boolean' }],
    ['string | null', { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    ["number | 'auto' | 'none' | null", { anyOf: [{ type: 'number' }, { type: 'string', enum: ['auto', 'none'] }, { type: 'null' }] }],
    ['string | (number | string)', { anyOf: [{ type: 'string' }, { type: 'number' }] }],
    ['string | unknown', {}],
  ])('[CS10] primitive types, literals and unions become their schemas: %s', (type, schema) => expect(simple(type)).toEqual(schema))

  test.each([
    ['string[]', { type: 'array', items: { type: 'string' } }],
    ['Array<number>', { type: 'array', items: { type: 'number' } }],
    ['ReadonlyArray<string>', { type: 'array', items: { type: 'string' } }],
    ['readonly (string | null)[]', { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } }],
    ['(string | undefined)[]', { type: 'array' }],
    ['unknown[]', { type: 'array' }],
    ['[string, number?]', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], minItems: 1, maxItems: 2 }],
    ['[a: string, ...rest: boolean[]]', { type: 'array', prefixItems: [{ type: 'string' }], minItems: 1, items: { type: 'boolean' } }],
    ['[...string[]]', { type: 'array', items: { type: 'string' } }],
    ['[...string[], number]', { type: 'array' }],
    ['[]', { type: 'array', prefixItems: [], minItems: 0, maxItems: 0 }],
  ])('[CS11] lists and tuples become arrays with items and bounds: %s', (type, schema) => expect(simple(type)).toEqual(schema))

  test.each([
    ['Record<string, number>', { type: 'object', additionalProperties: { type: 'number' } }],
    ['Record<string, unknown>', { type: 'object', additionalProperties: true }],
    ["Record<'a' | 'b', number>", { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] }],
    ['{ [key: string]: string }', { type: 'object', additionalProperties: { type: 'string' } }],
    [
      "{ [K in 'a' | 'b']?: K }",
      { type: 'object', properties: { a: { type: 'string', enum: ['a', 'b'] }, b: { type: 'string', enum: ['a', 'b'] } } },
    ],
    [
      "{ readonly a?: string; 'b-c': number | undefined; 1: boolean; m(): void }",
      {
        type: 'object',
        properties: { 1: { type: 'boolean' }, a: { type: 'string' }, 'b-c': { type: 'number' }, m: {} },
        required: ['1', 'm'],
      },
    ],
  ])('[CS12] records, object types and mapped types become objects: %s', (type, schema) => expect(simple(type)).toEqual(schema))

  test.each([
    'any',
    'unknown',
    'Map<string, number>',
    'Set<string>',
    'URL',
    '() => void',
    '{ (): void; a: 1 }',
    '{}',
    'object',
    'ns.Thing',
    'Imported',
    'Klass',
    'Color',
    'T extends string ? 1 : 2',
    "import('x').Y",
    'symbol',
    'typeof missing',
    'never',
    '(a: string) => a is string',
  ])('[CS13] what cannot be said is any: %s', (type) =>
    expect(typed(type, `import type { Imported } from 'x'\nclass Klass {}\nenum Color { Red }\n`)).toEqual({
      schema: {},
      definitions: {},
      required: true,
    }),
  )

  test('[CS13] what is imported or declared hides what is built in', () => {
    expect(simple('Record<string, string>', `import type { Record } from 'x'`)).toEqual({})
    expect(simple('Date', `type Date = number`)).toEqual({ type: 'number' })
  })
})

describe('named types', () => {
  test('[CS14] a named object type stands once in the definitions, other aliases where they are used', () => {
    const { schema, definitions } = typed('[A, A, Level]', `${A}type Level = 'low' | 'high'`)
    expect({ schema, definitions }).toEqual({
      schema: {
        type: 'array',
        prefixItems: [{ $ref: '#/definitions/A' }, { $ref: '#/definitions/A' }, { type: 'string', enum: ['low', 'high'] }],
        minItems: 3,
        maxItems: 3,
      },
      definitions: { A: { title: 'A', ...objectA } },
    })
  })

  test('[CS14] types that contain themselves refer to themselves', () => {
    const tree = typed(
      'Tree',
      `/** A tree. */ export interface Tree { value: Json; /** below */ left?: Tree }\ntype Json = string | Json[] | { [key: string]: Json }`,
    )
    expect(tree.schema).toEqual({ $ref: '#/definitions/Tree' })
    expect(tree.definitions).toEqual({
      Json: {
        title: 'Json',
        anyOf: [
          { type: 'string' },
          { type: 'array', items: { $ref: '#/definitions/Json' } },
          { type: 'object', additionalProperties: { $ref: '#/definitions/Json' } },
        ],
      },
      Tree: {
        title: 'Tree',
        description: 'A tree.',
        type: 'object',
        properties: { value: { $ref: '#/definitions/Json' }, left: { $ref: '#/definitions/Tree', description: 'below' } },
        required: ['value'],
      },
    })
  })

  test('[CS15] interfaces extend, merge and intersect; a branded text is a text', () => {
    expect(typed('C', `${A}interface C extends A, Elsewhere { c: boolean; b: number }\ninterface C { d?: null }`).definitions).toEqual({
      A: { title: 'A', ...objectA },
      C: {
        title: 'C',
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'number' }, c: { type: 'boolean' }, d: { type: 'null' } },
        required: ['a', 'c', 'b'],
      },
    })
    expect(simple('A & { c: 1 } & Imported', A)).toEqual({
      ...objectA,
      properties: { ...objectA.properties, c: { type: 'number', const: 1 } },
      required: ['a', 'c'],
    })
    expect(simple("string & { readonly __brand: 'id' }")).toEqual({ type: 'string' })
    expect(simple('A & ({ c: 1 } | { d: 2 })', A)).toMatchObject({
      allOf: [objectA, { anyOf: [{ required: ['c'] }, { required: ['d'] }] }],
    })
  })

  test.each([
    ['Partial<A>', { type: 'object', properties: objectA.properties }],
    ['Required<A>', { ...objectA, required: ['a', 'b'] }],
    ['Readonly<A>', { $ref: '#/definitions/A' }],
    ["Pick<A, 'a'>", { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }],
    ["Omit<A, 'a' | 'x'>", { type: 'object', properties: { b: { type: 'number' } } }],
    ['NonNullable<A | null | undefined>', { $ref: '#/definitions/A' }],
    ["A['a']", { type: 'string' }],
    ['keyof A', { type: 'string', enum: ['a', 'b'] }],
    ['(A[])[number]', { $ref: '#/definitions/A' }],
    ['typeof LEVELS[number]', { type: 'string', enum: ['low', 'high'] }],
    ['keyof typeof COLORS', { type: 'string', enum: ['red', 'blue'] }],
    ['Partial<unknown>', {}],
  ])('[CS16] utility, keyof, typeof and indexed types are followed: %s', (type, schema) =>
    expect(simple(type, `${A}const LEVELS = ['low', 'high'] as const\nconst COLORS = { red: '#f00', blue: '#00f' }`)).toEqual(schema),
  )

  test('[CS17] type parameters stand for their arguments, defaults and constraints; endless ones are any', () => {
    const generic = `type Maybe<T = string> = T | null\ntype Page<T> = { items: T[]; next?: Page<T[]> }\n`
    expect(simple('Maybe<number>', generic)).toEqual({ anyOf: [{ type: 'number' }, { type: 'null' }] })
    expect(simple('Maybe', generic)).toEqual({ anyOf: [{ type: 'string' }, { type: 'null' }] })
    expect(simple('Page<string>', generic)).toEqual({
      type: 'object',
      properties: { items: { type: 'array', items: { type: 'string' } }, next: {} },
      required: ['items'],
    })
    expect(schemaOf('flow(<T extends string, U>(a: T, b: U) => a)').properties).toEqual({
      a: { title: 'a', position: 0, type: 'string' },
      b: { title: 'b', position: 1 },
    })
  })

  test('[CS19] types that multiply end as any', () => {
    const chain = Array.from({ length: 40 }, (_, level) => `type T${level + 1} = [T${level}, T${level}]\n`).join('')
    expect(JSON.stringify(schemaOf(`type T0 = string\n${chain}flow((a: T40, b: T5) => a)`)).length).toBeLessThan(200_000)
    const pairs = `type P<T> = T | [T, T]\nflow((a: ${'P<'.repeat(40)}string${'>'.repeat(40)}) => a)`
    expect(JSON.stringify(schemaOf(pairs)).length).toBeLessThan(1_000_000)
  })

  test('[CS18] the innermost type of a name counts; two of one name get two definitions', () => {
    const source = `interface P { a: P }\nfunction f() { interface P { b: P; outer: Q } return flow((value: P) => value) }\ntype Q = { p: P }`
    expect(schemaOf(source)).toMatchObject({
      properties: { value: { $ref: '#/definitions/P' } },
      definitions: { P: { properties: { b: { $ref: '#/definitions/P' } } }, P_2: { properties: { a: { $ref: '#/definitions/P_2' } } } },
    })
  })
})

describe('parameters', () => {
  test('[CS20] the document has the shape of Prefect: title, type, properties with title and position, required, definitions', () => {
    expect(
      signature(`flow(async function f(this: Window, a: string, b?: number, c: string | undefined, d = 3, ...e: string[]) {})`),
    ).toEqual({
      kind: 'flow',
      line: 1,
      column: 1,
      functionName: 'f',
      range: { start: 5, end: 107 },
      parameters: [
        { name: 'a', position: 0, required: true, rest: false },
        { name: 'b', position: 1, required: false, rest: false },
        { name: 'c', position: 2, required: false, rest: false },
        { name: 'd', position: 3, required: false, rest: false },
        { name: 'e', position: 4, required: false, rest: true },
      ],
      schema: {
        title: 'Parameters',
        type: 'object',
        properties: {
          a: { title: 'a', position: 0, type: 'string' },
          b: { title: 'b', position: 1, type: 'number' },
          c: { title: 'c', position: 2, type: 'string' },
          d: { title: 'd', position: 3, type: 'number', default: 3 },
          e: { title: 'e', position: 4, type: 'array', items: { type: 'string' } },
        },
        required: ['a'],
        definitions: {},
      },
    })
  })

  test.each([
    ["a = 'x'", { type: 'string', default: 'x' }],
    ['a = -2.5', { type: 'number', default: -2.5 }],
    ['a = false', { type: 'boolean', default: false }],
    ['a = null', { default: null }],
    ['a = [1, 2]', { type: 'array', items: { type: 'number' }, default: [1, 2] }],
    ['a = []', { type: 'array', default: [] }],
    ['a = `t`', { type: 'string', default: 't' }],
    [
      "a = { b: 'c', 'd': [null] }",
      { type: 'object', properties: { b: { type: 'string' }, d: { type: 'array' } }, required: ['b', 'd'], default: { b: 'c', d: [null] } },
    ],
    ['a = LIMIT', { type: 'number', default: 10 }],
    ['a: string | null = null', { anyOf: [{ type: 'string' }, { type: 'null' }], default: null }],
    ['a: number = compute()', { type: 'number' }],
    ['a = new Date()', { type: 'string', format: 'date-time' }],
    ['a = compute()', {}],
    ['a = 1e999', {}],
    ['a = { __proto__: 1 }', {}],
  ])('[CS21] a static default stands in the schema and gives an unannotated parameter its type: %s', (parameter, schema) => {
    const read = schemaOf(`const LIMIT = 10\nflow((${parameter}) => a)`)
    expect(read).toEqual({
      title: 'Parameters',
      type: 'object',
      properties: { a: { title: 'a', position: 0, ...schema } },
      required: [],
      definitions: {},
    })
  })

  test('[CS22] destructured parameters are called by their position and keep the defaults of the pattern', () => {
    const { properties, required } = schemaOf(
      `flow(({ a, b = 2 }: { a: string; b?: number }, [c]: [string], { d, e = 'x' } = {}, arg1) => a)`,
    )
    expect({ properties, required }).toEqual({
      properties: {
        arg0: {
          title: 'arg0',
          position: 0,
          type: 'object',
          properties: { a: { type: 'string' }, b: { type: 'number', default: 2 } },
          required: ['a'],
        },
        arg1_: { title: 'arg1_', position: 1, type: 'array', prefixItems: [{ type: 'string' }], minItems: 1, maxItems: 1 },
        arg2: {
          title: 'arg2',
          position: 2,
          type: 'object',
          properties: { d: {}, e: { type: 'string', default: 'x' } },
          required: ['d'],
          default: {},
        },
        arg1: { title: 'arg1', position: 3 },
      },
      required: ['arg0', 'arg1_', 'arg1'],
    })
  })

  test('[CS23] a function that reads `arguments` takes a further rest parameter', () => {
    expect(signature('flow(function f(a: string) { return arguments.length })').parameters).toEqual([
      { name: 'a', position: 0, required: true, rest: false },
      { name: 'arguments', position: 1, required: false, rest: true },
    ])
    expect(signature('flow((a: string) => arguments.length)').parameters).toHaveLength(1)
  })

  test('[CS24] names that mean something to objects are names like any other', () => {
    const { properties } = schemaOf('flow((constructor: string, __proto__: number) => 1)')
    expect(Object.entries(properties)).toEqual([
      ['constructor', { title: 'constructor', position: 0, type: 'string' }],
      ['__proto__', { title: '__proto__', position: 1, type: 'number' }],
    ])
  })
})
