/** Histories and selections of cells whose editor is closed for now. Free of CodeMirror at run time: the page has it before the editor is loaded. */
import type { EditorState } from '@codemirror/state'

export class EditorStates {
  readonly #states = new Map<string, EditorState>()

  take(cell: string): EditorState | undefined {
    const state = this.#states.get(cell)
    this.#states.delete(cell)
    return state
  }

  keep(cell: string, state: EditorState): void {
    this.#states.set(cell, state)
  }
}
