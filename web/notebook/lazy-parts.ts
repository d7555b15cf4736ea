/**
 * Parts that are loaded when they are first wanted: colours after the first paint, the editor with the first intent to edit, outputs with the
 * first cell that has some.
 */
import type { Extension } from '@codemirror/state'
import type * as CellEditorModule from './editor/cell-editor.ts'
import type * as HighlightModule from './highlight.ts'
import { Signal } from '../ui/signal.ts'
import { toast } from '../ui/toasts.ts'

type EditorModule = typeof CellEditorModule
export type SyntaxModule = typeof HighlightModule

let editor: Promise<EditorModule> | undefined
let outputs: Promise<unknown> | undefined
let isSyntaxWanted = false

/** What knows the syntax of code; undefined until it is there. */
export const syntax = new Signal<SyntaxModule | undefined>(undefined)

export function loadSyntax(): void {
  if (isSyntaxWanted) return
  isSyntaxWanted = true
  // Without it there are no colours: nothing that has to be told.
  import('./highlight.ts').then((loaded) => (syntax.value = loaded)).catch(() => undefined)
}

export const loadEditor = (): Promise<EditorModule> => (editor ??= import('./editor/cell-editor.ts').catch(failed('The editor')))

/** Whether outputs can be drawn. */
export const outputsAreLoaded = new Signal(false)

export function loadOutputs(): void {
  outputs ??= import('./outputs/fc-outputs.ts').then(() => (outputsAreLoaded.value = true)).catch(failed('What draws outputs'))
}

/** A script that has failed once is not asked for again by this document, so who waits for it waits for another one. */
const failed = (what: string) => (): Promise<never> => {
  const text = `${what} could not be loaded: the server is away, or was updated. Nothing is lost.`
  toast({ kind: 'error', text, action: { title: 'Load the page again', run: () => location.reload() } })
  return new Promise(() => undefined)
}

/** The forms of flows. */
export const loadForms = (): Promise<unknown> => import('./outputs/flow-form.ts').catch(failed('The form'))

export const loadPanel = (): Promise<unknown> => import('./notebook-panel.ts').catch(failed('The panel'))

/** What the language service adds to an editor; nothing until it is there. */
export interface EditorParts {
  readonly types: (cell: string) => Extension
}

let parts: EditorParts = { types: () => [] }
export const editorParts = (): EditorParts => parts
export function setEditorParts(given: EditorParts): void {
  parts = given
}
