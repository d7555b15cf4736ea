/** When a cell is drawn: what is near the screen at once, everything else when the page has nothing to do. */
import type { ReactiveController } from 'lit'
import type { CellHost } from './cell-host.ts'
import { whenIdle } from './idle-works.ts'

/** The first cells are drawn without waiting for the browser to say that they are seen. */
const SEEN_AT_ONCE = 8
/** Where the browser does not tell which cells it leaves out, all are drawn. */
const CAN_TELL_SIGHT = 'ContentVisibilityAutoStateChangeEvent' in globalThis

export class CellSight implements ReactiveController {
  readonly #host: CellHost
  readonly #drawNow: () => void
  #isInSight = !CAN_TELL_SIGHT
  #isSeen = !CAN_TELL_SIGHT
  #isDrawn = false
  #isWaiting = false

  /** @param drawNow Draws in this very moment: what only asks for it would come all at once. */
  constructor(host: CellHost, drawNow: () => void) {
    this.#host = host
    this.#drawNow = drawNow
    host.addController(this)
  }

  hostConnected(): void {
    this.#host.addEventListener('contentvisibilityautostatechange', this.#changed)
  }

  /** It is near the screen now. */
  get isInSight(): boolean {
    return this.#isInSight
  }

  /** It is, or was, near the screen: its code has colours. */
  get isSeen(): boolean {
    return this.#isSeen
  }

  /** Before this the text stands there, and nothing else. */
  get isDrawn(): boolean {
    return this.#isDrawn
  }

  /** Asked before each drawing. `isWanted`: the hand is on the cell. */
  look(isWanted: boolean): void {
    if (isWanted || this.#host.index < SEEN_AT_ONCE) this.#isSeen = true
    if (this.#isSeen) this.#isDrawn = true
    else if (!this.#isDrawn) this.#wait()
  }

  #wait(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    whenIdle(() => {
      this.#isWaiting = false
      if (this.#isDrawn || !this.#host.isConnected) return
      this.#isDrawn = true
      this.#drawNow()
    })
  }

  readonly #changed = (event: Event): void => {
    if (!('skipped' in event)) return
    this.#isInSight = event.skipped !== true
    const isNews = !this.#isSeen || this.#host.model.run.value !== undefined // an age goes on
    if (!this.#isInSight || !isNews) return
    this.#isSeen = true
    this.#host.requestUpdate()
  }
}
