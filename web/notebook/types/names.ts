/** From name to name: definition (F12, ⌘-click), references (Shift-F12), another name (F2). */
import { Prec, StateEffect, StateField, type Extension } from '@codemirror/state'
import { EditorView, keymap, showPanel, showTooltip, type Command, type Panel, type Tooltip } from '@codemirror/view'
import type { FoundReference, RenameTarget } from './types-protocol.ts'
import type { TypesClient } from './types-client.ts'

type Target = Extract<RenameTarget, { readonly ok: true }>
type Box = {
  readonly client: TypesClient
  readonly cell: string
  readonly at: number
  readonly target: Target | { readonly ok: false; readonly reason: string }
}
type Listed = { readonly client: TypesClient; readonly found: readonly FoundReference[] }

const setBox = StateEffect.define<Box | null>()
const setList = StateEffect.define<Listed | null>()

/** Typing into the text closes the box: its name may be another one then. */
const box = StateField.define<Box | null>({
  create: () => null,
  update(before, transaction) {
    for (const effect of transaction.effects) if (effect.is(setBox)) return effect.value
    return transaction.docChanged ? null : before
  },
  provide: (field) => showTooltip.from(field, (value) => (value === null ? null : boxTooltip(value))),
})

const list = StateField.define<Listed | null>({
  create: () => null,
  update(before, transaction) {
    for (const effect of transaction.effects) if (effect.is(setList)) return effect.value
    return transaction.docChanged ? null : before
  },
  provide: (field) => showPanel.from(field, (value) => (value === null ? null : (view) => listPanel(view, value))),
})

export function typesNames(client: TypesClient, cell: string): Extension {
  const goTo = async (view: EditorView, at: number): Promise<void> => {
    const [place] = (await client.ask('definition', cell, view.state.doc.toString(), { at })) ?? []
    if (place !== undefined) client.navigate(place.cell, place.from, place.to)
  }
  const showReferences = async (view: EditorView): Promise<void> => {
    const found = await client.ask('references', cell, view.state.doc.toString(), { at: view.state.selection.main.head })
    if (found !== undefined) view.dispatch({ effects: setList.of({ client, found }) })
  }
  const askName = async (view: EditorView): Promise<void> => {
    const { doc } = view.state
    const at = view.state.selection.main.head
    const target = await client.ask('prepareRename', cell, doc.toString(), { at })
    if (target !== undefined && view.state.doc === doc) view.dispatch({ effects: setBox.of({ client, cell, at, target }) })
  }
  const command =
    (work: (view: EditorView) => Promise<void>): Command =>
    (view) => {
      void work(view)
      return true
    }
  return [
    box,
    list,
    Prec.high(
      keymap.of([
        { key: 'F12', run: command((view) => goTo(view, view.state.selection.main.head)) },
        { key: 'Shift-F12', run: command(showReferences) },
        { key: 'F2', run: command(askName) },
        { key: 'Escape', run: closeAll },
      ]),
    ),
    // After the notebook's own: it knows the names of cells without the Worker.
    Prec.low(
      EditorView.domEventHandlers({
        mousedown: (event, view) => {
          const at =
            event.button === 0 && (event.metaKey || event.ctrlKey) ? view.posAtCoords({ x: event.clientX, y: event.clientY }) : null
          if (at === null || client.state.value !== 'ready') return false
          void goTo(view, at)
          return true
        },
      }),
    ),
  ]
}

const closeAll: Command = (view) => {
  if (view.state.field(box) === null && view.state.field(list) === null) return false
  view.dispatch({ effects: [setBox.of(null), setList.of(null)] })
  view.focus()
  return true
}

function boxTooltip({ client, cell, at, target }: Box): Tooltip {
  return {
    pos: target.ok ? target.from : at,
    above: false,
    create: (view) => {
      const dom = document.createElement('div')
      dom.className = 'fc-rename'
      if (!target.ok) {
        dom.setAttribute('role', 'alert')
        dom.textContent = target.reason
        return { dom }
      }
      const input = document.createElement('input')
      input.value = target.name
      input.spellcheck = false
      input.setAttribute('aria-label', `New name for ${target.name}`)
      const reason = document.createElement('p')
      reason.setAttribute('role', 'alert')
      dom.append(input, reason)
      const rename = async (): Promise<void> => {
        const name = input.value.trim()
        if (name === target.name) return void closeAll(view)
        const renamed = await client.ask('rename', cell, view.state.doc.toString(), { at, name })
        if (renamed === undefined) reason.textContent = 'The text has changed meanwhile: try again.'
        else if (!renamed.ok) reason.textContent = renamed.reason
        else {
          closeAll(view)
          client.rename(renamed.edits, { from: target.name, to: name })
        }
      }
      input.addEventListener('keydown', (event) => {
        event.stopPropagation()
        if (event.key === 'Escape') closeAll(view)
        else if (event.key === 'Enter' && !event.isComposing) void rename()
        else return
        event.preventDefault()
      })
      return {
        dom,
        mount: () => {
          input.focus()
          input.select()
        },
      }
    },
  }
}

function listPanel(view: EditorView, { client, found }: Listed): Panel {
  const dom = document.createElement('div')
  dom.className = 'fc-references'
  dom.setAttribute('role', 'group')
  const heading = document.createElement('p')
  heading.textContent = found.length === 0 ? 'No references here.' : `${found.length} ${found.length === 1 ? 'reference' : 'references'}`
  dom.setAttribute('aria-label', heading.textContent)
  dom.append(heading)
  for (const place of found) {
    const button = document.createElement('button')
    button.type = 'button'
    const where = document.createElement('span')
    where.className = 'fc-references-where'
    where.textContent = `${client.titleOf(place.cell)}:${place.line}${place.isDefinition ? ', definition' : ''}`
    const text = document.createElement('code')
    text.textContent = place.text
    button.append(where, text)
    button.addEventListener('click', () => client.navigate(place.cell, place.from, place.to))
    dom.append(button)
  }
  dom.addEventListener('keydown', (event) => {
    const buttons = [...dom.querySelectorAll('button')]
    const at = buttons.findIndex((button) => button === event.target)
    if (event.key === 'Escape') closeAll(view)
    else if (event.key === 'ArrowDown') buttons[Math.min(at + 1, buttons.length - 1)]?.focus()
    else if (event.key === 'ArrowUp') buttons[Math.max(at - 1, 0)]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  return { dom, mount: () => dom.querySelector('button')?.focus() }
}
