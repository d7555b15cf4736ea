/** What a log says of itself: how far back it has read, and why it is empty. */
import { html, nothing, type TemplateResult } from 'lit'
import type { RunLog } from './run-log.ts'

export function olderWords(log: RunLog): TemplateResult | typeof nothing {
  if (log.trouble.value !== undefined)
    return html`<p class="older trouble" role="status">
      Older lines could not be read: ${log.trouble.value} <button class="quiet" @click=${() => void log.readOlder()}>Try again</button>
    </p>`
  const total = log.total?.toLocaleString('en')
  const have = log.lines.all.length.toLocaleString('en')
  if (log.isReadingOlder)
    return html`<p class="older" role="status">Reading older lines… ${have}${total === undefined ? '' : ` of ${total}`}</p>`
  if (log.isCut) return html`<p class="older">These are the last ${have} of ${total ?? 'many'} lines; the download has all.</p>`
  return nothing
}

export function emptyWords(log: RunLog): string {
  if (log.lines.all.length === 0) return 'No line was logged. console.log in a flow with logPrints, or getRunLogger(), writes here.'
  return log.isReadingOlder || log.hasOlder ? 'No such line among those that were read yet.' : 'No line is like that.'
}
