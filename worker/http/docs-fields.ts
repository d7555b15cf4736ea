/** How the documentation page says what a schema admits: one word for a type, one row for a field. */
import { html, type Html } from './html.ts'
import type { OpenApiOperation } from './openapi.ts'
import { isSchema, referredName, type Schema } from './schemas.ts'

type Shapes = Readonly<Record<string, Schema>>

/** "text", "list of State", "date-time or null". */
export function typeOf(schema: Schema): Html {
  const name = referredName(schema)
  if (name !== undefined) return html`<a href="#${name}">${name}</a>`
  const choices = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(choices)) return join(choices.filter(isSchema).map(typeOf), ' or ')
  if (Array.isArray(schema['enum']))
    return join(
      schema['enum'].map((value) => html`<code>${value}</code>`),
      ' ',
    )
  if (schema['const'] !== undefined) return html`<code>${JSON.stringify(schema['const'])}</code>`
  if (schema['type'] === 'array')
    return isSchema(schema['items']) && Object.keys(schema['items']).length > 0 ? html`list of ${typeOf(schema['items'])}` : html`list`
  if (schema['type'] === 'object' && isSchema(schema['properties']) && Object.keys(schema['properties']).length > 0) return html`object`
  if (schema['type'] === 'object' && isSchema(schema['additionalProperties']) && Object.keys(schema['additionalProperties']).length > 0) {
    return html`map of ${typeOf(schema['additionalProperties'])}`
  }
  return html`${wordFor(schema)}`
}

/** A table of fields; for what is no object, a sentence. */
export function describeFields(schema: Schema, shapes: Shapes): Html {
  const referred = shapes[referredName(schema) ?? '']
  if (referred !== undefined) return describeFields(referred, shapes)
  const choices = schema['oneOf'] ?? schema['anyOf']
  if (Array.isArray(choices))
    return html`${choices
      .filter(isSchema)
      .filter(({ type }) => type !== 'null')
      .map((choice) => describeFields(choice, shapes))}`
  if (schema['type'] === 'array' && isSchema(schema['items'])) return describeFields(schema['items'], shapes)
  const { properties } = schema
  if (!isSchema(properties)) return html`<p>${typeOf(schema)}${limitsOf(schema)}</p>`
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return html`<table>
    ${Object.entries(properties).map(([name, field]) => (isSchema(field) ? row(name, field, required.includes(name)) : html``))}
  </table>`
}

/** What comes back: its type, and its fields. */
export function describeAnswer({ responses }: OpenApiOperation, shapes: Shapes): Html {
  const [status = '', answer] = Object.entries(responses).findLast(([code]) => code !== 'default') ?? []
  const [media, content] = Object.entries(answer?.content ?? {})[0] ?? []
  if (content === undefined) return html`<p>Answers <b>${status}</b>${status === '101' ? ': the socket is open' : ' without a body'}.</p>`
  if (media !== 'application/json') return html`<p>Answers <b>${status}</b> with ${media ?? ''}.</p>`
  const hasFields = /"properties"|"\$ref"/.test(JSON.stringify(content.schema))
  if (!hasFields) return html`<p>Answers <b>${status}</b> with ${typeOf(content.schema)}.</p>`
  return html`<details>
    <summary>Answers <b>${status}</b>: ${typeOf(content.schema)}</summary>
    ${describeFields(content.schema, shapes)}
  </details>`
}

function row(name: string, field: Schema, required: boolean): Html {
  const inner = isSchema(field['properties']) ? describeFields(field, {}) : html``
  return html`<tr>
    <td><code>${name}</code>${required ? html`<b class="required" title="required">•</b>` : ''}</td>
    <td>${typeOf(field)}${limitsOf(field)}${defaultOf(field)}${inner}</td>
  </tr>`
}

const LIMITS: Readonly<Record<string, (value: number) => string>> = {
  minLength: (value) => (value === 1 ? 'not empty' : `at least ${value} characters`),
  maxLength: (value) => `up to ${value} characters`,
  maxItems: (value) => `up to ${value}`,
  minimum: (value) => (value === Number.MIN_SAFE_INTEGER ? '' : `from ${value}`),
  maximum: (value) => (value === Number.MAX_SAFE_INTEGER ? '' : `to ${value}`),
}

function limitsOf(schema: Schema): Html {
  const inner = Array.isArray(schema['anyOf'])
    ? schema['anyOf'].find((choice): choice is Schema => isSchema(choice) && choice['type'] !== 'null')
    : undefined
  const words = Object.entries({ ...inner, ...schema }).flatMap(([key, value]) =>
    typeof value === 'number' ? (LIMITS[key]?.(value) ?? []) : [],
  )
  const said = words.filter((word) => word !== '').join(', ')
  return said === '' ? html`` : html` <small>${said}</small>`
}

function defaultOf(schema: Schema): Html {
  return schema['default'] === undefined ? html`` : html` <small>default <code>${JSON.stringify(schema['default'])}</code></small>`
}

function wordFor({ type, format, not }: Schema): string {
  if (not !== undefined) return 'nothing'
  if (typeof format === 'string') return format
  if (type === 'string') return 'text'
  return typeof type === 'string' ? type : 'any JSON'
}

function join(parts: readonly Html[], between: string): Html {
  return html`${parts.map((part, at) => (at === 0 ? part : html`${between}${part}`))}`
}
