/** What stands where no cell is: below the last one, and in a notebook without any. */
import { html, nothing, type TemplateResult } from 'lit'
import plus from 'lucide-static/icons/plus.svg'
import '../ui/empty.ts'
import { icon } from '../ui/icon.ts'

export type AddCell = (type: 'ts' | 'md') => void

export const addingBelow = (add: AddCell): TemplateResult =>
  html`<div class="adding">
    <button class="quiet" @click=${() => add('ts')}>${icon(plus)}Code</button>
    <button class="quiet" @click=${() => add('md')}>${icon(plus)}Text</button>
  </div>`

/** @param add Left out for who may only look. */
export const noCells = (add: AddCell | undefined): TemplateResult =>
  html`<fc-empty heading="This notebook has no cells">
    Code runs in this tab. The last line of a cell is shown under it, and its names are there for all other cells.
    <pre slot="example">
const rows = [{ day: 'Mon', runs: 12 }, { day: 'Tue', runs: 9 }]
rows</pre>
    ${
      add === undefined
        ? nothing
        : html`<button slot="action" class="primary" @click=${() => add('ts')}>${icon(plus)}Add code</button>
            <button slot="action" class="quiet" @click=${() => add('md')}>${icon(plus)}Text</button>`
    }
  </fc-empty>`
