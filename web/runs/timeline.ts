/**
 * `<fc-timeline .store>`: the task runs of a flow run over time, each attempt a bar, waits drawn between them.
 *
 * 1. Only the lines that are seen are in the document, however many task runs there are.
 * 2. It moves only while something runs: then the view grows in steps, so that bars do not creep, and one clock moves the line of the present.
 * 3. Whoever zoomed or panned keeps their view until Fit.
 * 4. Every task run is reached by keys: up and down walk the lines, left and right the task runs of a lane that many share.
 * Emits `fc-tools` when its tools are others; names and bars are links to task runs.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { styleMap } from '../ui/style-map.ts'
import zoomIn from 'lucide-static/icons/zoom-in.svg'
import zoomOut from 'lucide-static/icons/zoom-out.svg'
import { announce } from '../app/announce.ts'
import { icon } from '../ui/icon.ts'
import { RowsInSight } from '../ui/rows-in-sight.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { pan, reveal, ticksOf, zoom, type View } from './axis.ts'
import { fastNow, Ticking } from './fast-clock.ts'
import type { RunStore } from './run-store.ts'
import { holdRun, type HeldRun } from './stores.ts'
import type { TaskRow } from './task-row.ts'
import { timelineLine, type LineActs } from './timeline-line.ts'
import { laneLines, taskLines, type Placed, type TimelineLine } from './timeline-rows.ts'
import { timelineStyle } from './timeline-style.ts'
import { isLive, originOf, viewOfAll } from './timeline-time.ts'
import { beganAt, rowAt, START, walkLane, walkLines, type Spot } from './timeline-walk.ts'
import { barCard, laneText, rowLabel, type Shown } from './timeline-words.ts'

const ROW = 30
const NARROW_ROW = 44
const LANE = 26
/** What the axis lies over, and a row's room. */
const COVERED = 30
const NARROW_PX = 560
/** More task runs than this share lanes at first. */
const MANY = 400
/** So few need no lanes. */
const FEW = 20

export class FcTimeline extends LitElement {
  static override styles = [base, timelineStyle]
  static override properties = {
    store: { attribute: false },
    narrow: { type: Boolean, reflect: true },
    view: { state: true },
    packed: { state: true },
    shown: { state: true },
    spot: { state: true },
  }
  declare store: RunStore | undefined
  declare narrow: boolean
  /** What somebody chose to see; undefined: all. */
  declare view: View | undefined
  /** Undefined until somebody chooses: many task runs are packed. */
  declare packed: boolean | undefined
  declare shown: Shown | undefined
  /** Where the keyboard is. */
  declare spot: Spot
  readonly #open = new Map<string, HeldRun>()
  readonly #ticking = new Ticking()
  readonly #sight = new RowsInSight(this)
  readonly #watch = new Watch(this, () => [
    this.store?.tasksVersion,
    this.store?.run,
    ...[...this.#open.values()].flatMap(({ store }) => [store.tasksVersion, store.status]),
  ])
  readonly #sizes = new ResizeObserver(() => requestAnimationFrame(() => this.#measure()))
  #width = 600
  #lines: readonly TimelineLine[] = []
  #drag: { readonly x: number; readonly view: View } | undefined

  constructor() {
    super()
    this.narrow = false
    this.spot = START
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#sizes.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#sizes.disconnect()
    this.#ticking.end()
    this.#foldAll()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('store')) {
      this.#foldAll()
      this.view = this.packed = undefined
      this.#watch.again()
    }
    const { store } = this
    if (store === undefined) return
    const { rows } = store.tasks
    if (this.packed === undefined && rows.length > MANY && !store.isReadingTasks) this.packed = true
    if (this.packed === true) {
      const { from, to } = viewOfAll(store, fastNow.value)
      this.#lines = laneLines(rows, ((to - from) / this.#width) * 2)
    } else this.#lines = taskLines(rows, new Map([...this.#open].map(([id, held]) => [id, held.store])))
    this.#ticking.set(isLive(store), fastNow, () => this.requestUpdate())
  }

  protected override render(): TemplateResult {
    const { store } = this
    const count = store?.tasks.size ?? 0
    if (store === undefined || count === 0)
      return html`<p class="empty">
        ${store !== undefined && isLive(store) ? 'No task run yet: what the flow calls appears here.' : 'This flow run called no task.'}
      </p>`
    const now = fastNow.value
    const origin = originOf(store)
    const view = this.view ?? viewOfAll(store, now)
    const { row: height } = this
    const { from, to } = this.#sight.of(this.#lines.length, height)
    const seen = this.#lines.slice(from, to).map((line, index) => ({ line, index: from + index }))
    const ticks = ticksOf(view, origin, this.#width)
    const x = (at: number): string => `${((at - view.from) / (view.to - view.from)) * this.#width}px`
    const look = { count: this.#lines.length, height, width: this.#width, view, now }
    const walks = this.packed === true ? 'Arrow keys walk from lane to lane and inside a lane' : 'Arrow keys walk'
    return html`
      <div
        class="scroller"
        role="group"
        tabindex="-1"
        aria-label="Timeline of ${count} task runs. ${walks}, plus and minus zoom, 0 fits."
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
        <div class="rows" role="list" style=${styleMap({ height: `${this.#lines.length * height}px` })}>
          <div class="plot" aria-hidden="true">
            ${ticks.map(({ at }) => html`<div class="grid" style=${styleMap({ left: x(at) })}></div>`)}
            ${isLive(store) ? html`<div class="nowline" style=${styleMap({ left: x(now) })}></div>` : nothing}
          </div>
          ${repeat(
            seen,
            ({ line, index }) => (line.kind === 'task' ? line.row.id : `${line.kind} ${index}`),
            ({ line, index }) =>
              timelineLine(line, { ...look, index, spot: index === this.spot.line ? this.spot.at : undefined }, this.#actsOf(index)),
          )}
        </div>
      </div>
      ${this.shown === undefined ? nothing : barCard(this.shown, origin, now)}
    `
  }

  get row(): number {
    return this.packed === true ? LANE : this.narrow ? NARROW_ROW : ROW
  }

  /** Buttons that a panel may place beside its tabs. */
  tools(): TemplateResult {
    const count = this.store?.tasks.size ?? 0
    return html`
      <button class="quiet" ?hidden=${count < FEW} aria-pressed=${this.packed === true} @click=${() => this.#pack(this.packed !== true)}>
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
    this.spot = START
    this.#sight.restart()
  }

  get #all(): View {
    return this.store === undefined ? { from: 0, to: 1 } : viewOfAll(this.store, fastNow.value)
  }

  #actsOf(index: number): LineActs {
    return {
      fold: (row) => this.#fold(row),
      focus: (row, event) => this.#focused(row, index, event),
      blur: () => (this.shown = undefined),
      hover: (placed, event) => this.#hover(placed, event),
    }
  }

  #hover({ bar, merged }: Placed, { clientX, currentTarget }: PointerEvent): void {
    if (this.#drag !== undefined || !(currentTarget instanceof Element)) return
    this.shown = { row: bar.row, span: bar.span, merged, x: clientX, y: currentTarget.getBoundingClientRect().bottom + 6 }
  }

  #focused(row: TaskRow, index: number, { currentTarget }: FocusEvent): void {
    if (index !== this.spot.line) this.spot = { line: index, at: 0 }
    if (currentTarget instanceof Element && currentTarget.matches(':focus-visible')) this.#showBelow(row, currentTarget)
  }

  #showBelow(row: TaskRow, element: Element): void {
    const { left, bottom } = element.getBoundingClientRect()
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

  #foldAll(): void {
    for (const held of this.#open.values()) held.end()
    this.#open.clear()
  }

  #measure(): void {
    const { width } = this.getBoundingClientRect()
    this.narrow = width < NARROW_PX
    this.requestUpdate()
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('view') || changed.has('packed')) this.dispatchEvent(new CustomEvent('fc-tools'))
    const axis = this.renderRoot.querySelector('.axis')
    if (axis === null) return
    const width = Math.max(50, axis.clientWidth - 12)
    if (width === this.#width) return
    this.#width = width
    this.requestUpdate()
  }

  readonly #scrolled = (event: Event): void => {
    this.shown = undefined
    this.#sight.scrolled(event)
  }

  #zoom(factor: number, clientX?: number): void {
    const all = this.#all
    const view = this.view ?? all
    const left = this.renderRoot.querySelector('.axis')?.getBoundingClientRect().left ?? 0
    const share = clientX === undefined ? 0.5 : Math.min(1, Math.max(0, (clientX - left) / this.#width))
    this.view = zoom(view, factor, view.from + (view.to - view.from) * share, all)
  }

  #pan(share: number): void {
    const all = this.#all
    this.view = pan(this.view ?? all, share, all)
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
      ArrowLeft: () => void this.#arrow(-1),
      ArrowRight: () => void this.#arrow(1),
    }
    const act = acts[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }

  /** Walks inside a lane, folds and unfolds where there is something to fold, else pans. */
  async #arrow(by: 1 | -1): Promise<void> {
    const inLane = walkLane(this.#lines, this.spot, by)
    if (inLane !== undefined) return this.#walkLane(inLane)
    const line = this.#lines[this.spot.line]
    if (line?.kind === 'task' && line.isOpen === by < 0) this.#fold(line.row)
    else this.#pan(0.2 * by)
  }

  async #walk(by: number): Promise<void> {
    await this.#walkTo(walkLines(this.#lines, this.spot, by))
  }

  /** The focus stays on the lane's link, so nothing else says where one has come. */
  async #walkLane(spot: Spot): Promise<void> {
    const row = rowAt(this.#lines, spot)
    const line = this.#lines[spot.line]
    if (row === undefined || line?.kind !== 'lane') return
    const link = await this.#walkTo(spot)
    if (link !== undefined) this.#showBelow(row, this.renderRoot.querySelector('.here') ?? link)
    announce(`${laneText(line.rows.length, spot.at)}: ${rowLabel(row, fastNow.value)}`)
  }

  /** Answers the link that has the focus now. */
  async #walkTo(spot: Spot): Promise<HTMLElement | undefined> {
    this.spot = spot
    const row = rowAt(this.#lines, spot)
    if (row !== undefined && this.view !== undefined && this.packed === true) this.view = reveal(this.view, beganAt(row))
    this.#sight.reveal(spot.line, this.row, COVERED)
    await this.updateComplete
    const link = this.renderRoot.querySelector<HTMLElement>(`[data-index='${spot.line}']`)
    link?.focus()
    return link ?? undefined
  }

  readonly #grabbed = (event: PointerEvent): void => {
    const isOnLane = event.target instanceof Element && event.target.closest('.lane') !== null
    if (event.button !== 0 || !isOnLane || event.pointerType === 'touch') return
    this.#drag = { x: event.clientX, view: this.view ?? this.#all }
  }

  readonly #dragged = (event: PointerEvent): void => {
    if (this.#drag === undefined || event.buttons === 0 || Math.abs(event.clientX - this.#drag.x) < 4) return
    if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId)
    this.shown = undefined
    this.view = pan(this.#drag.view, (this.#drag.x - event.clientX) / this.#width, this.#all)
  }

  readonly #dropped = (): void => void (this.#drag = undefined)
}

customElements.define('fc-timeline', FcTimeline)
