/**
 * The editor of one cell: CodeMirror over the text of a `CellModel`. Loaded with the first intent to edit.
 *
 * 1. The model's text and the editor's are equal whenever neither is in the middle of telling the other.
 * 2. What others do to the text is no part of this editor's undo history, and moves the cursor only as it must.
 * 3. What an editor knows (history, selection, folds) outlives its element: `EditorStates` keeps it.
 */
import { autocompletion, closeBrackets } from '@codemirror/autocomplete'
import { history, isolateHistory } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { markdown } from '@codemirror/lang-markdown'
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { Compartment, EditorSelection, EditorState, StateEffect, Transaction, type ChangeSpec, type Extension } from '@codemirror/state'
import { drawSelection, dropCursor, EditorView, placeholder, rectangularSelection, type ViewUpdate } from '@codemirror/view'
import { diffSpans } from '#sdk/notebook/text-diff.ts'
import type { TextSpan } from '#sdk/protocol/notebook.ts'
import { codeClasses } from '../code-classes.ts'
import type { CompiledProblem } from '../../kernel/compiler-messages.ts'
import type { CellEditing, EditorPlace } from './cell-editing.ts'
import { compiledProblems, showProblems } from './compiled-problems.ts'
import { editorKeys } from './editor-keys.ts'
import type { EditorStates } from './editor-states.ts'
import { editorTheme } from './editor-theme.ts'
import { flashLine, mark, marks, type Marking } from './marks.ts'
import { offsetOf, selectionAt } from './places.ts'
import { valueHover } from './value-hover.ts'

const typesSlot = new Compartment()

export class CellEditor {
  readonly view: EditorView
  readonly #editing: CellEditing
  readonly #states: EditorStates
  readonly #stops: (() => void)[] = []
  #given: readonly CompiledProblem[] = []
  #isApplying = false

  constructor(editing: CellEditing, states: EditorStates, root: ShadowRoot) {
    this.#editing = editing
    this.#states = states
    const { model } = editing
    const kept = states.take(model.id)
    const state = kept ?? EditorState.create({ doc: model.cell.value.source, extensions: this.#extensions() })
    this.view = new EditorView({ state: kept === undefined ? state : kept, root })
    if (kept !== undefined) this.view.dispatch({ effects: StateEffect.reconfigure.of(this.#extensions()) })
    this.#sync()
    this.#stops.push(
      model.onText((spans) => this.#applySpans(spans)),
      model.cell.subscribe(() => this.#sync()),
    )
  }

  /** Its element goes; what it knows is kept. */
  close(): void {
    for (const stop of this.#stops) stop()
    this.#states.keep(this.#editing.model.id, this.view.state)
    this.view.destroy()
  }

  focus(place?: EditorPlace): void {
    if (place !== undefined) this.view.dispatch({ selection: selectionAt(this.view, place), scrollIntoView: true })
    this.view.focus()
  }

  /** As if it were typed. */
  insert(text: string): void {
    if (text !== '') this.view.dispatch(this.view.state.replaceSelection(text), { userEvent: 'input.type' })
  }

  get cursor(): number {
    return this.view.state.selection.main.head
  }

  setTypes(extension: Extension): void {
    this.view.dispatch({ effects: typesSlot.reconfigure(extension) })
  }

  setRefs(markings: readonly Marking[]): void {
    mark(this.view, 'refs', markings)
  }

  setFound(markings: readonly Marking[]): void {
    mark(this.view, 'found', markings)
  }

  setProblems(problems: readonly CompiledProblem[]): void {
    if (problems === this.#given) return
    this.#given = problems
    showProblems(this.view, problems)
  }

  /** Lines and columns count from 1. */
  jumpTo(line: number, column: number): void {
    const at = offsetOf(this.view.state.doc, line, column)
    this.view.dispatch({ selection: EditorSelection.cursor(at), effects: EditorView.scrollIntoView(at, { y: 'nearest' }) })
    flashLine(this.view, at)
    this.view.focus()
  }

  #extensions(): Extension {
    const { model, isReadOnly, types, actions, valueOf } = this.#editing
    const isCode = model.cell.value.type !== 'md'
    return [
      history(),
      drawSelection(),
      dropCursor(),
      rectangularSelection(),
      EditorState.allowMultipleSelections.of(true),
      EditorState.readOnly.of(isReadOnly),
      EditorState.tabSize.of(2),
      indentUnit.of('  '),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      isCode ? javascript({ typescript: true }) : markdown(),
      syntaxHighlighting(codeClasses),
      EditorView.lineWrapping,
      placeholder(isCode ? 'TypeScript. Shift Enter runs it.' : 'Markdown. Shift Enter shows it.'),
      marks,
      isCode ? [typesSlot.of(types), autocompletion(), compiledProblems, valueHover(valueOf)] : [],
      EditorView.updateListener.of((update) => this.#updated(update)),
      EditorView.contentAttributes.of({
        'aria-label': this.#editing.label(),
        spellcheck: isCode ? 'false' : 'true',
        autocapitalize: 'off',
      }),
      EditorView.domEventHandlers({
        mousedown: (event, view) => this.#pressed(event, view),
        focus: () => actions.focused(),
        blur: () => actions.blurred(),
      }),
      editorKeys(actions),
      editorTheme,
    ]
  }

  #pressed(event: MouseEvent, view: EditorView): boolean {
    if (!(event.metaKey || event.ctrlKey) || event.button !== 0) return false
    const at = view.posAtCoords({ x: event.clientX, y: event.clientY })
    return at !== null && this.#editing.actions.follow(at)
  }

  #updated(update: ViewUpdate): void {
    if (!update.docChanged || this.#isApplying) return
    const spans: TextSpan[] = []
    update.changes.iterChanges((from, to, _fromB, _toB, inserted) => {
      spans.push({ from, to, insert: inserted.toString().replaceAll('\r', '') })
    })
    if (!this.#editing.actions.typed(update.startState.doc.length, spans)) this.#sync()
  }

  #applySpans(spans: readonly TextSpan[]): void {
    const { length } = this.view.state.doc
    if (spans.every(({ to }) => to <= length)) this.#apply(spans.map(({ from, to, insert }) => ({ from, to, insert })))
  }

  /** The model's text, whatever the editor has. */
  #sync(): void {
    const { source } = this.#editing.model.cell.value
    const text = this.view.state.doc.toString()
    if (text === source) return
    this.#apply(diffSpans(text, source).map(({ from, to, insert }) => ({ from, to, insert })))
  }

  #apply(changes: ChangeSpec): void {
    this.#isApplying = true
    try {
      this.view.dispatch({
        changes,
        annotations: [Transaction.addToHistory.of(false), Transaction.remote.of(true), isolateHistory.of('full')],
      })
    } finally {
      this.#isApplying = false
    }
  }
}
