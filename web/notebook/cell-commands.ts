/** What makes, changes, moves and deletes cells. */
import type { Command } from '../app/commands.ts'
import { toast } from '../ui/toasts.ts'
import { clipboard } from './cell-clipboard.ts'
import { commandGroup, whenever, type NotebookActions } from './command-group.ts'
import { deleteCells, duplicateCells, insertCells, mergeCells, moveCells, placeAfter, setHeading, setKind, toggleFlag } from './edits.ts'
import type { NotebookModel } from './notebook-model.ts'

/** Deletes with a way back. */
function deleteSelected(model: NotebookModel, cells = model.selected): void {
  const edit = deleteCells(model.document.notebook, cells)
  if (!model.perform(edit)) return
  const count = edit.operations.length
  toast({
    text: count === 1 ? 'Cell deleted.' : `${count} cells deleted.`,
    action: { title: 'Undo', run: () => void toast({ text: model.document.undo() }) },
  })
}

export function cellCommands(model: NotebookModel, actions: NotebookActions): readonly Command[] {
  const { document, random } = model
  const { canEdit, editable } = whenever(model)
  const perform = (make: (cells: NotebookModel['selected']) => Parameters<NotebookModel['perform']>[0]) => () =>
    model.perform(make(model.selected))
  const insert = (where: 'above' | 'below') => () => model.insert(where, model.selection.value.head)
  return [
    ...commandGroup(model, 'Cells', 'command', [
      { id: 'cells.edit', title: 'Edit cell', keys: ['Enter'], isEnabled: editable, run: () => actions.edit() },
      { id: 'cells.above', title: 'Add cell above', keys: ['a'], isEnabled: canEdit, run: insert('above') },
      { id: 'cells.below', title: 'Add cell below', keys: ['b'], isEnabled: canEdit, run: insert('below') },
      {
        id: 'cells.cut',
        title: 'Cut cells',
        keys: ['x'],
        isEnabled: editable,
        run: () => {
          clipboard.put(document.notebook, model.selected)
          deleteSelected(model)
        },
      },
      { id: 'cells.copy', title: 'Copy cells', keys: ['c'], run: () => clipboard.put(document.notebook, model.selected) },
      {
        id: 'cells.paste',
        title: 'Paste cells below',
        keys: ['v'],
        isEnabled: () => model.canEdit && clipboard.hasCells,
        run: () => {
          const place = placeAfter(document.notebook.cells, model.selected.at(-1) ?? null)
          model.perform(insertCells(document.notebook, place, clipboard.cells, random, 'Paste cells'))
        },
      },
      { id: 'cells.delete', title: 'Delete cells', keys: ['d d'], isEnabled: editable, run: () => deleteSelected(model) },
      {
        id: 'cells.undo',
        title: 'Undo the last change of cells',
        keys: ['z'],
        isEnabled: canEdit,
        run: () => toast({ text: document.undo() }),
      },
      {
        id: 'cells.redo',
        title: 'Do it again',
        keys: ['Shift+z'],
        isEnabled: canEdit,
        run: () => toast({ text: document.redo() }),
      },
      {
        id: 'cells.code',
        title: 'Make it code',
        keys: ['y'],
        isEnabled: editable,
        run: perform((cells) => setKind(document.notebook, cells, 'ts')),
      },
      {
        id: 'cells.text',
        title: 'Make it text',
        keys: ['m'],
        isEnabled: editable,
        run: perform((cells) => setKind(document.notebook, cells, 'md')),
      },
      ...[1, 2, 3, 4, 5, 6].map((level) => ({
        id: `cells.heading-${level}`,
        title: `Make it a heading ${level}`,
        keys: [`${level}`],
        isEnabled: editable,
        run: perform((cells) => setHeading(document.notebook, cells, level)),
      })),
      {
        id: 'cells.merge',
        title: 'Merge cells',
        keys: ['Shift+m'],
        isEnabled: editable,
        run: perform((cells) => mergeCells(document.notebook, cells)),
      },
      {
        id: 'cells.duplicate',
        title: 'Duplicate cells',
        isEnabled: editable,
        run: perform((cells) => duplicateCells(document.notebook, cells, random)),
      },
      {
        id: 'cells.up',
        title: 'Move cells up',
        keys: ['Alt+Shift+ArrowUp', 'Control+Shift+ArrowUp'],
        isEnabled: editable,
        run: perform((cells) => moveCells(document.notebook, cells, 'up')),
      },
      {
        id: 'cells.down',
        title: 'Move cells down',
        keys: ['Alt+Shift+ArrowDown', 'Control+Shift+ArrowDown'],
        isEnabled: editable,
        run: perform((cells) => moveCells(document.notebook, cells, 'down')),
      },
      {
        id: 'cells.hide-code',
        title: 'Hide or show the code',
        isEnabled: editable,
        run: perform((cells) => toggleFlag(document.notebook, cells, 'hidden')),
      },
      {
        id: 'cells.fold',
        title: 'Fold or show the outputs',
        keys: ['o'],
        isEnabled: editable,
        run: perform((cells) => toggleFlag(document.notebook, cells, 'folded')),
      },
      {
        id: 'cells.clear',
        title: 'Clear the outputs',
        isEnabled: editable,
        run: () => model.selected.forEach((cell) => model.runs.clear(cell)),
      },
      {
        id: 'cells.clear-all',
        title: 'Clear all outputs',
        isEnabled: canEdit,
        run: () => document.order.value.forEach((cell) => model.runs.clear(cell)),
      },
      { id: 'cells.link', title: 'Copy a link to the cell', run: () => actions.copyLink() },
    ]),
  ]
}
