/** What can be done to the flow runs that are chosen, and what became of those that it was done to. */
import { html, nothing, type TemplateResult } from 'lit'
import ban from 'lucide-static/icons/ban.svg'
import trash from 'lucide-static/icons/trash-2.svg'
import { workspace } from '../app/current.ts'
import { icon } from '../ui/icon.ts'
import type { BulkOutcome } from './run-actions.ts'

const MAX_OUTCOMES_SHOWN = 20

interface BulkActs {
  readonly cancel: () => void
  readonly delete: () => void
  readonly none: () => void
}

/** @param isBusy Something is being done to them. */
export function bulkBar(count: number, isBusy: boolean, acts: BulkActs): TemplateResult | typeof nothing {
  if (count === 0) return nothing
  return html`<div class="bulk" role="toolbar" aria-label="Chosen flow runs">
    <span role="status">${count} chosen</span>
    <button ?disabled=${isBusy} @click=${acts.cancel}>${icon(ban)}Cancel</button>
    ${
      workspace().may('owner')
        ? html`<button class="danger" ?disabled=${isBusy} @click=${acts.delete}>${icon(trash)}Delete</button>`
        : nothing
    }
    <button class="quiet" @click=${acts.none}>Choose none</button>
  </div>`
}

export function bulkOutcomes(outcomes: readonly BulkOutcome[], close: () => void): TemplateResult | typeof nothing {
  if (outcomes.length === 0) return nothing
  const failed = outcomes.filter(({ isDone }) => !isDone)
  const told = (failed.length === 0 ? outcomes : failed).slice(0, MAX_OUTCOMES_SHOWN)
  return html`<div class="outcomes" role="status">
    <p>
      ${outcomes.length - failed.length} of ${outcomes.length} done${failed.length === 0 ? '.' : ':'}
      <button class="quiet" @click=${close}>Close</button>
    </p>
    <ul>
      ${told.map(({ name, words }) => html`<li><b>${name}</b> ${words}</li>`)}
    </ul>
  </div>`
}
