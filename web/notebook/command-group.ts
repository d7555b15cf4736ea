/** Commands of a notebook, put together: what they are given, and what those of one group share. */
import type { Command, Context } from '../app/commands.ts'
import type { NotebookModel } from './notebook-model.ts'
import type { PanelName } from './panel-part.ts'

/** What commands need of the page around the model. */
export interface NotebookActions {
  /** The cell takes the hand for writing. */
  edit(): void
  /** Out of the text, onto the cell. */
  leave(): void
  /** Offset of the cursor in the cell that is edited. */
  cursor(): number | undefined
  /** Opens the forms of the flows that the cell with the hand defines. */
  flowForm(): void
  find(): void
  openPanel(panel: PanelName): void
  copyLink(): void
  stop(): void
}

export type Given = Omit<Command, 'when' | 'group' | 'isEnabled'> & {
  /** Left out: wherever a cell has the hand. */
  readonly isEnabled?: () => boolean
}

/** When a command is there. */
export const whenever = (model: NotebookModel) => ({
  canEdit: () => model.canEdit,
  hasHead: () => model.head !== undefined,
  editable: () => model.canEdit && model.head !== undefined,
})

export const commandGroup = (model: NotebookModel, name: string, when: Context, commands: readonly Given[]): readonly Command[] =>
  commands.map((command) => ({ when, group: name, isEnabled: whenever(model).hasHead, ...command }))
