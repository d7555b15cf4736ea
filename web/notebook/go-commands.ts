/** What takes the hand from cell to cell and selects several. */
import type { Command } from '../app/commands.ts'
import { commandGroup } from './command-group.ts'
import type { NotebookModel } from './notebook-model.ts'
import { selectAll, step } from './selection.ts'

export function goCommands(model: NotebookModel): readonly Command[] {
  const order = () => model.document.order.value
  const move = (steps: number, isExtending: boolean) => () => {
    model.selection.value = step(model.selection.value, order(), steps, isExtending)
  }
  return commandGroup(model, 'Go', 'command', [
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
        if (last !== undefined) model.extendSelection(last)
      },
    },
  ])
}
