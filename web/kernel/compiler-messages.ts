/** What a page and its compiler's Worker say to each other. The compiler runs no code of users: it stands on our own origin. */
import type { Definition, Range } from '#sdk/compiler/references.ts'
import type { CellProblem } from '#sdk/compiler/problems.ts'
import type { CellFacts } from '#sdk/notebook/graph.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import type { RunCell } from './messages.ts'

/** A TypeScript cell as the compiler takes it. */
export interface CompilerCell {
  readonly id: CellId
  /** What people call it in sentences: its title, else a number or its first words. */
  readonly title: string
  readonly source: string
  /** The attribute `runs`; undefined where it has none. */
  readonly runs?: string
}

/** Something that is wrong with a cell, by itself or beside the others. Lines and columns count from 1. */
export interface CompiledProblem extends CellProblem {
  readonly kind: 'syntax' | 'place' | 'defined twice' | 'exported twice' | 'assigned' | 'cycle'
  /** The other cells that it is about. */
  readonly related: readonly CellId[]
}

/** A name that the cell takes from another one, with every place in its source (offsets). */
export interface CompiledReference {
  readonly name: string
  readonly from: CellId
  readonly uses: readonly Range[]
}

/** What is known of one cell. The same object as before where nothing of it has changed. */
export interface CompiledCellInfo {
  readonly facts: CellFacts
  /** In the order of the source; those that keep it from running are sentences of `facts`, too. */
  readonly problems: readonly CompiledProblem[]
  readonly references: readonly CompiledReference[]
  readonly definitions: readonly Definition[]
  /** Free names that neither a cell nor the platform is known to have, with their places. */
  readonly unknown: readonly { readonly name: string; readonly uses: readonly Range[] }[]
  /** Names that the notebook publishes. */
  readonly exports: readonly string[]
  /** Modules that it names with a plain text. */
  readonly modules: readonly string[]
  /** Flows that it declares, by the name that it gives them. */
  readonly flows: readonly string[]
}

/** All cells, in the order of the notebook. */
export type Compiled = ReadonlyMap<CellId, CompiledCellInfo>

/** What a kernel needs to run the cell as it is now. */
export type LinkedRun = Omit<RunCell, 'type' | 'run'> & {
  /** `facts.code` of the source that was linked. */
  readonly version: string
}
export type LinkAnswer = { readonly ok: true; readonly run: LinkedRun } | { readonly ok: false; readonly message: string }

export type ToCompiler =
  | {
      readonly type: 'update'
      readonly request: number
      readonly order: readonly CellId[]
      /** Cells that are new or have changed. */
      readonly cells: readonly CompilerCell[]
    }
  | { readonly type: 'link'; readonly request: number; readonly cell: CellId }

export type FromCompiler =
  | {
      readonly type: 'updated'
      readonly request: number
      /** Cells of which something is other than it was told before. */
      readonly cells: readonly (readonly [CellId, CompiledCellInfo])[]
    }
  | { readonly type: 'linked'; readonly request: number; readonly answer: LinkAnswer }
