/** Random requests made of the OpenAPI document: bodies that fit, bodies that almost fit, and what people send to break things. */
import type { OpenApiDocument, OpenApiOperation } from '../../worker/http/openapi.ts'

type Json = unknown
type Schema = Readonly<Record<string, Json>>

export interface FuzzRequest {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly headers: Readonly<Record<string, string>>
}

const NASTY: readonly Json[] = [
  null, true, 0, -0, -1, 1e308, 2 ** 53 + 1, 0.1, '', ' ', '\0', '\ud800', '‮', '💥'.repeat(50), 'x'.repeat(300), "'; DROP TABLE flow_run; --", '%', '_', '\\',
  '../..', '1e309', 'null', '2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z', '-271821-04-20', [], {}, [[]], [null], { __proto__: 1 },
  JSON.parse('{"__proto__":{"a":1},"constructor":1,"toString":1,"hasOwnProperty":1}'), { operator: 'or_' }, { any_: [] }, { any_: null }, { before_: '2026-01-01' },
] // prettier-ignore
const RAW = [
  '{',
  '[',
  '"',
  'null',
  '[1,2',
  '{"a":1}{"b":2}',
  '\u0000',
  '['.repeat(5_000),
  '{"name":1e999}',
  '{"limit":-0}',
  '﻿{}',
  '{"a":1,"a":2}',
]

export class Fuzz {
  readonly #document: OpenApiDocument
  readonly #operations: readonly (readonly [path: string, method: string, operation: OpenApiOperation])[]
  readonly #known: readonly string[]
  #seed: number

  constructor(document: OpenApiDocument, known: readonly string[], seed: number) {
    this.#document = document
    this.#known = known
    this.#seed = seed
    this.#operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
    )
  }

  next(): FuzzRequest {
    const [path, method, operation] = this.#one(this.#operations)
    const schema = operation.requestBody?.content['application/json']?.schema
    const body = schema === undefined ? (this.#chance(0.05) ? '{}' : undefined) : this.#body(schema)
    const address = path.replace(/\{(\w+)\}/, () => this.#pathValue()) + this.#query(operation)
    const verb = this.#chance(0.03) ? this.#one(['PUT', 'PATCH', 'DELETE', 'POST']) : method.toUpperCase()
    return {
      operation: operation.operationId,
      method: verb,
      path: address,
      headers: this.#chance(0.03)
        ? { 'content-type': this.#one(['text/plain', 'application/xml', ';', 'application/json;charset=utf-16']) }
        : { 'content-type': 'application/json' },
      ...(body === undefined || verb === 'GET' ? {} : { body }),
    }
  }

  /** Mulberry32: the same requests for the same seed. */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  #chance(part: number): boolean {
    return this.#random() < part
  }
  #one<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.#random() * list.length)]
    if (item === undefined) throw new Error('nothing to choose from')
    return item
  }

  #pathValue(): string {
    if (this.#chance(0.7)) return this.#one(this.#known)
    return encodeURIComponent(
      this.#one([
        'x',
        '01990c5e-7a10-7c3e-9f00-2b6f1d4effff',
        '💥',
        "'",
        '..',
        'a/b',
        '\u0001',
        'F'.repeat(400),
        '00000000-0000-0000-0000-000000000000',
      ]),
    )
  }

  #query({ parameters }: OpenApiOperation): string {
    const given = parameters
      .filter(({ in: where }) => where === 'query' && this.#chance(0.9))
      .map(({ name }) => `${name}=${this.#pathValue()}`)
    if (this.#chance(0.03)) given.push('x=%00', 'x=1')
    return given.length === 0 ? '' : `?${given.join('&')}`
  }

  #body(schema: Schema): string | undefined {
    if (this.#chance(0.04)) return undefined
    if (this.#chance(0.06)) return this.#one(RAW)
    return JSON.stringify(this.#value(schema, 0))
  }

  #value(schema: Schema, depth: number): Json {
    if (this.#chance(0.04)) return this.#one(NASTY)
    const reference = schema['$ref']
    if (typeof reference === 'string') return this.#value(this.#document.components.schemas[reference.split('/').at(-1) ?? ''] ?? {}, depth)
    const choices = schema['anyOf'] ?? schema['oneOf']
    if (Array.isArray(choices)) return this.#value(this.#one<Schema>(choices), depth + 1)
    if (Array.isArray(schema['enum'])) return this.#one(schema['enum'])
    if ('const' in schema) return schema['const']
    switch (schema['type']) {
      case 'object':
        return this.#object(schema, depth)
      case 'array':
        return depth > 6
          ? []
          : Array.from({ length: Math.floor(this.#random() * 3) }, () =>
              this.#value(isSchema(schema['items']) ? schema['items'] : {}, depth + 1),
            )
      case 'boolean':
        return this.#chance(0.5)
      case 'integer':
      case 'number':
        return this.#one([0, 1, 2, 50, 200, 3_600, ...(schema['type'] === 'number' ? [0.5] : [])])
      case 'string':
        return this.#text(schema['format'])
      case 'null':
        return null
      default:
        return this.#one(NASTY)
    }
  }

  #object(schema: Schema, depth: number): Json {
    const properties = isSchema(schema['properties']) ? schema['properties'] : {}
    const required = Array.isArray(schema['required']) ? schema['required'] : []
    const kept = Object.entries(properties).filter(([name]) => this.#chance(required.includes(name) ? 0.98 : depth > 5 ? 0 : 0.25))
    const fields = kept.map(([name, field]) => [name, this.#value(isSchema(field) ? field : {}, depth + 1)])
    if (isSchema(schema['additionalProperties']) && this.#chance(0.5))
      fields.push(['key', this.#value(schema['additionalProperties'], depth + 1)])
    if (this.#chance(0.02)) fields.push([this.#one(['unknown', '__proto__', 'constructor', '']), 1])
    return Object.fromEntries(fields)
  }

  #text(format: Json): string {
    if (format === 'uuid') return this.#chance(0.8) ? this.#one(this.#known) : '01990c5e-7a10-7c3e-9f00-2b6f1d4e0000'
    if (format === 'date-time')
      return this.#one(['2026-11-22T05:00:00Z', '2026-11-22', '1970-01-01T00:00:00Z', '2254-01-01T00:00:00+23:59', '0001-01-01T00:00:00Z'])
    return this.#one(['a', 'pipeline', 'Late', 'ü💥', "o'clock", '%_\\', '{"json":1}', 'x'.repeat(200)])
  }
}

const isSchema = (value: Json): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
