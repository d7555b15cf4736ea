/** Values in and out of columns, so that what people write comes back as they wrote it. */
import type { JsonValue } from '#sdk/protocol/json.ts'
import type { Binding, Row } from './sql.ts'

/** A NUL ends a text for SQLite's functions, a lone surrogate does not survive UTF-8; both are written as ESCAPE and four hex digits. */
const ESCAPE = '\u001a'
// oxlint-disable-next-line no-control-regex -- these very characters are what must not reach a column
const UNSAFE = /[\u0000\u001a]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
// oxlint-disable-next-line no-control-regex -- the escape character itself
const ESCAPED = /\u001a([0-9a-f]{4})/g

/** Character by character, so that equality and substrings mean the same before and after. */
export function toText(text: string): string {
  return text.replace(UNSAFE, (character) => ESCAPE + character.charCodeAt(0).toString(16).padStart(4, '0'))
}

export function fromText(text: string): string {
  return text.includes(ESCAPE) ? text.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))) : text
}

/** JSON text escapes NULs and lone surrogates by itself. */
export const toJson = (value: unknown): string => JSON.stringify(value)

export function textOf(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`column ${column} is no text`)
  return value
}

export function numberOf(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new TypeError(`column ${column} is no number`)
  return value
}

export const textOrNull = (row: Row, column: string): string | null => (row[column] === null ? null : textOf(row, column))
export const numberOrNull = (row: Row, column: string): number | null => (row[column] === null ? null : numberOf(row, column))

/** What this room wrote itself as JSON. */
export function jsonOf<T extends JsonValue | object>(row: Row, column: string): T {
  return JSON.parse(textOf(row, column)) as T
}

/** A list as one binding: `IN (SELECT value FROM json_each(?))`. */
export const listOf = (values: readonly string[]): Binding => toJson(values.map(toText))
