/** Which rows of one height are in sight of the box of class `scroller` in its host, so that only those are drawn. */
import type { LitElement, ReactiveController } from 'lit'

export interface RowSpan {
  readonly from: number
  /** Behind the last one. */
  readonly to: number
}

/** Rows beyond what is seen, so that scrolling finds them. */
const OVERSCAN = 8
/** Until it was measured. */
const GUESSED_HEIGHT = 400

export class RowsInSight implements ReactiveController {
  readonly #host: LitElement
  #top = 0
  #height = GUESSED_HEIGHT

  constructor(host: LitElement) {
    this.#host = host
    host.addController(this)
  }

  of(count: number, rowHeight: number): RowSpan {
    return {
      from: Math.max(0, Math.floor(this.#top / rowHeight) - OVERSCAN),
      to: Math.min(count, Math.ceil((this.#top + this.#height) / rowHeight) + OVERSCAN),
    }
  }

  /** Listens to `scroll` of the box. */
  readonly scrolled = (event: Event): void => {
    if (event.currentTarget instanceof Element) this.#top = event.currentTarget.scrollTop
    this.#host.requestUpdate()
  }

  /** Rows are others now: the box begins at its top. */
  restart(): void {
    this.#top = 0
  }

  /** Scrolls as little as brings a row into sight. `covered`: pixels of the box that something lies over. */
  reveal(index: number, rowHeight: number, covered: number): void {
    const box = this.#box
    if (box === null) return
    const top = index * rowHeight
    const last = top + rowHeight + covered - box.clientHeight
    if (top < box.scrollTop) box.scrollTop = top
    else if (last > box.scrollTop) box.scrollTop = last
    this.#top = box.scrollTop
    this.#host.requestUpdate()
  }

  hostUpdated(): void {
    const height = this.#box?.clientHeight ?? 0
    if (height === this.#height || height === 0) return
    this.#height = height
    this.#host.requestUpdate()
  }

  get #box(): Element | null {
    return this.#host.renderRoot.querySelector('.scroller')
  }
}
