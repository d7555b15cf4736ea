/**
 * Checks values against a schema and converts what may be converted, as pydantic v2 does in its lax mode.
 *
 * Responsible for one check of one set of parameters. It fills in no defaults (the function does) and never changes what it is given.
 *
 * 1. A value that fits comes through as the very same value; only what had to change, and what holds it, is new.
 * 2. The result fits the schema exactly: checking it again changes nothing.
 * 3. In a union a member that fits exactly wins; else the first member that the value can be converted to (pydantic's smart mode).
 * 4. Instances of classes are checked, but never converted inside: a copy would not be one of them.
 * 5. Values that throw when they are read, and cycles, break a rule like any other; nothing is thrown.
 */
import { MAX_PARAMETER_DEPTH, MAX_PARAMETER_ISSUES } from '../../protocol/limits.ts'
import type { JsonSchema } from '../../protocol/parameters.ts'
import { toDate } from './dates.ts'
import { expectation, isAny } from './expectation.ts'
import { describeValue, FIELD_REQUIRED, isDate, type ParameterIssue } from './issues.ts'
import { toBigInt, toBoolean, toInteger, toNumber } from './scalars.ts'

export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly issues: readonly ParameterIssue[] }
type Definitions = { readonly [name: string]: JsonSchema }

const accept = (value: unknown): Outcome => ({ ok: true, value })
const refuse = (message: string): Outcome => ({ ok: false, issues: [{ path: [], message }] })
const mismatch = (schema: JsonSchema, value: unknown): Outcome => refuse(`expected ${expectation(schema)}, got ${describeValue(value)}`)
const converted = (schema: JsonSchema, value: unknown, result: unknown): Outcome =>
  result === undefined ? mismatch(schema, value) : accept(result)
const under = (key: string | number, issues: readonly ParameterIssue[]): ParameterIssue[] =>
  issues.map(({ path, message }) => ({ path: [key, ...path], message }))

export class Coercion {
  readonly #definitions: Definitions
  /** Containers being checked, with what they are checked against: one that turns up again inside itself is a cycle. */
  readonly #open: { readonly value: object; readonly schema: JsonSchema }[] = []
  /** What failed inside unions: without it, members that look alike double the work at each level. */
  readonly #failed = { exact: new WeakMap<object, Map<JsonSchema, Outcome>>(), lax: new WeakMap<object, Map<JsonSchema, Outcome>>() }
  #unions = 0
  #depth = 0

  constructor(definitions: Definitions) {
    this.#definitions = definitions
  }

  /** `exact` converts nothing. */
  check(given: JsonSchema, value: unknown, exact: boolean): Outcome {
    const schema = this.#resolved(given)
    if (isAny(schema)) return accept(value)
    if (this.#depth >= MAX_PARAMETER_DEPTH) return refuse(`nested deeper than ${MAX_PARAMETER_DEPTH} levels`)
    this.#depth++
    try {
      if (schema.anyOf !== undefined) return this.#union(schema, schema.anyOf, value, exact)
      if (schema.allOf !== undefined) return this.#all(schema.allOf, value, exact)
      if (schema.const !== undefined) return value === schema.const ? accept(value) : mismatch(schema, value)
      if (schema.enum !== undefined) return schema.enum.some((allowed) => allowed === value) ? accept(value) : mismatch(schema, value)
      return this.#typed(schema, value, exact)
    } finally {
      this.#depth--
    }
  }

  #resolved(given: JsonSchema): JsonSchema {
    let schema = given
    for (let hops = 0; schema.$ref !== undefined; hops++) {
      const name = schema.$ref.slice('#/definitions/'.length)
      const next = Object.hasOwn(this.#definitions, name) ? this.#definitions[name] : undefined
      if (next === undefined || hops > MAX_PARAMETER_DEPTH) return {}
      schema = next
    }
    return schema
  }

  #typed(schema: JsonSchema, value: unknown, exact: boolean): Outcome {
    switch (schema.type) {
      case 'string':
        if (schema.format !== 'date-time') return typeof value === 'string' ? accept(value) : mismatch(schema, value)
        return exact && !isDate(value) ? mismatch(schema, value) : converted(schema, value, toDate(value))
      case 'number':
        return exact && typeof value !== 'number' ? mismatch(schema, value) : converted(schema, value, toNumber(value))
      case 'integer':
        if (schema.format !== 'bigint')
          return exact && typeof value !== 'number' ? mismatch(schema, value) : converted(schema, value, toInteger(value))
        return exact && typeof value !== 'bigint' ? mismatch(schema, value) : converted(schema, value, toBigInt(value))
      case 'boolean':
        return exact && typeof value !== 'boolean' ? mismatch(schema, value) : converted(schema, value, toBoolean(value))
      case 'null':
        return value === null ? accept(value) : mismatch(schema, value)
      case 'array':
      case 'object':
        return typeof value === 'object' && value !== null ? this.#container(schema, value, exact) : mismatch(schema, value)
      default:
        return accept(value)
    }
  }

  #union(schema: JsonSchema, members: readonly JsonSchema[], value: unknown, exact: boolean): Outcome {
    this.#unions++
    const fits = members.some((member) => this.check(member, value, true).ok)
    const failures: (readonly ParameterIssue[])[] = []
    for (const member of fits ? [] : members) {
      const outcome = this.check(member, value, exact)
      if (outcome.ok) {
        this.#unions--
        return outcome
      }
      failures.push(outcome.issues)
    }
    this.#unions--
    return fits ? accept(value) : (closest(failures) ?? mismatch(schema, value))
  }

  /** One after the other; in the end all must hold. */
  #all(members: readonly JsonSchema[], value: unknown, exact: boolean): Outcome {
    let current = value
    for (const member of members) {
      const outcome = this.check(member, current, exact)
      if (!outcome.ok) return outcome
      current = outcome.value
    }
    const broken = members.map((member) => this.check(member, current, true)).find(({ ok }) => !ok)
    return broken ?? accept(current)
  }

  #container(schema: JsonSchema, value: object, exact: boolean): Outcome {
    const failed = this.#failed[exact ? 'exact' : 'lax']
    const known = this.#unions > 0 ? failed.get(value)?.get(schema) : undefined
    if (known !== undefined) return known
    if (this.#open.some((outer) => outer.value === value && outer.schema === schema)) return refuse('contains itself')
    this.#open.push({ value, schema })
    const outcome = this.#readable(() => (schema.type === 'array' ? this.#list(schema, value, exact) : this.#object(schema, value, exact)))
    this.#open.pop()
    if (!outcome.ok && this.#unions > 0) failed.set(value, new Map([...(failed.get(value) ?? []), [schema, outcome]]))
    return outcome
  }

  /** Getters and proxies are code of somebody else. */
  #readable(read: () => Outcome): Outcome {
    const depth = this.#depth
    const open = this.#open.length
    const unions = this.#unions
    try {
      return read()
    } catch (error) {
      this.#depth = depth
      this.#open.length = open
      this.#unions = unions
      return refuse(`could not be read: ${describeThrown(error)}`)
    }
  }

  #list(schema: JsonSchema, value: object, exact: boolean): Outcome {
    const list: readonly unknown[] | undefined = Array.isArray(value) ? value : !exact && value instanceof Set ? [...value] : undefined
    if (list === undefined) return mismatch(schema, value)
    const { prefixItems = [], items = {}, minItems = 0, maxItems = Infinity } = schema
    if (list.length < minItems) return refuse(`expected at least ${count(minItems)}, got ${list.length}`)
    if (list.length > maxItems) return refuse(`expected at most ${count(maxItems)}, got ${list.length}`)
    const issues: ParameterIssue[] = []
    let copy: unknown[] | undefined
    for (let index = 0; index < list.length && issues.length < MAX_PARAMETER_ISSUES; index++) {
      const outcome = this.#readable(() => {
        const item = list[index]
        const left = item === undefined && index >= minItems && index < prefixItems.length
        return left ? accept(item) : this.check(prefixItems[index] ?? items, item, exact)
      })
      if (!outcome.ok) issues.push(...under(index, outcome.issues))
      else if (copy !== undefined || !Object.is(outcome.value, list[index])) {
        copy ??= Array.from(list)
        copy[index] = outcome.value
      }
    }
    return issues.length > 0 ? { ok: false, issues } : accept(copy ?? list)
  }

  #object(schema: JsonSchema, value: object, exact: boolean): Outcome {
    const { properties = {}, additionalProperties } = schema
    if (Array.isArray(value)) return mismatch(schema, value)
    if (schema.properties === undefined && (value instanceof Map || value instanceof Set || isDate(value))) return mismatch(schema, value)
    const plain = isPlain(value)
    const required = new Set(schema.required)
    const issues: ParameterIssue[] = []
    const changes = new Map<string, unknown>()
    const visit = (key: string, part: JsonSchema) => {
      const outcome = this.#readable(() => {
        const present = plain ? Object.hasOwn(value, key) : key in value
        const item: unknown = present ? Reflect.get(value, key) : undefined
        if (item === undefined) return required.has(key) && !(present && isAny(part)) ? refuse(FIELD_REQUIRED) : accept(item)
        const result = this.check(part, item, exact || !plain)
        if (result.ok && !Object.is(result.value, item)) changes.set(key, result.value)
        return result
      })
      if (!outcome.ok) issues.push(...under(key, outcome.issues))
    }
    for (const [key, part] of Object.entries(properties)) if (issues.length < MAX_PARAMETER_ISSUES) visit(key, part)
    if (additionalProperties !== undefined && additionalProperties !== true) {
      for (const key of Object.keys(value)) {
        if (issues.length >= MAX_PARAMETER_ISSUES) break
        if (Object.hasOwn(properties, key)) continue
        if (additionalProperties === false) issues.push({ path: [key], message: 'unexpected property' })
        else visit(key, additionalProperties)
      }
    }
    if (issues.length > 0) return { ok: false, issues }
    return accept(changes.size === 0 ? value : changed(value, changes))
  }
}

const count = (items: number): string => (items === 1 ? '1 item' : `${items} items`)

const describeThrown = (error: unknown): string => (error instanceof Error ? error.message : describeValue(error))

/** Also for objects of another realm: their prototype has none above it either. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** A copy with other values; everything else stays as it is, getters included. */
function changed(value: object, changes: ReadonlyMap<string, unknown>): object {
  const descriptors = Object.getOwnPropertyDescriptors(value)
  for (const [key, item] of changes) {
    const descriptor = { value: item, writable: true, enumerable: true, configurable: true }
    Object.defineProperty(descriptors, key, { value: descriptor, writable: true, enumerable: true, configurable: true })
  }
  return Object.create(Object.getPrototypeOf(value), descriptors)
}

/** The failure of the member that the value looks most like: one that went wrong inside, with the fewest broken rules. */
function closest(failures: readonly (readonly ParameterIssue[])[]): Outcome | undefined {
  const inner = failures.filter((issues) => issues.some(({ path }) => path.length > 0))
  const [best] = inner.toSorted((left, right) => left.length - right.length)
  return best === undefined ? undefined : { ok: false, issues: best }
}
