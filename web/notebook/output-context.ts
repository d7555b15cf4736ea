/** What the outputs of a cell may ask of the page and the kernel behind it. */
import { networkOf, type Network } from '#sdk/notebook/document.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import type { NotebookModel } from './notebook-model.ts'
import { closedContext, type OutputContext } from './outputs/context.ts'
import type { PageHooks } from './page-hooks.ts'

/** One per cell and state of its output: elements keep what they were given. */
const contexts = new WeakMap<NotebookModel, Map<string, OutputContext>>()

export function outputContextOf(model: NotebookModel | undefined, cell: CellId, jumpTo: PageHooks['jumpTo']): OutputContext {
  if (model === undefined) return closedContext(cell, 'The notebook is closed.')
  const closedBecause = whyClosed(model, cell)
  const network = networkWords(networkOf(model.document.header.value))
  const known = contexts.get(model) ?? new Map<string, OutputContext>()
  contexts.set(model, known)
  const key = `${cell} ${network} ${closedBecause ?? 'live'}`
  const context = known.get(key) ?? contextOf(model, cell, { jumpTo, closedBecause, network })
  known.set(key, context)
  return context
}

/** A setting that is not understood opens nothing. */
function networkWords(network: Network): string {
  if (network.kind === 'hosts') return network.hosts.join(' ')
  return network.kind === 'https' ? 'https:' : 'none'
}

function whyClosed(model: NotebookModel, cell: CellId): string | undefined {
  if (!model.canEdit) return 'This link may look, not run.'
  const origin = model.document.cell(cell)?.run.value?.origin
  if (origin === 'another tab') return 'This ran in another tab. Run the cell to open it here.'
  if (origin === 'earlier') return 'This is from an earlier session. Run the cell to open it.'
  return undefined
}

interface Given {
  readonly jumpTo: PageHooks['jumpTo']
  readonly closedBecause: string | undefined
  readonly network: OutputContext['network']
}

function contextOf(model: NotebookModel, cell: CellId, { jumpTo, closedBecause, network }: Given): OutputContext {
  const shared = { network, jumpTo, cellName: model.nameOf }
  if (closedBecause !== undefined) return { ...closedContext(cell, closedBecause), ...shared }
  const { kernel } = model
  return {
    cell,
    isLive: true,
    ...shared,
    expand: (handle, from, count) => kernel.expand(handle, from, count),
    table: (handle, query) => kernel.table(handle, query),
    setInput: (id, value) => kernel.setInput(id, value),
    callFlow: (defining, name, parameters) => kernel.callFlow(defining, name, parameters),
  }
}
