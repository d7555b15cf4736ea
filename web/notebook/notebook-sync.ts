/**
 * An open notebook and the workspace: sends edits, takes in what others did, and keeps what is not confirmed.
 *
 * 1. One batch is on its way at a time; typing waits {@link TEXT_COALESCE_MS} for company, everything else leaves at once.
 * 2. Until the workspace has confirmed it, an edit is in this browser's store, too, from the moment that sending takes longer than usual
 *    and whenever the page goes away.
 * 3. It decides nothing about text: the replica does.
 */
import type { Live } from '#sdk/client/live.ts'
import { ApiError } from '#sdk/client/errors.ts'
import type { NotebookId, PlacedBatch } from '#sdk/protocol/notebook.ts'
import type { NotebookReplica, Snapshot } from '#sdk/notebook/replica.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import type { NotebookDocument } from './notebook-document.ts'
import { delayOf, savedStateOf, type Connection, type SavedState } from './saved-state.ts'
import type { UnsentStore } from './unsent-store.ts'

/** Longer than a workspace that is there takes to confirm: then the browser keeps the edits, too. */
const KEEP_AFTER_MS = 1_000
/** A workspace that had no room for a batch is asked again. */
const AGAIN_AFTER_MS = 2_000

export interface NotebookSyncOptions {
  readonly id: NotebookId
  readonly live: Pick<Live, 'request' | 'subscribe'>
  readonly connection: ReadonlySignal<Connection>
  readonly document: NotebookDocument
  readonly store: UnsentStore
  /** The whole notebook as the workspace has it now. */
  readonly read: () => Promise<Snapshot>
}

export class NotebookSync {
  readonly saved: Signal<SavedState>
  readonly #options: NotebookSyncOptions
  readonly #stops: (() => void)[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #keepTimer: ReturnType<typeof setTimeout> | undefined
  #dueAt = Infinity
  #isSending = false
  #isKept = true
  /** The session is over, and why. */
  #ending: string | undefined

  constructor(options: NotebookSyncOptions) {
    this.#options = options
    const { document, connection } = options
    this.saved = new Signal(this.#savedState())
    this.#stops.push(document.onEdit((kind) => this.#edited(kind)))
    this.#stops.push(
      connection.subscribe(() => {
        if (connection.value !== 'open') this.#keep()
        this.#tell()
      }),
    )
    const leave = () => {
      this.#keep()
      void this.#send()
    }
    addEventListener('pagehide', leave)
    this.#stops.push(() => removeEventListener('pagehide', leave))
    if (this.#replica.hasUnsent) this.#edited('structure')
  }

  get #replica(): NotebookReplica {
    return this.#options.document.replica
  }

  /** What the workspace announced about the notebook. */
  hear(operations: readonly PlacedBatch[]): void {
    const { document } = this.#options
    for (const operation of operations) document.absorb(this.#replica.receive(operation))
    this.#tell()
    if (this.#replica.needsReset) void this.#readAgain()
    else if (this.#replica.hasUnsent) void this.#send()
  }

  /**
   * The whole truth, after the connection was away.
   *
   * @param since The last batches before it: edits made meanwhile find their place among them; without them, by comparing texts.
   */
  reset(snapshot: Snapshot, since: readonly PlacedBatch[] = []): void {
    const { document } = this.#options
    const replica = this.#replica
    for (const batch of since) document.absorb(replica.receive(batch))
    if (replica.needsReset || replica.version !== snapshot.version) document.absorb(replica.reset(snapshot))
    this.#tell()
    void this.#send()
  }

  /** Sends what waits at once: a cell is about to run. */
  flush(): void {
    void this.#send()
  }

  close(): void {
    this.#keep()
    clearTimeout(this.#timer)
    clearTimeout(this.#keepTimer)
    for (const stop of this.#stops) stop()
  }

  #edited(kind: 'text' | 'structure'): void {
    const dueAt = Date.now() + delayOf(kind)
    if (dueAt < this.#dueAt) {
      this.#dueAt = dueAt
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => void this.#send(), delayOf(kind))
    }
    this.#keepTimer ??= setTimeout(() => this.#keep(), KEEP_AFTER_MS)
    this.#tell()
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer)
    this.#dueAt = Infinity
    if (this.#isSending) return
    this.#isSending = true
    let isRefused = false
    try {
      for (let batch = this.#replica.nextBatch(); batch !== undefined && !isRefused; batch = this.#replica.nextBatch()) {
        this.#tell()
        const answer = await this.#options.live.request({ type: 'notebook.op', notebook: this.#options.id, ...batch })
        this.#options.document.absorb(this.#replica.answered(batch.id, answer))
        isRefused = answer.type === 'refused'
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#ending = error.message
    } finally {
      this.#isSending = false
      if (!this.#replica.hasUnsent) this.#keep()
      this.#tell()
    }
    if (this.#replica.needsReset) void this.#readAgain()
    else if (isRefused && this.#replica.hasUnsent) this.#timer = setTimeout(() => void this.#send(), AGAIN_AFTER_MS)
  }

  /** What came does not follow what is here. */
  async #readAgain(): Promise<void> {
    try {
      this.reset(await this.#options.read())
    } catch {
      // The workspace is away: its next snapshot puts things right.
    }
  }

  /** Writes what is not confirmed into the browser's store, or takes it out. */
  #keep(): void {
    clearTimeout(this.#keepTimer)
    this.#keepTimer = undefined
    this.#isKept = this.#options.store.write(this.#replica.hasUnsent ? this.#replica.save() : undefined)
    if (this.#replica.hasUnsent) this.#keepTimer = setTimeout(() => this.#keep(), KEEP_AFTER_MS)
    this.#tell()
  }

  #savedState(): SavedState {
    const { connection, document } = this.#options
    const refusal = this.#ending ?? document.replica.refusal
    return savedStateOf({
      hasUnsent: document.replica.hasUnsent,
      connection: connection.value,
      refusal: refusal === undefined ? undefined : `Not saved: ${refusal}`,
      isKept: this.#isKept,
    })
  }

  #tell(): void {
    const state = this.#savedState()
    if (state.kind !== this.saved.value.kind || state.sentence !== this.saved.value.sentence) this.saved.value = state
  }
}
