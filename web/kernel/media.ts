/** Shapes of our own media types: the kernel makes them, the page draws them, the workspace keeps them. Plain JSON. */

/** A value as far as it is shown; `handle` opens it further while its kernel lives. */
export interface ValueNode {
  /** Name of the property or index; absent at the root. */
  readonly key?: string
  /** `string`, `number`, `bigint`, `boolean`, `undefined`, `null`, `symbol`, `function`, `class`, `array`, `object`, `map`, `set`, `date`, `error`, `promise`, `getter`, … */
  readonly type: string
  /** One line, such as `Array(3)`, `"text"`, `42`, `Map(2)`; never more than a few hundred characters. */
  readonly preview: string
  /** Class or constructor, where it is not the plain one. */
  readonly name?: string
  /** Entries that opening it shows. */
  readonly size?: number
  readonly handle?: string
  /** The first ones, where they came along. */
  readonly children?: readonly ValueNode[]
}

export interface TableColumn {
  readonly name: string
  readonly type: 'text' | 'number' | 'boolean' | 'date' | 'mixed'
  readonly nulls: number
}
export type TableCell = string | number | boolean | null
export interface TableOutput {
  readonly columns: readonly TableColumn[]
  /** The first ones. */
  readonly rows: readonly (readonly TableCell[])[]
  readonly total: number
  readonly handle?: string
}
export interface TableQuery {
  readonly from: number
  readonly count: number
  readonly sort?: { readonly column: number; readonly isDescending: boolean }
  readonly search?: string
  readonly filters?: readonly { readonly column: number; readonly text: string }[]
}
export interface TablePage {
  readonly rows: readonly (readonly TableCell[])[]
  /** Rows that the query found. */
  readonly total: number
}

export interface FlowRunOutput {
  readonly id: string
  readonly name: string
  readonly flow: string
}
/** A flow that a cell defines: its form. */
export interface FlowOutput {
  readonly flow: string
  /** The name by which the cell gives it to others. */
  readonly name: string
  readonly cell: string
  readonly schema: unknown
}
/** A state of a run. */
export interface StateOutput {
  readonly type: string
  readonly name: string
  readonly message: string | null
  /** Name of the task run, for a future. */
  readonly of?: string
  /** Of its run, where it is known. */
  readonly run?: string
  readonly result?: ValueNode
}
export interface ProgressOutput {
  readonly label: string
  readonly value: number
  /** Null: nobody knows how much there is. */
  readonly total: number | null
  /** Milliseconds since 1970, by the kernel's clock. */
  readonly startedAt: number
  readonly updatedAt: number
  readonly isDone: boolean
}

interface InputBase {
  readonly id: string
  readonly label?: string
  /** A change runs the cell and what uses it. */
  readonly runsOnChange?: boolean
}
export type InputOutput = InputBase &
  (
    | { readonly type: 'slider'; readonly value: number; readonly min: number; readonly max: number; readonly step: number }
    | { readonly type: 'text'; readonly value: string; readonly placeholder?: string; readonly isMultiline?: boolean }
    | { readonly type: 'number'; readonly value: number | null; readonly min?: number; readonly max?: number; readonly step?: number }
    | {
        readonly type: 'select'
        readonly value: string | readonly string[]
        readonly options: readonly string[]
        readonly isMultiple?: boolean
      }
    | { readonly type: 'checkbox'; readonly value: boolean }
    /** `YYYY-MM-DD`, or null. */
    | { readonly type: 'date'; readonly value: string | null; readonly min?: string; readonly max?: string }
    | { readonly type: 'file'; readonly value: { readonly name: string; readonly bytes: number } | null; readonly accept?: string }
    | { readonly type: 'form'; readonly fields: Readonly<Record<string, InputOutput>>; readonly submit: string }
  )
