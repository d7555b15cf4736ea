import type { ApiError } from './errors.ts'

interface Waiting {
  readonly upTo: number
  settle(): void
  fail(error: ApiError): void
}

/** Who waits until a frame and all before it are answered. */
export class Flushes {
  #waiting: readonly Waiting[] = []

  until(frame: number): Promise<void> {
    return new Promise((settle, fail) => {
      this.#waiting = [...this.#waiting, { upTo: frame, settle, fail }]
    })
  }

  /** Every frame before `oldest` is answered. */
  answered(oldest: number): void {
    const isOver = ({ upTo }: Waiting): boolean => upTo < oldest
    for (const waiting of this.#waiting) if (isOver(waiting)) waiting.settle()
    this.#waiting = this.#waiting.filter((waiting) => !isOver(waiting))
  }

  fail(error: ApiError): void {
    for (const waiting of this.#waiting) waiting.fail(error)
    this.#waiting = []
  }
}
