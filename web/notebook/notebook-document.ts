/**
 * The text of an open notebook: a replica, shown as signals, and what undoes the last edits of cells.
 *
 * It speaks to nobody: whoever sends is told of edits by `onEdit`, and puts in what the workspace says by `absorb`.
 * 1. A signal changes only where its part of the notebook did.
 * 2. Typing is undone in the editor that it was done in; here cells come back, as one step per edit.
 */
import type { Change, NotebookReplica } from '#sdk/notebook/replica.ts'
import type { Applied } from '#sdk/notebook/operations.ts'
import type { BinnedCell, CellId, Notebook, NotebookHeader, NotebookOperation, TextSpan } from '#sdk/protocol/notebook.ts'
import { Signal } from '../ui/signal.ts'
import { CellModel } from './cell-model.ts'
import type { Edit } from './edits.ts'

/** More steps are forgotten, the oldest first. */
const MAX_UNDO_STEPS = 200

interface UndoStep {
  readonly title: string
  readonly operations: readonly NotebookOperation[]
}

export class NotebookDocument {
  readonly replica: NotebookReplica
  readonly order: Signal<readonly CellId[]>
  readonly header: Signal<NotebookHeader>
  readonly bin: Signal<readonly BinnedCell[]>
  /** Counts up with every change of any cell's text or kind. */
  readonly revision = new Signal(0)
  /** Titles of what can be undone and done again, the next one; undefined where there is nothing. */
  readonly undoTitle = new Signal<string | undefined>(undefined)
  readonly redoTitle = new Signal<string | undefined>(undefined)
  #cells = new Map<CellId, CellModel>()
  /** Deleted cells: one that comes back shows what it showed. */
  readonly #deleted = new Map<CellId, CellModel>()
  #undo: UndoStep[] = []
  #redo: UndoStep[] = []
  readonly #editListeners = new Set<(kind: 'text' | 'structure') => void>()
  readonly #noticeListeners = new Set<(sentence: string) => void>()

  constructor(replica: NotebookReplica) {
    this.replica = replica
    const { cells, header, bin } = replica.notebook
    this.order = new Signal(cells.map(({ id }) => id))
    this.header = new Signal(header)
    this.bin = new Signal(bin)
    for (const cell of cells) this.#cells.set(cell.id, new CellModel(cell))
  }

  get notebook(): Notebook {
    return this.replica.notebook
  }

  cell(id: CellId): CellModel | undefined {
    return this.#cells.get(id)
  }

  /** In the order of the page. */
  get cells(): readonly CellModel[] {
    return this.order.value.flatMap((id) => this.#cells.get(id) ?? [])
  }

  onEdit(listener: (kind: 'text' | 'structure') => void): () => void {
    this.#editListeners.add(listener)
    return () => this.#editListeners.delete(listener)
  }

  /** What a person must be told: an edit that could not be placed, a cell that came back. */
  onNotice(listener: (sentence: string) => void): () => void {
    this.#noticeListeners.add(listener)
    return () => this.#noticeListeners.delete(listener)
  }

  /** What was typed into the editor of a cell, which has it already. */
  typed(cell: CellId, length: number, spans: readonly TextSpan[]): Applied {
    const applied = this.replica.edit({ op: 'changeText', cell, length, spans })
    if (!applied.ok) this.#tellNotice(applied.sentence)
    else {
      this.#rewritten(cell)
      this.#tellEdit('text')
    }
    return applied
  }

  /** Does an edit as one step; answers why nothing was done, where it is so. */
  perform({ title, operations }: Pick<Edit, 'title' | 'operations'>): string | undefined {
    if (operations.length === 0) return undefined
    const { inverses, refused } = this.#apply(operations)
    if (inverses.length > 0) {
      this.#undo = [...this.#undo, { title, operations: inverses }].slice(-MAX_UNDO_STEPS)
      this.#redo = []
      this.#tellSteps()
    }
    return refused
  }

  /** Takes the last edit of cells back; answers what was done, in a sentence. */
  undo(): string {
    const step = this.#undo.pop()
    if (step === undefined) return 'There is nothing to undo.'
    const { inverses, refused } = this.#apply(step.operations)
    if (inverses.length > 0) this.#redo.push({ title: step.title, operations: inverses })
    this.#tellSteps()
    return refused ?? `Undone: ${lowered(step.title)}.`
  }

  redo(): string {
    const step = this.#redo.pop()
    if (step === undefined) return 'There is nothing to do again.'
    const { inverses, refused } = this.#apply(step.operations)
    if (inverses.length > 0) this.#undo.push({ title: step.title, operations: inverses })
    this.#tellSteps()
    return refused ?? `Done again: ${lowered(step.title)}.`
  }

  /** What the replica says has changed by others, or by the order of the workspace. */
  absorb(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'text') this.#cells.get(change.cell)?.tellText(change.spans)
      if (change.kind === 'notice') this.#tellNotice(change.sentence)
    }
    this.#refresh()
  }

  #apply(operations: readonly NotebookOperation[]): { readonly inverses: readonly NotebookOperation[]; readonly refused?: string } {
    const inverses: NotebookOperation[] = []
    let refused: string | undefined
    for (const operation of operations) {
      const applied = this.replica.edit(operation)
      if (applied.ok) inverses.unshift(applied.inverse)
      else refused ??= applied.sentence
    }
    if (inverses.length > 0) {
      this.#refresh()
      this.#tellEdit('structure')
    }
    return { inverses, ...(refused === undefined ? {} : { refused }) }
  }

  /** One cell has another text and nothing else is new: a key does not look through all cells. */
  #rewritten(id: CellId): void {
    const model = this.#cells.get(id)
    const cell = this.replica.notebook.cells.find((one) => one.id === id)
    if (model === undefined || cell === undefined) return
    model.cell.value = cell
    this.revision.value++
  }

  #refresh(): void {
    const { cells, header, bin } = this.replica.notebook
    let isChanged = false
    const next = new Map<CellId, CellModel>()
    for (const cell of cells) {
      const known = this.#cells.get(cell.id) ?? this.#deleted.get(cell.id) ?? new CellModel(cell)
      if (known.cell.value !== cell || !this.#cells.has(cell.id)) isChanged = true
      next.set(cell.id, known)
    }
    const order = this.order.value
    const isReordered = cells.length !== order.length || cells.some(({ id }, index) => id !== order[index])
    for (const [id, model] of this.#cells) if (!next.has(id)) this.#deleted.set(id, model)
    for (const id of next.keys()) this.#deleted.delete(id)
    this.#cells = next
    // The order first: whoever draws a cell finds it in its place.
    if (isReordered) this.order.value = cells.map(({ id }) => id)
    for (const cell of cells) {
      const model = next.get(cell.id)
      if (model !== undefined) model.cell.value = cell
    }
    this.header.value = header
    this.bin.value = bin
    if (isChanged || isReordered) this.revision.value++
  }

  #tellEdit(kind: 'text' | 'structure'): void {
    for (const listener of this.#editListeners) listener(kind)
  }

  #tellNotice(sentence: string): void {
    for (const listener of this.#noticeListeners) listener(sentence)
  }

  #tellSteps(): void {
    this.undoTitle.value = this.#undo.at(-1)?.title
    this.redoTitle.value = this.#redo.at(-1)?.title
  }
}

const lowered = (title: string): string => title.slice(0, 1).toLowerCase() + title.slice(1)
