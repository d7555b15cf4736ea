/** The forms of the flows that a cell defines, under its code: what is run from them shows under the cell like every run of it. */
import { html, nothing, type TemplateResult } from 'lit'
import type { FlowOutput } from '../kernel/media.ts'
import type { CellHost } from './cell-host.ts'
import type { CellModel } from './cell-model.ts'
import { loadForms } from './lazy-parts.ts'
import type { OutputContext } from './outputs/context.ts'
import type { FcFlowForm } from './outputs/flow-form.ts'

export function hasFlows({ model, notebook }: Pick<CellHost, 'model' | 'notebook'>): boolean {
  return notebook.canEdit && flowNames(model).length > 0
}

const flowNames = (model: CellModel): readonly string[] => model.info.value?.flows ?? []

/** What opens them; undefined for a cell that defines no flow. */
export type FormsButton = { readonly isOpen: boolean; readonly label: string; readonly toggle: () => void } | undefined

export function formsButton(host: CellHost): FormsButton {
  if (!hasFlows(host)) return undefined
  const label = `Run… a flow of cell ${host.index + 1} with parameters`
  return { isOpen: host.model.hasForms.value, label, toggle: () => toggleForms(host) }
}

export function cellForms(host: CellHost): TemplateResult | typeof nothing {
  const { model, notebook, hooks } = host
  if (!model.hasForms.value || !hasFlows(host)) return nothing
  const flows = notebook.runner.flows.value.get(model.id) ?? []
  const context = hooks.outputContext(model.id)
  return html`<div class="flow-forms" @keydown=${(event: KeyboardEvent) => leaveOnEscape(event, () => toggleForms(host, false))}>
    ${
      flows.length === 0
        ? first(flowNames(model), model.status.value.kind === 'ready', () => hooks.run(model.id))
        : flows.map((flow) => form(flow, context))
    }
  </div>`
}

/** Opens them and takes the hand to the first field, or closes them. */
export function toggleForms(host: CellHost, isOpen = !host.model.hasForms.value): void {
  const { model, hooks } = host
  if (isOpen && !hasFlows(host)) return
  model.hasForms.value = isOpen
  if (isOpen) {
    void loadForms()
      .then(() => host.updateComplete)
      .then(() => focusFirst(host))
    return
  }
  hooks.select(model.id)
  host.focus({ preventScroll: true })
}

async function focusFirst({ renderRoot }: CellHost): Promise<void> {
  const button = renderRoot.querySelector<HTMLElement>('.first-run')
  if (button !== null) return button.focus()
  const opened = renderRoot.querySelector<FcFlowForm>('fc-flow-form')
  await opened?.updateComplete
  opened?.focus()
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
