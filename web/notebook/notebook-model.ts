/**
 * A notebook that is open in this tab: its text, what runs, what is shown, what is selected. Elements read its signals and call its methods.
 *
 * It puts the parts together and holds what belongs to none of them: who may edit, selection, the cells that are folded here.
 * 1. Nothing runs because it was opened.
 * 2. A viewer's page edits nothing and runs nothing.
 */
import type { CellRun } from '#sdk/protocol/cell-output.ts'
import type { CellId, Notebook, NotebookId, PlacedBatch } from '#sdk/protocol/notebook.ts'
import { NotebookReplica } from '#sdk/notebook/replica.ts'
import { titleOf } from '#sdk/notebook/document.ts'
import type { RunRequest } from '#sdk/notebook/staleness.ts'
import type { WorkspaceSession } from '../app/workspace.ts'
import { CompilerHost } from '../kernel/compiler-host.ts'
import { KernelHost } from '../kernel/kernel-host.ts'
import { toast } from '../ui/toasts.ts'
import { Signal } from '../ui/signal.ts'
import type { CellModel } from './cell-model.ts'
import { CellRuns } from './cell-runs.ts'
import { cellNameOf, CompileLoop } from './compile-loop.ts'
import { fittedRun, lastWords } from './fitted-run.ts'
import { insertCells, placeAfter, placeBefore, type Edit } from './edits.ts'
import { NotebookDocument } from './notebook-document.ts'
import { NotebookSync } from './notebook-sync.ts'
import { sendPendingInputs } from './outputs/pending-inputs.ts'
import { Runner } from './runner.ts'
import { extendTo, NO_SELECTION, repaired, selectedOf, selectOnly, type Selection } from './selection.ts'
import type { TypesState } from './types/types-client.ts'
import type { UnsentStore } from './unsent-store.ts'

export interface OpenedNotebook {
  readonly id: NotebookId
  readonly version: number
  readonly notebook: Notebook
  readonly updated: string
}

/** What earlier pages had not sent, and what was done in the notebook since. */
export interface LeftBehind {
  readonly saved: readonly unknown[]
  readonly missed: readonly PlacedBatch[]
}

export class NotebookModel {
  readonly id: NotebookId
  readonly session: WorkspaceSession
  readonly document: NotebookDocument
  readonly sync: NotebookSync
  readonly compile: CompileLoop
  readonly kernel: KernelHost
  readonly runner: Runner
  readonly runs: CellRuns
  readonly selection = new Signal<Selection>(NO_SELECTION)
  /** How the language service stands, once somebody edits. */
  readonly types = new Signal<TypesState>('waiting')
  readonly canEdit: boolean
  readonly #store: UnsentStore
  readonly #kernels = new Set<string>()
  readonly #stops: (() => void)[] = []

  constructor(session: WorkspaceSession, opened: OpenedNotebook, store: UnsentStore, { saved, missed }: LeftBehind) {
    this.id = opened.id
    this.session = session
    this.#store = store
    this.canEdit = session.may('editor')
    const { notebook, version } = opened
    const replica = new NotebookReplica({ notebook, version, mintId: () => crypto.randomUUID() })
    this.document = new NotebookDocument(replica)
    this.#stops.push(this.document.onNotice((text) => toast({ text })))
    this.document.absorb(replica.restore(saved, missed))
    const compiler = new CompilerHost()
    this.compile = new CompileLoop(this.document, compiler)
    this.kernel = new KernelHost({
      session,
      notebook: { id: opened.id, title: titleOf(opened.notebook) ?? 'Notebook' },
      network: opened.notebook.header['network'],
    })
    this.runs = new CellRuns({
      show: (cell, shown) => {
        const model = this.document.cell(cell)
        if (model !== undefined) model.run.value = shown
      },
      store: (run) => this.#storeRun(run),
    })
    this.sync = new NotebookSync({
      id: opened.id,
      live: session.live,
      connection: session.connection,
      document: this.document,
      store,
      read: () => session.call('notebooks.read', { params: { id: opened.id } }),
    })
    this.runner = new Runner({
      document: this.document,
      compile: this.compile,
      compiler,
      kernel: this.kernel,
      runs: this.runs,
      beforeRun: () => {
        this.sync.flush()
        sendPendingInputs()
      },
      onNotice: (text) => this.#say(text),
    })
    this.#stops.push(
      this.#followOrder(),
      session.connection.subscribe(() => {
        if (session.connection.value === 'open') this.compile.retry()
      }),
      this.kernel.kernel.subscribe(() => this.#kernels.add(this.kernel.kernel.value)),
      this.#beforeLeaving(),
    )
    this.selection.value = selectOnly(this.document.order.value[0])
  }

  get cells(): readonly CellModel[] {
    return this.document.cells
  }

  get title(): string {
    return titleOf({ header: this.document.header.value, cells: [], bin: [] }) ?? 'Untitled'
  }

  readonly random = (): number => Math.random()

  readonly nameOf = (cell: CellId | string): string => {
    const id = this.document.order.value.find((one) => one === cell)
    return id === undefined ? 'a cell that is gone' : cellNameOf(this.document.notebook.cells, id)
  }

  /** In the order of the page. */
  get selected(): readonly CellId[] {
    return selectedOf(this.selection.value, this.document.order.value)
  }

  get head(): CellModel | undefined {
    const { head } = this.selection.value
    return head === undefined ? undefined : this.document.cell(head)
  }

  select(cell: CellId | undefined, mode: Selection['mode'] = 'command'): void {
    this.selection.value = selectOnly(cell, mode)
  }

  /** Everything from where the selection began to a cell. */
  extendSelection(cell: CellId): void {
    this.selection.value = extendTo(this.selection.value, cell)
  }

  setMode(mode: Selection['mode']): void {
    if (this.selection.value.mode !== mode) this.selection.value = { ...this.selection.value, mode }
  }

  /** Does an edit, selects what it says, and tells why nothing was done. */
  perform(edit: Edit | { readonly refused: string }): boolean {
    if ('refused' in edit) {
      toast({ text: edit.refused })
      return false
    }
    if (!this.canEdit || edit.operations.length === 0) return false
    const refused = this.document.perform(edit)
    if (refused !== undefined) toast({ text: refused, kind: 'error' })
    const [head] = edit.select ?? []
    if (head !== undefined && refused === undefined) this.selection.value = { head, anchor: edit.select?.at(-1) ?? head, mode: 'command' }
    return refused === undefined
  }

  /** A new cell beside another; answers its id. */
  insert(where: 'above' | 'below', beside: CellId | undefined, type: 'ts' | 'md' = 'ts', source = ''): CellId | undefined {
    const { cells } = this.document.notebook
    const place =
      beside === undefined
        ? placeAfter(cells, cells.at(-1)?.id ?? null)
        : where === 'below'
          ? placeAfter(cells, beside)
          : placeBefore(cells, beside)
    const edit = insertCells(this.document.notebook, place, [{ type, source }], this.random)
    return this.perform(edit) ? edit.select?.[0] : undefined
  }

  /** Runs, unless this link may only look. */
  run(request: RunRequest | { readonly run: 'cells'; readonly cells: readonly CellId[] }): Promise<void> {
    if (!this.canEdit) {
      toast({ text: 'This link may look, not run.' })
      return Promise.resolve()
    }
    return this.runner.request(request).catch((error: unknown) => {
      toast({ text: `The cell could not be run: ${error instanceof Error ? error.message : String(error)}`, kind: 'error' })
    })
  }

  /** Stops what runs, by force where it has been asked to stop already; a cell that waits for its turn only leaves the queue. */
  stop(cell?: CellId): void {
    if (cell !== undefined && this.document.cell(cell)?.status.value.kind === 'queued') return this.runner.unqueue(cell)
    if (this.kernel.state.value === 'stopping') this.runner.forceStop()
    else this.runner.stop()
  }

  /** What the workspace knows of runs. */
  told(runs: readonly CellRun[], isSnapshot: boolean): void {
    this.runs.told(runs, isSnapshot ? 'earlier' : 'another tab', (kernel) => this.#kernels.has(kernel))
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.sync.close()
    this.runner.close()
    this.runs.close(Date.now())
    this.compile.close()
    this.kernel.close()
    this.#store.close()
  }

  #say(text: string): void {
    const stale = this.runner.staleCount.value
    toast({ text, ...(stale === 0 ? {} : { action: { title: 'Run stale', run: () => void this.run({ run: 'stale' }) } }) })
  }

  async #storeRun(run: CellRun): Promise<void> {
    if (!this.canEdit) return
    await this.session.live.request({ type: 'cell.output', notebook: this.id, run: fittedRun(run) }).catch(() => undefined) // the session is over: the header says so
  }

  /** The socket dies with the page; a request may outlive it. */
  #beforeLeaving(): () => void {
    const leave = ({ persisted }: PageTransitionEvent): void => {
      if (!this.canEdit) return
      for (const body of lastWords(this.runs.unstored(Date.now(), !persisted))) {
        this.session.call('notebooks.report_run', { params: { id: this.id }, body }, { keepalive: true }).catch(() => undefined)
      }
    }
    addEventListener('pagehide', leave)
    return () => removeEventListener('pagehide', leave)
  }

  #followOrder(): () => void {
    let before = this.document.order.value
    return this.document.order.subscribe(() => {
      const after = this.document.order.value
      const selection = repaired(this.selection.value, before, after)
      before = after
      if (selection !== this.selection.value) this.selection.value = selection
    })
  }
}
