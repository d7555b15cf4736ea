/**
 * `<fc-timeline .store>`: the task runs of a flow run over time, each attempt a bar, waits drawn between them.
 *
 * 1. Only the lines that are seen are in the document, however many task runs there are.
 * 2. It moves only while something runs: then the view grows in steps, so that bars do not creep, and one clock moves the line of the present.
 * 3. Whoever zoomed or panned keeps their view until Fit.
 * Emits nothing: names and bars are links to task runs.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { styleMap } from '../ui/style-map.ts'
import chevronDown from 'lucide-static/icons/chevron-down.svg'
import chevronRight from 'lucide-static/icons/chevron-right.svg'
import zoomIn from 'lucide-static/icons/zoom-in.svg'
import zoomOut from 'lucide-static/icons/zoom-out.svg'
import { isTerminal } from '#sdk/protocol/state-types.ts'
import { navigate, pathTo } from '../app/router.ts'
import { icon } from '../ui/icon.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { growingView, pan, ticksOf, wholeView, zoom, type View } from './axis.ts'
import { fastNow, Ticking } from './fast-clock.ts'
import { instantOf, instantOrNull } from './instant.ts'
import type { RunStore } from './run-store.ts'
import { holdRun, type HeldRun } from './stores.ts'
import { bornAt, stateOf, type TaskRow } from './task-row.ts'
import { barCard, barText, kindOfSpan, mergedText, rowLabel, type Shown } from './timeline-words.ts'
import { laneLines, place, taskLines, type Placed, type TimelineLine } from './timeline-rows.ts'
import { timelineStyle } from './timeline-style.ts'

const ROW = 30
const NARROW_ROW = 44
const LANE = 26
const NARROW_PX = 560
/** Lines beyond what is seen, so that scrolling finds them. */
const OVERSCAN = 6
/** More task runs than this share lanes at first. */
const MANY = 400

export class FcTimeline extends LitElement {
  static override styles = [base, timelineStyle]
  static override properties = {
    store: { attribute: false },
    narrow: { type: Boolean, reflect: true },
    view: { state: true },
    packed: { state: true },
    shown: { state: true },
  }
  declare store: RunStore | undefined
  declare narrow: boolean
  /** What somebody chose to see; undefined: all. */
  declare view: View | undefined
  /** Undefined until somebody chooses: many task runs are packed. */
  declare packed: boolean | undefined
  declare shown: Shown | undefined
  readonly #open = new Map<string, HeldRun>()
  readonly #ticking = new Ticking()
  readonly #watch = new Watch(this, () => [
    this.store?.tasksVersion,
    this.store?.run,
    ...[...this.#open.values()].flatMap(({ store }) => [store.tasksVersion, store.status]),
  ])
  readonly #sizes = new ResizeObserver(() => requestAnimationFrame(() => this.#measure()))
  #width = 600
  #height = 300
  #scrollTop = 0
  #focused = 0
  #lines: readonly TimelineLine[] = []
  #drag: { readonly x: number; readonly view: View } | undefined

  constructor() {
    super()
    this.narrow = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#sizes.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#sizes.disconnect()
    this.#ticking.end()
    for (const held of this.#open.values()) held.end()
    this.#open.clear()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('store')) {
      for (const held of this.#open.values()) held.end()
      this.#open.clear()
      this.view = this.packed = undefined
      this.#watch.again()
    }
    const rows = this.store?.tasks.rows ?? []
    if (this.packed === undefined && rows.length > MANY && this.store?.isReadingTasks === false) this.packed = true
    const all = this.#all()
    const gap = ((all.to - all.from) / this.#width) * 2
    this.#lines =
      this.packed === true ? laneLines(rows, gap) : taskLines(rows, new Map([...this.#open].map(([id, { store }]) => [id, store])))
    this.#ticking.set(this.#isLive, fastNow, () => this.requestUpdate())
  }

  protected override render(): TemplateResult {
    const count = this.store?.tasks.size ?? 0
    if (count === 0)
      return html`<p class="empty">
        ${this.#isLive ? 'No task run yet: what the flow calls appears here.' : 'This flow run called no task.'}
      </p>`
    const all = this.#all()
    const view = this.view ?? all
    const now = fastNow.value
    const { row: height } = this
    const from = Math.max(0, Math.floor(this.#scrollTop / height) - OVERSCAN)
    const to = Math.min(this.#lines.length, Math.ceil((this.#scrollTop + this.#height) / height) + OVERSCAN)
    const seen = this.#lines.slice(from, to).map((line, index) => ({ line, index: from + index }))
    const ticks = ticksOf(view, this.#origin(), this.#width)
    const x = (at: number): string => `${((at - view.from) / (view.to - view.from)) * this.#width}px`
    const size = { height: `${this.#lines.length * height}px` }
    return html`
      <div
        class="scroller"
        role="group"
        tabindex="-1"
        aria-label="Timeline of ${count} task runs. Arrow keys walk, plus and minus zoom, 0 fits."
        @scroll=${this.#scrolled}
        @wheel=${this.#wheeled}
        @keydown=${this.#keyed}
        @pointerdown=${this.#grabbed}
        @pointermove=${this.#dragged}
        @pointerup=${this.#dropped}
        @pointercancel=${this.#dropped}
        @pointerleave=${() => (this.shown = undefined)}
      >
        <div class="axis" aria-hidden="true">
          ${ticks.map(({ at, label }) => html`<span style=${styleMap({ left: x(at) })}>${label}</span>`)}
        </div>
        <div class="rows" role="list" style=${styleMap(size)}>
          <div class="plot" aria-hidden="true">
            ${ticks.map(({ at }) => html`<div class="grid" style=${styleMap({ left: x(at) })}></div>`)}
            ${this.#isLive ? html`<div class="nowline" style=${styleMap({ left: x(now) })}></div>` : nothing}
          </div>
          ${repeat(
            seen,
            ({ line, index }) => (line.kind === 'task' ? line.row.id : `${line.kind} ${index}`),
            ({ line, index }) => this.#line(line, index, view, now),
          )}
        </div>
      </div>
      ${this.shown === undefined ? nothing : barCard(this.shown, this.#origin(), now)}
    `
  }

  get row(): number {
    return this.packed === true ? LANE : this.narrow ? NARROW_ROW : ROW
  }

  /** Buttons that a panel may place beside its tabs. */
  tools(): TemplateResult {
    const count = this.store?.tasks.size ?? 0
    return html`
      <button class="quiet" ?hidden=${count < 20} aria-pressed=${this.packed === true} @click=${() => this.#pack(this.packed !== true)}>
        Packed
      </button>
      <button class="quiet" ?disabled=${this.view === undefined} @click=${() => this.fit()}>Fit</button>
      <button class="quiet icon-only" aria-label="Zoom out" @click=${() => this.#zoom(1 / 1.6)}>${icon(zoomOut)}</button>
      <button class="quiet icon-only" aria-label="Zoom in" @click=${() => this.#zoom(1.6)}>${icon(zoomIn)}</button>
    `
  }

  fit(): void {
    this.view = undefined
  }

  #pack(isPacked: boolean): void {
    this.packed = isPacked
    this.#scrollTop = 0
    this.dispatchEvent(new CustomEvent('fc-tools'))
  }

  get #isLive(): boolean {
    const { store } = this
    const type = store?.run.value?.state_type
    return (type != null && !isTerminal(type)) || (store?.tasks.live ?? 0) > 0
  }

  #origin(): number {
    const run = this.store?.run.value
    const [first] = this.store?.tasks.rows ?? []
    const start = instantOrNull(run?.start_time ?? null) ?? (run === undefined ? undefined : instantOf(run.created))
    const born = first === undefined ? undefined : bornAt(first)
    return Math.min(start ?? born ?? 0, born ?? start ?? 0)
  }

  #all(): View {
    const from = this.#origin()
    if (this.#isLive) return growingView(from, fastNow.value)
    const end = instantOrNull(this.store?.run.value?.end_time ?? null) ?? 0
    return wholeView(
      from,
      (this.store?.tasks.rows ?? []).reduce((last, row) => Math.max(last, stateOf(row).at), end),
    )
  }

  #line(line: TimelineLine, index: number, view: View, now: number): TemplateResult {
    const style = styleMap({ top: `${index * this.row}px`, height: `${this.row}px` })
    const place = { 'aria-setsize': this.#lines.length, 'aria-posinset': index + 1 }
    if (line.kind === 'note') {
      return html`<div class="row note" role="listitem" style=${style}>
        <span class="name" style=${indent(line.depth)}>${line.text}</span>
      </div>`
    }
    const name =
      line.kind === 'lane'
        ? html`<span class="name faint">${line.rows.length === 1 ? line.rows[0]?.name : `${line.rows.length} task runs`}</span>`
        : this.#name(line, index, now)
    return html`<div
      class="row"
      role="listitem"
      aria-setsize=${place['aria-setsize']}
      aria-posinset=${place['aria-posinset']}
      style=${style}
    >
      ${name}
      <div class="lane">${this.#bars(line, view, now)}</div>
    </div>`
  }

  #name({ row, depth, isOpen }: Extract<TimelineLine, { kind: 'task' }>, index: number, now: number): TemplateResult {
    return html`<span class="name" style=${indent(depth)}>
      ${
        isOpen === undefined
          ? nothing
          : html`<button
              class="quiet"
              tabindex="-1"
              aria-expanded=${isOpen}
              aria-label="${isOpen ? 'Fold' : 'Unfold'} the subflow ${row.name}"
              @click=${() => this.#fold(row)}
            >
              ${icon(isOpen ? chevronDown : chevronRight)}
            </button>`
      }
      <a
        href=${pathTo(hrefOf(row))}
        data-index=${index}
        tabindex=${index === this.#focused ? 0 : -1}
        title=${row.name}
        aria-label=${rowLabel(row, now)}
        @focus=${(event: FocusEvent) => this.#show(row, event.currentTarget, index)}
        @blur=${() => (this.shown = undefined)}
        >${row.name}</a
      >
    </span>`
  }

  #bars(line: TimelineLine, view: View, now: number): readonly TemplateResult[] {
    if (line.kind === 'note') return []
    return place(line.bars, view, this.#width, now).map((placed) => {
      const { bar, left, width, merged } = placed
      const { span } = bar
      const isMoment = span.to === span.from
      const style = isMoment ? { left: `${left}px` } : { left: `${left}px`, width: `${width}px` }
      return html`<i
        class="bar"
        data-kind=${span.kind}
        data-state=${kindOfSpan(span.kind)}
        ?data-moment=${isMoment}
        style=${styleMap(style)}
        @pointerenter=${(event: PointerEvent) => this.#hover(placed, event)}
        @click=${() => navigate(hrefOf(bar.row))}
        >${isMoment ? '' : merged > 1 ? mergedText(merged, width) : barText(span, width, now)}</i
      >`
    })
  }

  #hover({ bar, merged }: Placed, { clientX, currentTarget }: PointerEvent): void {
    if (this.#drag !== undefined || !(currentTarget instanceof Element)) return
    this.shown = { row: bar.row, span: bar.span, merged, x: clientX, y: currentTarget.getBoundingClientRect().bottom + 6 }
  }

  #show(row: TaskRow, target: EventTarget | null, index: number): void {
    this.#focused = index
    if (!(target instanceof Element) || !target.matches(':focus-visible')) return
    const { left, bottom } = target.getBoundingClientRect()
    this.shown = { row, span: undefined, merged: 1, x: left, y: bottom + 6 }
  }

  #fold(row: TaskRow): void {
    const held = this.#open.get(row.id)
    if (held !== undefined) {
      held.end()
      this.#open.delete(row.id)
    } else if (row.subflow !== null) this.#open.set(row.id, holdRun(row.subflow))
    this.#watch.again()
    this.requestUpdate()
  }

  #measure(): void {
    const { width } = this.getBoundingClientRect()
    this.narrow = width < NARROW_PX
    this.requestUpdate()
  }

  protected override updated(): void {
    const scroller = this.renderRoot.querySelector('.scroller')
    const axis = this.renderRoot.querySelector('.axis')
    if (scroller === null || axis === null) return
    const width = Math.max(50, axis.clientWidth - 12)
    if (width === this.#width && scroller.clientHeight === this.#height) return
    this.#width = width
    this.#height = scroller.clientHeight
    this.requestUpdate()
  }

  readonly #scrolled = (event: Event): void => {
    if (!(event.currentTarget instanceof Element)) return
    this.#scrollTop = event.currentTarget.scrollTop
    this.shown = undefined
    this.requestUpdate()
  }

  #zoom(factor: number, clientX?: number): void {
    const all = this.#all()
    const view = this.view ?? all
    const left = this.renderRoot.querySelector('.axis')?.getBoundingClientRect().left ?? 0
    const share = clientX === undefined ? 0.5 : Math.min(1, Math.max(0, (clientX - left) / this.#width))
    this.view = zoom(view, factor, view.from + (view.to - view.from) * share, all)
    this.dispatchEvent(new CustomEvent('fc-tools'))
  }

  #pan(share: number): void {
    const all = this.#all()
    this.view = pan(this.view ?? all, share, all)
    this.dispatchEvent(new CustomEvent('fc-tools'))
  }

  readonly #wheeled = (event: WheelEvent): void => {
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
    if (!event.ctrlKey && !event.metaKey && !isSideways) return
    event.preventDefault()
    if (isSideways) this.#pan((event.deltaX || event.deltaY) / this.#width)
    else this.#zoom(Math.exp(-event.deltaY / 300), event.clientX)
  }

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const acts: Readonly<Record<string, () => void>> = {
      '+': () => this.#zoom(1.6),
      '=': () => this.#zoom(1.6),
      '-': () => this.#zoom(1 / 1.6),
      '0': () => this.fit(),
      ArrowDown: () => void this.#walk(1),
      ArrowUp: () => void this.#walk(-1),
      Home: () => void this.#walk(-Infinity),
      End: () => void this.#walk(Infinity),
      ArrowLeft: () => this.#arrow(false),
      ArrowRight: () => this.#arrow(true),
    }
    const act = acts[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }

  /** Folds and unfolds where there is something to fold, else pans. */
  #arrow(isRight: boolean): void {
    const line = this.#lines[this.#focused]
    if (line?.kind === 'task' && line.isOpen === !isRight) this.#fold(line.row)
    else this.#pan(isRight ? 0.2 : -0.2)
  }

  async #walk(by: number): Promise<void> {
    this.#focused = Math.max(0, Math.min(this.#lines.length - 1, this.#focused + by))
    const scroller = this.renderRoot.querySelector('.scroller')
    if (scroller === null) return
    const top = this.#focused * this.row
    const room = scroller.clientHeight - ROW * 2
    if (top < scroller.scrollTop) scroller.scrollTop = top
    else if (top > scroller.scrollTop + room) scroller.scrollTop = top - room
    this.#scrollTop = scroller.scrollTop
    this.requestUpdate()
    await this.updateComplete
    const link = this.renderRoot.querySelector(`[data-index='${this.#focused}']`)
    if (link instanceof HTMLElement) link.focus()
  }

  readonly #grabbed = (event: PointerEvent): void => {
    const isOnLane = event.target instanceof Element && event.target.closest('.lane') !== null
    if (event.button !== 0 || !isOnLane || event.pointerType === 'touch') return
    this.#drag = { x: event.clientX, view: this.view ?? this.#all() }
  }

  readonly #dragged = (event: PointerEvent): void => {
    if (this.#drag === undefined || event.buttons === 0 || Math.abs(event.clientX - this.#drag.x) < 4) return
    if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId)
    this.shown = undefined
    this.view = pan(this.#drag.view, (this.#drag.x - event.clientX) / this.#width, this.#all())
  }

  readonly #dropped = (): void => {
    this.#drag = undefined
    this.dispatchEvent(new CustomEvent('fc-tools'))
  }
}

const hrefOf = ({ id }: TaskRow): string => `/runs/task-run/${id}`
const indent = (depth: number) => styleMap(depth === 0 ? {} : { 'padding-left': `calc(var(--space-3) + ${depth * 14}px)` })

customElements.define('fc-timeline', FcTimeline)
