/**
 * What can be done in a notebook, with Jupyter's keys: command mode has bare letters, edit mode has chords. Feeds keys, palette, help and menus.
 */
import type { Command, Context } from '../app/commands.ts'
import { clipboard } from './cell-clipboard.ts'
import {
  deleteCells,
  duplicateCells,
  insertCells,
  mergeCells,
  moveCells,
  placeAfter,
  setHeading,
  setKind,
  splitCell,
  toggleFlag,
} from './edits.ts'
import type { NotebookModel } from './notebook-model.ts'
import { extendTo, selectAll, step } from './selection.ts'
import { toast } from '../ui/toasts.ts'

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
  openPanel(panel: 'runs' | 'values' | 'cells' | 'outline' | 'files' | 'bin'): void
  copyLink(): void
  stop(): void
}

type Given = Omit<Command, 'when' | 'group'> & { readonly when?: Context; readonly group?: string }

/** Runs what is selected and goes on to the next cell; behind the last one a new one is made. */
function runAndAdvance(model: NotebookModel, actions: NotebookActions): void {
  const order = model.document.order.value
  runSelected(model)
  const last = model.selected.at(-1)
  const next = last === undefined ? undefined : order[order.indexOf(last) + 1]
  actions.leave()
  if (next !== undefined) model.select(next)
  else if (model.canEdit && model.insert('below', last) !== undefined) actions.edit()
}

/** Text is shown, code runs. */
export function runSelected(model: NotebookModel): void {
  const cells = model.selected.filter((id) => model.document.cell(id)?.cell.value.type !== 'md')
  if (cells.length > 0) void model.run({ run: 'cells', cells })
}

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

export function notebookCommands(model: NotebookModel, actions: NotebookActions): readonly Command[] {
  const { document, random } = model
  const canEdit = () => model.canEdit
  const hasHead = () => model.head !== undefined
  const editable = () => model.canEdit && model.head !== undefined
  const head = () => model.selection.value.head
  const order = () => document.order.value
  const perform = (make: (cells: ReturnType<typeof order>) => Parameters<NotebookModel['perform']>[0]) => () =>
    model.perform(make(model.selected))
  const move = (steps: number, isExtending: boolean) => () => {
    model.selection.value = step(model.selection.value, order(), steps, isExtending)
  }
  const insertAnd = (where: 'above' | 'below', isEditing: boolean) => () => {
    if (model.insert(where, head()) !== undefined && isEditing) actions.edit()
  }
  const split = () => {
    const at = actions.cursor()
    const id = head()
    if (at === undefined || id === undefined) return
    model.perform(splitCell(document.notebook, id, at, random))
    actions.edit()
  }
  const group = (name: string, when: Context, commands: readonly Given[]): Command[] =>
    commands.map((command) => ({ when, group: name, isEnabled: hasHead, ...command }))
  return [
    ...group('Run', 'global', [
      { id: 'run.cell', title: 'Run cell', keys: ['$mod+Enter'], isEnabled: editable, run: () => (actions.leave(), runSelected(model)) },
      {
        id: 'run.advance',
        title: 'Run cell and go on',
        keys: ['Shift+Enter'],
        inFields: true,
        isEnabled: editable,
        run: () => runAndAdvance(model, actions),
      },
      {
        id: 'run.insert',
        title: 'Run cell and add one below',
        keys: ['Alt+Enter'],
        isEnabled: editable,
        run: () => {
          runSelected(model)
          actions.leave()
          if (model.insert('below', model.selected.at(-1)) !== undefined) actions.edit()
        },
      },
      {
        id: 'run.with-stale',
        title: 'Run cell and all that is stale',
        keys: ['$mod+Shift+Enter'],
        isEnabled: editable,
        run: () => {
          const cell = head()
          if (cell !== undefined) void model.run({ run: 'cell and stale', cell })
        },
      },
      { id: 'run.stale', title: 'Run all that is stale', isEnabled: canEdit, run: () => void model.run({ run: 'stale' }) },
      { id: 'run.all', title: 'Run all cells', isEnabled: canEdit, run: () => void model.run({ run: 'all' }) },
      { id: 'run.stop', title: 'Stop', isEnabled: () => model.runner.isBusy.value, run: () => actions.stop() },
      { id: 'run.restart', title: 'Restart the kernel', isEnabled: canEdit, run: () => model.runner.restart() },
    ]),
    ...group('Run', 'command', [
      {
        id: 'keys.run-stale',
        title: 'Run all that is stale',
        keys: ['e a'],
        isKeyOnly: true,
        isEnabled: canEdit,
        run: () => void model.run({ run: 'stale' }),
      },
      { id: 'keys.run-cell', title: 'Run cell', keys: ['e e'], isKeyOnly: true, isEnabled: editable, run: () => runSelected(model) },
      {
        id: 'keys.stop',
        title: 'Stop',
        keys: ['e x', 'i i'],
        isKeyOnly: true,
        isEnabled: () => model.runner.isBusy.value,
        run: () => actions.stop(),
      },
      {
        id: 'keys.restart',
        title: 'Restart the kernel',
        keys: ['0 0'],
        isKeyOnly: true,
        isEnabled: canEdit,
        run: () => model.runner.restart(),
      },
    ]),
    ...group('Run', 'command', [
      {
        id: 'run.flow',
        title: 'Run a flow of the cell with parameters…',
        words: 'form parameters call',
        keys: ['e f'],
        isEnabled: () => model.canEdit && (model.head?.info.value?.flows.length ?? 0) > 0,
        run: () => actions.flowForm(),
      },
    ]),
    ...group('Cells', 'command', [
      { id: 'cells.edit', title: 'Edit cell', keys: ['Enter'], isEnabled: editable, run: () => actions.edit() },
      { id: 'cells.above', title: 'Add cell above', keys: ['a'], isEnabled: canEdit, run: insertAnd('above', false) },
      { id: 'cells.below', title: 'Add cell below', keys: ['b'], isEnabled: canEdit, run: insertAnd('below', false) },
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
        run: () => order().forEach((cell) => model.runs.clear(cell)),
      },
      { id: 'cells.link', title: 'Copy a link to the cell', run: () => actions.copyLink() },
    ]),
    ...group('Go', 'command', [
      { id: 'go.up', title: 'Cell above', keys: ['k', 'ArrowUp'], isKeyOnly: true, run: move(-1, false) },
      { id: 'go.down', title: 'Cell below', keys: ['j', 'ArrowDown'], isKeyOnly: true, run: move(1, false) },
      {
        id: 'go.extend-up',
        title: 'Select the cell above, too',
        keys: ['Shift+k', 'Shift+ArrowUp'],
        isKeyOnly: true,
        run: move(-1, true),
      },
      {
        id: 'go.extend-down',
        title: 'Select the cell below, too',
        keys: ['Shift+j', 'Shift+ArrowDown'],
        isKeyOnly: true,
        run: move(1, true),
      },
      { id: 'go.first', title: 'First cell', keys: ['g g', 'Home'], isKeyOnly: true, run: () => model.select(order()[0]) },
      { id: 'go.last', title: 'Last cell', keys: ['Shift+g', 'End'], isKeyOnly: true, run: () => model.select(order().at(-1)) },
      {
        id: 'go.all',
        title: 'Select all cells',
        keys: ['$mod+KeyA'],
        isKeyOnly: true,
        run: () => (model.selection.value = selectAll(order())),
      },
      {
        id: 'go.extend-last',
        title: 'Select to the last cell',
        keys: ['Shift+End'],
        isKeyOnly: true,
        run: () => {
          const last = order().at(-1)
          if (last !== undefined) model.selection.value = extendTo(model.selection.value, last)
        },
      },
    ]),
    ...group('Edit', 'edit', [
      { id: 'edit.leave', title: 'Leave the text', keys: ['Escape', 'Control+m'], isKeyOnly: true, run: () => actions.leave() },
      {
        id: 'edit.split',
        title: 'Split cell at the cursor',
        keys: ['Control+Shift+Minus'],
        isEnabled: editable,
        run: split,
      },
    ]),
    ...group('Notebook', 'global', [
      { id: 'find.open', title: 'Find and replace in all cells', keys: ['$mod+KeyF'], isEnabled: () => true, run: () => actions.find() },
      { id: 'panel.bin', title: 'Deleted cells', isEnabled: () => true, run: () => actions.openPanel('bin') },
      { id: 'panel.files', title: 'Files that cells have written', isEnabled: () => true, run: () => actions.openPanel('files') },
      { id: 'panel.outline', title: 'Outline', isEnabled: () => true, run: () => actions.openPanel('outline') },
      { id: 'panel.values', title: 'Values', isEnabled: () => true, run: () => actions.openPanel('values') },
    ]),
    ...group('Notebook', 'command', [
      { id: 'find.slash', title: 'Find in all cells', keys: ['/'], isKeyOnly: true, isEnabled: () => true, run: () => actions.find() },
      { id: 'panel.cells', title: 'Graph of cells', keys: ['g d'], isEnabled: () => true, run: () => actions.openPanel('cells') },
      { id: 'panel.runs', title: 'Runs of this notebook', keys: ['g r'], isEnabled: () => true, run: () => actions.openPanel('runs') },
    ]),
  ]
}
