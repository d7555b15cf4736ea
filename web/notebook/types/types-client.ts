/**
 * Types in the editors of one page: keeps the types Worker, gives it the cells, and gives each editor its extension.
 *
 * 1. Nothing is loaded before the first focus of an editor, or two idle seconds after the client was made.
 * 2. Typing and running never wait for it; an answer about a text that is gone is dropped.
 * 3. It changes no text: what a renaming would change is told to who listens.
 */
import type { EditorView } from '@codemirror/view'
import type { Extension } from '@codemirror/state'
import { MAX_TYPES_CHARACTERS } from '#sdk/protocol/limits.ts'
import workerAddress from 'bundle:./types-worker.ts'
import { startWorker } from '../../app/trusted.ts'
import { whenPageIsIdle } from '../../ui/idle.ts'
import { Signal, type ReadonlySignal } from '../../ui/signal.ts'
import { editorTypes } from './editor-types.ts'
import { hasDiagnostics, showDiagnostics } from './lint.ts'
import type { CellEdits, Method, ParamsOf, Question, ResultOf, TypedCell } from './types-protocol.ts'
import { WorkerLink, type TypesWorker } from './worker-link.ts'

/** `waiting`: nobody has edited yet. `off`: it broke, or the notebook is too large; the notice says which. */
export type TypesState = 'waiting' | 'loading' | 'ready' | 'off'

const IDLE_MS = 2_000
/** Changes are sent together; a question sends them at once. */
const CELLS_MS = 150
/** After the last change, before editors ask what is wrong. */
const DIAGNOSTICS_MS = 250

const BROKEN = 'Types are off: the language service has stopped twice. Reload the page to try again; cells run without it.'
const TOO_LARGE = 'Types are off: this notebook has more text than the language service reads.'

interface OpenEditor {
  readonly cell: string
  readonly view: EditorView
  drop: (() => void) | undefined
}

export class TypesClient {
  readonly #state = new Signal<TypesState>('waiting')
  readonly #notice = new Signal<string | undefined>(undefined)
  readonly #link: WorkerLink
  #cells = new Map<string, TypedCell>()
  /** What the Worker has. */
  #sent = new Map<string, TypedCell>()
  #sentOrder = ''
  #flushTimer: ReturnType<typeof setTimeout> | undefined
  #checkTimer: ReturnType<typeof setTimeout> | undefined
  #idleTimer: ReturnType<typeof setTimeout> | undefined
  readonly #editors = new Set<OpenEditor>()
  readonly #navigateListeners = new Set<(cell: string, from: number, to: number) => void>()
  readonly #renameListeners = new Set<(edits: readonly CellEdits[], names: { readonly from: string; readonly to: string }) => void>()

  /** @param makeWorker For tests. */
  constructor(makeWorker: () => TypesWorker = newWorker) {
    this.#link = new WorkerLink(makeWorker, {
      started: () => {
        this.#sent = new Map()
        this.#sentOrder = ''
        this.#state.value = 'loading'
        this.#flush()
      },
      ready: () => {
        this.#state.value = 'ready'
        this.#check()
      },
      // The person goes on; the console has it.
      failed: (message) => reportError(new Error(`The language service failed: ${message}`)),
      off: () => this.#turnOff(BROKEN),
    })
    this.#idleTimer = setTimeout(() => whenPageIsIdle(() => this.wake(), IDLE_MS), IDLE_MS)
  }

  get state(): ReadonlySignal<TypesState> {
    return this.#state
  }
  /** Why types are off, for people. */
  get notice(): ReadonlySignal<string | undefined> {
    return this.#notice
  }

  /** The cells of TypeScript in the order of the notebook. */
  setCells(cells: readonly TypedCell[]): void {
    this.#cells = new Map(cells.map((cell) => [cell.id, cell]))
    if (this.#state.value === 'waiting' || this.#state.value === 'off') return
    if (this.#isTooLarge()) return this.#turnOff(TOO_LARGE)
    this.#flushTimer ??= setTimeout(() => this.#flush(), CELLS_MS)
  }

  /** What types add to the editor of a cell. */
  extensions(cell: string): Extension[] {
    return editorTypes(this, cell)
  }

  /** An editor wants to show a place of another cell, or of its own. */
  onNavigate(listener: (cell: string, from: number, to: number) => void): () => void {
    this.#navigateListeners.add(listener)
    return () => this.#navigateListeners.delete(listener)
  }

  /** A name shall change: spans of the texts as they are now, to be done as one edit. */
  onRename(listener: (edits: readonly CellEdits[], names: { readonly from: string; readonly to: string }) => void): () => void {
    this.#renameListeners.add(listener)
    return () => this.#renameListeners.delete(listener)
  }

  navigate(cell: string, from: number, to: number): void {
    for (const listener of this.#navigateListeners) listener(cell, from, to)
  }
  rename(edits: readonly CellEdits[], names: { readonly from: string; readonly to: string }): void {
    for (const listener of this.#renameListeners) listener(edits, names)
  }
  titleOf(cell: string): string {
    return this.#cells.get(cell)?.title ?? cell
  }

  /** Loads the Worker, where that is not done. */
  wake(): void {
    clearTimeout(this.#idleTimer)
    this.#idleTimer = undefined
    if (this.#state.value !== 'waiting') return
    if (this.#isTooLarge()) return this.#turnOff(TOO_LARGE)
    this.#link.start()
  }

  /** An editor is open: it is told what is wrong in its cell. Answers how to say that it is closed. */
  opened(cell: string, view: EditorView): () => void {
    const editor: OpenEditor = { cell, view, drop: undefined }
    this.#editors.add(editor)
    this.#check()
    return () => {
      editor.drop?.()
      this.#editors.delete(editor)
    }
  }

  /** The text of an editor, which may be newer than what `setCells` was given last. */
  typed(cell: string, source: string): void {
    const known = this.#cells.get(cell)
    if (known === undefined || known.source === source) return
    this.#cells.set(cell, { ...known, source })
    this.#flushTimer ??= setTimeout(() => this.#flush(), CELLS_MS)
  }

  /**
   * Asks about a cell as `source` has it. Undefined where there is no answer, or the text is another one by then.
   * @param signal Aborts when nobody waits any more.
   */
  async ask<M extends Method>(
    method: M,
    cell: string,
    source: string,
    params: ParamsOf<M>,
    onDrop?: (drop: () => void) => void,
  ): Promise<ResultOf<M> | undefined> {
    this.typed(cell, source)
    this.#flush()
    if (!this.#link.isRunning || this.#sent.get(cell)?.source !== source) return undefined
    // A method and its parameters, as the signature has them.
    const question = { method, cell, params } as unknown as Question
    const { result, drop } = this.#link.ask(question)
    onDrop?.(drop)
    const answer = await result
    // A list that was asked for in the middle of a word is still right a letter later: the editor filters it.
    if (method !== 'completion' && this.#cells.get(cell)?.source !== source) return undefined
    // The Worker is ours and answers what the method promises.
    return answer as ResultOf<M> | undefined
  }

  dispose(): void {
    clearTimeout(this.#idleTimer)
    clearTimeout(this.#flushTimer)
    clearTimeout(this.#checkTimer)
    this.#state.value = 'off'
    this.#link.stop()
  }

  #turnOff(notice: string): void {
    this.#link.stop()
    this.#notice.value = notice
    this.#state.value = 'off'
    for (const { view } of this.#editors) if (hasDiagnostics(view)) showDiagnostics(view, [])
  }

  #isTooLarge(): boolean {
    let characters = 0
    for (const { source } of this.#cells.values()) characters += source.length
    return characters > MAX_TYPES_CHARACTERS
  }

  /** Sends the cells that differ from what the Worker has. */
  #flush(): void {
    clearTimeout(this.#flushTimer)
    this.#flushTimer = undefined
    if (!this.#link.isRunning) return
    const changed = [...this.#cells.values()].filter((cell) => {
      const sent = this.#sent.get(cell.id)
      return sent?.source !== cell.source || sent.title !== cell.title
    })
    const order = [...this.#cells.keys()]
    if (changed.length === 0 && order.join() === this.#sentOrder) return
    this.#sent = new Map(this.#cells)
    this.#sentOrder = order.join()
    this.#link.tellCells({ type: 'cells', changed, order })
    this.#checkSoon()
  }

  #checkSoon(): void {
    clearTimeout(this.#checkTimer)
    this.#checkTimer = setTimeout(() => this.#check(), DIAGNOSTICS_MS)
  }

  /** Every open editor asks; the one with the hand first. */
  #check(): void {
    clearTimeout(this.#checkTimer)
    if (this.#state.value !== 'ready') return
    for (const editor of [...this.#editors].toSorted((a, b) => Number(b.view.hasFocus) - Number(a.view.hasFocus)))
      void this.#checkOne(editor)
  }

  async #checkOne(editor: OpenEditor): Promise<void> {
    editor.drop?.()
    const { cell, view } = editor
    const { doc } = view.state
    const found = await this.ask('diagnostics', cell, doc.toString(), {}, (drop) => (editor.drop = drop))
    if (found === undefined || view.state.doc !== doc || !this.#editors.has(editor)) return
    showDiagnostics(view, found)
  }
}

const newWorker = (): TypesWorker => startWorker(workerAddress, 'types')
