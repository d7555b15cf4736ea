/** What page/kernel-page.ts has in a page, as tests call it. Types only: the page has a document, and tests have none. */
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import type { FromKernel } from '../../web/kernel/messages.ts'

export interface Ended {
  readonly outcome: string
  readonly ms: number
  readonly isSame: boolean
  readonly values: readonly { readonly name: string; readonly kind: string; readonly preview: string }[]
  readonly outputs: readonly CellOutput[]
}

export interface NotebookOptions {
  readonly network?: string
  readonly role?: 'owner' | 'runner'
  readonly notebook?: string
}

/** The notebook of a test: cells by id, one kernel, one compiler. */
export interface NotebookInPage {
  readonly kernel: {
    readonly state: { readonly value: string }
    readonly kernel: { readonly value: string }
    readonly files: { readonly value: readonly { readonly path: string; readonly bytes: number }[] }
    readonly moduleHost: { readonly value: string | null | undefined }
    start(): void
    stop(): void
    forceStop(reason?: string): void
    restart(changes?: { readonly network?: string }): void
    close(): void
    forget(cell: string): void
    callFlow(cell: string, name: string, parameters: unknown): Promise<void>
    expand(handle: string, from: number, count: number): Promise<readonly unknown[]>
    file(path: string): Promise<Uint8Array>
    setInput(id: string, value: unknown): void
  }
  readonly heard: FromKernel[]
  readonly resets: (string | null)[]
  outputsOf(cell: string): readonly CellOutput[]
  /** Writes a cell and begins to run it. */
  begin(cell: string, source: string): Promise<void>
  /** Runs a cell and waits for its end. */
  run(cell: string, source: string): Promise<Ended>
  ended(cell: string): Promise<Ended>
  /** Resolves with the next message of this type. */
  next(type: FromKernel['type']): Promise<FromKernel>
  /** Hash of the slice of the cell as it is now. */
  slice(cell: string): Promise<string>
}

/** The realm of the page. */
export interface InPage {
  readonly newNotebook: (workspace: string, options: NotebookOptions) => NotebookInPage
  readonly runContract: (workspace: string, cases: string) => Promise<unknown>
  notebook: NotebookInPage
}
