/** What a timeline says in words: inside bars, in the card beside the pointer, and to screen readers. */
import { html, nothing, type TemplateResult } from 'lit'
import { styleMap } from '../ui/style-map.ts'
import { stateBadge } from '../ui/state.ts'
import { stateWords, type StateKind } from '../ui/state-kind.ts'
import { clockWords, durationWords } from '../ui/time-words.ts'
import { attemptsOf, extentOf, type Span, type SpanKind } from './spans.ts'
import { bornAt, stateOf, type TaskRow } from './task-row.ts'

/** What the card is about, and where it stands. */
export interface Shown {
  readonly row: TaskRow
  /** Undefined: the whole task run. */
  readonly span: Span | undefined
  /** Task runs that the bar stands for. */
  readonly merged: number
  readonly x: number
  readonly y: number
}

export const kindOfSpan = (kind: SpanKind): StateKind => (kind === 'retry' ? 'retrying' : kind)

const WORDS: Readonly<Record<SpanKind, string>> = {
  completed: 'completed',
  cached: 'cached',
  failed: 'failed',
  crashed: 'crashed',
  cancelled: 'cancelled',
  running: 'running',
  cancelling: 'cancelling',
  paused: 'paused',
  retry: 'waits for the next attempt',
  pending: 'waits',
  scheduled: 'waits',
}

const secondsOf = ({ from, to }: Pick<Span, 'from' | 'to'>, now: number): number => Math.max(0, (to ?? now) - from) / 1_000_000

/** As much as fits. */
export function barText(span: Span, width: number, now: number): string {
  if (span.kind === 'retry' || width < 54) return ''
  const took = durationWords(secondsOf(span, now))
  if (span.attempt === 0) return width > 90 ? WORDS[span.kind] : ''
  return span.attempt > 1 && width > 110 ? `attempt ${span.attempt}, ${took}` : took
}

/** Of bars that are one because they are too narrow to tell apart. */
export const mergedText = (count: number, width: number): string => (width < 100 ? '' : `${count.toLocaleString('en')} task runs`)

/** What a lane holds; `at`: which of them the keyboard is on. */
export function laneText(count: number, at: number | undefined): string {
  const all = count.toLocaleString('en')
  return at === undefined ? `${all} task runs` : `${(at + 1).toLocaleString('en')} of ${all} task runs`
}

/** One sentence for a whole task run. */
export function rowLabel(row: TaskRow, now: number): string {
  const state = stateOf(row)
  const ran = extentOf(row)
  const attempts = attemptsOf(row)
  return [
    `${row.name}: ${stateWords(state.type, state.name)}`,
    ran === null ? 'never started' : `started ${clockWords(ran.from / 1_000)}`,
    ...(ran === null ? [] : [`took ${durationWords(secondsOf(ran, now))}`]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(row.problem === null ? [] : [row.problem]),
  ].join(', ')
}

export function barCard({ row, span, merged, x, y }: Shown, origin: number, now: number): TemplateResult {
  const state = stateOf(row)
  const ran = span ?? extentOf(row) ?? { from: bornAt(row), to: state.at }
  const attempts = attemptsOf(row)
  const isLeft = x > innerWidth * 0.6
  const isUp = y > innerHeight - 140
  const style = {
    ...(isLeft ? { right: `${innerWidth - x}px` } : { left: `${x}px` }),
    ...(isUp ? { bottom: `${innerHeight - y + 36}px` } : { top: `${y}px` }),
  }
  return html`<div class="card" role="tooltip" style=${styleMap(style)}>
    <div><b>${row.name}</b> ${stateBadge(state.type, state.name)}</div>
    ${merged > 1 ? html`<div class="quiet">and ${merged - 1} more that are too short to tell apart: zoom in</div>` : nothing}
    <div class="quiet">
      ${span === undefined ? nothing : html`${span.attempt > 0 ? `Attempt ${span.attempt} of ${attempts}: ` : ''}${WORDS[span.kind]}, `}
      ${clockWords(ran.from / 1_000, 'millis')}
      (+${durationWords((ran.from - origin) / 1_000_000)})${ran.to === ran.from ? nothing : html`, ${durationWords(secondsOf(ran, now))}`}
    </div>
    ${row.problem === null ? nothing : html`<div class="why">${row.problem}</div>`}
  </div>`
}
