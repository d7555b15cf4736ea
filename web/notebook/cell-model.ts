/** One cell of an open notebook, as signals: what its element draws, and nothing else makes it draw again. */
import type { Cell, CellId, TextSpan } from '#sdk/protocol/notebook.ts'
import type { Mark } from '#sdk/notebook/staleness.ts'
import type { CompiledCellInfo } from '../kernel/compiler-messages.ts'
import { Signal } from '../ui/signal.ts'
import type { ShownRun } from './shown-run.ts'

export type CellStatus =
  | { readonly kind: 'ready' }
  | { readonly kind: 'queued' }
  /** Milliseconds since 1970, by the page's clock. */
  | { readonly kind: 'running'; readonly startedAt: number }
  /** It was asked to run and did not, or cannot. `cause`: the cell to look at. `isOwn`: for something in the cell itself. */
  | { readonly kind: 'blocked'; readonly sentence: string; readonly cause?: CellId; readonly isOwn: boolean }

/** What the compiler knows of a cell, and of which text. */
export type CellInfo = CompiledCellInfo & { readonly source: string }

const READY: CellStatus = { kind: 'ready' }

export class CellModel {
  readonly id: CellId
  readonly cell: Signal<Cell>
  /** What the compiler knows; undefined until it has looked, and for cells that are no TypeScript. */
  readonly info = new Signal<CellInfo | undefined>(undefined)
  readonly mark = new Signal<Mark | undefined>(undefined)
  readonly status = new Signal<CellStatus>(READY)
  readonly run = new Signal<ShownRun | undefined>(undefined)
  /** The forms of the flows that it defines are open. */
  readonly hasForms = new Signal(false)
  /** When it became what its mark says; milliseconds since 1970. */
  markedAt = 0
  #known: CompiledCellInfo | undefined
  readonly #textListeners = new Set<(spans: readonly TextSpan[]) => void>()

  constructor(cell: Cell) {
    this.id = cell.id
    this.cell = new Signal(cell)
  }

  /** Changes of the text that did not come from the editor of this cell; called before `cell` has the new text. */
  onText(listener: (spans: readonly TextSpan[]) => void): () => void {
    this.#textListeners.add(listener)
    return () => this.#textListeners.delete(listener)
  }

  tellText(spans: readonly TextSpan[]): void {
    for (const listener of this.#textListeners) listener(spans)
  }

  setInfo(info: CompiledCellInfo | undefined, source: string): void {
    if (info === this.#known && source === this.info.value?.source) return
    this.#known = info
    this.info.value = info === undefined ? undefined : { ...info, source }
  }

  setStatus(status: CellStatus): void {
    if (JSON.stringify(status) !== JSON.stringify(this.status.value)) this.status.value = status
  }

  setMark(mark: Mark | undefined): void {
    if (JSON.stringify(mark) === JSON.stringify(this.mark.value)) return
    this.markedAt = Date.now()
    this.mark.value = mark
  }
}
