/** Rows of a list that were chosen, one by one or as a range. */

export class Selection {
  readonly #chosen = new Set<string>()
  #last: string | undefined

  has(id: string): boolean {
    return this.#chosen.has(id)
  }

  clear(): void {
    this.#chosen.clear()
  }

  delete(id: string): void {
    this.#chosen.delete(id)
  }

  /** Whether all of them are chosen. */
  hasAll(ids: readonly string[]): boolean {
    return ids.every((id) => this.#chosen.has(id))
  }

  chooseAll(ids: readonly string[]): void {
    this.#chosen.clear()
    for (const id of ids) this.#chosen.add(id)
  }

  /** `ids`: all, in their order. A range goes from the one that was chosen last; without that one it is this one alone. */
  toggle(id: string, ids: readonly string[], isRange: boolean): void {
    const [from, to] = [this.#last === undefined ? -1 : ids.indexOf(this.#last), ids.indexOf(id)]
    if (isRange && from >= 0 && to >= 0) for (const one of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) this.#chosen.add(one)
    else if (!this.#chosen.delete(id)) this.#chosen.add(id)
    this.#last = id
  }
}
