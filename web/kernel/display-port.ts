/**
 * Between the kernel and what makes outputs of values (web/kernel/display, which implements {@link NewDisplay} as `newDisplay`). Both run inside
 * the kernel's Worker. Outputs go through an `OutputLog` (display/output-log.ts), which gathers them, keeps them within bounds and sends them.
 */
import type { DisplayFace } from '#sdk/hosts/display-face.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import type { CellValue } from './messages.ts'
import type { FlowOutput, FlowRunOutput, TablePage, TableQuery, ValueNode } from './media.ts'

type CellError = Extract<CellOutput, { readonly kind: 'error' }>

/** What the kernel does for displays. */
export interface DisplayHost {
  /** The cell whose code asks; the one that ran last where that cannot be told. Undefined before any cell ran. */
  currentCell(): string | undefined
  /** Shows an output under a cell; one with an id that is there takes its place. Also after the cell has ended. */
  put(cell: string, output: CellOutput): void
  /** Takes away what the cell has shown. */
  clear(cell: string): void
  /** An input of the cell is another value now: the cell and what uses it are stale. `runs`: they shall run at once. */
  inputChanged(cell: string, input: string, runs: boolean): void
  /** Milliseconds since 1970. */
  now(): number
  /** The platform's own timer, which carries no context. */
  later(ms: number, work: () => void): void
  /** The frames of an error that was shown or thrown, translated to cells. */
  placesOf(error: Error): Pick<CellError, 'stack' | 'places'>
  /** What the page needs for the form of a flow that a cell defines; undefined for all that is none. */
  flowOf(value: unknown): FlowOutput | undefined
  /** The flow run that a value stands for, such as a state of its; undefined for all that is none. */
  flowRunOf(value: unknown): FlowRunOutput | undefined
}

export interface Display {
  /** Put into the realm of all cells, and exported by `flowcell` there: `display`, `input`, `progress`, `html`, `md`, `svg`, `latex`. */
  readonly globals: DisplayFace
  /**
   * Shows the value of a cell's last line; nothing is shown of `undefined`. Never throws. Promises, images and the like are shown when they are
   * there: {@link settled}.
   */
  show(cell: string, value: unknown, kind: 'display' | 'result'): void
  /** What ended a run, as an output. Never throws. */
  errorOf(error: unknown): CellOutput
  /** Resolves when images that are being made are put, so that the end of the run can come after them. */
  settled(cell: string): Promise<void>
  /** A top-level name for the values panel. Never throws. */
  describe(name: string, value: unknown): CellValue
  /** Whether a page that has both values sees a difference; cells that use them stay fresh where it does not. Never throws. */
  isSame(before: unknown, after: unknown): boolean
  /** A cell begins to run: what its last run has shown is gone, with its handles. Inputs keep their values. */
  begin(cell: string): void
  /** A cell is gone for good. */
  forget(cell: string): void
  /** @throws Error with a sentence, when the handle is of a run that is gone. */
  expand(handle: string, from: number, count: number): readonly ValueNode[]
  /** @throws Error with a sentence */
  table(handle: string, query: TableQuery): TablePage
  /** The page has moved an input. @throws Error with a sentence, when there is no such input or the value is none of its. */
  setInput(id: string, value: unknown): void
}

export type NewDisplay = (host: DisplayHost) => Display
