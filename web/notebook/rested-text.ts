/**
 * The text of a cell, as its element watches it: what is typed in the cell's own editor, which shows it by itself, is told when the hand rests.
 * So no key waits for previews and hints.
 */
import type { ReadonlySignal } from '../ui/signal.ts'
import type { CellModel } from './cell-model.ts'

const REST_MS = 150

export class RestedText implements ReadonlySignal<undefined> {
  readonly value = undefined
  readonly #model: () => CellModel
  #isTyping = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(model: () => CellModel) {
    this.#model = model
  }

  subscribe(tell: () => void): () => void {
    return this.#model().cell.subscribe(() => {
      this.drawn()
      if (this.#isTyping) this.#timer = setTimeout(tell, REST_MS)
      else tell()
    })
  }

  /** What `put` does to the text was typed in the cell's own editor. */
  typed<T>(put: () => T): T {
    this.#isTyping = true
    try {
      return put()
    } finally {
      this.#isTyping = false
    }
  }

  /** The element shows the text as it is now; there is nothing to be told. */
  drawn(): void {
    clearTimeout(this.#timer)
  }
}
