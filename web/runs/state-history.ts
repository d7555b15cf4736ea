/** The states of one run, oldest first, as a list. */
import { html, nothing, type TemplateResult } from 'lit'
import type { StateOutput } from '#sdk/protocol/states.ts'
import { stateBadge } from '../ui/state.ts'
import { clockWords, durationWords, fullTime } from '../ui/time-words.ts'
import { instantOf } from './instant.ts'

export function stateHistory(states: readonly StateOutput[]): TemplateResult {
  return html`<ol class="history">
    ${states.map(({ type, name, timestamp, message, state_details }, at) => {
      const before = states[at - 1]
      const since = before === undefined ? undefined : (instantOf(timestamp) - instantOf(before.timestamp)) / 1_000_000
      const due = state_details.scheduled_time
      return html`<li>
        <time datetime=${timestamp} title=${fullTime(timestamp)}>${clockWords(timestamp, 'millis')}</time>
        ${stateBadge(type, name)} ${since === undefined ? nothing : html`<span class="faint">after ${durationWords(since)}</span>`}
        ${due == null ? nothing : html`<span class="quiet">due ${clockWords(due, 'millis')}</span>`}
        ${message === null ? nothing : html`<span class=${type === 'FAILED' || type === 'CRASHED' ? 'why' : 'quiet'}>${message}</span>`}
      </li>`
    })}
  </ol>`
}
