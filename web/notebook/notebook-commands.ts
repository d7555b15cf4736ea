/**
 * What can be done in a notebook, with Jupyter's keys: command mode has bare letters, edit mode has chords. Feeds keys, palette, help and menus.
 */
import type { Command } from '../app/commands.ts'
import { cellCommands } from './cell-commands.ts'
import { commandGroup, type NotebookActions } from './command-group.ts'
import { editCommands } from './edit-commands.ts'
import { goCommands } from './go-commands.ts'
import type { NotebookModel } from './notebook-model.ts'
import { runCommands } from './run-commands.ts'

export function notebookCommands(model: NotebookModel, actions: NotebookActions): readonly Command[] {
  return [
    ...runCommands(model, actions),
    ...cellCommands(model, actions),
    ...goCommands(model),
    ...editCommands(model, actions),
    ...commandGroup(model, 'Notebook', 'global', [
      { id: 'find.open', title: 'Find and replace in all cells', keys: ['$mod+KeyF'], isEnabled: () => true, run: () => actions.find() },
      { id: 'panel.bin', title: 'Deleted cells', isEnabled: () => true, run: () => actions.openPanel('bin') },
      { id: 'panel.files', title: 'Files that cells have written', isEnabled: () => true, run: () => actions.openPanel('files') },
      { id: 'panel.outline', title: 'Outline', isEnabled: () => true, run: () => actions.openPanel('outline') },
      { id: 'panel.values', title: 'Values', isEnabled: () => true, run: () => actions.openPanel('values') },
    ]),
    ...commandGroup(model, 'Notebook', 'command', [
      { id: 'find.slash', title: 'Find in all cells', keys: ['/'], isKeyOnly: true, isEnabled: () => true, run: () => actions.find() },
      { id: 'panel.cells', title: 'Graph of cells', keys: ['g d'], isEnabled: () => true, run: () => actions.openPanel('cells') },
      { id: 'panel.runs', title: 'Runs of this notebook', keys: ['g r'], isEnabled: () => true, run: () => actions.openPanel('runs') },
    ]),
  ]
}
