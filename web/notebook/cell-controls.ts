/**
 * The buttons of a cell. Nothing lies over its text: what runs it, what drags it and a menu with the rest are in its gutter, what adds others is
 * below it.
 */
import { html, nothing, type TemplateResult } from 'lit'
import ban from 'lucide-static/icons/ban.svg'
import clock from 'lucide-static/icons/clock.svg'
import dots from 'lucide-static/icons/ellipsis.svg'
import grip from 'lucide-static/icons/grip-vertical.svg'
import plus from 'lucide-static/icons/plus.svg'
import play from 'lucide-static/icons/play.svg'
import square from 'lucide-static/icons/square.svg'
import { hasFlag } from '#sdk/notebook/document.ts'
import { icon } from '../ui/icon.ts'
import '../ui/menu.ts'
import type { MenuItem } from '../ui/menu.ts'
import { hasFlows } from './cell-forms.ts'
import type { CellHost } from './cell-host.ts'

/** @param isNear The hand is, or was, on the cell: before that it needs no menu. */
export function gutter(element: CellHost, isRunnable: boolean, isNear: boolean): TemplateResult {
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
    ${
      notebook.canEdit && isNear
        ? html`<fc-menu label="More for cell ${element.index + 1}" look="quiet icon-only" .items=${() => menu(element)}
            >${icon(dots)}</fc-menu
          >`
        : nothing
    }
  </div>`
}

/** The room between two cells, where the pointer makes another one. */
export function inserting({ model, hooks, index }: CellHost, isNear: boolean): TemplateResult {
  if (!isNear) return html`<div class="insert"></div>`
  const button = (type: 'ts' | 'md', word: string): TemplateResult =>
    html`<button
      class="quiet"
      aria-label="Add ${word.toLowerCase()} below cell ${index + 1}"
      tabindex="-1"
      @click=${() => hooks.insertBelow(model.id, type)}
    >
      ${icon(plus)}${word}
    </button>`
  return html`<div class="insert">${button('ts', 'Code')} ${button('md', 'Text')}</div>`
}

function runButton({ model, hooks, index }: CellHost): TemplateResult {
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

function menu({ model, hooks, notebook }: CellHost): readonly MenuItem[] {
  const { type, attributes } = model.cell.value
  const item = (id: string, title: string, keys?: string): MenuItem => ({
    title,
    ...(keys === undefined ? {} : { keys }),
    run: () => hooks.command(model.id, id),
  })
  const isCode = type === 'ts'
  return [
    ...(isCode ? [item('run.with-stale', 'Run with all that is stale', '$mod+Shift+Enter')] : []),
    ...(hasFlows({ model, notebook }) ? [item('run.flow', 'Run a flow of it with parameters…', 'e f')] : []),
    item('cells.up', 'Move up', 'Alt+Shift+ArrowUp'),
    item('cells.down', 'Move down', 'Alt+Shift+ArrowDown'),
    item('cells.delete', 'Delete', 'd d'),
    isCode ? { ...item('cells.text', 'Make it text', 'm'), begins: true } : { ...item('cells.code', 'Make it code', 'y'), begins: true },
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
