/**
 * What is typed into a form (drafts), and the value that comes of it. Pure.
 *
 * 1. A draft keeps what was typed, however wrong; reading it gives the value, or issues with their paths.
 * 2. What may be left out and is empty is left out: the function's own default then holds.
 */
import type { JsonValue } from '#sdk/protocol/json.ts'
import { fieldOf, type Field, type SchemaDocument } from './schema-fields.ts'
import { messageOf } from './message-of.ts'

export type Path = readonly (string | number)[]
export interface FieldIssue {
  readonly path: Path
  /** A sentence without its field: "Needs a whole number." */
  readonly message: string
}

/** What stands in a field. `absent`: left out; `null`: the value null. */
export type Draft =
  | { readonly kind: 'absent' | 'null' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'boolean'; readonly isTrue: boolean }
  | { readonly kind: 'list'; readonly items: readonly Draft[] }
  | { readonly kind: 'object'; readonly properties: Readonly<Record<string, Draft>> }

export const ABSENT: Draft = { kind: 'absent' }
export const NULL: Draft = { kind: 'null' }

/** The draft that shows a value; without one the schema's default, else what is empty. */
export function draftOf(
  field: Field,
  document: SchemaDocument,
  isRequired: boolean,
  value: JsonValue | undefined = field.schema.default,
): Draft {
  if (value === undefined) return emptyDraft(field, document, isRequired)
  if (value === null && field.isNullable) return NULL
  switch (field.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? { kind: 'boolean', isTrue: value } : emptyDraft(field, document, isRequired)
    case 'choice':
      return { kind: 'text', text: JSON.stringify(value) }
    case 'text':
      return { kind: 'text', text: typeof value === 'string' ? shownTime(field.format, value) : JSON.stringify(value) }
    case 'number':
      return { kind: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }
    case 'json':
      return { kind: 'text', text: JSON.stringify(value, null, 2) }
    case 'list':
      if (!Array.isArray(value)) return emptyDraft(field, document, isRequired)
      return { kind: 'list', items: value.map((item: JsonValue) => draftOf(fieldOf(field.item, document), document, true, item)) }
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return emptyDraft(field, document, isRequired)
      const given = value as Readonly<Record<string, JsonValue>> // what is left of JSON
      const drafts = field.properties.map(({ name, schema, isRequired: must }) => [
        name,
        draftOf(fieldOf(schema, document, name), document, must, given[name]),
      ])
      return { kind: 'object', properties: Object.fromEntries(drafts) }
    }
  }
}

/** What a field that nobody has touched holds. An object that must be there shows its fields. */
export function emptyDraft(field: Field, document: SchemaDocument, isRequired: boolean): Draft {
  if (field.kind === 'object' && isRequired && !field.isNullable) return startedDraft(field, document)
  if (field.kind === 'list' && isRequired && !field.isNullable) return startedDraft(field, document)
  if (field.kind === 'boolean' && isRequired) return { kind: 'boolean', isTrue: false }
  if (field.kind === 'object' || field.kind === 'list' || field.kind === 'boolean') return ABSENT
  return { kind: 'text', text: '' }
}

/** What a list or an object holds once somebody adds it. */
export function startedDraft(field: Field, document: SchemaDocument): Draft {
  if (field.kind === 'list') {
    const item = fieldOf(field.item, document)
    return { kind: 'list', items: Array.from({ length: field.least }, () => draftOf(item, document, true)) }
  }
  if (field.kind !== 'object') return draftOf(field, document, true)
  const drafts = field.properties.map(({ name, schema, isRequired }) => [
    name,
    draftOf(fieldOf(schema, document, name), document, isRequired),
  ])
  return { kind: 'object', properties: Object.fromEntries(drafts) }
}

export type Reading = { readonly value: JsonValue | undefined } | { readonly issues: readonly FieldIssue[] }
const wrong = (path: Path, message: string): Reading => ({ issues: [{ path, message }] })

/** The value of a draft; undefined: it is left out. */
export function readDraft(field: Field, document: SchemaDocument, isRequired: boolean, draft: Draft, path: Path = []): Reading {
  if (draft.kind === 'null') return field.isNullable ? { value: null } : wrong(path, 'May not be null.')
  if (draft.kind === 'boolean') return { value: draft.isTrue }
  if (draft.kind === 'list') return readList(field, document, draft.items, path)
  if (draft.kind === 'object') return readObject(field, document, draft.properties, path)
  if (draft.kind !== 'text') return isRequired ? wrong(path, 'Is needed.') : { value: undefined }
  if (draft.text.trim() === '' && !(field.kind === 'text' && field.format === 'plain')) {
    return isRequired ? wrong(path, 'Is needed.') : { value: undefined }
  }
  if (draft.text === '' && !isRequired) return { value: undefined }
  return readText(field, draft.text, path)
}

function readText(field: Field, text: string, path: Path): Reading {
  switch (field.kind) {
    case 'text':
      return readTime(field.format, text, path)
    case 'number':
      return readNumber(field, text.trim(), path)
    case 'choice': {
      const option = field.options.find((value) => JSON.stringify(value) === text)
      return option === undefined
        ? wrong(path, `Needs one of ${field.options.map((value) => JSON.stringify(value)).join(', ')}.`)
        : { value: option }
    }
    default:
      return readJson(field, text, path)
  }
}

function readNumber({ isWhole, isBig }: { readonly isWhole: boolean; readonly isBig: boolean }, text: string, path: Path): Reading {
  const value = Number(text)
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(value)) return wrong(path, 'Needs a number.')
  if (isWhole && !Number.isInteger(value)) return wrong(path, 'Needs a whole number.')
  if (isWhole && !isBig && !Number.isSafeInteger(value)) return wrong(path, 'Is too large to be exact: at most 9007199254740991.')
  // Beyond what a number holds exactly, the engine takes the digits as text.
  return { value: isBig && !Number.isSafeInteger(value) ? text : value }
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

function readTime(format: 'plain' | 'date' | 'date-time', text: string, path: Path): Reading {
  if (format === 'plain') return { value: text }
  if (format === 'date')
    return DAY.test(text) && !Number.isNaN(Date.parse(text)) ? { value: text } : wrong(path, 'Needs a day, such as 2026-11-21.')
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? wrong(path, 'Needs a day and a time, such as 2026-11-21T14:30.') : { value: at.toISOString() }
}

/** An instant as the platform's field wants it: in the time of this machine, without a zone. */
function shownTime(format: 'plain' | 'date' | 'date-time', text: string): string {
  const at = new Date(text)
  if (format !== 'date-time' || Number.isNaN(at.getTime())) return text
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString()
  return local.slice(0, at.getSeconds() === 0 && at.getMilliseconds() === 0 ? 16 : 23)
}

function readJson({ schema }: Field, text: string, path: Path): Reading {
  let value: JsonValue
  try {
    value = JSON.parse(text)
  } catch (error) {
    return wrong(path, `Is no JSON: ${messageOf(error)}.`)
  }
  const { type } = schema
  if (type !== undefined && !hasType(value, type)) return wrong(path, `Needs ${WORDS[type] ?? type}, written as JSON.`)
  return { value }
}

const WORDS: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
}

function hasType(value: JsonValue, type: string): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  if (type === 'null') return value === null
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}

function readList(field: Field, document: SchemaDocument, items: readonly Draft[], path: Path): Reading {
  if (field.kind !== 'list') return wrong(path, 'Is no list.')
  if (items.length < field.least) return wrong(path, `Needs at least ${field.least} ${field.least === 1 ? 'entry' : 'entries'}.`)
  if (items.length > field.most) return wrong(path, `Takes at most ${field.most} ${field.most === 1 ? 'entry' : 'entries'}.`)
  const item = fieldOf(field.item, document)
  const readings = items.map((draft, index) => readDraft(item, document, true, draft, [...path, index]))
  const issues = readings.flatMap((reading) => ('issues' in reading ? reading.issues : []))
  return issues.length > 0 ? { issues } : { value: readings.map((reading) => ('value' in reading ? (reading.value ?? null) : null)) }
}

function readObject(field: Field, document: SchemaDocument, drafts: Readonly<Record<string, Draft>>, path: Path): Reading {
  if (field.kind !== 'object') return wrong(path, 'Is no object.')
  const issues: FieldIssue[] = []
  const entries: [string, JsonValue][] = []
  for (const { name, schema, isRequired } of field.properties) {
    const reading = readDraft(fieldOf(schema, document, name), document, isRequired, drafts[name] ?? ABSENT, [...path, name])
    if ('issues' in reading) issues.push(...reading.issues)
    else if (reading.value !== undefined) entries.push([name, reading.value])
  }
  return issues.length > 0 ? { issues } : { value: Object.fromEntries(entries) }
}

/** A draft with another one at a path inside it. */
export function withDraft(draft: Draft, path: Path, next: Draft): Draft {
  const [head, ...rest] = path
  if (head === undefined) return next
  if (draft.kind === 'list' && typeof head === 'number') {
    return { kind: 'list', items: draft.items.map((item, index) => (index === head ? withDraft(item, rest, next) : item)) }
  }
  if (draft.kind !== 'object' || typeof head !== 'string') return draft
  return { kind: 'object', properties: { ...draft.properties, [head]: withDraft(draft.properties[head] ?? ABSENT, rest, next) } }
}
