/** Orders and circles of a graph that is given as "who needs whom". Walks with lists: a chain of ten thousand cells overflows no stack. */

type Needs = ReadonlyMap<string, readonly string[]>

/** Everything after what it needs, the given order kept where needs leave a choice; what is in a circle or behind one is left out. */
export function sortedByNeed(needs: Needs): readonly string[] {
  const ids = [...needs.keys()]
  const position = new Map(ids.map((id, index) => [id, index]))
  const open = new Map(ids.map((id) => [id, needs.get(id)?.length ?? 0]))
  const feeds = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const [id, from] of needs) for (const need of from) feeds.get(need)?.push(id)
  const ready = new Ready(ids.flatMap((id, index) => (open.get(id) === 0 ? [index] : [])))
  const order: string[] = []
  for (let index = ready.take(); index !== undefined; index = ready.take()) {
    const id = ids[index] ?? ''
    order.push(id)
    for (const fed of feeds.get(id) ?? []) {
      const left = (open.get(fed) ?? 0) - 1
      open.set(fed, left)
      if (left === 0) ready.add(position.get(fed) ?? 0)
    }
  }
  return order
}

/** Numbers of which the smallest is taken next. */
class Ready {
  readonly #sorted: number[]

  /** @param sorted Ascending. */
  constructor(sorted: readonly number[]) {
    this.#sorted = sorted.toReversed()
  }

  take(): number | undefined {
    return this.#sorted.pop()
  }

  add(number: number): void {
    let at = this.#sorted.length
    while (at > 0 && (this.#sorted[at - 1] ?? 0) < number) at--
    this.#sorted.splice(at, 0, number)
  }
}

/**
 * One circle for every knot among what has no place in the order; each path names its members once, everyone needing the next.
 * Whoever cannot be ordered needs somebody who cannot be ordered either, so that following such needs always ends in a circle.
 */
export function cyclesOf(needs: Needs, order: readonly string[]): readonly (readonly string[])[] {
  const ordered = new Set(order)
  const seen = new Set<string>()
  const cycles: string[][] = []
  for (const start of needs.keys()) {
    const path: string[] = []
    let at: string | undefined = ordered.has(start) ? undefined : start
    while (at !== undefined && !seen.has(at)) {
      seen.add(at)
      path.push(at)
      at = needs.get(at)?.find((need) => !ordered.has(need))
    }
    const from = at === undefined ? -1 : path.indexOf(at)
    if (from >= 0) cycles.push(path.slice(from))
  }
  return cycles
}
