/** The code of a cell as static text, and what pressing it does. */
import { html, nothing, type TemplateResult } from 'lit'
import type { CellHost } from './cell-host.ts'
import { markingsOf } from './cell-markings.ts'
import { loadEditor } from './lazy-parts.ts'
import { piecesOf, type Token } from './pieces.ts'

export function staticCode(host: CellHost, tokens: readonly Token[]): TemplateResult {
  const { source } = host.model.cell.value
  const markings = markingsOf(host)
  const pieces = piecesOf(source, tokens, markings)
  return html`<pre class="code" @pointerdown=${pressed} @click=${(event: MouseEvent) => clicked(host, event)}><code>${pieces.map(
    ({ text, className, range }) => {
      const marking = range === undefined ? undefined : markings[range]
      const name = marking?.name
      const all = marking === undefined ? className : `${className} ${marking.kind}`
      return all === '' ? text : html`<span class=${all} data-name=${name ?? nothing} title=${titleOf(host, name)}>${text}</span>`
    },
  )}${source === '' ? html`<span class="c">${host.notebook.canEdit ? 'TypeScript. Enter writes, Shift Enter runs.' : ' '}</span>` : nothing}</code></pre>`
}

export function hiddenCode({ model, hooks }: CellHost): TemplateResult {
  const { source } = model.cell.value
  const lines = source === '' ? 0 : source.split('\n').length
  return html`<button class="quiet hidden-code" @click=${() => hooks.command(model.id, 'cells.hide-code')}>
    Code hidden (${lines} ${lines === 1 ? 'line' : 'lines'}). Show
  </button>`
}

/** Into the text, where the pointer is; who may only look selects the cell. */
export function editByMouse({ model, hooks, notebook }: CellHost, { clientX, clientY }: MouseEvent): void {
  if (notebook.canEdit) hooks.edit(model.id, { x: clientX, y: clientY })
  else hooks.select(model.id)
}

/** What a name holds now. */
const titleOf = ({ notebook }: CellHost, name: string | undefined): string | typeof nothing =>
  (name === undefined ? undefined : notebook.runner.previewOf(name)) ?? nothing

function pressed(event: PointerEvent): void {
  if (event.button !== 0 || event.shiftKey || event.metaKey || event.ctrlKey) return
  void loadEditor()
}

function clicked(host: CellHost, event: MouseEvent): void {
  const { model, hooks } = host
  if (event.button !== 0 || event.defaultPrevented) return
  const name = event.target instanceof HTMLElement ? event.target.dataset['name'] : undefined
  if ((event.metaKey || event.ctrlKey) && name !== undefined) return hooks.follow(model.id, name)
  if (event.shiftKey) return hooks.select(model.id, 'extend')
  // Somebody who marks text wants to copy it.
  if (getSelection()?.type === 'Range' && getSelection()?.toString() !== '') return
  editByMouse(host, event)
}
