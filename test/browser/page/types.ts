/** A page with an editor for each cell and types in all of them, for test/browser/types.test.ts and the bench. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { syntaxHighlighting } from '@codemirror/language'
import { lintKeymap } from '@codemirror/lint'
import { EditorSelection, EditorState } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { codeClasses } from '../../../web/notebook/code-classes.ts'
import { editorTheme } from '../../../web/notebook/editor/editor-theme.ts'
import { TypesClient } from '../../../web/notebook/types/types-client.ts'

const client = new TypesClient()
const views = new Map<string, EditorView>()
const titles = new Map<string, string>()
const navigated: string[] = []

const sources = (): { id: string; source: string; title: string }[] =>
  [...views].map(([id, view]) => ({ id, source: view.state.doc.toString(), title: titles.get(id) ?? id }))

client.onNavigate((cell, from, to) => {
  const view = views.get(cell)
  navigated.push(`${cell}:${from}-${to}`)
  view?.dispatch({ selection: EditorSelection.single(from, to) })
  view?.focus()
})
client.onRename((edits) => {
  for (const { cell, spans } of edits) views.get(cell)?.dispatch({ changes: [...spans] })
  client.setCells(sources())
})

/** What the test calls. */
const page = {
  client,
  views,
  navigated,
  open(cells: Readonly<Record<string, string>>): void {
    for (const [id, source] of Object.entries(cells)) {
      const section = document.createElement('section')
      section.id = id
      document.body.append(section)
      titles.set(id, `Cell ${id}`)
      const state = EditorState.create({
        doc: source,
        extensions: [
          history(),
          EditorState.allowMultipleSelections.of(true),
          javascript({ typescript: true }),
          syntaxHighlighting(codeClasses),
          client.extensions(id),
          keymap.of([...lintKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.updateListener.of(({ docChanged }) => {
            if (docChanged) client.setCells(sources())
          }),
          editorTheme,
        ],
      })
      views.set(id, new EditorView({ state, parent: section.attachShadow({ mode: 'open' }), root: section.shadowRoot ?? document }))
    }
    client.setCells(sources())
  },
  text: (id: string): string => views.get(id)?.state.doc.toString() ?? '',
  /** The cursor goes behind a text. */
  place(id: string, text: string): void {
    const view = views.get(id)
    view?.dispatch({ selection: EditorSelection.cursor(page.text(id).lastIndexOf(text) + text.length) })
    view?.focus()
  },
  /** The middle of a text on the screen. */
  whereIs(id: string, text: string): { x: number; y: number } {
    const from = page.text(id).lastIndexOf(text)
    const view = views.get(id)
    const left = view?.coordsAtPos(from)
    const right = view?.coordsAtPos(from + text.length)
    return { x: ((left?.left ?? 0) + (right?.left ?? 0)) / 2, y: ((left?.top ?? 0) + (left?.bottom ?? 0)) / 2 }
  },
}

export type TypesPage = typeof page
Object.assign(globalThis, { page })
