/** A compiled cell to the text of a function, once it is known which of its free names other cells give. The way back for its errors is `originalPosition`. */
import type { CompiledCell } from './cell.ts'
import type { CellImport } from './module-statements.ts'
import type { LinkedText } from './original-position.ts'
import { CELL_PARAMETER } from './runtime-syntax.ts'

export interface LinkedCell extends LinkedText {
  readonly cell: CompiledCell
  /**
   * An expression: `async ($$cell, $$await, $$iterate) => definitions`, strict, without a line more before the cell's first.
   * `$$cell` has `scope` (values of the inputs), `modules` (one per import, in order), `import(specifier, options)` and `show(value)`.
   */
  readonly code: string
}

/**
 * Links a cell.
 *
 * @param inputs Names that other cells define. All other free names are the realm's, so that `typeof` and ReferenceErrors stay what they are.
 */
export function linkCell(cell: CompiledCell, inputs: readonly string[]): LinkedCell {
  const scope = inputs.length === 0 ? '' : `const{${inputs.join(',')}}=${CELL_PARAMETER}.scope;`
  const imports = importsOf(cell.imports)
  const prefix = `(async function(${CELL_PARAMETER},$$await,$$iterate){"use strict";${scope}${imports}`
  const outputs = outputsOf(cell)
  const { source, insertions } = cell
  return { cell, source, insertions, code: `${prefix}${cell.body}\nreturn{${outputs.join(',')}}})`, prefix: prefix.length }
}

/** The names that a cell gives to others. */
export const outputsOf = (cell: CompiledCell): readonly string[] => cell.definitions.filter(({ local }) => !local).map(({ name }) => name)

function importsOf(imports: readonly CellImport[]): string {
  if (imports.every(({ bindings }) => bindings.length === 0)) return ''
  const patterns = imports.map(({ bindings }) => bindings.find(isWhole)?.local ?? (bindings.length === 0 ? '' : namesOf(bindings)))
  const beside = imports.flatMap(({ bindings }) => {
    const whole = bindings.find(isWhole)
    return whole === undefined || bindings.length === 1 ? [] : [`const${namesOf(bindings)}=${whole.local};`]
  })
  return `const[${patterns.join(',')}]=${CELL_PARAMETER}.modules;${beside.join('')}`
}

type Binding = CellImport['bindings'][number]
const isWhole = ({ imported }: Binding): boolean => imported === '*'

function namesOf(bindings: readonly Binding[]): string {
  const named = bindings.filter((binding) => !isWhole(binding))
  return `{${named.map(({ imported, local }) => `${JSON.stringify(imported)}:${local}`).join(',')}}`
}
