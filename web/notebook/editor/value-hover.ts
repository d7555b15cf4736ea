/** What a name of another cell holds now, as far as this tab's kernel knows, when the pointer rests on it. */
import type { Extension } from '@codemirror/state'
import { hoverTooltip } from '@codemirror/view'
import type { CellEditing } from './cell-editing.ts'

export const valueHover = (valueOf: CellEditing['valueOf']): Extension =>
  hoverTooltip((view, at) => {
    const word = view.state.wordAt(at)
    const value = word === null ? undefined : valueOf(view.state.sliceDoc(word.from, word.to))
    if (word === null || value === undefined) return null
    const dom = document.createElement('div')
    dom.className = 'cm-value'
    dom.textContent = value
    return { pos: word.from, end: word.to, above: true, create: () => ({ dom }) }
  })
