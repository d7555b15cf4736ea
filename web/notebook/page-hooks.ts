/** What a cell's element asks of the page around it. */
import type { CellId } from '#sdk/protocol/notebook.ts'
import type { EditorPlace } from './editor/cell-editing.ts'
import type { OutputContext } from './outputs/context.ts'
import type { Match } from './find.ts'

export interface PageHooks {
  /** The cell takes the hand for writing, with the cursor there. */
  readonly edit: (cell: CellId, place?: EditorPlace) => void
  /** Out of the text, onto the cell. */
  readonly leave: () => void
  /** Into the text of the cell beside it; false where there is none. */
  readonly leaveTo: (cell: CellId, direction: 'up' | 'down') => boolean
  readonly select: (cell: CellId, how?: 'extend') => void
  /** Shows a cell and where in it; lines and columns count from 1. */
  readonly jumpTo: (cell: string, line?: number, column?: number) => void
  /** Selects a piece of a cell's text. */
  readonly showText: (cell: string, from: number, to: number) => void
  /** To what defines a name. */
  readonly follow: (cell: CellId, name: string) => void
  /** Runs a command of the registry on this cell. */
  readonly command: (cell: CellId, id: string) => void
  readonly run: (cell: CellId) => void
  readonly stop: (cell: CellId) => void
  readonly insertBelow: (cell: CellId, type: 'ts' | 'md') => void
  /** An editor was opened: others may be closed for it. */
  readonly opened: (cell: CellId) => void
  readonly outputContext: (cell: CellId) => OutputContext
  /** What is found in the cell, and which of it is meant now. */
  readonly found: (cell: CellId) => { readonly matches: readonly Match[]; readonly now: Match | undefined }
  readonly dragged: (cell: CellId, event: DragEvent) => void
}
