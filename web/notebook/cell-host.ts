/** What the parts of a cell's element need of it: what it draws, whom it tells, and Lit's ways to draw again. */
import type { ReactiveControllerHost } from 'lit'
import type { CellModel } from './cell-model.ts'
import type { EditorStates } from './editor/editor-states.ts'
import type { NotebookModel } from './notebook-model.ts'
import type { PageHooks } from './page-hooks.ts'

export interface CellHost extends ReactiveControllerHost, HTMLElement {
  readonly model: CellModel
  readonly notebook: NotebookModel
  readonly hooks: PageHooks
  readonly states: EditorStates
  readonly index: number
  readonly isEditing: boolean
  readonly renderRoot: HTMLElement | DocumentFragment
}
