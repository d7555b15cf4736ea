/**
 * `<fc-log-view .source>`: a log that can be long. Levels, search, follow, links to lines.
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
import chevronDown from 'lucide-static/icons/chevron-down.svg'
import chevronUp from 'lucide-static/icons/chevron-up.svg'
import close from 'lucide-static/icons/x.svg'
import download from 'lucide-static/icons/download.svg'
import { LOG_LEVELS, logLevelName } from '#sdk/protocol/log-levels.ts'
import { pathTo } from '../app/router.ts'
import { icon } from '../ui/icon.ts'
import { Watch, type ReadonlySignal } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { clockWords } from '../ui/time-words.ts'
import { ansiPieces, plainText } from './ansi.ts'
import { hitParts, ShownLines, type LogQuery } from './log-filter.ts'
import type { Line, LogLines } from './log-lines.ts'
import { logViewStyle } from './log-view-style.ts'

export interface LogSource {
  readonly log: LogLines
  readonly logVersion: ReadonlySignal<number>
  readonly trouble: ReadonlySignal<string | undefined>
  readonly hasOlderLines: boolean
  readonly isCut: boolean
  readonly isReadingOlderLines: boolean
  readonly totalLines: number | undefined
  readOlderLines(): Promise<void>
}

const LEVELS = [
  ['All', 0],
  ['Info', LOG_LEVELS.INFO],
  ['Warn+', LOG_LEVELS.WARNING],
  ['Error', LOG_LEVELS.ERROR],
] as const
const LINE_PX = 20
const CHARACTER_PX = 7.8
/** So near to the first line older ones are asked for. */
const NEAR_PX = 1_500
const END_PX = 24

/** Of the lines as they are in one order. */
interface Sizes {
  readonly lines: readonly Line[]
  readonly estimateSize: (index: number) => number
  readonly getItemKey: (index: number) => number
}

export class FcLogView extends LitElement {
  static override styles = [base, logViewStyle]
  static override properties = {
    source: { attribute: false },
    nameOf: { attribute: false },
    task: { type: String },
    line: { type: Number },
    href: { type: String },
    level: { state: true },
    text: { state: true },
    isFollowing: { state: true },
  }
  declare source: LogSource | undefined
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
  readonly #watch = new Watch(this, () => [this.source?.logVersion, this.source?.trouble])
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
    if (this.#sizes?.lines !== lines) {
      this.#sizes = {
        lines,
        estimateSize: (index) => Math.max(1, rowsOf(lines[index]?.text ?? '', this.#columns)) * LINE_PX,
        getItemKey: (index) => lines[index]?.number ?? index,
      }
    }
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

  /** Which of the hits is shown. */
  get #hit(): number {
    const { hits, lines } = this.#shown
    return hits.findIndex((index) => lines[index]?.number === this.#hitLine)
  }

  get #query(): LogQuery {
    return { level: this.level, task: this.task, text: this.text.trim() }
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('source')) this.#watch.again()
    if (this.source === undefined) return
    this.#shown.update(this.source.log, this.#query)
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
      this.#show(this.#shown.hits[this.#hit])
    } else if (this.isFollowing && (changed.has('level') || changed.has('task'))) this.#virtual?.scrollToEnd()
  }

  protected override render(): TemplateResult {
    const { source } = this
    const items = this.#virtual?.getVirtualItems() ?? []
    const height = { height: `${this.#virtual?.getTotalSize() ?? 0}px` }
    return html`
      <div class="tools">
        <span class="segments" role="group" aria-label="Least level">
          ${LEVELS.map(([word, level]) => html`<button aria-pressed=${this.level === level} @click=${() => (this.level = level)}>${word}</button>`)}
        </span>
        ${this.#search()} ${this.#onlyTask()}
        <span class="grow"></span>
        <button class="quiet" aria-pressed=${this.isFollowing} @click=${this.#toggleFollow}>
          ${icon(arrowDown)}${this.isFollowing ? 'Following' : 'Follow'}
        </button>
        ${this.href === null ? nothing : html`<a class="button quiet" href=${this.href} download>${icon(download)}Download</a>`}
      </div>
      ${this.#olderWords()}
      <div
        class="scroller"
        role="log"
        aria-live="off"
        aria-label=${this.#shown.lines.length === 0 ? 'Log, empty' : `Log, ${this.#shown.lines.length} lines`}
        tabindex="0"
        @wheel=${this.#leave}
        @keydown=${this.#keyed}
      >
        ${source === undefined || this.#shown.lines.length > 0 ? nothing : html`<p class="empty">${this.#emptyWords(source)}</p>`}
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

  #search(): TemplateResult {
    const { hits } = this.#shown
    const isSearching = this.text.trim() !== ''
    const words = !isSearching ? '' : hits.length === 0 ? 'no hit' : `${this.#hit + 1} of ${hits.length}`
    return html`<span class="search" role="search">
      <input
        type="search"
        placeholder="Search logs"
        aria-label="Search logs"
        .value=${this.text}
        @input=${(event: Event) => event.currentTarget instanceof HTMLInputElement && (this.text = event.currentTarget.value)}
        @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && this.#step(event.shiftKey ? -1 : 1)}
      />
      <button class="quiet icon-only" aria-label="Previous hit" ?disabled=${hits.length === 0} @click=${() => this.#step(-1)}>
        ${icon(chevronUp)}
      </button>
      <button class="quiet icon-only" aria-label="Next hit" ?disabled=${hits.length === 0} @click=${() => this.#step(1)}>
        ${icon(chevronDown)}
      </button>
      <span role="status">${words}</span>
    </span>`
  }

  #onlyTask(): TemplateResult | typeof nothing {
    const name = this.task === null ? undefined : this.nameOf(this.task)
    if (name === undefined) return nothing
    return html`<button aria-label="Show lines of all task runs again" @click=${() => this.#choose(null)}>
      only ${name}${icon(close)}
    </button>`
  }

  #choose(task: string | null): void {
    this.dispatchEvent(new CustomEvent('fc-task', { detail: task, bubbles: true, composed: true }))
  }

  #olderWords(): TemplateResult | typeof nothing {
    const { source } = this
    if (source === undefined) return nothing
    if (source.trouble.value !== undefined)
      return html`<p class="older trouble" role="status">
        Older lines could not be read: ${source.trouble.value}
        <button class="quiet" @click=${() => void source.readOlderLines()}>Try again</button>
      </p>`
    const total = source.totalLines?.toLocaleString('en')
    const have = source.log.all.length.toLocaleString('en')
    if (source.isReadingOlderLines)
      return html`<p class="older" role="status">Reading older lines… ${have}${total === undefined ? '' : ` of ${total}`}</p>`
    if (source.isCut) return html`<p class="older">These are the last ${have} of ${total ?? 'many'} lines; the download has all.</p>`
    return nothing
  }

  #emptyWords(source: LogSource): string {
    if (source.log.all.length === 0) return 'No line was logged. console.log in a flow with logPrints, or getRunLogger(), writes here.'
    return source.isReadingOlderLines || source.hasOlderLines ? 'No such line among those that were read yet.' : 'No line is like that.'
  }

  #pill(): TemplateResult | typeof nothing {
    if (this.isFollowing) return nothing
    const { lines } = this.#shown
    let fresh = 0
    for (let at = lines.length - 1; at >= 0 && (lines[at]?.number ?? 0) > this.#lastSeen; at--) fresh += 1
    if (fresh === 0) return nothing
    return html`<button class="pill primary" @click=${this.#toggleFollow}>
      ${icon(arrowDown)}${fresh.toLocaleString('en')} new ${fresh === 1 ? 'line' : 'lines'}
    </button>`
  }

  #line(item: VirtualItem): TemplateResult | typeof nothing {
    const line = this.#shown.lines[item.index]
    if (line === undefined) return nothing
    const level = logLevelName(line.level)
    const name = line.task === null || line.task === this.task ? undefined : this.nameOf(line.task)
    const isHit = this.text !== '' && line.number === this.#hitLine
    return html`<div
      class="line"
      data-index=${item.index}
      data-level=${level}
      ?data-marked=${line.number === this.#marked}
      ?data-hit=${isHit}
      style=${styleMap({ transform: `translateY(${item.start}px)` })}
      ${ref((element) => element instanceof HTMLElement && this.#virtual?.measureElement(element))}
    >
      <a class="at" href="?line=${line.number}" title="Link to this line" @click=${(event: Event) => this.#chose(event, line)}
        >${clockWords(line.at / 1_000, 'millis')}</a
      >
      <b>${level === 'WARNING' ? 'WARN' : level === 'CRITICAL' ? 'CRIT' : level}</b>
      ${name === undefined ? nothing : html`<a class="task" href=${pathTo(`/runs/task-run/${line.task}`)} title=${name}>${name}</a>`}
      <span class="text">${this.#text(line)}</span>
      <span class="does">
        ${
          name === undefined
            ? nothing
            : html`<button aria-label="Only lines of ${name}" tabindex="-1" @click=${() => this.#choose(line.task)}>Only these</button>`
        }
        <button tabindex="-1" aria-label="Copy line" @click=${() => void this.#copy(line)}>Copy</button>
      </span>
    </div>`
  }

  #text({ text, isLate }: Line): readonly (TemplateResult | string)[] {
    const wanted = this.text.trim()
    const pieces = ansiPieces(text).flatMap(({ text: part, classes }) => {
      const parts = hitParts(part, wanted).map((hit) => (hit.isHit ? html`<mark>${hit.text}</mark>` : hit.text))
      return classes === '' ? parts : [html`<span class=${classes}>${parts}</span>`]
    })
    return isLate ? [...pieces, html` <i class="ansi-dim">(came after its lease had ended)</i>`] : pieces
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
    if ((virtual.scrollOffset ?? Infinity) < NEAR_PX && !this.isFollowing && this.source?.hasOlderLines === true)
      void this.source.readOlderLines()
    this.requestUpdate()
  }

  /** A search, a level or a task run is about all lines. */
  async #readAll(isWanted = this.text.trim() !== '' || this.level > 0 || this.task !== null): Promise<void> {
    if (this.#isGoing || !isWanted) return
    this.#isGoing = true
    const { source } = this
    while (source !== undefined && source === this.source && source.hasOlderLines && this.isConnected) {
      const before = source.log.all.length
      await source.readOlderLines()
      if (source.log.all.length === before) break
    }
    this.#isGoing = false
  }

  async #goTo(number: number): Promise<void> {
    this.#marked = number
    this.isFollowing = false
    const { source } = this
    while (source?.hasOlderLines === true && (source.log.all[0]?.number ?? 0) > number) {
      const before = source.log.all.length
      await source.readOlderLines()
      if (source.log.all.length === before) break
    }
    await this.updateComplete
    this.#show(this.#shown.lines.findIndex((line) => line.number === number))
  }

  #step(by: 1 | -1): void {
    const { hits } = this.#shown
    if (hits.length === 0) return
    const index = hits[(this.#hit + by + hits.length) % hits.length]
    this.#hitLine = this.#shown.lines[index ?? -1]?.number
    this.#show(index)
    this.requestUpdate()
  }

  #show(index: number | undefined): void {
    if (index === undefined || index < 0) return
    this.isFollowing = false
    this.#virtual?.scrollToIndex(index, { align: 'center' })
  }

  #chose(event: Event, line: Line): void {
    event.preventDefault()
    this.#marked = line.number
    this.requestUpdate()
    this.dispatchEvent(new CustomEvent('fc-line', { detail: line.number, bubbles: true, composed: true }))
  }

  async #copy({ at, level, text }: Line): Promise<void> {
    await navigator.clipboard.writeText(`${new Date(at / 1_000).toISOString()} ${logLevelName(level)} ${plainText(text)}`)
  }
}

/** How many rows a text takes in a column of a fixed width. */
function rowsOf(text: string, columns: number): number {
  if (text.length <= columns && !text.includes('\n')) return 1
  return text.split('\n').reduce((sum, part) => sum + Math.max(1, Math.ceil(part.length / columns)), 0)
}

customElements.define('fc-log-view', FcLogView)
