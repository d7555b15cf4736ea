/**
 * Compiles the cells of one notebook as they change. No Worker here: compiler-worker.ts puts it into one.
 *
 * 1. A cell is compiled again only when its text has changed.
 * 2. What is told of a cell is told again only when something of it is other than before.
 */
import { compileCell, type CellResult, type CompiledCell } from '#sdk/compiler/cell.ts'
import { joinCells, type GraphCell, type JoinedCells } from '#sdk/compiler/graph.ts'
import { linkCell, outputsOf } from '#sdk/compiler/link-cell.ts'
import { lineStartsOf, positionAt } from '#sdk/compiler/positions.ts'
import { sliceOf } from '#sdk/compiler/slice.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import type { CompiledCellInfo, CompilerCell, LinkAnswer } from './compiler-messages.ts'

interface Known {
  readonly cell: CompilerCell
  readonly result: CellResult
  readonly before: CompiledCell | undefined
}

export class NotebookCompiler {
  #cells = new Map<CellId, Known>()
  #joined: JoinedCells = joinCells([])
  #told = new Map<CellId, string>()

  /**
   * @param order All cells, in the order of the notebook.
   * @param changed Those that are new or have changed.
   * @returns The cells of which something is other than it was told before.
   */
  update(order: readonly CellId[], changed: readonly CompilerCell[]): readonly (readonly [CellId, CompiledCellInfo])[] {
    for (const cell of changed) this.#cells.set(cell.id, this.#compile(cell))
    const wanted = new Set(order)
    for (const id of this.#cells.keys()) if (!wanted.has(id)) this.#cells.delete(id)
    this.#joined = joinCells([...wanted].flatMap((id) => graphCell(this.#cells.get(id))))
    const told = new Map<CellId, string>()
    const news = [...this.#joined.cells.keys()].flatMap((id) => {
      const info = infoOf(this.#joined, id)
      if (info === undefined) return []
      const text = JSON.stringify(info)
      told.set(id, text)
      return this.#told.get(id) === text ? [] : [[id, info] as const]
    })
    this.#told = told
    return news
  }

  link(id: CellId): LinkAnswer {
    const { graph, cells } = this.#joined
    const result = cells.get(id)?.result
    const facts = graph.cells.get(id)
    const slice = sliceOf(this.#joined, id)
    if (!slice.ok) return slice
    if (result?.ok !== true || facts === undefined) return { ok: false, message: `There is no cell \`${id}\`.` }
    const inputs = (graph.needs.get(id) ?? []).map(({ name, from }) => ({ name, from }))
    const { code, prefix, source, insertions } = linkCell(
      result,
      inputs.map(({ name }) => name),
    )
    const placed = { source, lineStarts: lineStartsOf(source) }
    const run = {
      cell: id,
      code,
      prefix,
      insertions,
      source,
      slice: slice.hash,
      inputs,
      outputs: outputsOf(result),
      imports: result.imports.map(({ specifier, bindings, attributes, start }) => ({
        specifier,
        attributes,
        ...positionAt(placed, start),
        names: bindings.map(({ imported }) => imported).filter((name) => name !== '*'),
      })),
      declarations: result.declarations,
      version: facts.code,
    }
    return { ok: true, run }
  }

  #compile(cell: CompilerCell): Known {
    const known = this.#cells.get(cell.id)
    if (known !== undefined && known.cell.source === cell.source) return { ...known, cell }
    const before = known?.result.ok === true ? known.result : known?.before
    return { cell, result: compileCell(cell.source, { id: cell.id }), before }
  }
}

function graphCell(known: Known | undefined): GraphCell[] {
  if (known === undefined) return []
  const { cell, result, before } = known
  return [{ id: cell.id, title: cell.title, runs: cell.runs, result, before }]
}

function infoOf({ graph, cells, problems }: JoinedCells, id: CellId): CompiledCellInfo | undefined {
  const facts = graph.cells.get(id)
  const result = cells.get(id)?.result
  if (facts === undefined || result === undefined) return undefined
  const own = { facts, problems: problems.get(id) ?? [] }
  if (!result.ok) return { ...own, references: [], definitions: [], unknown: [], exports: [], modules: [], flows: [] }
  const from = new Map((graph.needs.get(id) ?? []).map((need) => [need.name, need.from]))
  const names = new Set(outputsOf(result))
  return {
    ...own,
    references: result.references.flatMap(({ name, uses }) => {
      const definer = from.get(name)
      return definer === undefined ? [] : [{ name, from: definer, uses }]
    }),
    definitions: result.definitions,
    unknown: result.references.flatMap(({ name, known, uses }) => (known || from.has(name) ? [] : [{ name, uses }])),
    exports: result.exports.map(({ name }) => name),
    modules: [...new Set([...result.imports.map(({ specifier }) => specifier), ...result.dynamicImports])],
    flows: result.declarations.flatMap(({ kind, constName }) => (kind === 'flow' && names.has(constName ?? '') ? [constName ?? ''] : [])),
  }
}
