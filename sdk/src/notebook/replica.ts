/**
 * A notebook as one tab has it: what the workspace has confirmed, and the tab's own edits on top of it. Pure: it sends nothing.
 *
 * 1. An edit shows at once. It is sent in batches, one on its way at a time; the workspace's order is the truth.
 * 2. `notebook` is always what is confirmed and, on top, the batch on its way and what waits, each as it applies there.
 * 3. What somebody wrote is never lost: it follows its cell into the bin or into another cell; what has no place any more becomes a cell of
 *    its own, and is told.
 * 4. A batch whose answer got lost is sent again by its id; while nobody knows whether the workspace has it, no new truth is taken in.
 * 5. Who was away takes in what was missed, operation by operation. Only where the workspace has no longer all of it, texts are compared.
 */
import type { ItemAnswer } from '../protocol/frames.ts'
import { MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS, MAX_TEXT_SPANS } from '../protocol/limits.ts'
import type { BatchId, CellId, Notebook, NotebookBatch, NotebookOperation, PlacedBatch } from '../protocol/notebook.ts'
import { utf8Length } from '../protocol/utf8-length.ts'
import { keepText } from './kept-text.ts'
import { applyOperation, type Applied } from './operations.ts'
import { afterBatch, numbered, placeOperations, rebaseNumbered, type Numbered } from './place.ts'
import { rebase, settle } from './rebase.ts'
import { partBehind, readSaved, savedPart, textsOf, type SavedEdits, type SavedPart } from './saved-edits.ts'
import { composeChanges } from './text-transform.ts'
import { changesBetween, textBridge, type Change, type Notice } from './view-changes.ts'

export type { Change } from './view-changes.ts'
export type { SavedEdits } from './saved-edits.ts'

/** What the workspace said of a batch; undefined when it has not been sent, or must be sent again. */
type Verdict = 'asked' | { readonly version: number }

interface InFlight {
  readonly batch: NotebookBatch
  /** The batch as it is on what is confirmed now. */
  ops: readonly Numbered[]
  verdict: Verdict | undefined
}

interface Limbo {
  part: SavedPart
  /** It stands on what is confirmed here: it was brought behind all that came since. */
  readonly isExact: boolean
  verdict: Verdict | undefined
}

export interface Snapshot {
  readonly notebook: Notebook
  readonly version: number
}
/** What was placed, as far as it is known, up to the version of the snapshot. */
type Missed = readonly Announced[]
type Announced = Pick<PlacedBatch, 'version' | 'id' | 'ops' | 'refused'>
type Refusal = Pick<Extract<ItemAnswer, { type: 'refused' }>, 'code' | 'detail'>

/** The batch may be sent again as it is. */
const PASSING: readonly string[] = ['storage_full', 'overloaded', 'rate_limited', 'unexpected']
/** The batch stands on what the workspace does not know (any more); its edits may stand on something newer. */
const UNKNOWN_BASE: readonly string[] = ['too_old', 'conflict']
/** No batch of this tab is taken. */
const FINAL: readonly string[] = ['not_found', 'forbidden', 'unauthenticated', 'no_such_workspace']

export class NotebookReplica {
  readonly #mintId: () => string
  #confirmed: Notebook
  #version: number
  #view: Notebook
  #inFlight: InFlight | undefined
  #queue: readonly NotebookOperation[] = []
  /** A new truth that came while nobody knew whether it has the batch on its way, and what came after it. */
  #held: { readonly snapshot: Snapshot; readonly events: Announced[] } | undefined
  /** Edits of an earlier page that wait for the answer to what it sent. */
  #limbo: Limbo[] = []
  #isBehind = false
  #refusal: string | undefined
  /** What came between, of each step of one call. */
  #hints: (readonly NotebookOperation[])[] = []

  constructor({ notebook, version, mintId }: Snapshot & { readonly mintId: () => string }) {
    this.#mintId = mintId
    this.#confirmed = this.#view = notebook
    this.#version = version
  }

  /** As it is shown. */
  get notebook(): Notebook {
    return this.#view
  }
  /** What is confirmed. */
  get version(): number {
    return this.#version
  }
  /** There are edits that the workspace has not confirmed. */
  get hasUnsent(): boolean {
    return this.#inFlight !== undefined || this.#queue.length > 0 || this.#limbo.length > 0
  }
  /** What came does not follow what is here: nothing is sent until the whole notebook has come again ({@link reset}). */
  get needsReset(): boolean {
    return this.#isBehind
  }
  /** Why the workspace takes no edits of this tab: the notebook is deleted, the role does not allow it. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /** Does an edit here, and queues it. What cannot be done changes nothing and says why. */
  edit(operation: NotebookOperation): Applied {
    const op = settle(this.#view, operation)
    const applied = applyOperation(this.#view, op)
    if (!applied.ok) return applied
    this.#view = applied.notebook
    const last = this.#queue.at(-1)
    const composed = last?.op === 'changeText' && op.op === 'changeText' && last.cell === op.cell ? composeChanges(last, op) : undefined
    if (last?.op === 'changeText' && composed !== undefined && composed.spans.length <= MAX_TEXT_SPANS) {
      this.#queue = [...this.#queue.slice(0, -1), ...(composed.spans.length > 0 ? [{ ...last, ...composed }] : [])]
    } else if (op.op !== 'changeText' || op.spans.length > 0) this.#queue = [...this.#queue, op]
    return applied
  }

  /** What is to be sent now; undefined while an answer is awaited or nothing waits. Ask again after each answer and each event. */
  nextBatch(): NotebookBatch | undefined {
    const first = this.#limbo[0] ?? this.#inFlight
    if (first !== undefined) {
      const batch = 'part' in first ? first.part.sent : first.batch
      if (first.verdict !== undefined || this.#refusal !== undefined) return undefined
      first.verdict = 'asked'
      return batch
    }
    if (this.#queue.length === 0 || this.#isBehind || this.#refusal !== undefined) return undefined
    const ops = firstOf(this.#queue)
    const batch = { id: this.#mintId() as BatchId, base: this.#version, ops } // minted as one
    this.#inFlight = { batch, ops: numbered(ops), verdict: 'asked' }
    this.#queue = this.#queue.slice(ops.length)
    return batch
  }

  /** Takes in what the workspace announced, in its order; own batches come by here, too. */
  receive(event: Announced): Change[] {
    return this.#telling(() => this.#receive(event))
  }

  /** Takes in the answer to a batch. */
  answered(id: string, answer: ItemAnswer): Change[] {
    return this.#telling(() => this.#answered(id, answer))
  }

  /** The whole truth now. `missed`: the last operations that led to it. */
  reset(snapshot: Snapshot, missed: Missed = []): Change[] {
    return this.#telling(() => {
      if (leadsTo(missed, this.#version, snapshot.version)) {
        this.#held = undefined
        this.#isBehind = false
        return missed.flatMap((event) => this.#receive(event))
      }
      if (this.#inFlight?.verdict !== 'asked') return this.#adopt(snapshot)
      this.#held = { snapshot, events: [] }
      return []
    })
  }

  /** Everything that is not confirmed, as JSON. */
  save(): SavedEdits {
    const [sent, placing] = [this.#inFlight?.batch, (this.#inFlight?.ops ?? []).map(({ op }) => op)]
    const own = savedPart(this.#confirmed, this.#version, { sent, placing, pending: this.#queue })
    return [...this.#limbo.map(({ part }) => part), ...(sent === undefined && this.#queue.length === 0 ? [] : [own])]
  }

  /**
   * Takes up what {@link save} of an earlier page left of the same notebook. What was sent is asked about first. `missed`: the operations
   * after the oldest version that they stand on ({@link oldestVersion}).
   */
  restore(saved: unknown, missed: Missed = []): Change[] {
    return this.#telling(() => {
      const known = missed.filter(({ version }) => version <= this.#version)
      const parts = readSaved(saved).map((part): Limbo => {
        const isExact = leadsTo(known, part.version, this.#version)
        const since = known.filter(({ version }) => version > part.version)
        return { part: isExact ? since.reduce(partBehind, part) : part, isExact, verdict: undefined }
      })
      this.#limbo.push(...parts)
      return this.#settleLimbo()
    })
  }

  /** What an editor must change is told once, whatever happened on the way. */
  #telling(work: () => readonly Notice[]): Change[] {
    const before = this.#view
    this.#hints = []
    const notices = work()
    const [hint, ...more] = this.#hints
    return [...changesBetween(before, this.#view, more.length > 0 ? [] : (hint ?? [])), ...notices]
  }

  #receive(event: Announced): readonly Notice[] {
    if (this.#held !== undefined) {
      this.#held.events.push(event)
      return []
    }
    if (event.version <= this.#version) return []
    if (event.version !== this.#version + 1) {
      this.#isBehind = true
      return []
    }
    const before = this.#view
    const isOwn = event.id === this.#inFlight?.batch.id
    const told = isOwn ? this.#confirm(event) : this.#bringIn(event, before)
    this.#version = event.version
    for (const limbo of this.#limbo) if (limbo.isExact) limbo.part = partBehind(limbo.part, event)
    return [...told.notices, ...this.#place(before, told.hint), ...this.#settleLimbo()]
  }

  #answered(id: string, answer: ItemAnswer): readonly Notice[] {
    const limbo = this.#limbo[0]
    if (limbo?.part.sent?.id === id) return this.#limboAnswered(limbo, answer)
    const flight = this.#inFlight
    if (flight?.batch.id !== id) return []
    const before = this.#view
    if (answer.type === 'placed' && answer.version !== null) {
      flight.verdict = { version: answer.version }
      // Nothing came between, so it applies as it was sent; its event tells nothing new.
      const isNext = answer.version === this.#version + 1 && flight.batch.base === this.#version && answer.refused.length === 0
      if (isNext && this.#held === undefined) return this.#receive({ ...flight.batch, version: answer.version })
      return this.#release()
    }
    if (answer.type === 'placed') {
      this.#land(this.#confirmed)
      const told = answer.refused.flatMap(({ index, detail }) => this.#keep(flight.batch.ops[index], detail, before))
      return [...this.#place(before, []), ...told, ...this.#release()]
    }
    const refusal = answer.type === 'refused' ? answer : { code: 'unexpected', detail: 'The workspace answered something else.' }
    return [...this.#refused(flight, refusal, before), ...this.#release()]
  }

  #bringIn({ ops }: Announced, view: Notebook): { readonly notices: readonly Notice[]; readonly hint: readonly NotebookOperation[] } {
    const written = new Set([...(this.#inFlight?.ops ?? []).map(({ op }) => op), ...this.#queue].flatMap(textsOf))
    const hint = this.#rebase(ops)
    this.#confirmed = afterBatch(this.#confirmed, { ops })
    const deleted = ops.flatMap((op) => (op.op === 'deleteCell' && written.has(op.cell) ? [op.cell] : []))
    const notices = deleted
      .filter((cell) => view.cells.some(({ id }) => id === cell))
      .map((cell): Notice => ({
        kind: 'notice',
        sentence: `Cell ${cell} was deleted while you wrote in it. It is in the bin, with your text.`,
      }))
    return { notices, hint }
  }

  /** Brings all own edits behind operations; answers what those are behind the edits. */
  #rebase(ops: readonly NotebookOperation[]): readonly NotebookOperation[] {
    const { batch, since } = rebaseNumbered(this.#inFlight?.ops ?? [], ops)
    if (this.#inFlight !== undefined) this.#inFlight.ops = batch
    const { mine, theirs } = rebase(this.#queue, since)
    this.#queue = mine
    return theirs
  }

  #confirm(event: Announced): { readonly notices: readonly Notice[]; readonly hint: readonly NotebookOperation[] } {
    const { batch } = this.#inFlight ?? { batch: undefined }
    const before = this.#view
    const hint = this.#land(afterBatch(this.#confirmed, event))
    const notices = (event.refused ?? []).flatMap(({ index, detail }) => this.#keep(batch?.ops[index], detail, before))
    return { notices, hint }
  }

  /** The batch on its way has come to its end, and led to `confirmed`; what waits stands on that now. */
  #land(confirmed: Notebook): readonly NotebookOperation[] {
    const guess = placeOperations(this.#confirmed, this.#inFlight?.ops ?? [], this.#queue)
    const { mine, theirs } = rebase(guess.rest, textBridge(guess.notebook, confirmed))
    this.#queue = mine
    this.#inFlight = undefined
    this.#confirmed = confirmed
    return theirs
  }

  #adopt({ notebook, version }: Snapshot): readonly Notice[] {
    const before = this.#view
    const verdict = this.#inFlight?.verdict
    const isIncluded = typeof verdict === 'object' && verdict.version <= version
    const hint = isIncluded ? this.#land(notebook) : this.#rebase(textBridge(this.#confirmed, notebook))
    this.#confirmed = notebook
    this.#version = version
    this.#isBehind = false
    return [...this.#place(before, hint), ...this.#settleLimbo()]
  }

  /** The answer has come: what was held back is taken in. */
  #release(): readonly Notice[] {
    const held = this.#held
    this.#held = undefined
    if (held === undefined) return []
    return [...this.#adopt(held.snapshot), ...held.events.flatMap((event) => this.#receive(event))]
  }

  /** Puts own edits on what is confirmed. What does not apply there is dropped, and its text is kept. */
  #place(before: Notebook, hint: readonly NotebookOperation[]): readonly Notice[] {
    const sent = placeOperations(this.#confirmed, this.#inFlight?.ops ?? [], this.#queue)
    const waiting = placeOperations(sent.notebook, numbered(sent.rest))
    if (this.#inFlight !== undefined) this.#inFlight.ops = sent.applied
    this.#queue = waiting.applied.map(({ op }) => op)
    this.#view = waiting.notebook
    const told = waiting.refused.flatMap(({ op, detail }) => this.#keep(op, detail, before))
    this.#hints.push(hint)
    return told
  }

  #keep(operation: NotebookOperation | undefined, detail: string, before: Notebook, isNewCellTaken = true): readonly Notice[] {
    const id = isNewCellTaken ? this.#mintCellId() : undefined
    const kept = operation === undefined ? undefined : keepText(operation, detail, { before, now: this.#view, id })
    if (kept?.operation !== undefined) this.edit(kept.operation)
    return kept === undefined ? [] : [kept.notice]
  }

  #mintCellId(): CellId {
    return this.#mintId().replaceAll('-', '').slice(-16, -4) as CellId // hex digits
  }

  #refused(flight: InFlight, { code, detail }: Refusal, before: Notebook): readonly Notice[] {
    if (PASSING.includes(code)) {
      flight.verdict = undefined
      return [{ kind: 'notice', sentence: `Your edits are not stored yet: ${detail}` }]
    }
    if (UNKNOWN_BASE.includes(code) || FINAL.includes(code)) {
      if (FINAL.includes(code)) this.#refusal = detail
      else if (this.#held === undefined && flight.batch.base === this.#version) this.#isBehind = true
      this.#queue = [...flight.ops.map(({ op }) => op), ...this.#queue]
      this.#inFlight = undefined
      return []
    }
    this.#land(this.#confirmed)
    const notices = this.#place(before, [])
    // A new cell with the same text would be refused as well.
    return [...notices, ...flight.batch.ops.flatMap((op) => this.#keep(op, detail, before, false))]
  }

  #limboAnswered(limbo: Limbo, answer: ItemAnswer): readonly Notice[] {
    if (answer.type === 'placed' && answer.version !== null) {
      limbo.verdict = { version: answer.version }
      return this.#settleLimbo()
    }
    if (answer.type === 'refused' && PASSING.includes(answer.code)) {
      limbo.verdict = undefined
      return [{ kind: 'notice', sentence: `Your edits are not stored yet: ${answer.detail}` }]
    }
    if (answer.type === 'refused' && FINAL.includes(answer.code)) this.#refusal = answer.detail
    const isMoot = answer.type === 'placed' && answer.refused.length === 0
    this.#limbo.shift()
    return [...this.#takeUp(limbo, isMoot), ...this.#settleLimbo()]
  }

  /** Takes up what an earlier page left, as far as it is known what became of its batches. */
  #settleLimbo(): readonly Notice[] {
    const notices: Notice[] = []
    for (let [first] = this.#limbo; first !== undefined; [first] = this.#limbo) {
      const { part, isExact, verdict } = first
      const isPlaced = !isExact && typeof verdict === 'object' && verdict.version <= this.#version
      if (part.sent !== undefined && !isPlaced) break
      this.#limbo.shift()
      notices.push(...this.#takeUp(first, isPlaced))
    }
    return notices
  }

  /** Queues the edits of a part behind all others. `isPlaced`: the workspace has those that were sent. */
  #takeUp({ part: { cells, placing, pending }, isExact }: Limbo, isPlaced: boolean): readonly Notice[] {
    const before = this.#view
    const known = { header: before.header, cells, bin: [] }
    const done = placeOperations(known, numbered(isPlaced ? placing : [])).notebook
    const own = [...(this.#inFlight?.ops ?? []).map(({ op }) => op), ...this.#queue]
    const edits = isPlaced ? pending : [...placing, ...pending]
    this.#queue = [...this.#queue, ...rebase(edits, isExact ? own : textBridge(done, before)).mine]
    return this.#place(before, [])
  }
}

/** Whether they are all that came between two versions. */
const leadsTo = (missed: Missed, from: number, to: number): boolean =>
  from === to || (from < to && missed.at(-1)?.version === to && (missed.at(0)?.version ?? to) <= from + 1)

/** As many as one batch takes. */
function firstOf(queue: readonly NotebookOperation[]): readonly NotebookOperation[] {
  let bytes = 0
  const end = queue.findIndex((operation, index) => {
    bytes += utf8Length(JSON.stringify(operation)) + 1
    return index > 0 && (index >= MAX_BATCH_OPERATIONS || bytes > MAX_BATCH_BYTES)
  })
  return end < 0 ? queue : queue.slice(0, end)
}
