/** Runs linked cells in this realm, as a kernel would. */
import { runInThisContext } from 'node:vm'
import { compileCell, type CompiledCell } from '#sdk/compiler/cell.ts'
import { linkCell } from '#sdk/compiler/link-cell.ts'

export function compiled(source: string, id = 'k3f9'): CompiledCell {
  const cell = compileCell(source, { id })
  if (!cell.ok) throw new Error(`${source}: ${cell.problems.map(({ message }) => message).join(' ')}`)
  return cell
}

export interface CellRun {
  readonly shown: readonly unknown[]
  readonly definitions: unknown
}

interface World {
  readonly scope?: Readonly<Record<string, unknown>>
  readonly modules?: Readonly<Record<string, unknown>>
}

/** What the cell showed and gave. Free names come from `scope`, if they are there, else from this realm. */
export async function run(source: string, { scope = {}, modules = {} }: World = {}): Promise<CellRun> {
  const cell = compiled(source)
  const inputs = cell.references.map(({ name }) => name).filter((name) => name in scope)
  const made: unknown = runInThisContext(linkCell(cell, inputs).code, { filename: 'cell-k3f9.ts' })
  if (typeof made !== 'function') throw new Error('a linked cell is a function')
  const shown: unknown[] = []
  const host = {
    scope,
    modules: cell.imports.map(({ specifier }) => modules[specifier]),
    import: async (specifier: string) => modules[specifier],
    show: (value: unknown) => shown.push(value),
  }
  const definitions: unknown = await Reflect.apply(made, undefined, [host, (value: unknown) => value, (values: unknown) => values])
  return { shown, definitions }
}
