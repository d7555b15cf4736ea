/** The parameters of a flow as its JSON Schema tells them. */
import { html, nothing, type TemplateResult } from 'lit'
import { valueText } from './json-text.ts'
import { isObject } from './task-row.ts'

export function parametersTable(schema: unknown): TemplateResult {
  const properties = isObject(schema) && isObject(schema['properties']) ? Object.entries(schema['properties']) : []
  if (schema === null || schema === undefined)
    return html`<p class="quiet">Nobody told what parameters this flow takes. A flow with types tells when it first runs.</p>`
  if (properties.length === 0) return html`<p class="quiet">This flow takes no parameters.</p>`
  const required = new Set(isObject(schema) && Array.isArray(schema['required']) ? schema['required'] : [])
  return html`<table aria-label="Parameters">
      <thead>
        <tr>
          <th>Name</th>
          <th>Type</th>
          <th>Default</th>
          <th>Meaning</th>
        </tr>
      </thead>
      <tbody>
        ${properties.map(([name, property]) => {
          const facts = isObject(property) ? property : {}
          return html`<tr>
            <td><code>${name}</code></td>
            <td>${typeWords(facts)}</td>
            <td>
              ${'default' in facts ? html`<code>${JSON.stringify(facts['default'])}</code>` : required.has(name) ? 'required' : nothing}
            </td>
            <td>${typeof facts['description'] === 'string' ? facts['description'] : nothing}</td>
          </tr>`
        })}
      </tbody>
    </table>
    <details>
      <summary>JSON Schema</summary>
      <pre tabindex="0">${valueText(schema)}</pre>
    </details>`
}

function typeWords(property: Readonly<Record<string, unknown>>): string {
  const { type, enum: choices, items, anyOf, $ref } = property
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(' | ')
  if (type === 'array') return `${isObject(items) ? typeWords(items) : 'any'}[]`
  if (typeof type === 'string') return typeof property['format'] === 'string' ? `${type} (${property['format']})` : type
  if (Array.isArray(type)) return type.join(' | ')
  if (Array.isArray(anyOf)) return anyOf.map((one) => (isObject(one) ? typeWords(one) : 'any')).join(' | ')
  return typeof $ref === 'string' ? ($ref.split('/').at(-1) ?? 'object') : 'any'
}
