/** What a cell's element asks of the page around it. */
import type { CellId } from '#sdk/protocol/notebook.ts'
import type { EditorPlace } from './editor/cell-editing.ts'
import type { OutputContext } from './outputs/context.ts'
import type { Match } from './find.ts'

export interface PageHooks {
  /** The cell takes the hand for writing, with the cursor there. */
  edit(cell: CellId, place?: EditorPlace): void
  /** Out of the text, onto the cell. */
  leave(): void
  /** Into the text of the cell beside it; false where there is none. */
  leaveTo(cell: CellId, direction: 'up' | 'down'): boolean
  select(cell: CellId, how?: 'extend'): void
  /** Shows a cell and where in it; lines and columns count from 1. */
  jumpTo(cell: string, line?: number, column?: number): void
  /** To what defines a name. */
  follow(cell: CellId, name: string): void
  /** Runs a command of the registry on this cell. */
  command(cell: CellId, id: string): void
  run(cell: CellId): void
  stop(cell: CellId): void
  /** An editor was opened: others may be closed for it. */
  opened(cell: CellId): void
  outputContext(cell: CellId): OutputContext
  /** What is found in the cell, and which of it is meant now. */
  found(cell: CellId): { readonly matches: readonly Match[]; readonly now: Match | undefined }
  dragged(cell: CellId, event: DragEvent): void
}
