/**
 * The editor of one cell: CodeMirror over the text of a `CellModel`. Loaded with the first intent to edit.
 *
 * 1. The model's text and the editor's are equal whenever neither is in the middle of telling the other.
 * 2. What others do to the text is no part of this editor's undo history, and moves the cursor only as it must.
 * 3. What an editor knows (history, selection, folds) outlives its element: `EditorStates` keeps it.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory, insertNewlineAndIndent } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { markdown } from '@codemirror/lang-markdown'
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { linter, lintKeymap, type Diagnostic } from '@codemirror/lint'
import { selectNextOccurrence } from '@codemirror/search'
import { Compartment, EditorSelection, EditorState, StateEffect, Transaction, type ChangeSpec, type Extension } from '@codemirror/state'
import {
  drawSelection,
  dropCursor,
  EditorView,
  hoverTooltip,
  keymap,
  placeholder,
  rectangularSelection,
  type KeyBinding,
  type ViewUpdate,
} from '@codemirror/view'
import { diffSpans } from '#sdk/notebook/text-diff.ts'
import type { TextSpan } from '#sdk/protocol/notebook.ts'
import { codeClasses } from '../code-classes.ts'
import type { CompiledProblem } from '../../kernel/compiler-messages.ts'
import type { CellEditing, EditorPlace } from './cell-editing.ts'
import { editorTheme } from './editor-theme.ts'
import { flashLine, mark, marks, type Marking } from './marks.ts'

/** Keys that belong to the notebook, and that CodeMirror would take. */
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

const typesSlot = new Compartment()
const problemsChanged = StateEffect.define<null>()

/** Histories and selections of cells whose editor is closed for now. */
export class EditorStates {
  readonly #states = new Map<string, EditorState>()

  take(cell: string): EditorState | undefined {
    const state = this.#states.get(cell)
    this.#states.delete(cell)
    return state
  }

  keep(cell: string, state: EditorState): void {
    this.#states.set(cell, state)
  }
}

export class CellEditor {
  readonly view: EditorView
  readonly #editing: CellEditing
  readonly #states: EditorStates
  readonly #stops: (() => void)[] = []
  #problems: readonly Diagnostic[] = []
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
    if (place !== undefined) this.#select(place)
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
    this.#problems = problems.map((problem) => this.#diagnosticOf(problem))
    this.view.dispatch({ effects: problemsChanged.of(null) })
  }

  /** Lines and columns count from 1. */
  jumpTo(line: number, column: number): void {
    const at = this.#offsetOf(line, column)
    this.view.dispatch({ selection: EditorSelection.cursor(at), effects: EditorView.scrollIntoView(at, { y: 'nearest' }) })
    flashLine(this.view, at)
    this.view.focus()
  }

  #diagnosticOf({ message, hint, line, column, endColumn }: CompiledProblem): Diagnostic {
    const from = this.#offsetOf(line, column)
    const to = endColumn === undefined ? this.view.state.doc.lineAt(from).to : this.#offsetOf(line, endColumn)
    return { from, to: Math.max(from, to), severity: 'error', message: hint === undefined ? message : `${message} ${hint}` }
  }

  #offsetOf(line: number, column: number): number {
    const { doc } = this.view.state
    const at = doc.line(Math.max(1, Math.min(line, doc.lines)))
    return Math.min(at.from + column - 1, at.to)
  }

  #select(place: EditorPlace): void {
    const { length } = this.view.state.doc
    const at =
      place === 'start'
        ? 0
        : place === 'end'
          ? length
          : 'offset' in place
            ? Math.min(place.offset, length)
            : (this.view.posAtCoords(place) ?? length)
    const head = typeof place === 'object' && 'offset' in place ? Math.min(place.end ?? at, length) : at
    this.view.dispatch({ selection: EditorSelection.single(at, head), scrollIntoView: true })
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
      isCode
        ? [
            typesSlot.of(types),
            autocompletion(),
            linter(() => this.#problems, { delay: 0, needsRefresh: hasNewProblems }),
            this.#hover(valueOf),
          ]
        : [],
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
      keymap.of([
        { key: 'Enter', run: insertNewlineAndIndent },
        { key: 'ArrowUp', run: (view) => this.#leave(view, 'up') },
        { key: 'ArrowDown', run: (view) => this.#leave(view, 'down') },
        { key: 'Mod-d', run: selectNextOccurrence, preventDefault: true },
        ...ourKeys(completionKeymap.filter(({ key }) => key !== 'Enter')),
        ...ourKeys(closeBracketsKeymap),
        ...ourKeys(lintKeymap),
        ...ourKeys(historyKeymap),
        ...ourKeys(defaultKeymap),
        indentWithTab,
      ]),
      editorTheme,
    ]
  }

  /** What a name of another cell holds now, as far as this tab's kernel knows. */
  #hover(valueOf: CellEditing['valueOf']): Extension {
    return hoverTooltip((view, at) => {
      const word = view.state.wordAt(at)
      const value = word === null ? undefined : valueOf(view.state.sliceDoc(word.from, word.to))
      if (word === null || value === undefined) return null
      const dom = document.createElement('div')
      dom.className = 'cm-value'
      dom.textContent = value
      return { pos: word.from, end: word.to, above: true, create: () => ({ dom }) }
    })
  }

  #pressed(event: MouseEvent, view: EditorView): boolean {
    if (!(event.metaKey || event.ctrlKey) || event.button !== 0) return false
    const at = view.posAtCoords({ x: event.clientX, y: event.clientY })
    return at !== null && this.#editing.actions.follow(at)
  }

  /** Out of the text at its first or last line, into the cell beside it. */
  #leave(view: EditorView, direction: 'up' | 'down'): boolean {
    const { main } = view.state.selection
    if (!main.empty || view.state.selection.ranges.length > 1) return false
    const moved = view.moveVertically(main, direction === 'down')
    const isAtEnd = moved.head === main.head || moved.head === (direction === 'up' ? 0 : view.state.doc.length)
    const line = view.state.doc.lineAt(main.head)
    const isEdge = direction === 'up' ? line.number === 1 : line.number === view.state.doc.lines
    return isEdge && isAtEnd && main.head === (direction === 'up' ? 0 : view.state.doc.length) && this.#editing.actions.leave(direction)
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

const hasNewProblems = ({ transactions }: ViewUpdate): boolean =>
  transactions.some(({ effects }) => effects.some((effect) => effect.is(problemsChanged)))
