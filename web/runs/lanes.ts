/** Lanes of a timeline that is packed: task runs that did not overlap share one. */

export interface Extent {
  readonly from: number
  /** Null: goes on. */
  readonly to: number | null
}

/** The lane of each extent, in the order given (by start). A lane is taken again once it has been free for `gap`. */
export function packLanes(extents: readonly Extent[], gap: number): { readonly lanes: readonly number[]; readonly count: number } {
  // A heap of lanes by when they become free; the lowest number among those that are free.
  const busy: { lane: number; until: number }[] = []
  const free: number[] = []
  let count = 0
  const lanes = extents.map(({ from, to }) => {
    while ((busy[0]?.until ?? Infinity) <= from) {
      const { lane } = pop(busy, byUntil) ?? { lane: 0 }
      push(free, lane, ascending)
    }
    const lane = pop(free, ascending) ?? count++
    push(busy, { lane, until: to === null ? Infinity : to + gap }, byUntil)
    return lane
  })
  return { lanes, count }
}

const ascending = (a: number, b: number): number => a - b
const byUntil = (a: { readonly until: number }, b: { readonly until: number }): number => (a.until === b.until ? 0 : a.until - b.until)

function push<T>(heap: T[], value: T, order: (a: T, b: T) => number): void {
  let at = heap.push(value) - 1
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up]
    if (parent === undefined || order(parent, value) <= 0) break
    heap[at] = parent
    at = up
  }
  heap[at] = value
}

function pop<T>(heap: T[], order: (a: T, b: T) => number): T | undefined {
  const [top] = heap
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return top
  let at = 0
  for (;;) {
    const [left, right] = [heap[at * 2 + 1], heap[at * 2 + 2]]
    if (left === undefined) break
    const isRight = right !== undefined && order(right, left) < 0
    const child = isRight ? right : left
    if (order(last, child) <= 0) break
    heap[at] = child
    at = at * 2 + (isRight ? 2 : 1)
  }
  heap[at] = last
  return top
}
