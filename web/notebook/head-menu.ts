/** The menus of a notebook's head: files in and out, the kernel, what cells may reach. */
import { networkOf } from '#sdk/notebook/document.ts'
import { runCommand } from '../app/commands.ts'
import { navigate } from '../app/router.ts'
import { confirmDialog } from '../ui/dialog.ts'
import type { MenuItem } from '../ui/menu.ts'
import { toast } from '../ui/toasts.ts'
import type { NotebookModel } from './notebook-model.ts'

export function headMenu(model: NotebookModel): readonly MenuItem[] {
  const exporting = (kind: 'nb.ts' | 'ipynb' | 'md' | 'html' | 'ts', title: string): MenuItem => ({
    title,
    run: () => void import('./export-file.ts').then(({ exportNotebook }) => exportNotebook(model, kind)),
  })
  const { undoTitle } = model.document
  return [
    {
      title: undoTitle.value === undefined ? 'Undo' : `Undo: ${undoTitle.value.toLowerCase()}`,
      keys: 'z',
      isDisabled: undoTitle.value === undefined,
      run: () => toast({ text: model.document.undo() }),
    },
    { title: 'Deleted cells', run: () => runCommand('panel.bin') },
    { title: 'Find and replace', keys: '$mod+KeyF', run: () => runCommand('find.open') },
    { ...exporting('nb.ts', 'Export as .nb.ts'), begins: true },
    exporting('ipynb', 'Export as .ipynb, with outputs'),
    exporting('md', 'Export as Markdown'),
    exporting('html', 'Export as a page (.html)'),
    exporting('ts', 'Export the code (.ts)'),
    { title: 'Import a file…', run: () => void import('./import-file.ts').then(({ chooseAndImport }) => chooseAndImport(model.session)) },
    {
      title: 'Clear all outputs',
      begins: true,
      isDisabled: !model.canEdit,
      run: () => model.document.order.value.forEach((cell) => model.runs.clear(cell)),
    },
    { title: 'Restart the kernel', keys: '0 0', isDisabled: !model.canEdit, run: () => model.runner.restart() },
    {
      title: 'Delete this notebook…',
      isDanger: true,
      begins: true,
      isDisabled: !model.session.may('owner'),
      run: () => void remove(model),
    },
  ]
}

async function remove(model: NotebookModel): Promise<void> {
  const { title } = model
  const text = `“${title}” and what its cells show are gone for good. Runs that it has made stay.`
  if (!(await confirmDialog({ heading: 'Delete this notebook?', text, action: 'Delete it', isDanger: true }))) return
  await model.session.call('notebooks.delete', { params: { id: model.id } })
  toast({ text: `“${title}” was deleted.` })
  navigate('/notebooks')
}

export function networkMenu(model: NotebookModel): readonly MenuItem[] {
  const network = networkOf(model.document.header.value)
  const set = (value: string | null) => () => void setNetwork(model, value)
  return [
    { title: 'Cells may reach every https address', isChecked: network.kind === 'https', run: set(null) },
    { title: 'Only these hosts…', isChecked: network.kind === 'hosts', run: () => void askHosts(model) },
    { title: 'No network', isChecked: network.kind === 'none', run: set('none') },
  ]
}

async function askHosts(model: NotebookModel): Promise<void> {
  const { askText } = await import('./ask-text.ts')
  const network = networkOf(model.document.header.value)
  const hosts = await askText({
    heading: 'Hosts that cells may reach',
    label: 'Hosts, with blanks between them',
    value: network.kind === 'hosts' ? network.hosts.join(' ') : '',
    placeholder: 'api.example.com *.example.org',
    action: 'Set',
    check: (text) => {
      const read = networkOf({ network: text })
      return read.kind === 'hosts' ? undefined : read.kind === 'unknown' ? read.sentence : 'Write hosts, such as api.example.com.'
    },
  })
  if (hosts !== undefined) await setNetwork(model, hosts)
}

/** The policy of a kernel's frame is fixed when it is made: another setting needs another kernel. */
async function setNetwork(model: NotebookModel, value: string | null): Promise<void> {
  const isRunning = model.kernel.state.value !== 'off'
  const text = 'What cells may reach is fixed when their kernel starts. Its values are lost; cells are run again when you want.'
  if (isRunning && !(await confirmDialog({ heading: 'Restart the kernel?', text, action: 'Restart it' }))) return
  if (!model.perform({ title: 'Change what cells may reach', operations: [{ op: 'setHeader', key: 'network', value }] })) return
  if (isRunning) model.runner.restart({ network: value ?? undefined })
  else model.kernel.restart({ network: value ?? undefined })
}
