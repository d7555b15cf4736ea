/** One line of a timeline: a name that is a link, and bars. */
import { html, nothing, type TemplateResult } from 'lit'
import chevronDown from 'lucide-static/icons/chevron-down.svg'
import chevronRight from 'lucide-static/icons/chevron-right.svg'
import { navigate, pathTo } from '../app/router.ts'
import { icon } from '../ui/icon.ts'
import { styleMap } from '../ui/style-map.ts'
import type { View } from './axis.ts'
import type { TaskRow } from './task-row.ts'
import { place, placeRow, type Placed, type TimelineLine } from './timeline-rows.ts'
import { barText, kindOfSpan, laneText, mergedText, rowLabel } from './timeline-words.ts'

type TaskLine = Extract<TimelineLine, { readonly kind: 'task' }>
type Lane = Extract<TimelineLine, { readonly kind: 'lane' }>

export interface LineLook {
  readonly index: number
  /** Lines in all. */
  readonly count: number
  /** Pixels. */
  readonly height: number
  readonly width: number
  readonly view: View
  readonly now: number
  /** The keyboard is here; in a lane: on which of its task runs. */
  readonly spot: number | undefined
}
export interface LineActs {
  readonly fold: (row: TaskRow) => void
  readonly focus: (row: TaskRow, event: FocusEvent) => void
  readonly blur: () => void
  readonly hover: (placed: Placed, event: PointerEvent) => void
}

export function timelineLine(line: TimelineLine, look: LineLook, acts: LineActs): TemplateResult {
  const { index, count, height } = look
  const style = styleMap({ top: `${index * height}px`, height: `${height}px` })
  if (line.kind === 'note')
    return html`<div class="row note" role="listitem" style=${style}>
      <span class="name" style=${indent(line.depth)}>${line.text}</span>
    </div>`
  return html`<div class="row" role="listitem" aria-setsize=${count} aria-posinset=${index + 1} style=${style}>
    ${line.kind === 'lane' ? laneName(line, look, acts) : taskName(line, look, acts)}
    <div class="lane">
      ${place(line.bars, look.view, look.width, look.now).map((placed) => bar(placed, look.now, acts))}${here(line, look)}
    </div>
  </div>`
}

function taskName({ row, depth, isOpen }: TaskLine, look: LineLook, acts: LineActs): TemplateResult {
  return html`<span class="name" style=${indent(depth)}>
    ${
      isOpen === undefined
        ? nothing
        : html`<button
            class="quiet"
            tabindex="-1"
            aria-expanded=${isOpen}
            aria-label="${isOpen ? 'Fold' : 'Unfold'} the subflow ${row.name}"
            @click=${() => acts.fold(row)}
          >
            ${icon(isOpen ? chevronDown : chevronRight)}
          </button>`
    }
    ${link(row, row.name, rowLabel(row, look.now), look, acts)}
  </span>`
}

/** Leads to the task run that the keyboard is on, else to the first. */
function laneName({ rows }: Lane, look: LineLook, acts: LineActs): TemplateResult | typeof nothing {
  const at = Math.min(look.spot ?? 0, rows.length - 1)
  const row = rows[at]
  if (row === undefined) return nothing
  const text = laneText(rows.length, at === 0 ? undefined : at)
  const label = rowLabel(row, look.now)
  return html`<span class="name">
    ${rows.length === 1 ? link(row, row.name, label, look, acts) : link(row, text, `${text}: ${label}`, look, acts)}
  </span>`
}

function link(row: TaskRow, text: string, label: string, { index, spot }: LineLook, { focus, blur }: LineActs): TemplateResult {
  return html`<a
    href=${pathTo(hrefOf(row))}
    data-index=${index}
    tabindex=${spot === undefined ? -1 : 0}
    title=${text}
    aria-label=${label}
    @focus=${(event: FocusEvent) => focus(row, event)}
    @blur=${blur}
    >${text}</a
  >`
}

function bar(placed: Placed, now: number, { hover }: LineActs): TemplateResult {
  const { left, width, merged } = placed
  const { row, span } = placed.bar
  const isMoment = span.to === span.from
  const style = isMoment ? { left: `${left}px` } : { left: `${left}px`, width: `${width}px` }
  return html`<i
    class="bar"
    data-kind=${span.kind}
    data-state=${kindOfSpan(span.kind)}
    ?data-moment=${isMoment}
    style=${styleMap(style)}
    @pointerenter=${(event: PointerEvent) => hover(placed, event)}
    @click=${() => navigate(hrefOf(row))}
    >${isMoment ? '' : merged > 1 ? mergedText(merged, width) : barText(span, width, now)}</i
  >`
}

/** Where in a lane the keyboard is. */
function here(line: TaskLine | Lane, { spot, view, width, now }: LineLook): TemplateResult | typeof nothing {
  const row = line.kind === 'lane' && spot !== undefined ? line.rows[Math.min(spot, line.rows.length - 1)] : undefined
  if (row === undefined) return nothing
  const { left, width: wide } = placeRow(row, view, width, now)
  return html`<i class="here" style=${styleMap({ left: `${left}px`, width: `${wide}px` })}></i>`
}

const hrefOf = ({ id }: TaskRow): string => `/runs/task-run/${id}`
const indent = (depth: number) => styleMap(depth === 0 ? {} : { 'padding-left': `calc(var(--space-3) + ${depth * 14}px)` })
