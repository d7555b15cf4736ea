/** Where cells stand in the small graph: each right of all that it needs, in rows of the page's order. Pure. */
import type { CellGraph } from '#sdk/notebook/graph.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export function layoutOf(
  graph: CellGraph,
  cells: readonly CellId[],
  { width, row }: { readonly width: number; readonly row: number },
): ReadonlyMap<CellId, Point> {
  const shown = new Set(cells)
  const columns = new Map<CellId, number>()
  // `order` has what is needed first; in a circle what comes later counts as not needed.
  for (const id of graph.order) {
    if (!shown.has(id)) continue
    const needed = (graph.needs.get(id) ?? []).flatMap(({ from }) => (shown.has(from) ? (columns.get(from) ?? -1) : -1))
    columns.set(id, Math.max(-1, ...needed) + 1)
  }
  const last = Math.max(0, ...columns.values())
  const step = last === 0 ? 0 : (width - 90) / last
  const inPage = [...graph.cells.keys()].filter((id) => shown.has(id))
  return new Map(inPage.map((id, index) => [id, { x: 16 + (columns.get(id) ?? 0) * step, y: row / 2 + index * row }]))
}

/** The cells nearest to one, in both directions, at most so many. */
export function nearTo(graph: CellGraph, cell: CellId | undefined, most: number): readonly CellId[] {
  if (cell === undefined) return [...graph.cells.keys()].slice(0, most)
  const found = new Set<CellId>([cell])
  for (const id of found) {
    const beside = [...(graph.needs.get(id) ?? []).map(({ from }) => from), ...(graph.usedBy.get(id) ?? [])]
    for (const other of beside) if (found.size < most) found.add(other)
    if (found.size >= most) break
  }
  return [...found]
}
