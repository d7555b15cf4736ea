/**
 * What a page and its kernel say to each other, over one MessagePort: plain data only. The page believes nothing of it: `readKernelMessage`
 * takes apart what comes up.
 *
 * Page ▸ frame ▸ Worker: the frame (an opaque origin) only starts, ends and replaces the Worker; see frame.ts.
 */
import type { LinkEvent } from '#sdk/client/remote-link.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import type { LogLevelName } from '#sdk/protocol/log-levels.ts'
import type { FlowDeclaration } from '#sdk/compiler/declarations.ts'
import type { TablePage, TableQuery, ValueNode } from './media.ts'

/** `window.postMessage` from page to frame; each comes with one transferred MessagePort for the new Worker, and ends the one before. */
export interface FrameBoot {
  readonly type: 'boot'
  /** The kernel's script as text: the frame may load nothing from our origin. */
  readonly script: string
}
/** From frame to page, on the window. */
export type FrameSays =
  /** `moduleHost`: prefix of `npm:` modules, such as `https://esm.sh/`; empty when they are turned off. */
  { readonly type: 'framed'; readonly moduleHost: string } | { readonly type: 'died'; readonly message: string }

export interface KernelSetup {
  readonly type: 'setup'
  /** A random UUID: one per Worker. */
  readonly kernel: string
  readonly notebook: { readonly id: string; readonly title: string }
  /** Address of the workspace's API, for links in log lines; the kernel cannot reach it. */
  readonly apiUrl: string
  /** Prefix of `npm:` modules, such as `https://esm.sh/`; null when they are turned off. */
  readonly moduleHost: string | null
  /** False: runs are kept in the kernel's memory only. Its link has no say in the workspace. */
  readonly isRecorded: boolean
  readonly settings: { readonly loggingLevel: LogLevelName; readonly logPrints: boolean; readonly persistResults: boolean }
}

/** One run of one cell. */
export interface RunCell {
  readonly type: 'run'
  readonly cell: string
  /** Counts from 1 in its cell: what an older one shows after a newer one began is dropped. */
  readonly run: number
  /** `linkCell` made it. */
  readonly code: string
  /** Units of `code` before the first of the cell, and the insertions: what translates places of stack frames. */
  readonly prefix: number
  readonly insertions: readonly { readonly at: number; readonly text: string }[]
  readonly source: string
  /** Hash of the slice: the label `flowcell.code` of its flow runs. */
  readonly slice: string
  readonly inputs: readonly { readonly name: string; readonly from: string }[]
  readonly outputs: readonly string[]
  readonly imports: readonly {
    readonly specifier: string
    /** What is imported by name. */
    readonly names: readonly string[]
    readonly attributes: Readonly<Record<string, string>>
    /** Where the statement stands in `source`, both from 1. */
    readonly line: number
    readonly column: number
  }[]
  readonly declarations: readonly FlowDeclaration[]
}

export type ToKernel =
  | KernelSetup
  | RunCell
  /** Aborts the signal of the cell that runs. */
  | { readonly type: 'stop'; readonly cell: string }
  /** A cell is gone or changed: its values are forgotten. */
  | { readonly type: 'forget'; readonly cell: string }
  /** Text of a module of the shelf that was asked for, as a script that leaves its exports in a global. Null: there is no such module. */
  | { readonly type: 'module'; readonly name: string; readonly script: string | null }
  | { readonly type: 'input'; readonly id: string; readonly value: unknown }
  /** Runs a flow that a cell has defined, with parameters from its form. */
  | { readonly type: 'call'; readonly request: number; readonly cell: string; readonly name: string; readonly parameters: unknown }
  | { readonly type: 'expand'; readonly request: number; readonly handle: string; readonly from: number; readonly count: number }
  | { readonly type: 'table'; readonly request: number; readonly handle: string; readonly query: TableQuery }
  | { readonly type: 'file'; readonly request: number; readonly path: string }
  /** What the link to the workspace tells. */
  | { readonly type: 'link'; readonly event: LinkEvent }

export type CellOutcome = 'done' | 'failed' | 'interrupted'
/** A top-level name of a cell, for the values panel. */
export interface CellValue {
  readonly name: string
  /** `flow`, `task`, `function`, `class`, `Array(3)`, `string` … */
  readonly kind: string
  /** One line. */
  readonly preview: string
}

export type FromKernel =
  | { readonly type: 'ready' }
  | { readonly type: 'began'; readonly cell: string; readonly run: number }
  /** In order, to be joined with what is there by `foldOutputs` (sdk/notebook/outputs.ts). Coalesced: a few a second. */
  | {
      readonly type: 'outputs'
      readonly cell: string
      readonly run: number
      /** First everything that the cell has shown is taken away. */
      readonly clear: boolean
      readonly outputs: readonly CellOutput[]
      readonly omitted: { readonly outputs: number; readonly bytes: number }
    }
  | {
      readonly type: 'ended'
      readonly cell: string
      readonly run: number
      readonly outcome: CellOutcome
      readonly ms: number
      readonly values: readonly CellValue[]
      /** Its values are equal to those of its last run: what uses them stays fresh. */
      readonly isSame: boolean
    }
  /** A flow run was created inside a cell. */
  | { readonly type: 'flowRun'; readonly cell: string; readonly id: string; readonly name: string; readonly flow: string }
  | { readonly type: 'module'; readonly name: string }
  /**
   * The page set an input of this cell to another value. Its code sees it when it runs again: the cell is stale, and so is what uses it.
   * `runs`: the input asks that they run at once.
   */
  | { readonly type: 'inputChanged'; readonly cell: string; readonly input: string; readonly runs: boolean }
  | { readonly type: 'files'; readonly files: readonly { readonly path: string; readonly bytes: number }[] }
  | {
      readonly type: 'answer'
      readonly request: number
      readonly value: ValueNode[] | TablePage | Uint8Array | null
      readonly error?: string
    }
  /** Frames for the workspace; the page passes on what a kernel may say. */
  | { readonly type: 'send'; readonly frame: number; readonly items: string }
