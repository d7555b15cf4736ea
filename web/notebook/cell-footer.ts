/** The line under a cell: where it ran, how long, when, whose the output is, and what is to be known before it is believed. */
import { html, nothing, type TemplateResult } from 'lit'
import clock from 'lucide-static/icons/clock.svg'
import warn from 'lucide-static/icons/triangle-alert.svg'
import ban from 'lucide-static/icons/ban.svg'
import check from 'lucide-static/icons/check.svg'
import cross from 'lucide-static/icons/x.svg'
import type { CellPlace } from '#sdk/notebook/document.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import { icon } from '../ui/icon.ts'
import { timeAgo } from '../ui/time.ts'
import { agoWords, durationWords } from '../ui/time-words.ts'
import { staleReason, type NameOf, type Reason, type StaleReason } from './block-words.ts'
import type { FormsButton } from './cell-forms.ts'
import type { CellModel } from './cell-model.ts'
import { originWords, versionWords, isRunnable } from './cell-words.ts'

interface Given {
  readonly model: CellModel
  /** Milliseconds since 1970. */
  readonly now: number
  readonly nameOf: NameOf
  readonly jumpTo: (cell: CellId) => void
  /** Undefined for a place that nobody knows. */
  readonly place: CellPlace | undefined
  readonly kind: string
  readonly forms: FormsButton
}

export function footer({ model, now, nameOf, jumpTo, place, kind, forms }: Given): TemplateResult {
  if (!isRunnable(kind))
    return html`<footer><span class="tag">${kind}</span>This kind of cell is kept and shown, and does not run here.</footer>`
  return html`<footer>
    ${placeBadge(model, place)}${standing(model, now)}${whose(model)}${reason(model, nameOf, jumpTo, now)}${formsOpener(forms)}
  </footer>`
}

function formsOpener(forms: FormsButton): TemplateResult | typeof nothing {
  if (forms === undefined) return nothing
  return html`<button
    class="quiet forms"
    aria-expanded=${forms.isOpen ? 'true' : 'false'}
    aria-label=${forms.label}
    title="Run the flow with parameters of your own (e f)"
    @click=${forms.toggle}
  >
    Run…
  </button>`
}

function placeBadge(model: CellModel, place: CellPlace | undefined): TemplateResult {
  const given = model.cell.value.attributes['runs']
  const word = place ?? (typeof given === 'string' ? given : 'browser')
  return place === 'browser' ? html`<span class="where">${word}</span>` : html`<span class="tag">${word}</span>`
}

function standing(model: CellModel, now: number): TemplateResult | typeof nothing {
  const status = model.status.value
  if (status.kind === 'running') {
    const seconds = Math.max(0, Date.now() - status.startedAt) / 1_000
    return html`<span class="state" data-state="running"><span class="run-time">running ${durationWords(seconds)}</span></span>`
  }
  if (status.kind === 'queued') return html`<span class="state" data-state="scheduled">${icon(clock)}waits for its turn</span>`
  const shown = model.run.value
  if (shown === undefined) return nothing
  const { state, duration_ms: ms, started } = shown.run
  const took = ms === null ? nothing : html`<span class="run-time">${milliWords(ms)}</span>`
  const end = started / 1_000 + (ms ?? 0)
  const word =
    state === 'failed'
      ? html`<span class="state" data-state="failed">${icon(cross)}failed</span>`
      : state === 'interrupted'
        ? html`<span class="state" data-state="cancelled">${icon(ban)}stopped</span>`
        : model.mark.value?.state === 'fresh'
          ? html`<span class="state" data-state="completed" title="It ran with this code and these inputs">${icon(check)}</span>`
          : nothing
  return html`${word}${took}<span>${timeAgo(end, now)}</span>`
}

/** "0.8 ms" below ten: a warm cell is quicker than a millisecond. */
const milliWords = (ms: number): string => (ms < 10 ? `${ms.toFixed(1)} ms` : durationWords(ms / 1_000))

function whose(model: CellModel): TemplateResult | typeof nothing {
  const shown = model.run.value
  if (shown === undefined || model.status.value.kind === 'running') return nothing
  const mark = model.mark.value
  // "edited since it ran" says the same.
  const isSaid = mark?.state === 'stale' && mark.reason === 'edited'
  const words = [originWords(shown), isSaid ? undefined : versionWords(shown, model.info.value?.facts.code)].filter(
    (word) => word !== undefined,
  )
  return words.length === 0 ? nothing : html`<span>${words.join(', ')}</span>`
}

function reason(model: CellModel, nameOf: NameOf, jumpTo: (cell: CellId) => void, now: number): TemplateResult | typeof nothing {
  const status = model.status.value
  if (status.kind === 'blocked') {
    // The list of problems above says it, with its place.
    const isSaid = model.info.value?.problems.some(({ message }) => message === status.sentence) === true
    return isSaid || (status.isOwn && (model.info.value?.problems.length ?? 0) > 0)
      ? nothing
      : because(status, status.isOwn ? 'blocked' : 'held', jumpTo, nameOf)
  }
  if (status.kind !== 'ready') return nothing
  const stale = staleReason(model.mark.value, nameOf, (cell) => namesFrom(model, cell))
  if (stale === undefined) return nothing
  if (stale.kind === 'never run') return model.run.value === undefined ? html`<span>not run yet</span>` : nothing
  return because(withTime(stale, model.markedAt, now), 'stale', jumpTo, nameOf)
}

const namesFrom = (model: CellModel, cell: CellId): readonly string[] =>
  model.info.value?.references.flatMap(({ name, from }) => (from === cell ? [name] : [])) ?? []

function withTime(reason: StaleReason, at: number, now: number): StaleReason {
  if (reason.isEvent !== true) return reason
  const ago = agoWords(at, now)
  return { ...reason, sentence: `${reason.sentence} ${ago === 'now' ? 'just now' : ago}` }
}

function because(
  { sentence, cause, link }: Reason & { readonly link?: string },
  kind: 'stale' | 'blocked' | 'held',
  jumpTo: (cell: CellId) => void,
  nameOf: NameOf,
): TemplateResult {
  const name = cause === undefined ? undefined : (link ?? nameOf(cause))
  const at = name === undefined ? -1 : sentence.indexOf(name)
  const words =
    cause === undefined || name === undefined || at < 0
      ? sentence
      : html`${sentence.slice(0, at)}<a role="link" tabindex="0" @click=${() => jumpTo(cause)} @keydown=${pressed(() => jumpTo(cause))}
            ><u>${name}</u></a
          >${sentence.slice(at + name.length)}`
  return html`<span class="why ${kind}">${icon(kind === 'stale' ? warn : ban)} ${kind === 'stale' ? 'stale: ' : ''}${words}</span>`
}

const pressed = (run: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter') return
  event.preventDefault()
  event.stopPropagation()
  run()
}
