/** What an editor needs of the cell and the page around it. Free of CodeMirror at run time: the page makes one before the editor is loaded. */
import type { Extension } from '@codemirror/state'
import type { TextSpan } from '#sdk/protocol/notebook.ts'
import type { CellModel } from '../cell-model.ts'

/** Where the cursor goes: an end, offsets, or a place on the screen. */
export type EditorPlace = 'start' | 'end' | { readonly offset: number; readonly end?: number } | { readonly x: number; readonly y: number }

export interface CellEditing {
  readonly model: CellModel
  readonly isReadOnly: boolean
  /** Of the language service; empty until it is there. */
  readonly types: Extension
  /** `Code of cell 3`. */
  readonly label: () => string
  /** One line about what a name holds now; undefined where nobody knows. */
  readonly valueOf: (name: string) => string | undefined
  readonly actions: {
    /** Answers false when the edit was refused: the editor goes back to the text of the model. */
    typed(length: number, spans: readonly TextSpan[]): boolean
    focused(): void
    blurred(): void
    /** Goes to the cell that defines the name at an offset; false where there is none. */
    follow(offset: number): boolean
    leave(direction: 'up' | 'down'): boolean
  }
}
