/** What is wrong, under the text: the last answer of the Worker, moved along with what is typed until the next one. */
import { linter, type Action, type Diagnostic } from '@codemirror/lint'
import { StateEffect, StateField, type ChangeDesc, type Extension } from '@codemirror/state'
import type { Command, EditorView } from '@codemirror/view'
import type { Fix, TypeDiagnostic } from './types-protocol.ts'

const set = StateEffect.define<readonly TypeDiagnostic[]>()

const moved = (change: ChangeDesc, one: TypeDiagnostic): TypeDiagnostic => ({
  ...one,
  from: change.mapPos(one.from, 1),
  to: change.mapPos(one.to, -1),
  fixes: one.fixes.map((fix) => ({
    ...fix,
    edits: fix.edits.map(({ from, to, insert }) => ({ from: change.mapPos(from, 1), to: change.mapPos(to, -1), insert })),
  })),
})

const found = StateField.define<readonly TypeDiagnostic[]>({
  create: () => [],
  update(before, transaction) {
    for (const effect of transaction.effects) if (effect.is(set)) return effect.value
    if (!transaction.docChanged) return before
    return before.map((one) => moved(transaction.changes, one)).filter(({ from, to }) => from < to)
  },
})

export const showDiagnostics = (view: EditorView, diagnostics: readonly TypeDiagnostic[]): void =>
  view.dispatch({ effects: set.of(diagnostics) })
export const hasDiagnostics = (view: EditorView): boolean => (view.state.field(found, false)?.length ?? 0) > 0

export const typesLint: Extension = [
  found,
  linter((view) => view.state.field(found).map(shown), {
    delay: 0,
    needsRefresh: ({ transactions }) => transactions.some(({ effects }) => effects.some((effect) => effect.is(set))),
  }),
]

function shown({ from, to, severity, message, tag, fixes }: TypeDiagnostic): Diagnostic {
  return {
    from,
    to,
    severity,
    message,
    source: 'types',
    ...(tag === 'deprecated' ? { markClass: 'fc-outdated' } : {}),
    ...(fixes.length === 0 ? {} : { actions: fixes.map(actionOf) }),
  }
}

const actionOf = (fix: Fix): Action => ({ name: fix.title, apply: (view) => apply(view, fix) })

const apply = (view: EditorView, { edits }: Fix): void =>
  view.dispatch({ changes: edits.map((edit) => ({ ...edit })), userEvent: 'input.fix' })

/** The first fix for what stands at the cursor, or in its line. */
export const fixHere: Command = (view) => {
  const { head } = view.state.selection.main
  const line = view.state.doc.lineAt(head)
  const fixable = view.state.field(found).filter(({ fixes, from, to }) => fixes.length > 0 && from <= line.to && to >= line.from)
  const [fix] = (fixable.find(({ from, to }) => from <= head && head <= to) ?? fixable[0])?.fixes ?? []
  if (fix === undefined) return false
  apply(view, fix)
  return true
}
