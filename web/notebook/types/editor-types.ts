/** Everything that types add to the editor of one cell. */
import { Prec, type Extension } from '@codemirror/state'
import { EditorView, keymap, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import { typesCompletion } from './completion.ts'
import { typesHover } from './hover.ts'
import { fixHere, typesLint } from './lint.ts'
import { typesNames } from './names.ts'
import { typesSignature } from './signature.ts'
import type { TypesClient } from './types-client.ts'
import { typesTheme } from './types-theme.ts'

export function editorTypes(client: TypesClient, cell: string): Extension[] {
  return [
    typesLint,
    typesCompletion(client, cell),
    typesHover(client, cell),
    typesSignature(client, cell),
    typesNames(client, cell),
    Prec.high(keymap.of([{ key: 'Mod-.', run: fixHere }])),
    EditorView.domEventHandlers({ focus: () => client.wake() }),
    openEditor(client, cell),
    typesTheme,
  ]
}

/** The client knows which editors are open, and what is typed into them. */
const openEditor = (client: TypesClient, cell: string): Extension =>
  ViewPlugin.define((view) => {
    let isClosed = false
    let close: (() => void) | undefined
    // Not while the view is being made: what is told to it would come before it is there.
    queueMicrotask(() => {
      if (!isClosed) close = client.opened(cell, view)
    })
    return {
      update(update: ViewUpdate) {
        if (update.docChanged) client.typed(cell, update.state.doc.toString())
      },
      destroy() {
        isClosed = true
        close?.()
      },
    }
  })
