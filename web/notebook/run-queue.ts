/**
 * What a tab is to run, one cell after another. Pure: the runner asks it what is next and tells it how that went.
 *
 * 1. A cell waits at most once; asked for again while it runs, it runs once more behind what waits.
 * 2. When a cell fails or is interrupted, what waits and needs it is not run and says so; everything else goes on.
 * 3. What was only needed, and is fresh when its turn comes, is skipped; what was asked for runs.
 */
import type { CellId } from '#sdk/protocol/notebook.ts'
import type { RunPlan } from '#sdk/notebook/staleness.ts'

interface Waiting {
  readonly cell: CellId
  /** Somebody asked for this cell, not for one that needs it. */
  readonly isAsked: boolean
}

/** Why a cell that waited was not run: a cell that it needs ended so. */
export interface Held {
  readonly by: CellId
  readonly outcome: 'failed' | 'interrupted'
}

export interface RunQueue {
  readonly running: CellId | undefined
  readonly waiting: readonly Waiting[]
  readonly held: ReadonlyMap<CellId, Held>
}

export const EMPTY_QUEUE: RunQueue = { running: undefined, waiting: [], held: new Map() }

/** Adds a plan behind what waits. */
export function ask(queue: RunQueue, { order }: Pick<RunPlan, 'order'>, asked: ReadonlySet<CellId>): RunQueue {
  const planned = new Set(order)
  const known = new Set(queue.waiting.map(({ cell }) => cell))
  const waiting = queue.waiting.map((one) => (asked.has(one.cell) ? { ...one, isAsked: true } : one))
  const added = order.filter((cell) => !known.has(cell)).map((cell) => ({ cell, isAsked: asked.has(cell) }))
  return { ...queue, waiting: [...waiting, ...added], held: without(queue.held, (cell) => planned.has(cell)) }
}

/** The cell whose turn it is; nothing while another runs. */
export function takeNext(
  queue: RunQueue,
  isFresh: (cell: CellId) => boolean,
): { readonly queue: RunQueue; readonly cell: CellId | undefined } {
  if (queue.running !== undefined) return { queue, cell: undefined }
  const at = queue.waiting.findIndex(({ cell, isAsked }) => isAsked || !isFresh(cell))
  const cell = queue.waiting[at]?.cell
  return { queue: { ...queue, running: cell, waiting: at < 0 ? [] : queue.waiting.slice(at + 1) }, cell }
}

/** The running cell has ended. `users`: all that need it, directly or not. */
export function ended(queue: RunQueue, cell: CellId, outcome: 'done' | 'failed' | 'interrupted', users: ReadonlySet<CellId>): RunQueue {
  if (queue.running !== cell) return queue
  if (outcome === 'done') return { ...queue, running: undefined, held: without(queue.held, (one) => queue.held.get(one)?.by === cell) }
  const held = new Map(queue.held)
  const waiting = queue.waiting.filter((one) => {
    if (!users.has(one.cell)) return true
    held.set(one.cell, { by: cell, outcome })
    return false
  })
  return { running: undefined, waiting, held }
}

/** Nothing more is to run. What runs is stopped by whoever calls this. */
export const emptied = (queue: RunQueue): RunQueue => ({ ...queue, waiting: [] })

/** Cells that no longer exist, or can no longer run. */
export function dropped(queue: RunQueue, isGone: (cell: CellId) => boolean): RunQueue {
  if (!queue.waiting.some(({ cell }) => isGone(cell)) && ![...queue.held.keys()].some(isGone)) return queue
  return { ...queue, waiting: queue.waiting.filter(({ cell }) => !isGone(cell)), held: without(queue.held, isGone) }
}

function without(held: ReadonlyMap<CellId, Held>, isGone: (cell: CellId) => boolean): ReadonlyMap<CellId, Held> {
  return new Map([...held].filter(([cell]) => !isGone(cell)))
}
