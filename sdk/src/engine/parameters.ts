/** Parameters of a call: from arguments to names and back, and whether they are what the function asks for. */
import { MAX_PARAMETER_ISSUES } from '../protocol/limits.ts'
import type { ParameterInfo, ParametersSchema } from '../protocol/parameters.ts'
import { Coercion } from './parameters/coerce.ts'
import type { ParameterCheck, ParameterIssue } from './parameters/issues.ts'

/** Parameters by name. */
export type Parameters = Readonly<Record<string, unknown>>

/**
 * The arguments of a call by the names of the parameters. What was not given is not there: defaults are the function's. A rest parameter is
 * always there, as a list. Arguments beyond the last parameter are dropped, as the function itself would (`urls.map(fetchPage)` gives three).
 * Of a function that nothing is known of, all arguments count, as `arg0`, `arg1`, …
 *
 * @example bindParameters([{ name: 'repo', position: 0, required: true, rest: false }], ['a/b', 7]) // { repo: 'a/b' }
 */
export function bindParameters(info: readonly ParameterInfo[] | undefined, args: readonly unknown[]): Parameters {
  if (info === undefined) return Object.fromEntries(args.map((value, position) => [`arg${position}`, value]))
  const given = info.filter(({ position, rest }) => rest || position < args.length)
  return Object.fromEntries(given.map(({ name, position, rest }) => [name, rest ? args.slice(position) : args[position]]))
}

/**
 * The way back: a list of arguments for the function. Missing ones are `undefined`, and left out at the end, so defaults apply. For a function
 * that nothing is known of, `arg0`, `arg1`, … go to their places; other names go by their order.
 */
export function toArguments(info: readonly ParameterInfo[] | undefined, parameters: Parameters): unknown[] {
  if (info === undefined) return byNumber(parameters)
  const args: unknown[] = []
  for (const { name, position, rest } of info.toSorted((left, right) => left.position - right.position)) {
    if (!Object.hasOwn(parameters, name)) continue
    const value = parameters[name]
    const given: readonly unknown[] = rest ? spread(value) : [value]
    if (given.length === 0) continue
    while (args.length < position) args.push(undefined)
    for (const item of given) args.push(item)
  }
  return args
}

/** What a rest parameter holds; one value alone when nobody checked it. */
function spread(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined ? [] : [value]
}

function byNumber(parameters: Parameters): unknown[] {
  const names = Object.keys(parameters)
  const numbered = names.every((name) => /^arg\d{1,4}$/.test(name))
  if (!numbered) return names.map((name) => parameters[name])
  const args: unknown[] = []
  for (const name of names) {
    const position = Number(name.slice('arg'.length))
    while (args.length < position) args.push(undefined)
    args[position] = parameters[name]
  }
  return args
}

/**
 * Checks parameters against the schema of the signature, and converts what pydantic v2 converts in its lax mode:
 * text to number ("1", " 1.5 ", "1e3"; not "", not "x"), boolean to number, 0, 1 and words like "true" and "off" to boolean, ISO text and Unix
 * times to Date, sets to arrays, whole numbers and their text to bigint. Never: numbers to text, anything to null, anything to a literal.
 * Unknown properties of objects stay; an unknown parameter is an issue, since it could only be a mistake. Nothing is thrown.
 *
 * @example
 * coerceParameters(schema, { limit: '3' }) // { ok: true, parameters: { limit: 3 } }
 * coerceParameters(schema, { limit: 'x' }) // { ok: false, issues: [{ path: ['limit'], message: 'expected a number, got string "x"' }] }
 */
export function coerceParameters(schema: ParametersSchema, parameters: Parameters): ParameterCheck {
  const unknown = unknownParameters(schema, parameters)
  const { type, properties, required } = schema
  const outcome = new Coercion(schema.definitions).check({ type, properties, required }, parameters, false)
  const issues = [...(outcome.ok ? [] : outcome.issues), ...unknown].slice(0, MAX_PARAMETER_ISSUES)
  if (outcome.ok && issues.length === 0 && isParameters(outcome.value)) return { ok: true, parameters: outcome.value }
  return { ok: false, issues }
}

function unknownParameters({ properties }: ParametersSchema, parameters: Parameters): ParameterIssue[] {
  const known = Object.keys(properties)
  const message = known.length === 0 ? 'unexpected parameter, there are none' : `unexpected parameter, there are ${known.join(', ')}`
  return Object.keys(parameters)
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => ({ path: [name], message }))
}

const isParameters = (value: unknown): value is Parameters => typeof value === 'object' && value !== null
