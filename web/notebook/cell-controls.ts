/** The buttons of a cell: in its gutter what runs and moves it, on its sheet what appears where the hand is. */
import { html, nothing, type TemplateResult } from 'lit'
import ban from 'lucide-static/icons/ban.svg'
import clock from 'lucide-static/icons/clock.svg'
import dots from 'lucide-static/icons/ellipsis.svg'
import down from 'lucide-static/icons/arrow-down.svg'
import grip from 'lucide-static/icons/grip-vertical.svg'
import play from 'lucide-static/icons/play.svg'
import square from 'lucide-static/icons/square.svg'
import trash from 'lucide-static/icons/trash-2.svg'
import up from 'lucide-static/icons/arrow-up.svg'
import { hasFlag } from '#sdk/notebook/document.ts'
import { icon } from '../ui/icon.ts'
import '../ui/menu.ts'
import type { MenuItem } from '../ui/menu.ts'
import type { FcCell } from './cell.ts'

export function gutter(element: FcCell, isRunnable: boolean): TemplateResult {
  const { model, hooks, notebook } = element
  return html`<div class="gutter">
    ${isRunnable && notebook.canEdit ? runButton(element) : nothing}
    ${
      notebook.canEdit
        ? html`<button
            class="quiet handle"
            draggable="true"
            aria-label="Move cell ${element.index + 1}: drag, or Alt Shift and an arrow key"
            title="Drag to move"
            tabindex="-1"
            @dragstart=${(event: DragEvent) => hooks.dragged(model.id, event)}
            @click=${() => hooks.select(model.id)}
          >
            ${icon(grip)}
          </button>`
        : nothing
    }
  </div>`
}

function runButton({ model, hooks, index }: FcCell): TemplateResult {
  const number = index + 1
  const status = model.status.value
  switch (status.kind) {
    case 'running':
      return html`<button class="run" data-shape="stop" aria-label="Stop cell ${number}" title="Stop" @click=${() => hooks.stop(model.id)}>
        ${icon(square)}
      </button>`
    case 'queued':
      return html`<button
        class="run"
        data-shape="queued"
        aria-label="Do not run cell ${number}"
        title="Waits for its turn: take it out"
        @click=${() => hooks.stop(model.id)}
      >
        ${icon(clock)}
      </button>`
    case 'blocked':
      return html`<button
        class="run"
        data-shape="blocked"
        aria-label="Run cell ${number}. ${status.sentence}"
        title=${status.sentence}
        @click=${() => hooks.run(model.id)}
      >
        ${icon(ban)}
      </button>`
    case 'ready':
      return html`<button
        class="run"
        data-shape="run"
        aria-label="Run cell ${number}"
        title="Run (Ctrl Enter)"
        @click=${() => hooks.run(model.id)}
      >
        ${icon(play)}
      </button>`
  }
}

export function toolbar(element: FcCell): TemplateResult {
  const { model, hooks } = element
  const button = (id: string, title: string, markup: string) =>
    html`<button aria-label=${title} title=${title} @click=${() => hooks.command(model.id, id)}>${icon(markup)}</button>`
  return html`<div class="toolbar" role="toolbar" aria-label="Cell ${element.index + 1}">
    ${button('cells.up', 'Move up', up)}${button('cells.down', 'Move down', down)}${button('cells.delete', 'Delete', trash)}
    <fc-menu label="More for this cell" look="quiet icon-only" .items=${() => menu(element)}>${icon(dots)}</fc-menu>
  </div>`
}

function menu({ model, hooks }: FcCell): readonly MenuItem[] {
  const { type, attributes } = model.cell.value
  const item = (id: string, title: string, keys?: string): MenuItem => ({
    title,
    ...(keys === undefined ? {} : { keys }),
    run: () => hooks.command(model.id, id),
  })
  const isCode = type === 'ts'
  return [
    ...(isCode ? [item('run.with-stale', 'Run with all that is stale', '$mod+Shift+Enter')] : []),
    isCode ? item('cells.text', 'Make it text', 'm') : item('cells.code', 'Make it code', 'y'),
    item('cells.duplicate', 'Duplicate'),
    item('cells.copy', 'Copy', 'c'),
    item('cells.cut', 'Cut', 'x'),
    item('cells.paste', 'Paste below', 'v'),
    item('cells.merge', 'Merge with the cell below', 'Shift+m'),
    ...(isCode
      ? [
          { ...item('cells.hide-code', hasFlag(attributes, 'hidden') ? 'Show the code' : 'Hide the code'), begins: true },
          item('cells.fold', hasFlag(attributes, 'folded') ? 'Show the outputs' : 'Fold the outputs', 'o'),
          item('cells.clear', 'Clear the outputs'),
        ]
      : []),
    { ...item('cells.link', 'Copy a link to this cell'), begins: true },
  ]
}
