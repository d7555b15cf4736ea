/**
 * Between the kernel and what makes outputs of values (web/kernel/display, which implements {@link NewDisplay} as `newDisplay`). Both run inside
 * the kernel's Worker.
 */
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import type { CellValue } from './messages.ts'
import type { TablePage, TableQuery, ValueNode } from './media.ts'

/** What the kernel does for displays. */
export interface DisplayHost {
  /** The cell whose code asks; the one that ran last where that cannot be told. Undefined before any cell ran. */
  currentCell(): string | undefined
  /** Shows an output under a cell; one with an id that is there takes its place. Also after the cell has ended. */
  put(cell: string, output: CellOutput): void
  /** The values that a cell has given to others; empty while it runs for the first time. */
  valuesOf(cell: string): ReadonlyMap<string, unknown>
  /** A value of an input is another one now: cells that use the name are stale. */
  inputChanged(cell: string, name: string): void
  /** The text of a value as a log line would have it. Never throws. */
  inspect(value: unknown): string
  /** A module of the shelf, such as `linkedom` for charts. */
  shelf(name: string): Promise<unknown>
}

export interface Display {
  /** Put into the realm of all cells: `display`, `input`, … */
  readonly globals: Readonly<Record<string, unknown>>
  /** The value of a cell's last line, or what `display()` was given, as an output. Never throws. */
  show(cell: string, value: unknown, kind: 'display' | 'result'): CellOutput
  /** A top-level name for the values panel. Never throws. */
  describe(name: string, value: unknown): CellValue
  /** Whether a page that has both values sees a difference; cells that use them stay fresh where it does not. */
  isSame(before: unknown, after: unknown): boolean
  /** A cell begins to run: what its last run has shown is gone, with its handles. Inputs may keep their values. */
  begin(cell: string): void
  /** A cell is gone for good. */
  forget(cell: string): void
  /** @throws Error with a sentence, when the handle is of a run that is gone. */
  expand(handle: string, from: number, count: number): readonly ValueNode[] | Promise<readonly ValueNode[]>
  /** @throws Error with a sentence */
  table(handle: string, query: TableQuery): TablePage | Promise<TablePage>
  /** The page has moved an input. @throws Error with a sentence, when there is no such input. */
  setInput(id: string, value: unknown): void
}

export type NewDisplay = (host: DisplayHost) => Display
