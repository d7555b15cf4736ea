/** Places in the text of an editor, as others tell them. */
import { EditorSelection, type Text } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import type { EditorPlace } from './cell-editing.ts'

/** Lines and columns count from 1; what lies outside is brought in. */
export function offsetOf(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)))
  return Math.min(at.from + column - 1, at.to)
}

export function selectionAt(view: EditorView, place: EditorPlace): EditorSelection {
  const { length } = view.state.doc
  if (place === 'start') return EditorSelection.single(0)
  if (place === 'end') return EditorSelection.single(length)
  if ('x' in place) return EditorSelection.single(view.posAtCoords(place) ?? length)
  const at = Math.min(place.offset, length)
  return EditorSelection.single(at, Math.min(place.end ?? at, length))
}
