/** What outputs need of the page around them. The notebook page gives it; without a kernel everything that asks one is closed. */
import type { TablePage, TableQuery, ValueNode } from '../../kernel/media.ts'

/** What an input sends: plain data, or the bytes of chosen files. */
export type InputValue = string | number | boolean | null | readonly string[] | ChosenFile | Readonly<Record<string, unknown>>

export interface ChosenFile {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

export interface OutputContext {
  /** The cell that showed them. */
  readonly cell: string
  /**
   * They came from the kernel of this tab as it is now: handles open, inputs take values, flows run. False for what is stored, comes from
   * another tab, or was left by a kernel that is gone.
   */
  readonly isLive: boolean
  /** Why not, as a sentence: `The kernel was restarted: run the cell again.` Shown beside what is closed. */
  readonly closedBecause?: string
  /** What a page inside an output may reach, as the notebook's setting has it: `https:`, `none`, or hosts with blanks between them. */
  readonly network: string
  /** Rejects with a sentence where the value is gone. */
  expand(handle: string, from: number, count: number): Promise<readonly ValueNode[]>
  table(handle: string, query: TableQuery): Promise<TablePage>
  setInput(id: string, value: InputValue): void
  /** Resolves when the run was begun; it is then shown where flow runs of the cell are. Rejects with a sentence. */
  callFlow(cell: string, name: string, parameters: unknown): Promise<void>
  /** Selects the place in the editor; lines and columns count from 1. */
  jumpTo(cell: string, line: number, column: number): void
  /** How the page names a cell: its title or `cell 3`. */
  cellName(cell: string): string
}

/** For outputs that nobody's kernel stands behind: exports, other tabs, tests. */
export function closedContext(cell: string, closedBecause: string): OutputContext {
  const closed = (): Promise<never> => Promise.reject(new Error(closedBecause))
  return {
    cell,
    isLive: false,
    closedBecause,
    network: 'none',
    expand: closed,
    table: closed,
    callFlow: closed,
    setInput: () => undefined,
    jumpTo: () => undefined,
    cellName: (id) => `cell ${id}`,
  }
}
