/** What is drawn over the text of a cell without being part of it: names of other cells, what was found, the line that an error came from. */
import { StateEffect, StateField, type Extension } from '@codemirror/state'
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view'

export interface Marking {
  readonly from: number
  readonly to: number
  readonly kind: 'ref' | 'found' | 'found now'
  /** For names: of which. */
  readonly name?: string
}

const setMarkings = StateEffect.define<{ readonly group: 'refs' | 'found'; readonly markings: readonly Marking[] }>()
const setFlash = StateEffect.define<number | undefined>()
const FLASH_MS = 1_400

const group = (name: 'refs' | 'found') =>
  StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update(decorations, transaction) {
      let next = decorations.map(transaction.changes)
      for (const effect of transaction.effects) {
        if (!effect.is(setMarkings) || effect.value.group !== name) continue
        const { length } = transaction.state.doc
        const inside = effect.value.markings.filter(({ from, to }) => from < to && to <= length)
        next = Decoration.set(
          inside.map(({ from, to, kind, name: of }) =>
            Decoration.mark({ class: kind, ...(of === undefined ? {} : { attributes: { 'data-name': of } }) }).range(from, to),
          ),
          true,
        )
      }
      return next
    },
    provide: (field) => EditorView.decorations.from(field),
  })

const refs = group('refs')
const found = group('found')
const flash = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let next = decorations.map(transaction.changes)
    for (const effect of transaction.effects) {
      if (!effect.is(setFlash)) continue
      next =
        effect.value === undefined
          ? Decoration.none
          : Decoration.set([Decoration.line({ class: 'cm-flash' }).range(transaction.state.doc.lineAt(effect.value).from)])
    }
    return next
  },
  provide: (field) => EditorView.decorations.from(field),
})

export const marks: Extension = [refs, found, flash]

export function mark(view: EditorView, name: 'refs' | 'found', markings: readonly Marking[]): void {
  view.dispatch({ effects: setMarkings.of({ group: name, markings }) })
}

/** Shows a line for a moment. */
export function flashLine(view: EditorView, at: number): void {
  view.dispatch({ effects: setFlash.of(at) })
  setTimeout(() => view.dispatch({ effects: setFlash.of(undefined) }), FLASH_MS)
}
