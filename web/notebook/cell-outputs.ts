/** What a cell showed when it ran, under its code; or that it is folded. */
import { html, nothing, type TemplateResult } from 'lit'
import type { CellHost } from './cell-host.ts'
import { loadOutputs, outputsAreLoaded } from './lazy-parts.ts'

export function cellOutputs({ model, hooks }: CellHost, isFolded: boolean): TemplateResult | typeof nothing {
  const shown = model.run.value
  if (shown === undefined || shown.run.outputs.length === 0) return nothing
  const { outputs, omitted } = shown.run
  if (isFolded) {
    const words = outputs.length === 1 ? '1 output' : `${outputs.length} outputs`
    return html`<button class="quiet folded" @click=${() => hooks.command(model.id, 'cells.fold')}>${words} folded. Show</button>`
  }
  if (!outputsAreLoaded.value) {
    loadOutputs()
    return nothing
  }
  return html`<div class="outputs">
    <fc-outputs .outputs=${outputs} .omitted=${omitted} .context=${hooks.outputContext(model.id)}></fc-outputs>
  </div>`
}
