/**
 * `<fc-virtual-list .count=${n} .row=${(index) => html`…`} .rowHeight=${24}>`: only the rows in sight exist, so 100,000 are as quick as ten.
 *
 * 1. The element is the box that scrolls: give it a height. Rows are drawn into the light of whoever uses it, so that its styles hold.
 * 2. `measured`: rows have heights of their own; `rowHeight` is then a guess.
 * 3. `stick`: while the reader is at the end, the end stays in sight as rows come; scrolling away stops that, coming back begins again
 *    (`stick-change`, a CustomEvent with a boolean).
 * 4. `selectable`: arrows move an active row, Enter or a click activates it (`activate`, a CustomEvent with the index). Otherwise the box
 *    takes the focus and scrolls by keys.
 */
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from '@tanstack/virtual-core'
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { ref } from 'lit/directives/ref.js'
import { repeat } from 'lit/directives/repeat.js'
import { styleMap } from './style-map.ts'

/** The reader is at the end while so few pixels are below. */
const END_PX = 24
let lastId = 0

export class FcVirtualList extends LitElement {
  static override properties = {
    count: { type: Number },
    row: { attribute: false },
    rowHeight: { attribute: false },
    keyOf: { attribute: false },
    measured: { type: Boolean },
    stick: { type: Boolean },
    selectable: { type: Boolean },
    active: { type: Number },
    label: {},
    overscan: { type: Number },
    revision: { attribute: false },
  }
  declare count: number
  declare row: (index: number) => unknown
  declare rowHeight: number | ((index: number) => number)
  /** What stays the same when rows come and go before it; by default the index. */
  declare keyOf: ((index: number) => string | number) | undefined
  declare measured: boolean
  declare stick: boolean
  declare selectable: boolean
  declare active: number
  declare label: string
  declare overscan: number
  /** Another value draws the rows in sight again, where `row` is the same function over other data. */
  declare revision: unknown
  readonly #id = `fc-list-${++lastId}`
  #isAtEnd = true
  #stop: (() => void) | undefined
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>

  constructor() {
    super()
    this.count = 0
    this.row = () => nothing
    this.rowHeight = 32
    this.keyOf = undefined
    this.measured = false
    this.stick = false
    this.selectable = false
    this.active = -1
    this.label = ''
    this.overscan = 8
    this.revision = undefined
    this.#virtualizer = new Virtualizer(this.#options())
  }

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override connectedCallback(): void {
    super.connectedCallback()
    Object.assign(this.style, { display: 'block', overflow: 'auto', position: 'relative', contain: 'strict' })
    this.tabIndex = 0
    this.addEventListener('scroll', this.#scrolled, { passive: true })
    this.addEventListener('keydown', this.#press)
    this.#stop = this.#virtualizer._didMount()
    this.requestUpdate()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.removeEventListener('scroll', this.#scrolled)
    this.removeEventListener('keydown', this.#press)
    this.#stop?.()
  }

  protected override willUpdate(): void {
    this.setAttribute('role', this.selectable ? 'listbox' : 'list')
    this.setAttribute('aria-label', this.label)
    if (this.selectable && this.active >= 0) this.setAttribute('aria-activedescendant', `${this.#id}-${this.active}`)
    else this.removeAttribute('aria-activedescendant')
    this.#virtualizer.setOptions(this.#options())
    this.#virtualizer._willUpdate()
  }

  override render() {
    const rows = this.#virtualizer.getVirtualItems()
    return html`<div
      role="presentation"
      style=${styleMap({ position: 'relative', width: '100%', height: `${this.#virtualizer.getTotalSize()}px` })}
    >
      ${repeat(
        rows,
        ({ key }) => key,
        ({ index, start, size }) => this.#row(index, start, size),
      )}
    </div>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('rowHeight')) this.#virtualizer.measure()
    const mustStick = changed.has('count') || (changed.has('stick') && this.stick)
    if (this.stick && mustStick && (this.#isAtEnd || changed.has('stick'))) this.scrollToEnd()
  }

  /** Brings a row into sight. */
  scrollToRow(index: number, align: 'auto' | 'start' | 'center' | 'end' = 'auto'): void {
    this.#virtualizer.scrollToIndex(index, { align })
  }

  scrollToEnd(): void {
    this.#isAtEnd = true
    if (this.count > 0) this.#virtualizer.scrollToIndex(this.count - 1, { align: 'end' })
  }

  #options(): ConstructorParameters<typeof Virtualizer<HTMLElement, HTMLElement>>[0] {
    const { keyOf, rowHeight } = this
    return {
      count: this.count,
      getScrollElement: () => this,
      estimateSize: typeof rowHeight === 'number' ? () => rowHeight : rowHeight,
      overscan: this.overscan,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.requestUpdate(),
      ...(keyOf === undefined ? {} : { getItemKey: keyOf }),
    }
  }

  #row(index: number, start: number, size: number): TemplateResult {
    const place = { position: 'absolute', top: '0', left: '0', width: '100%', transform: `translateY(${start}px)` }
    const isActive = this.selectable && index === this.active
    return html`<div
      id="${this.#id}-${index}"
      role=${this.selectable ? 'option' : 'listitem'}
      aria-setsize=${this.count}
      aria-posinset=${index + 1}
      aria-selected=${this.selectable ? (isActive ? 'true' : 'false') : nothing}
      data-index=${index}
      style=${styleMap(this.measured ? place : { ...place, height: `${size}px` })}
      ${this.measured ? ref((element) => element instanceof HTMLElement && this.#virtualizer.measureElement(element)) : nothing}
      @click=${this.selectable ? () => this.#activate(index) : nothing}
    >
      ${this.row(index)}
    </div>`
  }

  #activate(index: number): void {
    this.active = index
    this.dispatchEvent(new CustomEvent('activate', { detail: index }))
  }

  readonly #scrolled = (): void => {
    const isAtEnd = this.scrollHeight - this.scrollTop - this.clientHeight < END_PX
    if (isAtEnd === this.#isAtEnd) return
    this.#isAtEnd = isAtEnd
    this.dispatchEvent(new CustomEvent('stick-change', { detail: isAtEnd }))
  }

  readonly #press = (event: KeyboardEvent): void => {
    if (event.target !== this || event.ctrlKey || event.metaKey || event.altKey) return
    if (!this.selectable) return
    const page = Math.max(1, this.#virtualizer.getVirtualItems().length - 2 * this.overscan)
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: this.count - 1,
    }
    const wanted = steps[event.key]
    if (event.key === 'Enter' && this.active >= 0) this.#activate(this.active)
    else if (wanted === undefined) return
    else {
      this.active = Math.max(0, Math.min(this.count - 1, wanted))
      this.scrollToRow(this.active)
    }
    event.preventDefault()
  }
}
customElements.define('fc-virtual-list', FcVirtualList)
