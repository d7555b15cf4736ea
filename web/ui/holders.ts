/** Many hold one thing: it begins with the first and ends with the last. */
export class Holders {
  readonly #begin: () => () => void
  #count = 0
  #end: (() => void) | undefined

  /** @param begin Answers how to end it. */
  constructor(begin: () => () => void) {
    this.#begin = begin
  }

  get isHeld(): boolean {
    return this.#count > 0
  }

  /** Answers how to let go; saying it again does nothing. */
  hold(): () => void {
    if (this.#count++ === 0) this.#end = this.#begin()
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      if (--this.#count === 0) this.#end?.()
    }
  }

  /** Holds for a listener; answers how to end both. */
  holdFor(stopListening: () => void): () => void {
    const letGo = this.hold()
    return () => {
      stopListening()
      letGo()
    }
  }
}
