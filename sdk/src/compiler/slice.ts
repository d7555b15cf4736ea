/** A cell with exactly the cells that it depends on: what crosses to another machine, and what a deployment is. */
import { ancestorsOf, graphOf } from '../notebook/graph.ts'
import type { CellId } from '../protocol/notebook.ts'
import type { JoinedCells } from './graph.ts'
import { hashOf } from './hash.ts'

export interface Slice {
  readonly ok: true
  readonly root: CellId
  /** Ids, each after all that it needs; the root is the last. */
  readonly cells: readonly CellId[]
  /** Sources under `// %%` markers, in that order. The same cells always give the same text. */
  readonly bundle: string
  /** SHA-256 of the bundle: whoever receives it can check it. */
  readonly hash: string
  /** Modules that the cells name, each once. */
  readonly modules: readonly string[]
  /** Free names that nobody is known to have: a slip of the pen, as a rule. */
  readonly unknown: readonly string[]
}

export type SliceResult = Slice | { readonly ok: false; readonly message: string; readonly cells: readonly CellId[] }

/**
 * The transitive slice of a cell. Cells that do not lead to the root leave it as it is, wherever they stand; so does the order of the page.
 *
 * @returns `ok: false` when the root is unknown, or when it or something that it needs cannot run.
 */
export function sliceOf({ graph, cells, problems }: JoinedCells, root: CellId): SliceResult {
  if (!graph.cells.has(root)) return { ok: false, message: `There is no cell \`${root}\`.`, cells: [root] }
  const needed = new Set([root, ...ancestorsOf(graph, [root])])
  for (const id of graph.cells.keys()) {
    const [trouble] = needed.has(id) ? (problems.get(id) ?? []) : []
    if (trouble !== undefined) return { ok: false, message: trouble.message, cells: [id] }
  }
  // Beginning with the root, so that only what it uses, in the order in which it uses it, decides.
  const { order } = graphOf([...needed].flatMap((id) => graph.cells.get(id) ?? []))
  const parts = order.flatMap((id) => {
    const result = cells.get(id)?.result
    return result?.ok === true ? [{ id, cell: result }] : []
  })
  const bundle = parts.map(({ id, cell }) => bundledText(id, cell.source)).join('')
  const modules = parts.flatMap(({ cell }) => [...cell.imports.map(({ specifier }) => specifier), ...cell.dynamicImports])
  const defined = new Set(order.flatMap((id) => graph.cells.get(id)?.definitions ?? []))
  const unknown = parts.flatMap(({ cell }) => cell.references.filter(({ name, known }) => !known && !defined.has(name)))
  return {
    ok: true,
    root,
    cells: order,
    bundle,
    hash: hashOf(bundle),
    modules: [...new Set(modules)],
    unknown: [...new Set(unknown.map(({ name }) => name))],
  }
}

/** A line that looks like a marker gets a backslash, so that no source can pretend to be two cells. */
function bundledText(id: string, source: string): string {
  return `// %% id=${id}\n${source.replaceAll(/^\/\/ (\\*%%)/gm, '// \\$1')}\n\n`
}
