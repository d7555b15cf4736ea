/**
 * Keeps what is known of the cells in step with their text: facts, problems, the graph.
 *
 * 1. Typing is compiled a moment after it pauses; whoever is about to run something waits for the newest text.
 * 2. A compiler that cannot be reached leaves what was known, and `isAway` says so; the next change tries again, and so does `retry`.
 */
import { graphOf, type CellGraph } from '#sdk/notebook/graph.ts'
import { cellTitleOf } from '#sdk/notebook/document.ts'
import type { Cell, CellId } from '#sdk/protocol/notebook.ts'
import type { CompilerHost } from '../kernel/compiler-host.ts'
import type { Compiled, CompilerCell } from '../kernel/compiler-messages.ts'
import { Signal } from '../ui/signal.ts'
import { cellLabel } from './cell-label.ts'
import type { NotebookDocument } from './notebook-document.ts'

const COMPILE_AFTER_MS = 120

export class CompileLoop {
  readonly compiled = new Signal<Compiled>(new Map())
  readonly graph = new Signal<CellGraph>(graphOf([]))
  /** The compiler could not be started: what is known of the cells may be old. */
  readonly isAway = new Signal(false)
  readonly #document: NotebookDocument
  readonly #host: CompilerHost
  readonly #stop: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #known: number | undefined
  #isClosed = false
  #running: Promise<void> | undefined

  constructor(document: NotebookDocument, host: CompilerHost) {
    this.#document = document
    this.#host = host
    this.#stop = document.revision.subscribe(() => this.#later())
  }

  /** Resolves when the text as it is now is compiled. */
  async now(): Promise<void> {
    clearTimeout(this.#timer)
    while (this.#known !== this.#document.revision.value) {
      this.#running ??= this.#compile().finally(() => (this.#running = undefined))
      await this.#running
    }
  }

  /** For who does not wait for it: never fails, and where nothing comes of it the next change tries again. */
  async soon(): Promise<void> {
    await this.now().catch(() => undefined)
  }

  /** The connection is back. */
  retry(): void {
    if (this.isAway.value) void this.soon()
  }

  close(): void {
    this.#isClosed = true
    this.#stop()
    clearTimeout(this.#timer)
    this.#host.close()
  }

  #later(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.soon(), COMPILE_AFTER_MS)
  }

  async #compile(): Promise<void> {
    const revision = this.#document.revision.value
    const cells = this.#document.notebook.cells
    const compiled = await this.#update(cells)
    this.#known = revision
    const here = new Set(this.#document.order.value)
    // Cells of other kinds are in no graph; a cell that went while this was on its way is not brought back.
    const facts = [...compiled.values()].flatMap(({ facts: known }) => (here.has(known.id) ? [known] : []))
    this.compiled.value = compiled
    this.graph.value = graphOf(facts)
    const sources = new Map(cells.map(({ id, source }) => [id, source]))
    for (const model of this.#document.cells) model.setInfo(compiled.get(model.id), sources.get(model.id) ?? '')
  }

  async #update(cells: readonly Cell[]): Promise<Compiled> {
    try {
      const compiled = await this.#host.update(compilerCells(cells))
      this.isAway.value = false
      return compiled
    } catch (error) {
      if (!this.#isClosed) this.isAway.value = true
      throw error
    }
  }
}

function compilerCells(cells: readonly Cell[]): readonly CompilerCell[] {
  return cells.flatMap((cell, index): CompilerCell[] => {
    if (cell.type !== 'ts') return []
    const runs = cell.attributes['runs']
    const title = cellTitleOf(cell) ?? cellLabel(index)
    return [{ id: cell.id, title, source: cell.source, ...(typeof runs === 'string' ? { runs } : {}) }]
  })
}

/** What a cell without a title is called. */
export function cellNameOf(cells: readonly Cell[], id: CellId): string {
  const index = cells.findIndex((cell) => cell.id === id)
  const cell = cells[index]
  return cell === undefined ? `cell ${id}` : (cellTitleOf(cell) ?? cellLabel(index))
}
