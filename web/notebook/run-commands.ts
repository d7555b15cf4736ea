/** What runs cells, and what stops them. */
import type { Command } from '../app/commands.ts'
import { commandGroup, whenever, type NotebookActions } from './command-group.ts'
import type { NotebookModel } from './notebook-model.ts'

/** Text is shown, code runs. */
export function runSelected(model: NotebookModel): void {
  const cells = model.selected.filter((id) => model.document.cell(id)?.cell.value.type !== 'md')
  if (cells.length > 0) void model.run({ run: 'cells', cells })
}

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

export function runCommands(model: NotebookModel, actions: NotebookActions): readonly Command[] {
  const { canEdit, editable } = whenever(model)
  return [
    ...commandGroup(model, 'Run', 'global', [
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
          const { head: cell } = model.selection.value
          if (cell !== undefined) void model.run({ run: 'cell and stale', cell })
        },
      },
      { id: 'run.stale', title: 'Run all that is stale', isEnabled: canEdit, run: () => void model.run({ run: 'stale' }) },
      { id: 'run.all', title: 'Run all cells', isEnabled: canEdit, run: () => void model.run({ run: 'all' }) },
      { id: 'run.stop', title: 'Stop', isEnabled: () => model.runner.isBusy.value, run: () => actions.stop() },
      { id: 'run.restart', title: 'Restart the kernel', isEnabled: canEdit, run: () => model.runner.restart() },
    ]),
    ...commandGroup(model, 'Run', 'command', [
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
    ...commandGroup(model, 'Run', 'command', [
      {
        id: 'run.flow',
        title: 'Run a flow of the cell with parameters…',
        words: 'form parameters call',
        keys: ['e f'],
        isEnabled: () => model.canEdit && (model.head?.info.value?.flows.length ?? 0) > 0,
        run: () => actions.flowForm(),
      },
    ]),
  ]
}
