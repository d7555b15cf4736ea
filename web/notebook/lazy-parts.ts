/** Parts that are loaded when they are first wanted: the editor with the first intent to edit, outputs with the first cell that has some. */
import type { Extension } from '@codemirror/state'

type EditorModule = typeof import('./editor/cell-editor.ts')

let editor: Promise<EditorModule> | undefined
let outputs: Promise<unknown> | undefined
let hasOutputs = false

export const loadEditor = (): Promise<EditorModule> => (editor ??= import('./editor/cell-editor.ts'))

export async function loadOutputs(): Promise<void> {
  await (outputs ??= import('./outputs/fc-outputs.ts'))
  hasOutputs = true
}

export const outputsAreLoaded = (): boolean => hasOutputs

/** What the language service adds to an editor; nothing until it is there. */
export interface EditorParts {
  readonly types: (cell: string) => Extension
}

let parts: EditorParts = { types: () => [] }
export const editorParts = (): EditorParts => parts
export function setEditorParts(given: EditorParts): void {
  parts = given
}
