/** What keys do inside of a text, and CodeMirror does not. */
import type { Command } from '../app/commands.ts'
import { commandGroup, whenever, type NotebookActions } from './command-group.ts'
import { splitCell } from './edits.ts'
import type { NotebookModel } from './notebook-model.ts'

export function editCommands(model: NotebookModel, actions: NotebookActions): readonly Command[] {
  const split = () => {
    const at = actions.cursor()
    const { head } = model.selection.value
    if (at === undefined || head === undefined) return
    model.perform(splitCell(model.document.notebook, head, at, model.random))
    actions.edit()
  }
  return commandGroup(model, 'Edit', 'edit', [
    { id: 'edit.leave', title: 'Leave the text', keys: ['Escape', 'Control+m'], isKeyOnly: true, run: () => actions.leave() },
    {
      id: 'edit.split',
      title: 'Split cell at the cursor',
      keys: ['Control+Shift+Minus'],
      isEnabled: whenever(model).editable,
      run: split,
    },
  ])
}
