/**
 * The page's side of a kernel: owns the frame, starts and ends the Worker in it, and carries messages.
 *
 * It decides nothing about cells: what runs next, what is stale and what is shown is the page's. It runs one cell at a time; the caller queues.
 * 1. Nothing runs, and no frame is there, before the first `run` or `start`.
 * 2. What comes from the kernel is taken apart by `readKernelMessage` before anybody hears of it.
 * 3. A kernel that died or was ended by force is followed by a new one at the next `run`; `onReset` tells that all its values are gone.
 */
import type { FlowDeclaration } from '#sdk/compiler/declarations.ts'
import type { OpenLink } from '#sdk/client/link.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import type { TablePage, TableQuery, ValueNode } from './media.ts'
import type { FromKernel, RunCell } from './messages.ts'

export type KernelState = 'off' | 'starting' | 'ready' | 'busy' | 'stopping' | 'dead'

/** What of the workspace's session a kernel needs. */
export interface KernelSession {
  readonly id: string
  readonly apiUrl: string
  /** A link for one kernel of a notebook; see link-hub.ts. */
  openKernelLink(kernel: KernelPrincipal): KernelLink
}
/** Who speaks over a link: the gate takes labels from it. */
export interface KernelPrincipal {
  readonly notebook: string
  /** The hash of the slice of the cell, when this kernel has run it. */
  readonly codeOf: (cell: string) => string | undefined
}
export interface KernelLink {
  readonly open: OpenLink
  /** The kernel is gone: each of its runs that has not ended ends Crashed, with this reason. */
  died(reason: string): void
}

export interface KernelHostOptions {
  readonly session: KernelSession
  readonly notebook: { readonly id: string; readonly title: string }
  /** The header's `network`, such as `https:`; undefined where the notebook says nothing. */
  readonly network?: string | undefined
  /** Where the frame is put; the document's body by default. It is not shown. */
  readonly parent?: Element
}

export type KernelFiles = Extract<FromKernel, { readonly type: 'files' }>['files']

export class KernelHost {
  readonly state: ReadonlySignal<KernelState> = new Signal<KernelState>('off')
  /** The id of the present Worker (`CellRun.kernel`); another one after each restart. */
  readonly kernel: ReadonlySignal<string> = new Signal('')
  /** Files that cells have written to memory. */
  readonly files: ReadonlySignal<KernelFiles> = new Signal<KernelFiles>([])

  constructor(_options: KernelHostOptions) {}

  /** Starts the kernel before it is needed. */
  start(): void {}
  /** Runs a cell. One at a time: the caller waits for `ended` before the next. Flows of `declarations` get their schemas from it. */
  run(_cell: RunCell): void {}
  /** Asks the running cell, and the flow runs that it has begun, to stop. */
  stop(): void {}
  /** Ends the Worker; a new one starts at once. Runs that it held end Crashed. */
  forceStop(_reason?: string): void {}
  /** A new kernel with other settings or without the old values. */
  restart(_changes: { readonly network?: string | undefined; readonly title?: string } = {}): void {}
  /** Ends it for good. */
  close(): void {}
  /** A cell is gone: its values are forgotten. */
  forget(_cell: string): void {}

  on(_listener: (message: FromKernel) => void): () => void {
    return () => undefined
  }
  /** All values are gone: every cell that ran is stale. `reason` is a sentence, undefined for a restart that was asked for. */
  onReset(_listener: (reason: string | undefined) => void): () => void {
    return () => undefined
  }

  expand(_handle: string, _from: number, _count: number): Promise<readonly ValueNode[]> {
    return Promise.reject(new Error('The kernel has ended.'))
  }
  table(_handle: string, _query: TableQuery): Promise<TablePage> {
    return Promise.reject(new Error('The kernel has ended.'))
  }
  setInput(_id: string, _value: unknown): void {}
  /** Runs a flow that a cell has defined, with parameters from its form. The run shows under the cell. */
  callFlow(_cell: string, _name: string, _parameters: unknown): Promise<void> {
    return Promise.reject(new Error('The kernel has ended.'))
  }
  /** The bytes of a file that cells have written. */
  file(_path: string): Promise<Uint8Array> {
    return Promise.reject(new Error('The kernel has ended.'))
  }
}

export type { FlowDeclaration }
