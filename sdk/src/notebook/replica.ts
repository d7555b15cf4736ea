/**
 * A notebook as one tab has it: what the workspace has confirmed, and the tab's own edits on top of it. Pure: it sends nothing.
 *
 * 1. An edit shows at once. It is sent in batches, one on its way at a time; the workspace's order is the truth.
 * 2. What somebody wrote is never lost: it follows its cell into the bin or into another cell; what has no place any more becomes a cell of
 *    its own, and is told.
 * 3. A batch whose answer got lost is sent again by its id; while nobody knows whether the workspace has it, no new truth is taken in.
 * 4. Who was away takes in what was missed, operation by operation. Only where the workspace has no longer all of it, texts are compared.
 */
import type { ItemAnswer } from '../protocol/frames.ts'
import type { BatchId, CellId, Notebook, NotebookBatch, NotebookOperation, PlacedBatch } from '../protocol/notebook.ts'
import { keepText } from './kept-text.ts'
import type { Applied } from './operations.ts'
import { OwnEdits, type InFlight, type Verdict } from './own-edits.ts'
import { afterBatch, numbered, placeOperations } from './place.ts'
import { rebase } from './rebase.ts'
import { partBehind, readSaved, savedPart, type SavedEdits, type SavedPart } from './saved-edits.ts'
import { changesBetween, textBridge, type Change, type Notice } from './view-changes.ts'

export type { Change } from './view-changes.ts'
export type { SavedEdits } from './saved-edits.ts'

/** What an earlier page left, while it is asked about. */
interface Left {
  part: SavedPart
  /** It stands on what is confirmed here: it was brought behind all that came since. */
  readonly isExact: boolean
  verdict: Verdict | undefined
}

export interface Snapshot {
  readonly notebook: Notebook
  readonly version: number
}
type Announced = Pick<PlacedBatch, 'version' | 'id' | 'ops' | 'refused'>
/** What was placed, as far as it is known. */
type Missed = readonly Announced[]
type Notices = readonly Notice[]
/** An operation that the workspace did not take, and why. */
type Refused = readonly { readonly op: NotebookOperation | undefined; readonly detail: string }[]

/** The batch may be sent again as it is. */
const PASSING: readonly string[] = ['storage_full', 'overloaded', 'rate_limited', 'unexpected']
/** The batch stands on what the workspace does not know (any more); its edits may stand on something newer. */
const UNKNOWN_BASE: readonly string[] = ['too_old', 'conflict']
/** No batch of this tab is taken. */
const FINAL: readonly string[] = ['not_found', 'forbidden', 'unauthenticated', 'no_such_workspace']

const UNEXPECTED = { type: 'refused', code: 'unexpected', detail: 'The workspace answered something else.' } as const

export class NotebookReplica {
  readonly #mintId: () => string
  readonly #own: OwnEdits
  #version: number
  /** A new truth that came while nobody knew whether it has the batch on its way, and what came after it. */
  #held: { readonly snapshot: Snapshot; readonly events: Announced[] } | undefined
  #left: Left[] = []
  #isBehind = false
  #refusal: string | undefined
  /** What came between, of each step of one call. */
  #hints: (readonly NotebookOperation[])[] = []

  constructor({ notebook, version, mintId }: Snapshot & { readonly mintId: () => string }) {
    this.#mintId = mintId
    this.#own = new OwnEdits(notebook)
    this.#version = version
  }

  /** As it is shown. */
  get notebook(): Notebook {
    return this.#own.view
  }
  /** What is confirmed. */
  get version(): number {
    return this.#version
  }
  /** There are edits that the workspace has not confirmed. */
  get hasUnsent(): boolean {
    return this.#own.inFlight !== undefined || this.#own.waiting.length > 0 || this.#left.length > 0
  }
  /** What came does not follow what is here: nothing is sent until the whole notebook has come again ({@link reset}). */
  get needsReset(): boolean {
    return this.#isBehind
  }
  /** Why the workspace takes no edits of this tab: the notebook is deleted, the role does not allow it. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /** Does an edit here, to be sent. What cannot be done changes nothing and says why. */
  edit(operation: NotebookOperation): Applied {
    return this.#own.edit(operation)
  }

  /** What is to be sent now; undefined while an answer is awaited or nothing waits. Ask again after each answer and each event. */
  nextBatch(): NotebookBatch | undefined {
    const asked = this.#left[0] ?? this.#own.inFlight
    if (this.#refusal !== undefined || asked?.verdict !== undefined) return undefined
    if (asked !== undefined) {
      asked.verdict = 'asked'
      return 'part' in asked ? asked.part.sent : asked.batch
    }
    if (this.#own.waiting.length === 0 || this.#isBehind) return undefined
    return this.#own.depart(this.#mintId() as BatchId, this.#version) // minted as one
  }

  /** Takes in what the workspace announced, in its order; own batches come by here, too. */
  receive(event: Announced): Change[] {
    return this.#telling(() => this.#receive(event))
  }

  /** Takes in the answer to a batch. */
  answered(id: string, answer: ItemAnswer): Change[] {
    return this.#telling(() => {
      const [left] = this.#left
      const { inFlight } = this.#own
      if (left?.part.sent?.id === id) return this.#leftAnswered(left, answer)
      return inFlight?.batch.id === id ? this.#answered(inFlight, answer) : []
    })
  }

  /** The whole truth now. `missed`: the last operations that led to it. */
  reset(snapshot: Snapshot, missed: Missed = []): Change[] {
    return this.#telling(() => {
      if (leadsTo(missed, this.#version, snapshot.version)) {
        this.#held = undefined
        this.#isBehind = false
        return missed.flatMap((event) => this.#receive(event))
      }
      if (this.#own.inFlight?.verdict !== 'asked') return this.#adopt(snapshot)
      this.#held = { snapshot, events: [] }
      return []
    })
  }

  /** Everything that is not confirmed, as JSON. */
  save(): SavedEdits {
    const { confirmed, inFlight, placing, waiting } = this.#own
    const own = savedPart(confirmed, this.#version, { sent: inFlight?.batch, placing, pending: waiting })
    return [...this.#left.map(({ part }) => part), ...(inFlight === undefined && waiting.length === 0 ? [] : [own])]
  }

  /**
   * Takes up what {@link save} of an earlier page left of the same notebook. What was sent is asked about first. `missed`: the operations
   * after the oldest version that the edits stand on.
   */
  restore(saved: unknown, missed: Missed = []): Change[] {
    return this.#telling(() => {
      const known = missed.filter(({ version }) => version <= this.#version)
      const left = readSaved(saved).map((part): Left => {
        const isExact = leadsTo(known, part.version, this.#version)
        return { part: isExact ? known.reduce(partBehind, part) : part, isExact, verdict: undefined }
      })
      this.#left.push(...left)
      return this.#settleLeft()
    })
  }

  /** What an editor must change is told once, whatever happened on the way. */
  #telling(work: () => Notices): Change[] {
    const before = this.#own.view
    this.#hints = []
    const notices = work()
    const [hint, ...more] = this.#hints
    return [...changesBetween(before, this.#own.view, more.length > 0 ? [] : (hint ?? [])), ...notices]
  }

  #receive(event: Announced): Notices {
    if (this.#held !== undefined) {
      this.#held.events.push(event)
      return []
    }
    if (event.version <= this.#version) return []
    if (event.version !== this.#version + 1) {
      this.#isBehind = true
      return []
    }
    const { inFlight, confirmed } = this.#own
    this.#version = event.version
    for (const left of this.#left) if (left.isExact) left.part = partBehind(left.part, event)
    const after = afterBatch(confirmed, event)
    const isOwn = inFlight?.batch.id === event.id
    const refused = isOwn ? refusedOf(inFlight.batch, event.refused ?? []) : []
    const deleted = isOwn ? [] : this.#deletedWhileWritten(event)
    const hint = isOwn ? this.#own.land(after) : this.#own.follow(event.ops, after)
    return [...deleted, ...this.#place(hint, refused), ...this.#settleLeft()]
  }

  #deletedWhileWritten({ ops }: Announced): Notices {
    const { written, view } = this.#own
    const deleted = ops.flatMap((op) => (op.op === 'deleteCell' && written.has(op.cell) ? [op.cell] : []))
    const shown = deleted.filter((cell) => view.cells.some(({ id }) => id === cell))
    const sentenceOf = (cell: CellId) => `Cell ${cell} was deleted while you wrote in it. It is in the bin, with your text.`
    return shown.map((cell) => ({ kind: 'notice', sentence: sentenceOf(cell) }))
  }

  #answered(inFlight: InFlight, answer: ItemAnswer): Notices {
    const { batch } = inFlight
    if (answer.type !== 'placed') return [...this.#refused(inFlight, answer.type === 'refused' ? answer : UNEXPECTED), ...this.#release()]
    if (answer.version === null) {
      this.#own.land(this.#own.confirmed)
      return [...this.#place([], refusedOf(batch, answer.refused)), ...this.#release()]
    }
    inFlight.verdict = { version: answer.version }
    // Nothing came between, so it applies as it was sent; its event tells nothing new.
    const isNext = batch.base === this.#version && answer.version === this.#version + 1 && answer.refused.length === 0
    return isNext && this.#held === undefined ? this.#receive({ ...batch, version: answer.version }) : this.#release()
  }

  #refused(inFlight: InFlight, { code, detail }: { readonly code: string; readonly detail: string }): Notices {
    if (PASSING.includes(code)) {
      inFlight.verdict = undefined
      return [notYet(detail)]
    }
    if (UNKNOWN_BASE.includes(code) || FINAL.includes(code)) {
      if (FINAL.includes(code)) this.#refusal = detail
      else if (this.#held === undefined && inFlight.batch.base === this.#version) this.#isBehind = true
      this.#own.takeBack()
      return []
    }
    this.#own.land(this.#own.confirmed)
    // A new cell with the same text would be refused as well.
    const refused = inFlight.batch.ops.map((op) => ({ op, detail }))
    return this.#place([], refused, false)
  }

  #adopt({ notebook, version }: Snapshot): Notices {
    const { inFlight, confirmed } = this.#own
    const isIncluded = typeof inFlight?.verdict === 'object' && inFlight.verdict.version <= version
    const hint = isIncluded ? this.#own.land(notebook) : this.#own.follow(textBridge(confirmed, notebook), notebook)
    this.#version = version
    this.#isBehind = false
    return [...this.#place(hint), ...this.#settleLeft()]
  }

  /** The answer has come: what was held back is taken in. */
  #release(): Notices {
    const held = this.#held
    this.#held = undefined
    if (held === undefined) return []
    return [...this.#adopt(held.snapshot), ...held.events.flatMap((event) => this.#receive(event))]
  }

  /** Puts own edits on what is confirmed. The text of what does not apply there, here or at the workspace, is kept. */
  #place(hint: readonly NotebookOperation[], refused: Refused = [], isNewCellTaken = true): Notices {
    const before = this.#own.view
    const dropped = this.#own.place()
    this.#hints.push(hint)
    return [...dropped, ...refused].flatMap(({ op, detail }) => {
      const id = isNewCellTaken ? this.#mintCellId() : undefined
      const kept = op === undefined ? undefined : keepText(op, detail, { before, now: this.#own.view, id })
      if (kept?.operation !== undefined) this.#own.edit(kept.operation)
      return kept === undefined ? [] : [kept.notice]
    })
  }

  #mintCellId(): CellId {
    return this.#mintId().replaceAll('-', '').slice(-16, -4) as CellId // hex digits
  }

  #leftAnswered(left: Left, answer: ItemAnswer): Notices {
    if (answer.type === 'placed' && answer.version !== null) {
      left.verdict = { version: answer.version }
      return this.#settleLeft()
    }
    if (answer.type === 'refused' && PASSING.includes(answer.code)) {
      left.verdict = undefined
      return [notYet(answer.detail)]
    }
    if (answer.type === 'refused' && FINAL.includes(answer.code)) this.#refusal = answer.detail
    this.#left.shift()
    return [...this.#takeUp(left, answer.type === 'placed' && answer.refused.length === 0), ...this.#settleLeft()]
  }

  /** Takes up what an earlier page left, as far as it is known what became of its batches. */
  #settleLeft(): Notices {
    const notices: Notice[] = []
    for (let [first] = this.#left; first !== undefined; [first] = this.#left) {
      const { part, isExact, verdict } = first
      const isPlaced = !isExact && typeof verdict === 'object' && verdict.version <= this.#version
      if (part.sent !== undefined && !isPlaced) break
      this.#left.shift()
      notices.push(...this.#takeUp(first, isPlaced))
    }
    return notices
  }

  /** Lets the edits of a part wait behind all others. `isPlaced`: the workspace has those that were sent. */
  #takeUp({ part: { cells, placing, pending }, isExact }: Left, isPlaced: boolean): Notices {
    const { view, all, waiting } = this.#own
    const done = placeOperations({ header: view.header, cells, bin: [] }, numbered(isPlaced ? placing : [])).notebook
    const edits = isPlaced ? pending : [...placing, ...pending]
    this.#own.waiting = [...waiting, ...rebase(edits, isExact ? all : textBridge(done, view)).mine]
    return this.#place([])
  }
}

const notYet = (detail: string): Notice => ({ kind: 'notice', sentence: `Your edits are not stored yet: ${detail}` })

const refusedOf = ({ ops }: NotebookBatch, refused: readonly { readonly index: number; readonly detail: string }[]): Refused =>
  refused.map(({ index, detail }) => ({ op: ops[index], detail }))

/** Whether they are all that came between two versions. */
const leadsTo = (missed: Missed, from: number, to: number): boolean =>
  from === to || (from < to && missed.at(-1)?.version === to && (missed.at(0)?.version ?? to) <= from + 1)
