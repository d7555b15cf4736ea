/**
 * Cells to a graph: who defines which name, who waits for whom, and what is wrong between cells.
 *
 * 1. An edge is a name that one cell uses and another defines; a name that nobody defines is the realm's.
 * 2. A name has one definer. Where two cells define it, both are told, and the first in the notebook counts until it is put right.
 * 3. `order` has every cell that can run, after all that it waits for; among those that could come next, the notebook's order decides.
 */
import type { CompiledCell } from './cell.ts'
import { cyclesOf, sortedByNeed } from './graph-order.ts'
import { outputsOf } from './link-cell.ts'
import { placeOf, type Place } from './problems.ts'
import { lineStartsOf } from './parse.ts'
import type { Range } from './references.ts'

/** A cell with what people call it. */
export interface GraphCell {
  readonly cell: CompiledCell
  readonly title?: string
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly names: readonly string[]
}

export interface GraphNode {
  readonly id: string
  readonly cell: CompiledCell
  readonly title: string
  /** What it takes from other cells. */
  readonly inputs: readonly { readonly name: string; readonly from: string }[]
  /** Cells that it waits for directly, in the order of the notebook. */
  readonly needs: readonly string[]
  /** Cells that wait for it directly. */
  readonly feeds: readonly string[]
  /** Free names that neither a cell nor the platform is known to have. */
  readonly unknown: readonly string[]
}

export interface GraphProblem extends Place {
  readonly id: string
  readonly kind: 'defined twice' | 'exported twice' | 'assigned' | 'cycle'
  readonly message: string
  readonly hint?: string
  /** The other cells that it is about. */
  readonly related: readonly string[]
}

export interface CellGraph {
  readonly nodes: ReadonlyMap<string, GraphNode>
  readonly edges: readonly GraphEdge[]
  readonly order: readonly string[]
  readonly problems: readonly GraphProblem[]
}

/**
 * Joins compiled cells, given in the order of the notebook.
 *
 * @example
 * graphOf([{ cell: load, title: 'Load' }, { cell: clean }]).edges // [{ from: 'load', to: 'clean', names: ['rows'] }]
 */
export function graphOf(cells: readonly GraphCell[]): CellGraph {
  const definers = definersOf(cells)
  const nodes = nodesOf(cells, definers)
  const needs = new Map([...nodes].map(([id, node]) => [id, node.needs]))
  const order = sortedByNeed(needs)
  const edges = [...nodes.values()].flatMap(({ id, needs: from, inputs }) =>
    from.map((need) => ({ from: need, to: id, names: inputs.filter((input) => input.from === need).map(({ name }) => name) })),
  )
  const problems = [
    ...twice(cells, nodes, 'defined twice', ({ cell }) => cell.definitions.filter(({ local }) => !local)),
    ...twice(cells, nodes, 'exported twice', ({ cell }) => cell.exports.filter(({ name, local }) => name !== local)),
    ...assigned(nodes, definers),
    ...cyclesOf(needs, order).flatMap((path) => cycleProblems(path, nodes)),
  ]
  return { nodes, edges, order, problems }
}

function definersOf(cells: readonly GraphCell[]): ReadonlyMap<string, string> {
  const definers = new Map<string, string>()
  for (const { cell } of cells) {
    for (const name of outputsOf(cell)) if (!definers.has(name)) definers.set(name, cell.id)
  }
  return definers
}

function nodesOf(cells: readonly GraphCell[], definers: ReadonlyMap<string, string>): ReadonlyMap<string, GraphNode> {
  const inputsOf = (cell: CompiledCell) =>
    cell.references.flatMap(({ name }) => {
      const from = definers.get(name)
      return from === undefined ? [] : [{ name, from }]
    })
  const feeds = new Map<string, string[]>(cells.map(({ cell }) => [cell.id, []]))
  const position = new Map(cells.map(({ cell }, index) => [cell.id, index]))
  const drafts = cells.map(({ cell, title }) => {
    const inputs = inputsOf(cell)
    const needs = [...new Set(inputs.map(({ from }) => from))].sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0))
    for (const need of needs) feeds.get(need)?.push(cell.id)
    const unknown = cell.references.filter(({ name, known }) => !known && !definers.has(name)).map(({ name }) => name)
    return { id: cell.id, cell, title: title ?? cell.id, inputs, needs, unknown }
  })
  return new Map(drafts.map((draft) => [draft.id, { ...draft, feeds: feeds.get(draft.id) ?? [] }]))
}

type Nodes = ReadonlyMap<string, GraphNode>
const titleOf = (nodes: Nodes, id: string): string => nodes.get(id)?.title ?? id

function problemIn(cell: CompiledCell, range: Range, rest: Omit<GraphProblem, 'id' | keyof Place>): GraphProblem {
  return { id: cell.id, ...rest, ...placeOf({ source: cell.source, lineStarts: lineStartsOf(cell.source) }, range) }
}

function twice(
  cells: readonly GraphCell[],
  nodes: Nodes,
  kind: 'defined twice' | 'exported twice',
  read: (cell: GraphCell) => readonly (Range & { readonly name: string })[],
): GraphProblem[] {
  const found = Map.groupBy(
    cells.flatMap((graphCell) => read(graphCell).map((range) => ({ cell: graphCell.cell, range }))),
    ({ range }) => range.name,
  )
  return [...found].flatMap(([name, places]) => {
    if (places.length < 2) return []
    return places.map(({ cell, range }) => {
      const related = places.filter((other) => other.cell !== cell).map((other) => other.cell.id)
      const others = related.map((id) => titleOf(nodes, id)).join(', ')
      const verb = kind === 'defined twice' ? 'defined' : 'published'
      const message = `\`${name}\` is also ${verb} in ${others}: a name has one cell.`
      return problemIn(cell, range, { kind, message, hint: hintOf(cell, name, kind), related })
    })
  })
}

function hintOf(cell: CompiledCell, name: string, kind: 'defined twice' | 'exported twice'): string {
  if (kind === 'exported twice') return 'Publish one of them under another name.'
  const isImport = cell.definitions.some((definition) => definition.name === name && definition.kind === 'import')
  return isImport
    ? 'Import it in one cell: all other cells see it.'
    : `Keep one of them, or call it \`_${name}\`: such names stay in their cell.`
}

function assigned(nodes: Nodes, definers: ReadonlyMap<string, string>): GraphProblem[] {
  return [...nodes.values()].flatMap(({ cell }) =>
    cell.references.flatMap(({ name, known, writes }) => {
      const definer = definers.get(name)
      if (definer === undefined && known) return []
      const told =
        definer === undefined
          ? { message: `\`${name}\` is assigned, but no cell defines it.`, hint: `Write \`let ${name} = …\`.`, related: [] }
          : {
              message: `\`${name}\` belongs to ${titleOf(nodes, definer)}: only that cell can assign it.`,
              hint: 'Define a new name here, or assign it there.',
              related: [definer],
            }
      return writes.map((range) => problemIn(cell, range, { kind: 'assigned', ...told }))
    }),
  )
}

/** Told in every cell of the circle, each beginning with itself, at the name that leads on. */
function cycleProblems(path: readonly string[], nodes: Nodes): GraphProblem[] {
  return path.flatMap((id, index) => {
    const node = nodes.get(id)
    const circle = [...path.slice(index), ...path.slice(0, index), id]
    const next = circle[1]
    const input = node?.inputs.find(({ from }) => from === next)
    const use = node?.cell.references.find(({ name }) => name === input?.name)?.uses[0]
    if (node === undefined || use === undefined) return []
    return [
      problemIn(node.cell, use, {
        kind: 'cycle',
        message: `These cells wait for each other: ${pathText(circle.map((step) => titleOf(nodes, step)))}.`,
        hint: 'Move what they share into a cell of its own, or into one of them.',
        related: path.filter((other) => other !== id),
      }),
    ]
  })
}

/** A longer path is no longer read. */
const MAX_STEPS = 8

function pathText(titles: readonly string[]): string {
  const shown = titles.length > MAX_STEPS + 1 ? [...titles.slice(0, MAX_STEPS - 2), '…', ...titles.slice(-2)] : titles
  return shown.join(' → ')
}
