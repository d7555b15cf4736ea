/** What a run gave: its value, why it failed, or why nothing was kept. */
import { parse } from 'devalue'
import { html, nothing, type TemplateResult } from 'lit'
import { readResultReference, type ErrorRecord } from '#sdk/protocol/results.ts'
import type { StateOutput, StateType } from '#sdk/protocol/states.ts'
import { copyText } from '../ui/copy-text.ts'
import { valueText } from './json-text.ts'
import { messageOf } from '../ui/message-of.ts'

export function resultView(data: StateOutput['data'] | undefined, type: StateType | null): TemplateResult {
  const reference = readResultReference(data ?? undefined)
  switch (reference?.kind) {
    case 'inline':
      return valueView(reference.value)
    case 'error':
      return errorView(reference.error)
    case 'unkept':
      return html`<p class="quiet">The result was not kept: ${reference.reason}. With persistResult it is.</p>`
    case undefined:
      if (data != null)
        return html`<p class="quiet">Written by another client:</p>
          <pre tabindex="0">${valueText(data)}</pre>`
      return html`<p class="quiet">
        ${type === 'COMPLETED' ? 'The result was not kept. With persistResult it is.' : 'There is no result yet.'}
      </p>`
  }
}

function valueView(text: string): TemplateResult {
  let value: unknown
  try {
    value = parse(text)
  } catch (error) {
    return html`<p class="trouble">The result cannot be read: ${messageOf(error)}</p>`
  }
  const shown = valueText(value)
  return html`<pre tabindex="0" aria-label="Result"><code>${shown}</code></pre>
    <button class="quiet" @click=${() => void copyText(shown)}>Copy</button>`
}

function errorView({ name, message, stack, cause }: ErrorRecord): TemplateResult {
  return html`<p class="why"><b>${name}</b>: ${message}</p>
    ${stack === undefined ? nothing : html`<pre tabindex="0" aria-label="Stack">${stack}</pre>`}
    ${
      cause === undefined
        ? nothing
        : html`<p class="quiet">Caused by:</p>
            ${errorView(cause)}`
    }`
}
