/** Questions to another thread that wait for their answers, by number. */
export class Questions<Answer> {
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>()
  #last = 0

  /** @param post Hands the question over, with its number. */
  ask(post: (request: number) => void): Promise<Answer> {
    const request = ++this.#last
    const waiting = Promise.withResolvers<Answer>()
    this.#waiting.set(request, waiting)
    post(request)
    return waiting.promise
  }

  /** What nobody asked, or asked no longer, is dropped. */
  answered(request: number, answer: Answer): void {
    this.#waiting.get(request)?.resolve(answer)
    this.#waiting.delete(request)
  }

  /** Nobody will answer any more. */
  failAll(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(why))
    this.#waiting.clear()
  }
}
