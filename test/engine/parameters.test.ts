import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { bindParameters, coerceParameters, toArguments } from '#sdk/engine/parameters.ts'
import { describeIssues } from '#sdk/engine/parameters/issues.ts'
import { parameterNames } from '#sdk/engine/parameters/names.ts'
import { schemaOfNames, schemaOfStandard } from '#sdk/engine/parameters/schema-document.ts'
import { isStandardSchema, validateWithStandardSchema, type StandardSchema } from '#sdk/engine/parameters/standard-schema.ts'
import type { JsonObject } from '#sdk/protocol/json.ts'
import type { JsonSchema, ParameterInfo, ParametersSchema } from '#sdk/protocol/parameters.ts'

const info = (...names: readonly string[]): ParameterInfo[] =>
  names.map((name, position) => ({ name: name.replace('...', ''), position, required: false, rest: name.startsWith('...') }))

/** A document with one parameter, `x`. */
const document = (x: JsonSchema, definitions: ParametersSchema['definitions'] = {}, required = ['x']): ParametersSchema => ({
  title: 'Parameters',
  type: 'object',
  properties: { x },
  required,
  definitions,
})

/** What comes out for `x`, or the issues as one sentence. */
function coerced(schema: JsonSchema, x: unknown, definitions: ParametersSchema['definitions'] = {}): unknown {
  const check = coerceParameters(document(schema, definitions), { x })
  return check.ok ? check.parameters['x'] : describeIssues(check.issues)
}

const STRING: JsonSchema = { type: 'string' }
const NUMBER: JsonSchema = { type: 'number' }
const BOOLEAN: JsonSchema = { type: 'boolean' }
const DATE: JsonSchema = { type: 'string', format: 'date-time' }
const BIGINT: JsonSchema = { type: 'integer', format: 'bigint' }
const NULL: JsonSchema = { type: 'null' }

describe('arguments and names', () => {
  test('[PV1] arguments get the names of the parameters; what is not given is not there', () => {
    expect(bindParameters(info('a', 'b', 'c'), [1, undefined])).toEqual({ a: 1, b: undefined })
    expect(Object.keys(bindParameters(info('a', 'b', 'c'), [1, undefined]))).toEqual(['a', 'b'])
  })
  test('[PV1] a rest parameter is always a list, arguments beyond the last are dropped', () => {
    expect(bindParameters(info('a', '...b'), [1, 2, 3])).toEqual({ a: 1, b: [2, 3] })
    expect(bindParameters(info('a', '...b'), [])).toEqual({ b: [] })
    expect(bindParameters(info('a'), [1, 2, 3])).toEqual({ a: 1 })
  })
  test('[PV1] without names all arguments count by their position', () => {
    expect(bindParameters(undefined, ['x', 'y'])).toEqual({ arg0: 'x', arg1: 'y' })
    expect(toArguments(undefined, { arg2: 'z', arg0: 'x' })).toEqual(['x', undefined, 'z'])
    expect(toArguments(undefined, { repo: 'a', limit: 3 })).toEqual(['a', 3])
  })
  test('[PV2] names go back to their places; what is missing at the end is left out', () => {
    expect(toArguments(info('a', 'b', 'c', 'd'), { c: 3, a: 1 })).toEqual([1, undefined, 3])
    expect(toArguments(info('a', '...b'), { b: [2, 3] })).toEqual([undefined, 2, 3])
    expect(toArguments(info('toString'), {})).toEqual([])
  })
  test('[PV2] a call bound and unbound is the same call', () => {
    fc.assert(
      fc.property(fc.array(fc.anything(), { maxLength: 6 }), fc.boolean(), (args, rest) => {
        const parameters = rest ? info('a', '__proto__', '...c') : info('a', 'constructor', 'c', 'd', 'e', 'f')
        expect(toArguments(parameters, bindParameters(parameters, args))).toEqual(args)
        expect(toArguments(undefined, bindParameters(undefined, args))).toEqual(args)
      }),
    )
  })
})

describe('names out of a function’s text', () => {
  const list = (fn: (...args: never[]) => unknown) => parameterNames(fn)?.map(({ name, rest }) => (rest ? `...${name}` : name))
  const text = (code: string): ((...args: never[]) => unknown) => Object.assign(() => 0, { code })
  test('[PV3] every form of function', () => {
    const holder = {
      'method()'(a: 1, b: 2) {
        return [a, b]
      },
      async *['st(r)ange'](c: 3) {
        yield c
      },
      'quo(ted'(d: 4) {
        return d
      },
    }
    expect([
      list((a: 1) => a),
      list(async (a: 1, { b }: { b: 1 }, [c]: [1]) => [a, b, c]),
      list(function* (a: 1, ...b: 2[]) {
        yield [a, b]
      }),
      list(async function named($a: 1, _b = ')', c = (1 + 2) * 3, d = [1, 2].map((e) => e), e = { f: ',' }) {
        return [$a, _b, c, d, e]
      }),
      list((a /* , x */ = /[,)/]/, b = `\`${`,${')'}`},`, c = 4 / 2 / 1) => [a, b, c]),
      list(() => 1),
      list(holder['method()']),
      list(holder['st(r)ange']),
      list(holder['quo(ted']),
      list(function () {
        return arguments.length
      }),
    ]).toEqual([
      ['a'],
      ['a', 'arg1', 'arg2'],
      ['a', '...b'],
      ['$a', '_b', 'c', 'd', 'e'],
      ['a', 'b', 'c'],
      [],
      ['a', 'b'],
      ['c'],
      ['d'],
      ['...arguments'],
    ])
  })
  test('[PV3] nothing is required, since types are gone; what has no text has no names', () => {
    expect(parameterNames((a: 1) => a)).toEqual([{ name: 'a', position: 0, required: false, rest: false }])
    expect([parameterNames(Math.max), parameterNames(text.bind(undefined)), parameterNames(new Proxy(text, {}))]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('coercion', () => {
  test.each<[JsonSchema, unknown, unknown]>([
    [NUMBER, '1', 1],
    [NUMBER, ' -1.5e3 ', -1500],
    [NUMBER, '1_000', 1000],
    [NUMBER, '.5', 0.5],
    [NUMBER, 'inf', Infinity],
    [NUMBER, 'NaN', NaN],
    [NUMBER, true, 1],
    [NUMBER, 5n, 5],
    [NUMBER, '', 'x: expected a number, got string ""'],
    [NUMBER, 'x', 'x: expected a number, got string "x"'],
    [NUMBER, '0x10', 'x: expected a number, got string "0x10"'],
    [NUMBER, '1 2', 'x: expected a number, got string "1 2"'],
    [NUMBER, null, 'x: expected a number, got null'],
    [NUMBER, [1], 'x: expected a number, got an array'],
    [{ type: 'integer' }, '1.0', 1],
    [{ type: 'integer' }, 1.5, 'x: expected a whole number, got number 1.5'],
    [BIGINT, '9007199254740993', 9007199254740993n],
    [BIGINT, -3, -3n],
    [BIGINT, '-1_000', -1000n],
    [BIGINT, '1.5', 'x: expected a whole number, got string "1.5"'],
  ])('[PV10] numbers are had from text and booleans by the lax rules: case %#', (schema, value, result) =>
    expect(coerced(schema, value)).toEqual(result),
  )

  test.each<[JsonSchema, unknown, unknown]>([
    [STRING, 5, 'x: expected a string, got number 5'],
    [STRING, true, 'x: expected a string, got boolean true'],
    [STRING, new Date(0), 'x: expected a string, got a Date'],
    [STRING, null, 'x: expected a string, got null'],
    [NULL, undefined, 'x: Field required'],
    [NULL, '', 'x: expected null, got string ""'],
    [{ const: 1 }, '1', 'x: expected 1, got string "1"'],
    [{ enum: ['a', 'b', 3] }, '3', 'x: expected "a", "b" or 3, got string "3"'],
  ])('[PV11] nothing becomes text, null or a literal: case %#', (schema, value, result) => expect(coerced(schema, value)).toEqual(result))

  test.each<[unknown, unknown]>([
    ...['1', 'on', 't', 'true', 'TRUE', 'y', 'Yes', 1, 1n].map((value): [unknown, unknown] => [value, true]),
    ...['0', 'off', 'f', 'false', 'n', 'NO', 0, -0, 0n].map((value): [unknown, unknown] => [value, false]),
    [2, 'x: expected a boolean, got number 2'],
    ['true ', 'x: expected a boolean, got string "true "'],
    ['', 'x: expected a boolean, got string ""'],
  ])('[PV12] booleans are had from 0, 1 and their words: %s', (value, result) => expect(coerced(BOOLEAN, value)).toEqual(result))

  test.each<[unknown, string]>([
    ['2026-02-28', '2026-02-28T00:00:00.000Z'],
    ['2026-02-28T12:30', '2026-02-28T12:30:00.000Z'],
    ['2026-02-28 12:30:15.1234567Z', '2026-02-28T12:30:15.123Z'],
    ['2026-02-28T12:30:15+02:30', '2026-02-28T10:00:15.000Z'],
    ['2026-02-28T23:30:15-0100', '2026-03-01T00:30:15.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    [1_500_000_000, '2017-07-14T02:40:00.000Z'],
    [1_500_000_000_000, '2017-07-14T02:40:00.000Z'],
    ['1500000000', '2017-07-14T02:40:00.000Z'],
    [new Date(5), '1970-01-01T00:00:00.005Z'],
  ])('[PV13] dates are had from ISO text and Unix times, without a zone as UTC: %s', (value, iso) =>
    expect(coerced(DATE, value)).toEqual(new Date(iso)),
  )

  test.each([
    '2026-02-30',
    '2026-13-01',
    '2026-02-28T25:00',
    '2026-02-28T12:61',
    '28.2.2026',
    'tomorrow',
    '',
    NaN,
    1e300,
    true,
    null,
    new Date(NaN),
  ])('[PV13] what is no date is refused: %s', (value) => expect(coerced(DATE, value)).toMatch(/^x: expected a date and time, got /))

  test('[PV14] lists and tuples, item by item; a set becomes a list', () => {
    expect(coerced({ type: 'array', items: NUMBER }, ['1', 2])).toEqual([1, 2])
    expect(coerced({ type: 'array', items: NUMBER }, new Set(['1', 2]))).toEqual([1, 2])
    expect(coerced({ type: 'array', items: STRING }, [5, 'a', null])).toBe(
      'x[0]: expected a string, got number 5; x[2]: expected a string, got null',
    )
    expect(coerced({ type: 'array', items: STRING }, 'abc')).toBe('x: expected an array, got string "abc"')
    const tuple: JsonSchema = { type: 'array', prefixItems: [STRING, NUMBER], minItems: 1, maxItems: 2 }
    expect([
      coerced(tuple, ['a', '2']),
      coerced(tuple, ['a']),
      coerced(tuple, ['a', undefined]),
      coerced(tuple, []),
      coerced(tuple, ['a', 1, 2]),
    ]).toEqual([['a', 2], ['a'], ['a', undefined], 'x: expected at least 1 item, got 0', 'x: expected at most 2 items, got 3'])
  })

  test('[PV15] objects by property; unknown properties stay; missing ones are named', () => {
    const schema: JsonSchema = { type: 'object', properties: { a: NUMBER, b: STRING, c: {} }, required: ['a', 'c'] }
    expect(coerced(schema, { a: '1', c: undefined, more: '2' })).toEqual({ a: 1, c: undefined, more: '2' })
    expect(coerced(schema, { b: 1 })).toBe('x.a: Field required; x.b: expected a string, got number 1; x.c: Field required')
    expect(coerced(schema, [])).toBe('x: expected an object, got an array')
    expect(coerced({ type: 'object', additionalProperties: NUMBER }, { a: '1', 'b c': 'x' })).toBe(
      'x["b c"]: expected a number, got string "x"',
    )
    expect(coerced({ type: 'object', additionalProperties: NUMBER }, new Map())).toBe('x: expected an object, got a Map')
    expect(coerced({ type: 'object', properties: { toString: STRING }, required: ['toString'] }, {})).toBe('x.toString: Field required')
  })

  test('[PV16] unions: an exact member wins, else the first that the value can become', () => {
    expect(coerced({ anyOf: [NUMBER, STRING] }, '1')).toBe('1')
    expect(coerced({ anyOf: [STRING, DATE] }, '2026-01-01')).toBe('2026-01-01')
    expect(coerced({ anyOf: [NUMBER, BOOLEAN] }, 'true')).toBe(true)
    expect(coerced({ anyOf: [NUMBER, BOOLEAN] }, '1')).toBe(1)
    expect(coerced({ anyOf: [BOOLEAN, NULL] }, 'x')).toBe('x: expected a boolean or null, got string "x"')
  })

  test('[PV16] the issues of a union are those of the member that the value looks most like', () => {
    const a: JsonSchema = { type: 'object', properties: { kind: { const: 'a' }, x: NUMBER }, required: ['kind', 'x'] }
    const b: JsonSchema = { type: 'object', properties: { kind: { const: 'b' }, y: STRING }, required: ['kind', 'y'] }
    expect(coerced({ anyOf: [a, b] }, { kind: 'b', y: 5 })).toBe('x.y: expected a string, got number 5')
    expect(coerced({ anyOf: [a, b] }, { kind: 'a', x: '5' })).toEqual({ kind: 'a', x: 5 })
  })

  test('[PV17] a missing required parameter is "Field required"; undefined is missing unless anything goes; defaults are the function’s', () => {
    expect(coerceParameters(document(STRING), {})).toEqual({ ok: false, issues: [{ path: ['x'], message: 'Field required' }] })
    expect(coerceParameters(document(STRING), { x: undefined })).toEqual({
      ok: false,
      issues: [{ path: ['x'], message: 'Field required' }],
    })
    expect(coerceParameters(document({}), { x: undefined })).toEqual({ ok: true, parameters: { x: undefined } })
    expect(coerceParameters(document({ ...NUMBER, default: 3 }, {}, []), {})).toEqual({ ok: true, parameters: {} })
  })

  test('[PV18] a parameter that does not exist is an issue', () => {
    expect(coerceParameters(document({}), { x: 1, y: 2 })).toEqual({
      ok: false,
      issues: [{ path: ['y'], message: 'unexpected parameter, there are x' }],
    })
    expect(coerceParameters(schemaOfNames([]), { y: 2 })).toEqual({
      ok: false,
      issues: [{ path: ['y'], message: 'unexpected parameter, there are none' }],
    })
  })
})

describe('values of every kind', () => {
  const LINKED: ParametersSchema['definitions'] = {
    Node: { type: 'object', properties: { value: NUMBER, next: { $ref: '#/definitions/Node' } } },
  }
  const node: JsonSchema = { $ref: '#/definitions/Node' }

  test('[PV20] the input is never changed, and what need not change is the same object', () => {
    const kept = { a: 'b' }
    const input = Object.freeze({ list: Object.freeze(['1', 2]), kept })
    const schema: JsonSchema = {
      type: 'object',
      properties: { list: { type: 'array', items: NUMBER }, kept: { type: 'object', additionalProperties: STRING } },
    }
    const result = coerced(schema, input)
    expect(result).toEqual({ list: [1, 2], kept: { a: 'b' } })
    expect(input).toEqual({ list: ['1', 2], kept: { a: 'b' } })
    expect(Object.is(Reflect.get(Object(result), 'kept'), kept)).toBe(true)
    const fits = { list: [1], kept }
    expect(coerced(schema, fits)).toBe(fits)
  })

  test('[PV21] instances of classes are checked and never copied', () => {
    class Point {
      readonly #secret = 1
      readonly x: unknown
      constructor(x: unknown) {
        this.x = x
      }
      get secret() {
        return this.#secret
      }
    }
    const schema: JsonSchema = { type: 'object', properties: { x: NUMBER, secret: NUMBER }, required: ['x', 'secret'] }
    const point = new Point(3)
    expect(coerced(schema, point)).toBe(point)
    expect(coerced(schema, new Point('3'))).toBe('x.x: expected a number, got string "3"')
  })

  test('[PV22] cycles and depth are issues', () => {
    const loop: Record<string, unknown> = { value: 1 }
    loop['next'] = { value: 2, next: loop }
    expect(coerced(node, loop, LINKED)).toBe('x.next.next: contains itself')
    expect(coerced({}, loop)).toBe(loop)
    let deep: Record<string, unknown> = {}
    for (let level = 0; level < 20_000; level++) deep = { next: deep }
    expect(coerced(node, deep, LINKED)).toMatch(/nested deeper than 200 levels$/)
    const shared = { value: '1' }
    expect(coerced({ type: 'array', items: node }, [shared, shared], LINKED)).toEqual([{ value: 1 }, { value: 1 }])
  })

  test('[PV22] schemas in circles end', () => {
    const circle: ParametersSchema['definitions'] = {
      A: { $ref: '#/definitions/B' },
      B: { $ref: '#/definitions/A' },
      U: { anyOf: [{ $ref: '#/definitions/U' }, STRING] },
    }
    expect(coerced({ $ref: '#/definitions/A' }, 1, circle)).toBe(1)
    expect(coerced({ $ref: '#/definitions/missing' }, 1)).toBe(1)
    expect(coerced({ $ref: '#/definitions/U' }, 'a', circle)).toBe('a')
    const twice: ParametersSchema['definitions'] = {
      T: {
        anyOf: [
          { type: 'array', items: { $ref: '#/definitions/T' } },
          { type: 'array', items: { $ref: '#/definitions/T' }, minItems: 1 },
        ],
      },
    }
    let nested: unknown = 1
    for (let level = 0; level < 60; level++) nested = [nested]
    expect(coerced({ $ref: '#/definitions/T' }, nested, twice)).toMatch(/expected an array, got number 1$/)
  })

  test('[PV23] what throws when it is read is an issue at its place', () => {
    const schema: JsonSchema = { type: 'object', properties: { a: STRING, b: STRING } }
    const getter = {
      get a(): string {
        throw new Error('no luck')
      },
      b: 5,
    }
    expect(coerced(schema, getter)).toBe('x.a: could not be read: no luck; x.b: expected a string, got number 5')
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(coerced(schema, proxy)).toMatch(/^x: could not be read: /)
    expect(coerced(STRING, proxy)).toBe('x: expected a string, got an object that cannot be read')
    expect(
      coerced(
        { type: 'array', items: STRING },
        new Proxy([], {
          get: () => {
            throw 'oh'
          },
        }),
      ),
    ).toBe('x: could not be read: string "oh"')
  })

  test('[PV24] of many issues the first twenty are named', () => {
    const check = coerceParameters(document({ type: 'array', items: NUMBER }), { x: Array.from({ length: 5_000 }, () => 'x') })
    expect(check.ok ? 0 : check.issues.length).toBe(20)
    expect(describeIssues(Array.from({ length: 23 }, (_, index) => ({ path: [index], message: 'm' })))).toMatch(/; \[19\]: m; and 3 more$/)
  })
})

describe('properties', () => {
  const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<JsonSchema>(
        STRING,
        NUMBER,
        BOOLEAN,
        DATE,
        BIGINT,
        NULL,
        {},
        { type: 'integer' },
        { const: 'a' },
        { enum: ['a', 1, null] },
        { $ref: '#/definitions/D' },
      ),
      tie('schema').map((items): JsonSchema => ({ type: 'array', items })),
      fc.tuple(tie('schema'), tie('schema')).map((prefixItems): JsonSchema => ({ type: 'array', prefixItems, minItems: 1, maxItems: 2 })),
      fc.tuple(tie('schema'), tie('schema')).map(([a, b]): JsonSchema => ({ type: 'object', properties: { a, b }, required: ['a'] })),
      tie('schema').map((additionalProperties): JsonSchema => ({ type: 'object', additionalProperties })),
      fc.tuple(tie('schema'), tie('schema')).map((anyOf): JsonSchema => ({ anyOf })),
      fc.tuple(tie('schema'), tie('schema')).map((allOf): JsonSchema => ({ allOf })),
    ),
  }))
  const text = fc.constantFrom('1', '0', 'true', 'a', '2026-01-01', '', '1.5', 'x')
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.integer({ min: -2, max: 2 }),
      fc.double(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
      fc.date(),
      fc.bigInt(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'c'), tie('value'), { maxKeys: 3 }),
    ),
  }))
  const wrap = (x: JsonSchema) => document(x, { D: { type: 'object', properties: { a: NUMBER, b: { $ref: '#/definitions/D' } } } })

  test('[PV25] coercion is idempotent, and a valid value is the very same value', () => {
    let coercions = 0
    fc.assert(
      fc.property(schema, value, (part, x) => {
        const first = coerceParameters(wrap(part), { x })
        if (!first.ok) return
        coercions++
        const second = coerceParameters(wrap(part), first.parameters)
        expect(second.ok && Object.is(second.parameters, first.parameters)).toBe(true)
      }),
      { numRuns: 3_000 },
    )
    expect(coercions).toBeGreaterThan(100)
  })

  test('[PV25] nothing makes it throw, and the input stays as it was', () => {
    fc.assert(
      fc.property(
        schema,
        fc.oneof(
          value,
          fc.anything({
            withBigInt: true,
            withDate: true,
            withMap: true,
            withSet: true,
            withNullPrototype: true,
            withSparseArray: true,
            withTypedArray: true,
          }),
        ),
        (part, x) => {
          const before = fc.stringify(x)
          const check = coerceParameters(wrap(part), { x })
          expect(check.ok || describeIssues(check.issues) !== '').toBe(true)
          expect(fc.stringify(x)).toBe(before)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('schemas of the user', () => {
  const zod = z.object({ repo: z.string().min(3), limit: z.coerce.number().default(10), at: z.object({ deep: z.string() }).optional() })

  test('[PV30] a Standard Schema checks, converts and fills in; parameters that it does not know go through', async () => {
    expect(await validateWithStandardSchema(zod, { repo: 'a/b', limit: '5', other: 1 })).toEqual({
      ok: true,
      parameters: { repo: 'a/b', limit: 5, other: 1 },
    })
    const refused = await validateWithStandardSchema(zod, { repo: 'a', at: { deep: 1 } })
    expect(refused.ok ? [] : refused.issues.map(({ path }) => path)).toEqual([['repo'], ['at', 'deep']])
  })

  test('[PV30] asynchronous schemas, paths of objects, schemas that throw or give something else', async () => {
    const make = (validate: StandardSchema['~standard']['validate']): StandardSchema =>
      Object.assign(() => 0, { '~standard': { version: 1 as const, vendor: 'test', validate } })
    expect(
      await validateWithStandardSchema(
        make(async (value) => ({ value: { ...Object(value), more: 1 } })),
        { a: 1 },
      ),
    ).toEqual({ ok: true, parameters: { a: 1, more: 1 } })
    expect(
      await validateWithStandardSchema(
        make(() => ({ issues: [{ message: 'bad', path: [{ key: 'a' }, 0] }] })),
        {},
      ),
    ).toEqual({ ok: false, issues: [{ path: ['a', 0], message: 'bad' }] })
    expect(
      await validateWithStandardSchema(
        make(() => {
          throw new Error('broken')
        }),
        {},
      ),
    ).toEqual({ ok: false, issues: [{ path: [], message: 'the schema of the parameters failed: broken' }] })
    expect(
      await validateWithStandardSchema(
        make(() => ({ value: [1] })),
        {},
      ),
    ).toEqual({ ok: false, issues: [{ path: [], message: 'the schema of the parameters must give an object, got an array' }] })
    expect([
      isStandardSchema(zod),
      isStandardSchema(make(() => ({ value: 1 }))),
      isStandardSchema({ '~standard': {} }),
      isStandardSchema(null),
    ]).toEqual([true, true, false, false])
  })

  test('[PV31] its own JSON Schema is the document, with the positions of the signature', () => {
    const named = z.object({ repo: z.object({ owner: z.string() }).meta({ id: 'Repo' }), limit: z.number().default(10) })
    expect(schemaOfStandard(named, info('limit', 'repo', 'other'))).toEqual({
      title: 'Parameters',
      type: 'object',
      properties: {
        limit: { title: 'limit', position: 0, type: 'number', default: 10 },
        repo: { title: 'repo', position: 1, $ref: '#/definitions/Repo' },
        other: { title: 'other', position: 2 },
      },
      required: ['repo'],
      definitions: { Repo: { type: 'object', properties: { owner: { type: 'string' } }, required: ['owner'] } },
    })
  })

  test('[PV31] the document is JSON, ready for the wire', () => {
    const wire: JsonObject = schemaOfNames(info('a'))
    expect(JSON.parse(JSON.stringify(wire))).toEqual(wire)
  })

  test('[PV31] a schema that cannot say it leaves the names', () => {
    const names = {
      title: 'Parameters',
      type: 'object',
      properties: { a: { title: 'a', position: 0 }, b: { title: 'b', position: 1, type: 'array' } },
      required: [],
      definitions: {},
    }
    expect(schemaOfStandard(z.object({ a: z.custom<() => void>(), b: z.bigint() }), info('a', '...b'))).toEqual(names)
    expect(schemaOfStandard({ '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } }, info('a', '...b'))).toEqual(
      names,
    )
    expect(schemaOfNames(info('a', '...b'))).toEqual(names)
  })
})
