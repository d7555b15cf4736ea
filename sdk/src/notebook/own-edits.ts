/**
 * A tab's own edits on top of what is confirmed: the batch on its way, then what waits.
 *
 * 1. Each stands on the one before it, the first on what is confirmed; whatever is confirmed meanwhile, they are brought behind it.
 * 2. `view` is all of that together. What does not apply is dropped and handed over, never skipped: so what is edited next stands on what
 *    is shown.
 */
import { MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS, MAX_TEXT_SPANS } from '../protocol/limits.ts'
import type { BatchId, Notebook, NotebookBatch, NotebookOperation } from '../protocol/notebook.ts'
import { utf8Length } from '../protocol/utf8-length.ts'
import { applyOperation, type Applied } from './operations.ts'
import { numbered, placeOperations, rebaseNumbered, type Numbered, type PlacedOperations } from './place.ts'
import { rebase, settle } from './rebase.ts'
import { textsOf } from './saved-edits.ts'
import { composeChanges } from './text-transform.ts'
import { textBridge } from './view-changes.ts'

type Operations = readonly NotebookOperation[]

/** What is known of a batch: asked, or the version that it made. Undefined: it is to be sent, again perhaps. */
export type Verdict = 'asked' | { readonly version: number }

export interface InFlight {
  readonly batch: NotebookBatch
  /** As it is on what is confirmed now. */
  ops: readonly Numbered[]
  verdict: Verdict | undefined
}

export class OwnEdits {
  confirmed: Notebook
  view: Notebook
  inFlight: InFlight | undefined
  waiting: Operations = []

  constructor(confirmed: Notebook) {
    this.confirmed = this.view = confirmed
  }

  get placing(): Operations {
    return (this.inFlight?.ops ?? []).map(({ op }) => op)
  }
  get all(): Operations {
    return [...this.placing, ...this.waiting]
  }
  /** Cells whose texts are edited. */
  get written(): ReadonlySet<string> {
    return new Set(this.all.flatMap(textsOf))
  }

  /** Does an edit, and lets it wait; typing in one cell becomes one operation. */
  edit(operation: NotebookOperation): Applied {
    const op = settle(this.view, operation)
    const applied = applyOperation(this.view, op)
    if (!applied.ok) return applied
    this.view = applied.notebook
    const last = this.waiting.at(-1)
    const composed = last?.op === 'changeText' && op.op === 'changeText' && last.cell === op.cell ? composeChanges(last, op) : undefined
    if (last?.op === 'changeText' && composed !== undefined && composed.spans.length <= MAX_TEXT_SPANS) {
      this.waiting = [...this.waiting.slice(0, -1), ...(composed.spans.length > 0 ? [{ ...last, ...composed }] : [])]
    } else if (op.op !== 'changeText' || op.spans.length > 0) this.waiting = [...this.waiting, op]
    return applied
  }

  /** Sends as much of what waits as one batch takes. */
  depart(id: BatchId, base: number): NotebookBatch {
    const ops = firstOf(this.waiting)
    const batch = { id, base, ops }
    this.inFlight = { batch, ops: numbered(ops), verdict: 'asked' }
    this.waiting = this.waiting.slice(ops.length)
    return batch
  }

  /** The batch on its way waits again, in front of all others. */
  takeBack(): void {
    this.waiting = this.all
    this.inFlight = undefined
  }

  /** Brings all edits behind operations that lead to `confirmed`; answers what those are behind the edits. */
  follow(ops: Operations, confirmed: Notebook): Operations {
    const { batch, since } = rebaseNumbered(this.inFlight?.ops ?? [], ops)
    if (this.inFlight !== undefined) this.inFlight.ops = batch
    const { mine, theirs } = rebase(this.waiting, since)
    this.waiting = mine
    this.confirmed = confirmed
    return theirs
  }

  /** The batch on its way has come to its end, and led to `confirmed`; what waits stands on that now. */
  land(confirmed: Notebook): Operations {
    const guess = placeOperations(this.confirmed, this.inFlight?.ops ?? [], this.waiting)
    const { mine, theirs } = rebase(guess.rest, textBridge(guess.notebook, confirmed))
    this.waiting = mine
    this.inFlight = undefined
    this.confirmed = confirmed
    return theirs
  }

  /** Puts the edits on what is confirmed. Answers what of those that wait does not apply there. */
  place(): PlacedOperations['refused'] {
    const sent = placeOperations(this.confirmed, this.inFlight?.ops ?? [], this.waiting)
    const placed = placeOperations(sent.notebook, numbered(sent.rest))
    if (this.inFlight !== undefined) this.inFlight.ops = sent.applied
    this.waiting = placed.applied.map(({ op }) => op)
    this.view = placed.notebook
    return placed.refused
  }
}

/** As many as one batch takes. */
function firstOf(waiting: Operations): Operations {
  let bytes = 0
  const end = waiting.findIndex((operation, index) => {
    bytes += utf8Length(JSON.stringify(operation)) + 1
    return index > 0 && (index >= MAX_BATCH_OPERATIONS || bytes > MAX_BATCH_BYTES)
  })
  return end < 0 ? waiting : waiting.slice(0, end)
}
