/** What the compiler says is wrong in the text, under the letters that it is about. */
import { linter, type Diagnostic } from '@codemirror/lint'
import { StateEffect, StateField, type ChangeDesc, type Extension, type Text } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import type { CompiledProblem } from '../../kernel/compiler-messages.ts'
import { offsetOf } from './places.ts'

const set = StateEffect.define<readonly CompiledProblem[]>()

/** Moved along with what is typed until there are others. */
const told = StateField.define<readonly Diagnostic[]>({
  create: () => [],
  update(before, { effects, state, docChanged, changes }) {
    for (const effect of effects) if (effect.is(set)) return effect.value.map((problem) => diagnosticOf(state.doc, problem))
    return docChanged ? before.map((one) => moved(changes, one)) : before
  },
})

export const compiledProblems: Extension = [
  told,
  linter((view) => view.state.field(told), {
    delay: 0,
    needsRefresh: ({ transactions }) => transactions.some(({ effects }) => effects.some((effect) => effect.is(set))),
  }),
]

export const showProblems = (view: EditorView, problems: readonly CompiledProblem[]): void => view.dispatch({ effects: set.of(problems) })

function moved(changes: ChangeDesc, one: Diagnostic): Diagnostic {
  const from = changes.mapPos(one.from, 1)
  return { ...one, from, to: Math.max(from, changes.mapPos(one.to, -1)) }
}

function diagnosticOf(doc: Text, { message, hint, line, column, endColumn }: CompiledProblem): Diagnostic {
  const from = offsetOf(doc, line, column)
  const to = endColumn === undefined ? doc.lineAt(from).to : offsetOf(doc, line, endColumn)
  return { from, to: Math.max(from, to), severity: 'error', message: hint === undefined ? message : `${message} ${hint}` }
}
