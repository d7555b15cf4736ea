/** The forms of the flows that a cell defines, under its code: what is run from them shows under the cell like every run of it. */
import { html, type TemplateResult } from 'lit'
import type { FlowOutput } from '../kernel/media.ts'
import type { CellModel } from './cell-model.ts'
import type { NotebookModel } from './notebook-model.ts'
import type { OutputContext } from './outputs/context.ts'

export interface FormsGiven {
  readonly model: CellModel
  readonly notebook: NotebookModel
  readonly context: OutputContext
  readonly run: () => void
  readonly close: () => void
}

export function hasFlows({ model, notebook }: { readonly model: CellModel; readonly notebook: NotebookModel }): boolean {
  return notebook.canEdit && flowNames(model).length > 0
}

const flowNames = (model: CellModel): readonly string[] => model.info.value?.flows ?? []

export function cellForms({ model, notebook, context, run, close }: FormsGiven): TemplateResult {
  const flows = notebook.runner.flows.value.get(model.id) ?? []
  return html`<div class="flow-forms" @keydown=${(event: KeyboardEvent) => leaveOnEscape(event, close)}>
    ${flows.length === 0 ? first(flowNames(model), model.status.value.kind === 'ready', run) : flows.map((flow) => form(flow, context))}
  </div>`
}

function first(names: readonly string[], canRun: boolean, run: () => void): TemplateResult {
  const what = names.length === 1 ? `${names.join('')} is` : `${names.join(', ')} are`
  return html`<p class="first" role="status">
    Run the cell first: ${what} not in this kernel yet.
    <button class="first-run" ?disabled=${!canRun} @click=${run}>Run the cell</button>
  </p>`
}

const form = (flow: FlowOutput, context: OutputContext): TemplateResult =>
  html`<fc-flow-form .flow=${flow} .context=${context}></fc-flow-form>`

function leaveOnEscape(event: KeyboardEvent, close: () => void): void {
  if (event.key !== 'Escape' || event.defaultPrevented) return
  event.preventDefault()
  event.stopPropagation()
  close()
}
