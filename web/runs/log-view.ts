/**
 * `<fc-log-view .log>`: a log that can be long. Levels, search, follow, links to lines.
 *
 * 1. Only the lines that are seen are in the document. Older ones are read when one scrolls up to them, or when a search, a level or a task run
 *    asks for all that there are; then the view says how far it is.
 * 2. It follows the end until somebody scrolls up, and tells how many lines came since.
 * Emits `fc-line` with the number of a line whose link was chosen, `fc-task` with the task run whose lines alone shall be shown, or null.
 */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
  type VirtualizerOptions,
} from '@tanstack/virtual-core'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { ref } from 'lit/directives/ref.js'
import { repeat } from 'lit/directives/repeat.js'
import { styleMap } from '../ui/style-map.ts'
import arrowDown from 'lucide-static/icons/arrow-down.svg'
import { logLevelName } from '#sdk/protocol/log-levels.ts'
import { ansiStyle } from '../ui/ansi-style.ts'
import { icon } from '../ui/icon.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { ShownLines, type LogQuery } from './log-filter.ts'
import { logLine } from './log-line.ts'
import type { Line } from './log-lines.ts'
import { sizesOf, type Sizes } from './log-sizes.ts'
import { logTools, type LogToolActs, type LogTools } from './log-tools.ts'
import { logViewStyle } from './log-view-style.ts'
import { emptyWords, olderWords } from './log-words.ts'
import type { RunLog } from './run-log.ts'

const CHARACTER_PX = 7.8
/** So near to the first line older ones are asked for. */
const NEAR_PX = 1_500
const END_PX = 24

export class FcLogView extends LitElement {
  static override styles = [base, ansiStyle, logViewStyle]
  static override properties = {
    log: { attribute: false },
    nameOf: { attribute: false },
    task: { type: String },
    line: { type: Number },
    href: { type: String },
    level: { state: true },
    text: { state: true },
    isFollowing: { state: true },
  }
  declare log: RunLog | undefined
  /** The name of a task run, where it is known. */
  declare nameOf: (id: string) => string | undefined
  /** Only lines of this task run. */
  declare task: string | null
  /** The line that a link names. */
  declare line: number | null
  /** Where the whole log is downloaded. */
  declare href: string | null
  declare level: number
  declare text: string
  declare isFollowing: boolean
  readonly #shown = new ShownLines()
  readonly #watch = new Watch(this, () => [this.log?.version, this.log?.trouble])
  #virtual: Virtualizer<HTMLElement, HTMLElement> | undefined
  #unmount: (() => void) | undefined
  #columns = 100
  #sizes: Sizes | undefined
  /** Number of the line of the hit that is shown; lines before it may still come. */
  #hitLine: number | undefined
  #mustShowHit = false
  /** Number of the last line that was seen while following. */
  #lastSeen = 0
  #marked: number | undefined
  #isGoing = false

  constructor() {
    super()
    this.nameOf = () => undefined
    this.task = this.line = this.href = null
    this.level = 0
    this.text = ''
    this.isFollowing = true
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.#mount()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#unmount?.()
    this.#unmount = this.#virtual = undefined
  }

  protected override firstUpdated(): void {
    this.#mount()
  }

  #mount(): void {
    this.#virtual = new Virtualizer<HTMLElement, HTMLElement>(this.#options())
    this.#unmount = this.#virtual._didMount()
    this.#virtual._willUpdate()
    this.requestUpdate()
    requestAnimationFrame(() => this.isFollowing && this.#virtual?.scrollToEnd())
  }

  #options(): VirtualizerOptions<HTMLElement, HTMLElement> {
    const { lines } = this.#shown
    // The same functions as long as lines are only added: with others everything is measured anew, 100,000 lines in each frame.
    if (this.#sizes?.lines !== lines) this.#sizes = sizesOf(lines, () => this.#columns)
    const { estimateSize, getItemKey } = this.#sizes
    return {
      count: lines.length,
      getScrollElement: () => this.renderRoot.querySelector<HTMLElement>('.scroller'),
      estimateSize,
      getItemKey,
      overscan: 12,
      anchorTo: 'end',
      followOnAppend: this.isFollowing,
      scrollEndThreshold: END_PX,
      useAnimationFrameWithResizeObserver: true,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.#moved(),
    }
  }

  get #query(): LogQuery {
    return { level: this.level, task: this.task, text: this.text.trim() }
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('log')) this.#watch.again()
    if (this.log === undefined) return
    this.#shown.update(this.log.lines, this.#query)
    if (changed.has('line') && this.line !== null) void this.#goTo(this.line)
    if (changed.has('level') || changed.has('task') || changed.has('text')) void this.#readAll()
    if (changed.has('text')) this.#hitLine = undefined
    const newest = this.#shown.lines[this.#shown.hits.at(-1) ?? -1]
    if (this.#hitLine === undefined && newest !== undefined) {
      this.#hitLine = newest.number
      this.#mustShowHit = true
    }
    this.#virtual?.setOptions(this.#options())
    const last = this.#shown.lines.at(-1)
    if (this.isFollowing && last !== undefined) this.#lastSeen = last.number
  }

  protected override updated(changed: PropertyValues): void {
    this.#virtual?._willUpdate()
    const scroller = this.renderRoot.querySelector('.scroller')
    if (scroller !== null) this.#columns = Math.max(20, Math.floor((scroller.clientWidth - 200) / CHARACTER_PX))
    if (this.#mustShowHit) {
      this.#mustShowHit = false
      this.#show(this.#shown.hits[this.#shown.hitOf(this.#hitLine)])
    } else if (this.isFollowing && (changed.has('level') || changed.has('task'))) this.#virtual?.scrollToEnd()
  }

  protected override render(): TemplateResult {
    const { log } = this
    const items = this.#virtual?.getVirtualItems() ?? []
    const height = { height: `${this.#virtual?.getTotalSize() ?? 0}px` }
    return html`
      ${logTools(this.#tools, this.#acts)} ${log === undefined ? nothing : olderWords(log)}
      <div
        class="scroller"
        role="log"
        aria-live="off"
        aria-label=${this.#shown.lines.length === 0 ? 'Log, empty' : `Log, ${this.#shown.lines.length} lines`}
        tabindex="0"
        @wheel=${this.#leave}
        @keydown=${this.#keyed}
      >
        ${log === undefined || this.#shown.lines.length > 0 ? nothing : html`<p class="empty">${emptyWords(log)}</p>`}
        <div class="lines" style=${styleMap(height)}>
          ${repeat(
            items,
            ({ key }) => key,
            (item) => this.#line(item),
          )}
        </div>
      </div>
      ${this.#pill()}
    `
  }

  get #tools(): LogTools {
    const { level, text, isFollowing, href, task } = this
    const { hits } = this.#shown
    const only = task === null ? undefined : this.nameOf(task)
    return { level, text, hits: hits.length, hit: this.#shown.hitOf(this.#hitLine), only, isFollowing, href }
  }

  readonly #acts: LogToolActs = {
    level: (level) => (this.level = level),
    text: (text) => (this.text = text),
    step: (by) => this.#step(by),
    all: () => this.#choose(null),
    follow: () => this.#toggleFollow(),
  }

  #choose(task: string | null): void {
    this.dispatchEvent(new CustomEvent('fc-task', { detail: task, bubbles: true, composed: true }))
  }

  #pill(): TemplateResult | typeof nothing {
    if (this.isFollowing) return nothing
    const fresh = this.#shown.newerThan(this.#lastSeen)
    if (fresh === 0) return nothing
    return html`<button class="pill primary" @click=${this.#toggleFollow}>
      ${icon(arrowDown)}${fresh.toLocaleString('en')} new ${fresh === 1 ? 'line' : 'lines'}
    </button>`
  }

  #line(item: VirtualItem): TemplateResult | typeof nothing {
    const line = this.#shown.lines[item.index]
    if (line === undefined) return nothing
    const name = line.task === null || line.task === this.task ? undefined : this.nameOf(line.task)
    return html`<div
      class="line"
      data-index=${item.index}
      data-level=${logLevelName(line.level)}
      ?data-marked=${line.number === this.#marked}
      ?data-hit=${this.text !== '' && line.number === this.#hitLine}
      style=${styleMap({ transform: `translateY(${item.start}px)` })}
      ${ref((element) => element instanceof HTMLElement && this.#virtual?.measureElement(element))}
    >
      ${logLine(line, { name, wanted: this.text.trim() }, { link: () => this.#link(line), onlyTask: () => this.#choose(line.task) })}
    </div>`
  }

  /** Follows again, or stops. */
  readonly #toggleFollow = (): void => {
    this.isFollowing = !this.isFollowing
    if (this.isFollowing) this.#virtual?.scrollToEnd()
  }

  readonly #leave = (event: WheelEvent): void => {
    if (event.deltaY < 0) this.isFollowing = false
  }

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.key === 'End') {
      event.preventDefault()
      this.isFollowing = true
      this.#virtual?.scrollToEnd()
    } else if (event.key === 'Home') {
      event.preventDefault()
      this.isFollowing = false
      void this.#readAll(true).then(() => this.#virtual?.scrollToIndex(0))
    } else if (event.key === 'ArrowUp' || event.key === 'PageUp') this.isFollowing = false
  }

  #moved(): void {
    const virtual = this.#virtual
    if (virtual === undefined) return
    if (virtual.isAtEnd(END_PX)) this.isFollowing = true
    else if (virtual.scrollDirection === 'backward' && virtual.isScrolling) this.isFollowing = false
    if ((virtual.scrollOffset ?? Infinity) < NEAR_PX && !this.isFollowing && this.log?.hasOlder === true) void this.log.readOlder()
    this.requestUpdate()
  }

  /** A search, a level or a task run is about all lines. */
  async #readAll(isWanted = this.text.trim() !== '' || this.level > 0 || this.task !== null): Promise<void> {
    if (this.#isGoing || !isWanted) return
    this.#isGoing = true
    const { log } = this
    await log?.readOlderWhile(() => log === this.log && this.isConnected)
    this.#isGoing = false
  }

  async #goTo(number: number): Promise<void> {
    this.#marked = number
    this.isFollowing = false
    const { log } = this
    await log?.readOlderWhile(() => (log.lines.all[0]?.number ?? 0) > number)
    await this.updateComplete
    this.#show(this.#shown.placeOf(number))
  }

  #step(by: 1 | -1): void {
    const line = this.#shown.hitFrom(this.#hitLine, by)
    if (line === undefined) return
    this.#hitLine = line.number
    this.#show(this.#shown.placeOf(line.number))
    this.requestUpdate()
  }

  #show(index: number | undefined): void {
    if (index === undefined || index < 0) return
    this.isFollowing = false
    this.#virtual?.scrollToIndex(index, { align: 'center' })
  }

  #link({ number }: Line): void {
    this.#marked = number
    this.requestUpdate()
    this.dispatchEvent(new CustomEvent('fc-line', { detail: number, bubbles: true, composed: true }))
  }
}

customElements.define('fc-log-view', FcLogView)
