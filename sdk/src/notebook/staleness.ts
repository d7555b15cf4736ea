/**
 * Which cells are fresh, which are stale and why, and what running one of them runs. Nothing here runs anything.
 *
 * 1. A cell is fresh when it ended in this kernel, with the code that it has now and the values that its needs have now.
 * 2. Running a cell first runs what is not fresh of all that it needs; what needs it is only marked.
 */
import type { CellId } from '../protocol/notebook.ts'
import { ancestorsOf, blocksOf, type Block, type CellGraph } from './graph.ts'
import { versionOf, type KernelMemory, type Ran } from './memory.ts'

/** `cause`: the cell where it began. `through`: the one that this cell uses. */
export type Mark =
  | { readonly state: 'fresh' }
  /** It ended with an error, with its code and inputs as they are now. It runs again when asked or needed. */
  | { readonly state: 'failed' }
  /** `input set`: a person changed an input that the cell shows; its code sees the value when it runs again. */
  | { readonly state: 'stale'; readonly reason: 'never run' | 'edited' | 'restarted' | 'interrupted' | 'input set' }
  | { readonly state: 'stale'; readonly reason: 'input changed'; readonly cause: CellId; readonly through: CellId }

/** A mark for every cell of the graph, in the order in which they can run. */
export function marksOf(graph: CellGraph, memory: KernelMemory): ReadonlyMap<CellId, Mark> {
  const marks = new Map<CellId, Mark>()
  for (const id of graph.order) marks.set(id, markOf(graph, memory, id, marks))
  return marks
}

function markOf(graph: CellGraph, memory: KernelMemory, id: CellId, marks: ReadonlyMap<CellId, Mark>): Mark {
  const ran = memory.cells.get(id)?.ran
  if (ran === undefined) return { state: 'stale', reason: 'never run' }
  if (ran.session !== memory.session) return { state: 'stale', reason: 'restarted' }
  if (ran.code !== graph.cells.get(id)?.code) return { state: 'stale', reason: 'edited' }
  if (ran.outcome === 'interrupted') return { state: 'stale', reason: 'interrupted' }
  if (ran.isInputSet === true) return { state: 'stale', reason: 'input set' }
  return changedInput(graph, memory, id, ran, marks) ?? { state: ran.outcome === 'done' ? 'fresh' : 'failed' }
}

function changedInput(
  graph: CellGraph,
  memory: KernelMemory,
  id: CellId,
  { inputs }: Ran,
  marks: ReadonlyMap<CellId, Mark>,
): Mark | undefined {
  const needs = graph.needs.get(id) ?? []
  for (const { from } of needs) {
    const mark = marks.get(from)
    const isNew = inputs.get(from) !== (versionOf(memory, from) ?? 0)
    if (!isNew && (mark === undefined || mark.state === 'fresh')) continue
    const cause = mark?.state === 'stale' && mark.reason === 'input changed' ? mark.cause : from
    return { state: 'stale', reason: 'input changed', cause, through: from }
  }
  // A cell that defined what this one used is gone, or no longer defines it.
  const lost = [...inputs.keys()].find((from) => needs.every((need) => need.from !== from))
  return lost === undefined ? undefined : { state: 'stale', reason: 'input changed', cause: lost, through: lost }
}

export type RunRequest =
  | { readonly run: 'cell'; readonly cell: CellId }
  | { readonly run: 'cell and stale'; readonly cell: CellId }
  | { readonly run: 'stale' }
  | { readonly run: 'all' }

export interface RunPlan {
  /** Cells to run, one after another. */
  readonly order: readonly CellId[]
  /** Cells that would run, but cannot. */
  readonly blocked: ReadonlyMap<CellId, Block>
}

/** What a request runs: what it asks for, before that whatever of its needs is not fresh, nothing twice. */
export function planOf(request: RunRequest, graph: CellGraph, marks: ReadonlyMap<CellId, Mark>): RunPlan {
  const asked = new Set(askedBy(request, graph, marks))
  const needed = [...ancestorsOf(graph, asked)].filter((id) => marks.get(id)?.state !== 'fresh')
  const wanted = new Set([...asked, ...needed])
  const blocks = blocksOf(graph)
  const inOrder = graph.order.filter((id) => wanted.has(id))
  return {
    order: inOrder.filter((id) => !blocks.has(id)),
    blocked: new Map(inOrder.flatMap((id) => [blocks.get(id)].flatMap((block) => (block === undefined ? [] : [[id, block] as const])))),
  }
}

function askedBy(request: RunRequest, graph: CellGraph, marks: ReadonlyMap<CellId, Mark>): CellId[] {
  const stale = graph.order.filter((id) => marks.get(id)?.state === 'stale')
  switch (request.run) {
    case 'cell':
      return [request.cell].filter((id) => graph.cells.has(id))
    case 'cell and stale':
      return [request.cell, ...stale].filter((id) => graph.cells.has(id))
    case 'stale':
      return stale
    case 'all':
      return [...graph.order]
  }
}
