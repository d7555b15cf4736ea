/** What a page shows that has no record to show: nothing yet, that it is gone, or why it could not be read. */
import { html, type TemplateResult } from 'lit'
import { pathTo } from '../app/router.ts'
import '../ui/empty.ts'
import '../ui/page-header.ts'
import type { NoRecord } from './reading.ts'

export interface RecordWords {
  /** "Task run". */
  readonly title: string
  /** "It may have been deleted." */
  readonly why: string
  /** Where all of its kind are. */
  readonly all: { readonly path: string; readonly words: string }
}

export function noRecord(reading: NoRecord, { title, why, all }: RecordWords, again: () => void): TemplateResult {
  switch (reading.is) {
    case 'loading':
      return html`<fc-page-header heading=${title}></fc-page-header>`
    case 'gone':
      return html`<fc-page-header heading="There is no such ${title.toLowerCase()}"></fc-page-header>
        <fc-empty heading="Not here"> ${why} <a slot="action" class="button primary" href=${pathTo(all.path)}>${all.words}</a> </fc-empty>`
    case 'failed':
      return html`<fc-page-header heading=${title}></fc-page-header>
        <p class="trouble" role="alert">${reading.detail} <button @click=${again}>Try again</button></p>`
  }
}
