/** What is wrong with parameters, in words. */
import { MAX_PARAMETER_ISSUES } from '../../protocol/limits.ts'

/** One broken rule, and where: names of properties and numbers of items. */
export interface ParameterIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

export type ParameterCheck =
  | { readonly ok: true; readonly parameters: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly issues: readonly ParameterIssue[] }

/** A parameter or a property that is not there; pydantic's words. */
export const FIELD_REQUIRED = 'Field required'

/** @example describeIssues([{ path: ['repos', 0], message: 'expected a string, got number 5' }]) // 'repos[0]: expected a string, got number 5' */
export function describeIssues(issues: readonly ParameterIssue[]): string {
  const shown = issues
    .slice(0, MAX_PARAMETER_ISSUES)
    .map(({ path, message }) => (path.length === 0 ? message : `${describePath(path)}: ${message}`))
  const more = issues.length - shown.length
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '')
}

function describePath(path: ParameterIssue['path']): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(part)) return `${text}[${JSON.stringify(part)}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}

/** Longer strings are cut in messages. */
const MAX_SHOWN_LENGTH = 60

/** A value in a few words; reads none of its properties. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `string ${JSON.stringify(value.length > MAX_SHOWN_LENGTH ? `${value.slice(0, MAX_SHOWN_LENGTH)}…` : value)}`
    case 'number':
      return `number ${value}`
    case 'boolean':
      return `boolean ${value}`
    case 'bigint':
      return 'a bigint'
    case 'undefined':
      return 'undefined'
    case 'function':
      return 'a function'
    case 'symbol':
      return 'a symbol'
    case 'object':
      return value === null ? 'null' : describeObject(value)
  }
}

/** A proxy may throw at any look. */
function describeObject(value: object): string {
  try {
    if (Array.isArray(value)) return 'an array'
    if (isDate(value)) return 'a Date'
    return value instanceof Map ? 'a Map' : value instanceof Set ? 'a Set' : 'an object'
  } catch {
    return 'an object that cannot be read'
  }
}

/** Also for a Date of another realm, where `instanceof` fails. */
export function isDate(value: unknown): value is Date {
  try {
    Date.prototype.getTime.call(value)
    return true
  } catch {
    return false
  }
}
