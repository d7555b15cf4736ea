/** The parameters of the call that is being written. */
import { Prec, StateEffect, StateField, type Extension } from '@codemirror/state'
import { keymap, showTooltip, ViewPlugin, type Command, type EditorView, type Tooltip, type ViewUpdate } from '@codemirror/view'
import { signatureView } from './documentation-view.ts'
import type { SignatureHelp } from './types-protocol.ts'
import type { TypesClient } from './types-client.ts'

const set = StateEffect.define<SignatureHelp | null>()

const shown = StateField.define<{ readonly help: SignatureHelp; readonly at: number } | null>({
  create: () => null,
  update(before, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(set)) return effect.value === null ? null : { help: effect.value, at: effect.value.from }
    return before === null || !transaction.docChanged ? before : { ...before, at: transaction.changes.mapPos(before.at, -1) }
  },
  provide: (field) => showTooltip.from(field, (value) => (value === null ? null : tooltipOf(value.help, value.at))),
})

function tooltipOf(help: SignatureHelp, pos: number): Tooltip | null {
  const signature = help.signatures[help.activeSignature]
  if (signature === undefined) return null
  const count = help.signatures.length > 1 ? `${help.activeSignature + 1} of ${help.signatures.length} signatures` : ''
  return {
    pos,
    above: true,
    create: () => {
      const dom = signatureView(signature, help.activeParameter, count)
      dom.setAttribute('role', 'status')
      return { dom }
    },
  }
}

const close: Command = (view) => {
  if (view.state.field(shown) === null) return false
  view.dispatch({ effects: set.of(null) })
  return true
}

export function typesSignature(client: TypesClient, cell: string): Extension {
  const ask = async (view: EditorView): Promise<void> => {
    const { doc, selection } = view.state
    const at = selection.main.head
    const help = await client.ask('signature', cell, doc.toString(), { at })
    if (help === undefined || view.state.doc !== doc || view.state.selection.main.head !== at) return
    if (help !== null || view.state.field(shown) !== null) view.dispatch({ effects: set.of(help) })
  }
  const open: Command = (view) => {
    void ask(view)
    return true
  }
  return [
    shown,
    ViewPlugin.define(() => ({
      update(update: ViewUpdate) {
        if (client.state.value !== 'ready' || !(update.docChanged || update.selectionSet)) return
        if (update.state.field(shown) !== null || opensCall(update)) void ask(update.view)
      },
    })),
    Prec.high(
      keymap.of([
        { key: 'Escape', run: close },
        { key: 'Mod-Shift-Space', run: open },
        // As in Jupyter; at the beginning of a line the key still moves the line to the left.
        { key: 'Shift-Tab', run: (view) => isBehindText(view) && open(view) },
      ]),
    ),
  ]
}

/** Somebody typed a sign that begins an argument. */
function opensCall(update: ViewUpdate): boolean {
  if (!update.transactions.some((transaction) => transaction.isUserEvent('input.type'))) return false
  const { head } = update.state.selection.main
  return /[(,]/.test(update.state.sliceDoc(Math.max(0, head - 1), head))
}

function isBehindText({ state }: EditorView): boolean {
  const { main } = state.selection
  const line = state.doc.lineAt(main.head)
  return main.empty && line.text.slice(0, main.head - line.from).trim() !== ''
}
