/** A cell with exactly the cells that it depends on: what crosses to another machine, and what a deployment is. */
import type { CompiledCell } from './cell.ts'
import type { CellGraph, GraphNode } from './graph.ts'
import { hashOf } from './hash.ts'

export interface Slice {
  readonly ok: true
  readonly root: string
  /** Ids, each after all that it needs; the root is the last. */
  readonly cells: readonly string[]
  /** Sources under `// %%` markers, in that order. The same cells always give the same text. */
  readonly bundle: string
  /** SHA-256 of the bundle: whoever receives it can check it. */
  readonly hash: string
  /** Modules that the cells name, each once. */
  readonly modules: readonly string[]
  /** Free names that nobody is known to have: a cell that does not compile, or a slip of the pen. */
  readonly unknown: readonly string[]
}

export type SliceResult = Slice | { readonly ok: false; readonly message: string; readonly cells: readonly string[] }

/**
 * The transitive slice of a cell. Cells that do not lead to the root leave it as it is, wherever they stand.
 *
 * @returns `ok: false` when the root is unknown, or when it or something that it needs cannot run.
 */
export function sliceOf(graph: CellGraph, root: string): SliceResult {
  const needed = new Map<string, GraphNode>()
  const waiting = [root]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const node = graph.nodes.get(id)
    if (node === undefined) return { ok: false, message: `There is no compiled cell \`${id}\`.`, cells: [id] }
    if (needed.has(id)) continue
    needed.set(id, node)
    waiting.push(...node.needs)
  }
  const troubled = graph.problems.find(({ id }) => needed.has(id))
  if (troubled !== undefined) return { ok: false, message: troubled.message, cells: [troubled.id] }

  const nodes = graph.order.flatMap((id) => needed.get(id) ?? [])
  const bundle = nodes.map(({ cell }) => bundledText(cell)).join('')
  const modules = new Set(nodes.flatMap(({ cell }) => [...cell.imports.map(({ specifier }) => specifier), ...cell.dynamicImports]))
  const unknown = [...new Set(nodes.flatMap((node) => node.unknown))]
  return { ok: true, root, cells: nodes.map(({ id }) => id), bundle, hash: hashOf(bundle), modules: [...modules], unknown }
}

/** A line that looks like a marker gets a backslash, so that no source can pretend to be two cells. */
function bundledText({ id, source }: CompiledCell): string {
  return `// %% id=${id}\n${source.replaceAll(/^\/\/ (\\*%%)/gm, '// \\$1')}\n\n`
}
