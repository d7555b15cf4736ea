/**
 * Which cell needs which. The compiler says what each cell defines and uses; here is what follows from it.
 *
 * A name that no cell defines is nobody's business here: it is a global. A cell that uses its own name needs no other.
 */
import type { CellId } from '../protocol/notebook.ts'

/** What the compiler knows of one cell. */
export interface CellFacts {
  readonly id: CellId
  /** Equal exactly where the cell would do the same: a hash of its compiled code and of where it runs. */
  readonly code: string
  readonly definitions: readonly string[]
  readonly references: readonly string[]
  /** Sentences that keep the cell from running: a syntax error, an assignment to the name of another cell. */
  readonly problems: readonly string[]
}

/** `cell` uses `name`, which `from` defines. */
export interface Need {
  readonly cell: CellId
  readonly name: string
  readonly from: CellId
}

export interface CellGraph {
  /** In the order of the page. */
  readonly cells: ReadonlyMap<CellId, CellFacts>
  /** Cells in an order in which they can run: as on the page, but each behind what it needs. Within a cycle, as on the page. */
  readonly order: readonly CellId[]
  /** What each cell uses of others, one of each. */
  readonly needs: ReadonlyMap<CellId, readonly Need[]>
  /** Cells that use something of this one. */
  readonly usedBy: ReadonlyMap<CellId, readonly CellId[]>
  /** Names with more than one definer. */
  readonly duplicates: ReadonlyMap<string, readonly CellId[]>
  /** Each as the way around it: the last need leads back to the first cell. Every cycle has a cell in one of these. */
  readonly cycles: readonly (readonly Need[])[]
}

export function graphOf(facts: readonly CellFacts[]): CellGraph {
  const cells = new Map(facts.map((cell) => [cell.id, cell]))
  const definers = definersOf(facts)
  const needs = new Map(facts.map((cell) => [cell.id, needsOf(cell, definers)]))
  const usedBy = new Map<CellId, CellId[]>(facts.map(({ id }) => [id, []]))
  for (const list of needs.values()) {
    for (const { cell, from } of list) {
      const users = usedBy.get(from)
      if (users !== undefined && users.at(-1) !== cell && !users.includes(cell)) users.push(cell)
    }
  }
  const duplicates = new Map([...definers].filter(([, ids]) => ids.length > 1))
  return { cells, needs, usedBy, duplicates, ...walk(facts, needs) }
}

function definersOf(facts: readonly CellFacts[]): Map<string, CellId[]> {
  const definers = new Map<string, CellId[]>()
  for (const { id, definitions } of facts) {
    for (const name of new Set(definitions)) {
      const ids = definers.get(name)
      if (ids === undefined) definers.set(name, [id])
      else ids.push(id)
    }
  }
  return definers
}

function needsOf({ id, definitions, references }: CellFacts, definers: ReadonlyMap<string, readonly CellId[]>): Need[] {
  const own = new Set(definitions)
  const names = [...new Set(references)].filter((name) => !own.has(name))
  return names.flatMap((name) => (definers.get(name) ?? []).map((from) => ({ cell: id, name, from })))
}

/** Depth first from the top of the page, without recursion: a chain may be as long as the notebook. */
function walk(facts: readonly CellFacts[], needs: ReadonlyMap<CellId, readonly Need[]>): Pick<CellGraph, 'order' | 'cycles'> {
  const order: CellId[] = []
  const cycles: Need[][] = []
  const state = new Map<CellId, 'open' | 'done'>()
  for (const { id: root } of facts) {
    if (state.has(root)) continue
    const path: { readonly id: CellId; readonly needs: readonly Need[]; next: number }[] = []
    const enter = (id: CellId) => {
      state.set(id, 'open')
      path.push({ id, needs: needs.get(id) ?? [], next: 0 })
    }
    enter(root)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const need = top.needs[top.next++]
      if (need === undefined) {
        state.set(top.id, 'done')
        order.push(top.id)
        path.pop()
      } else if (state.get(need.from) === 'open') {
        const start = path.findIndex(({ id }) => id === need.from)
        cycles.push(path.slice(start).flatMap((step) => step.needs.slice(step.next - 1, step.next)))
      } else if (!state.has(need.from)) enter(need.from)
    }
  }
  return { order, cycles }
}

/** Everything that the cells need, directly or not; without the cells themselves, unless they stand in a cycle. */
export function ancestorsOf({ needs }: CellGraph, ids: Iterable<CellId>): ReadonlySet<CellId> {
  return reach(ids, (id) => (needs.get(id) ?? []).map(({ from }) => from))
}

/** Everything that needs the cells, directly or not. */
export function descendantsOf({ usedBy }: CellGraph, ids: Iterable<CellId>): ReadonlySet<CellId> {
  return reach(ids, (id) => usedBy.get(id) ?? [])
}

function reach(ids: Iterable<CellId>, next: (id: CellId) => readonly CellId[]): Set<CellId> {
  const found = new Set<CellId>()
  const open = [...ids]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const other of next(id)) {
      if (found.has(other)) continue
      found.add(other)
      open.push(other)
    }
  }
  return found
}

/** Why a cell cannot run. `through`: the cell that it needs, which cannot run itself. */
export type Block =
  | { readonly reason: 'problem'; readonly sentence: string }
  | { readonly reason: 'duplicate'; readonly name: string; readonly others: readonly CellId[] }
  | { readonly reason: 'cycle'; readonly path: readonly Need[] }
  | { readonly reason: 'needs'; readonly through: Need; readonly root: CellId }

/** Cells that cannot run, each with its first reason. */
export function blocksOf(graph: CellGraph): ReadonlyMap<CellId, Block> {
  const blocks = new Map<CellId, Block>()
  for (const path of graph.cycles) for (const { cell } of path) blocks.set(cell, { reason: 'cycle', path: from(path, cell) })
  for (const [name, ids] of graph.duplicates) {
    for (const id of ids) blocks.set(id, { reason: 'duplicate', name, others: ids.filter((other) => other !== id) })
  }
  for (const { id, problems } of graph.cells.values()) {
    if (problems[0] !== undefined) blocks.set(id, { reason: 'problem', sentence: problems[0] })
  }
  const roots = new Set(blocks.keys())
  // Nearest first, so that each names a neighbour that was blocked before it.
  const open = graph.order.filter((id) => roots.has(id))
  for (let index = 0; index < open.length; index++) {
    const id = open[index]
    if (id === undefined) continue
    for (const user of graph.usedBy.get(id) ?? []) {
      const through = graph.needs.get(user)?.find((need) => need.from === id)
      if (blocks.has(user) || through === undefined) continue
      blocks.set(user, { reason: 'needs', through, root: rootOf(blocks, id) })
      open.push(user)
    }
  }
  return blocks
}

function rootOf(blocks: ReadonlyMap<CellId, Block>, id: CellId): CellId {
  const block = blocks.get(id)
  return block?.reason === 'needs' ? block.root : id
}

/** The same way around, from this cell on. */
function from(path: readonly Need[], cell: CellId): readonly Need[] {
  const start = path.findIndex((need) => need.cell === cell)
  return [...path.slice(start), ...path.slice(0, start)]
}
