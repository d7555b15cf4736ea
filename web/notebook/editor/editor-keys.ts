/** Keys of the editor: CodeMirror's, without those that belong to the notebook. */
import { closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, historyKeymap, indentWithTab, insertNewlineAndIndent } from '@codemirror/commands'
import { lintKeymap } from '@codemirror/lint'
import { selectNextOccurrence } from '@codemirror/search'
import type { Extension } from '@codemirror/state'
import { keymap, type EditorView, type KeyBinding } from '@codemirror/view'
import type { CellEditing } from './cell-editing.ts'

/** CodeMirror would take them. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'Enter',
  'Mod-Enter',
  'Shift-Enter',
  'Alt-Enter',
  'Mod-/',
  'Shift-Mod-k',
  'Alt-ArrowUp',
  'Alt-ArrowDown',
])
const ourKeys = (bindings: readonly KeyBinding[]): readonly KeyBinding[] =>
  bindings.filter(({ key, mac, win, linux }) => ![key, mac, win, linux].some((name) => name !== undefined && NOT_OURS.has(name)))

export const editorKeys = (actions: CellEditing['actions']): Extension =>
  keymap.of([
    { key: 'Enter', run: insertNewlineAndIndent },
    { key: 'ArrowUp', run: (view) => isAtEdge(view, 'up') && actions.leave('up') },
    { key: 'ArrowDown', run: (view) => isAtEdge(view, 'down') && actions.leave('down') },
    { key: 'Mod-d', run: selectNextOccurrence, preventDefault: true },
    ...ourKeys(completionKeymap.filter(({ key }) => key !== 'Enter')),
    ...ourKeys(closeBracketsKeymap),
    ...ourKeys(lintKeymap),
    ...ourKeys(historyKeymap),
    ...ourKeys(defaultKeymap),
    indentWithTab,
  ])

/** The cursor can go no further in the text, so it goes into the cell beside it. */
function isAtEdge(view: EditorView, direction: 'up' | 'down'): boolean {
  const { main, ranges } = view.state.selection
  if (!main.empty || ranges.length > 1) return false
  const end = direction === 'up' ? 0 : view.state.doc.length
  const moved = view.moveVertically(main, direction === 'down')
  const isAtEnd = moved.head === main.head || moved.head === end
  const line = view.state.doc.lineAt(main.head)
  const isEdge = direction === 'up' ? line.number === 1 : line.number === view.state.doc.lines
  return isEdge && isAtEnd && main.head === end
}
