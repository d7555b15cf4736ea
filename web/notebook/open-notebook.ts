/**
 * Opens a notebook over the live socket and keeps it told: the first answer makes the model, what follows goes into it.
 *
 * Edits that a page before this one could not send are put in first, so that nobody sees the notebook without them.
 */
import type { TopicChange } from '#sdk/client/topics.ts'
import { oldestVersion } from '#sdk/notebook/saved-edits.ts'
import type { CellId, Notebook, NotebookId, PlacedBatch } from '#sdk/protocol/notebook.ts'
import type { WorkspaceSession } from '../app/workspace.ts'
import { toast } from '../ui/toasts.ts'
import { Signal } from '../ui/signal.ts'
import { NotebookModel } from './notebook-model.ts'
import { rememberOpened } from './opened-notebooks.ts'
import { UnsentStore } from './unsent-store.ts'

export type Opening =
  | { readonly kind: 'loading' }
  | { readonly kind: 'open'; readonly model: NotebookModel }
  | { readonly kind: 'missing'; readonly sentence: string; /** What stood in it while it was open. */ readonly left?: Notebook }

export const NO_NOTEBOOK = 'There is no such notebook in this workspace. It may have been deleted.'
const DELETED = 'It was deleted while it was open here. What stood in it can become a notebook of its own.'

export class NotebookOpening {
  readonly state = new Signal<Opening>({ kind: 'loading' })
  readonly #session: WorkspaceSession
  readonly #id: NotebookId
  readonly #stop: () => void
  /** Changes that came while the store was read. */
  #early: TopicChange[] | undefined
  #isClosed = false

  constructor(session: WorkspaceSession, id: NotebookId) {
    this.#session = session
    this.#id = id
    this.#stop = session.live.subscribe(`notebook:${id}`, (change) => this.#hear(change))
  }

  close(): void {
    this.#isClosed = true
    this.#stop()
    if (this.state.value.kind === 'open') this.state.value.model.close()
  }

  #hear(change: TopicChange): void {
    const opening = this.state.value
    if (change.type === 'refused') {
      if (opening.kind !== 'open') this.state.value = { kind: 'missing', sentence: change.failure.detail }
      return
    }
    if (opening.kind === 'open') return this.#told(opening.model, change)
    if (this.#early !== undefined) return void this.#early.push(change)
    if (change.type !== 'reset') return
    if (change.snapshot.notebook === undefined) this.state.value = { kind: 'missing', sentence: NO_NOTEBOOK }
    else void this.#open(change)
  }

  async #open(change: TopicChange & { readonly type: 'reset' }): Promise<void> {
    this.#early = []
    const { notebook: opened } = change.snapshot
    if (opened === undefined) return
    const store = new UnsentStore(this.#session.id, this.#id)
    const left = await store.left()
    const saved = left.flatMap((one) => one.saved)
    const missed = await this.#missed(saved)
    if (this.#isClosed) return store.close()
    const model = new NotebookModel(this.#session, opened, store, { saved, missed })
    if (left.length > 0) {
      // They are in this page's replica now, and under its own name in the store.
      store.write(model.document.replica.save())
      for (const one of left) store.forget(one)
      toast({ text: 'Edits that had not been saved were put back.' })
    }
    rememberOpened(this.#session.id)
    this.state.value = { kind: 'open', model }
    this.#runsOf(model, change)
    for (const early of this.#early) this.#told(model, early)
    this.#early = undefined
  }

  #told(model: NotebookModel, change: TopicChange): void {
    if (change.type === 'reset') {
      if (change.snapshot.notebook === undefined) return this.#gone(model)
      model.sync.reset(change.snapshot.notebook, change.snapshot.operations)
      return this.#runsOf(model, change)
    }
    if (change.type !== 'event') return
    const { operations, cell_runs: runs, deleted } = change.patch
    if (operations !== undefined) model.sync.hear(operations)
    if (runs !== undefined) model.told(runs, false)
    if (deleted?.some((id) => id === this.#id) === true) this.#gone(model)
  }

  #gone(model: NotebookModel): void {
    const left = model.document.notebook
    model.close()
    this.state.value = model.canEdit ? { kind: 'missing', sentence: DELETED, left } : { kind: 'missing', sentence: NO_NOTEBOOK }
  }

  /** What came after the edits that an earlier page left; nothing where it is no longer known. */
  async #missed(saved: readonly unknown[]): Promise<readonly PlacedBatch[]> {
    const after = oldestVersion(saved)
    if (after === undefined) return []
    const request = { params: { id: this.#id }, query: { after: String(after) } }
    return this.#session.call('notebooks.operations', request).catch(() => [])
  }

  #runsOf(model: NotebookModel, { snapshot }: TopicChange & { readonly type: 'reset' }): void {
    model.told(snapshot.cell_runs ?? [], true)
    void this.#more(model, snapshot.more_runs ?? [])
  }

  /** Large ones, one after another: what is seen first comes first. */
  async #more(model: NotebookModel, cells: readonly CellId[]): Promise<void> {
    for (const cell of cells) {
      if (this.#isClosed) return
      try {
        model.told([await this.#session.call('notebooks.read_run', { params: { id: this.#id, cell } })], true)
      } catch {
        return // the workspace is away; the next snapshot names them again
      }
    }
  }
}
