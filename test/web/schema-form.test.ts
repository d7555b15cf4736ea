import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonValue } from '#sdk/protocol/json.ts'
import type { JsonSchema } from '#sdk/protocol/parameters.ts'
import { ABSENT, NULL, draftOf, readDraft, startedDraft, withDraft, type Draft } from '../../web/ui/schema-drafts.ts'
import { fieldOf, type SchemaDocument } from '../../web/ui/schema-fields.ts'

const NONE: SchemaDocument = {}
const text = (value: string): Draft => ({ kind: 'text', text: value })
const read = (schema: JsonSchema, draft: Draft, isRequired = true, document = NONE) =>
  readDraft(fieldOf(schema, document), document, isRequired, draft)
const issue = (message: string, ...path: (string | number)[]) => ({ issues: [{ path, message }] })

describe('fields', () => {
  test.each<[JsonSchema, string, boolean]>([
    [{ type: 'string' }, 'text', false],
    [{ type: 'string', format: 'date-time' }, 'text', false],
    [{ type: 'integer' }, 'number', false],
    [{ type: 'number' }, 'number', false],
    [{ type: 'boolean' }, 'boolean', false],
    [{ enum: ['a', 'b', null] }, 'choice', true],
    [{ const: 'only' }, 'choice', false],
    [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, 'number', true],
    [{ anyOf: [{ $ref: '#/definitions/Mode' }, { type: 'null' }] }, 'choice', true],
    [{ anyOf: [{ type: 'number' }, { type: 'string' }] }, 'json', false],
    [{ anyOf: [{ type: 'number' }, { type: 'string' }, { type: 'null' }] }, 'json', true],
    [{ type: 'array', items: { type: 'string' } }, 'list', false],
    [{ type: 'array' }, 'json', false],
    [{ type: 'array', prefixItems: [{ type: 'string' }] }, 'json', false],
    [{ type: 'object', properties: { a: {} } }, 'object', false],
    [{ type: 'object', properties: { a: {} }, additionalProperties: true }, 'json', false],
    [{ type: 'object' }, 'json', false],
    [{ $ref: '#/definitions/Mode' }, 'choice', false],
    [{ $ref: '#/definitions/Nowhere' }, 'json', false],
    [{ $ref: '#/definitions/Loop' }, 'json', false],
    [{}, 'json', false],
  ])('[SH26] a schema has the field that can hold its values, or JSON text: %j', (schema, kind, isNullable) => {
    const document = { definitions: { Mode: { enum: ['fast', 'careful'] }, Loop: { $ref: '#/definitions/Loop' } } }
    const field = fieldOf(schema, document)
    expect([field.kind, field.isNullable]).toEqual([kind, isNullable])
  })
})

describe('values', () => {
  test.each<[JsonSchema, string, unknown]>([
    [{ type: 'string' }, '', { value: '' }],
    [{ type: 'string' }, ' x ', { value: ' x ' }],
    [{ type: 'integer' }, ' 42 ', { value: 42 }],
    [{ type: 'integer' }, '4.2', issue('Needs a whole number.')],
    [{ type: 'integer' }, '9007199254740993', issue('Is too large to be exact: at most 9007199254740991.')],
    [{ type: 'integer', format: 'bigint' }, '9007199254740993', { value: '9007199254740993' }],
    [{ type: 'integer', format: 'bigint' }, '12', { value: 12 }],
    [{ type: 'number' }, '1e3', { value: 1_000 }],
    [{ type: 'number' }, '', issue('Is needed.')],
    [{ type: 'number' }, '0x10', issue('Needs a number.')],
    [{ type: 'number' }, '1e999', issue('Needs a number.')],
    [{ type: 'number' }, 'Infinity', issue('Needs a number.')],
    [{ type: 'string', format: 'date' }, '2026-11-21', { value: '2026-11-21' }],
    [{ type: 'string', format: 'date' }, '2026-13-41', issue('Needs a day, such as 2026-11-21.')],
    [{ type: 'string', format: 'date-time' }, '2026-11-21T14:30:00Z', { value: '2026-11-21T14:30:00.000Z' }],
    [{ type: 'string', format: 'date-time' }, 'soon', issue('Needs a day and a time, such as 2026-11-21T14:30.')],
    [{ enum: ['a', 2, true] }, '2', { value: 2 }],
    [{ enum: ['a', 2, true] }, '"2"', issue('Needs one of "a", 2, true.')],
    [{}, '{"a": [1]}', { value: { a: [1] } }],
    [{ type: 'object' }, '[1]', issue('Needs an object, written as JSON.')],
    [{ type: 'array' }, '{}', issue('Needs a list, written as JSON.')],
  ])('[SH27] what is typed becomes a value, or says what it needs: %j %s', (schema, typed, expected) => {
    expect(read(schema, text(typed))).toEqual(expected)
  })

  test('[SH27] text that is no JSON says where', () => {
    const reading = read({}, text('{"a": }'))
    expect('issues' in reading && reading.issues[0]?.message).toMatch(/^Is no JSON: .+\.$/)
  })

  test('[SH27] what may be left out and is empty is left out; what must be there says so, with its path', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        name: { type: 'string' },
        note: { type: 'string' },
        isDry: { type: 'boolean' },
        retry: { type: 'object', properties: { times: { type: 'integer' } }, required: ['times'] },
        repos: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 3 },
      },
      required: ['name', 'repos'],
    }
    const field = fieldOf(schema, NONE)
    const empty = draftOf(field, NONE, true)
    expect(readDraft(field, NONE, true, empty)).toEqual({ value: { name: '', repos: ['', ''] } })
    const started = withDraft(
      withDraft(empty, ['retry'], startedDraft(fieldOf(schema.properties?.['retry'] ?? {}, NONE), NONE)),
      ['repos', 1],
      NULL,
    )
    const crowded = withDraft(empty, ['repos'], { kind: 'list', items: [text('a'), text('b'), text('c'), text('d')] })
    expect(readDraft(field, NONE, true, started)).toEqual({
      issues: [
        { path: ['retry', 'times'], message: 'Is needed.' },
        { path: ['repos', 1], message: 'May not be null.' },
      ],
    })
    expect(readDraft(field, NONE, true, crowded)).toEqual(issue('Takes at most 3 entries.', 'repos'))
    expect(read({ type: 'boolean' }, ABSENT)).toEqual(issue('Is needed.'))
    expect(read({ anyOf: [{ type: 'boolean' }, { type: 'null' }] }, NULL)).toEqual({ value: null })
  })

  test('[SH27] fields stand in the order of the signature and begin with their defaults', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        b: { type: 'integer', position: 1, default: 3 },
        a: { type: 'string', position: 0, default: 'x' },
        c: { enum: ['u', 'v'], position: 2, default: 'v' },
      },
      required: ['a'],
    }
    const field = fieldOf(schema, NONE)
    expect(field.kind === 'object' && field.properties.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(readDraft(field, NONE, true, draftOf(field, NONE, true))).toEqual({ value: { a: 'x', b: 3, c: 'v' } })
  })

  /** Schemas and, for each, values that it admits. */
  const { shape } = fc.letrec<{ shape: { schema: JsonSchema; values: fc.Arbitrary<JsonValue> } }>((tie) => {
    const leaf = fc.constantFrom<{ schema: JsonSchema; values: fc.Arbitrary<JsonValue> }>(
      { schema: { type: 'string' }, values: fc.string({ minLength: 1 }) },
      { schema: { type: 'integer' }, values: fc.maxSafeInteger() },
      { schema: { type: 'number' }, values: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)) },
      { schema: { type: 'boolean' }, values: fc.boolean() },
      { schema: { enum: ['a', 'b', 3, false] }, values: fc.constantFrom('a', 'b', 3, false) },
      { schema: {}, values: fc.jsonValue({ noUnicodeString: false }).map((value): JsonValue => JSON.parse(JSON.stringify(value))) },
    )
    const list = tie('shape').map(({ schema, values }) => ({
      schema: { type: 'array', items: schema } as const,
      values: fc.array(values, { maxLength: 3 }),
    }))
    const nullable = tie('shape').map(({ schema, values }) => ({
      schema: { anyOf: [schema, { type: 'null' }] } as const,
      values: fc.option(values),
    }))
    const object = fc.array(tie('shape'), { minLength: 1, maxLength: 3 }).map((parts) => ({
      schema: {
        type: 'object',
        properties: Object.fromEntries(parts.map(({ schema }, index) => [`p${index}`, schema])),
        required: parts.map((_, index) => `p${index}`),
      } as const,
      values: fc.record(Object.fromEntries(parts.map(({ values }, index) => [`p${index}`, values]))),
    }))
    return { shape: fc.oneof({ maxDepth: 3 }, leaf, list, nullable, object) }
  })

  test('[SH27] a value that a schema admits comes back out of its form unchanged', () => {
    fc.assert(
      fc.property(
        shape.chain(({ schema, values }) => values.map((value) => ({ schema, value }))),
        ({ schema, value }) => {
          const field = fieldOf(schema, NONE)
          expect(readDraft(field, NONE, true, draftOf(field, NONE, true, value))).toEqual({ value })
        },
      ),
      { numRuns: 500 },
    )
  })
})
