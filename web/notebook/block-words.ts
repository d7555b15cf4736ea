/** Why a cell is stale, or cannot run, in words and with the cell to look at. Pure. */
import type { Block, Need } from '#sdk/notebook/graph.ts'
import type { Mark } from '#sdk/notebook/staleness.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import type { Held } from './run-queue.ts'

export interface Reason {
  readonly sentence: string
  /** The cell where it began. */
  readonly cause?: CellId
}

export type NameOf = (cell: CellId) => string

/** A longer way round is no longer read. */
const MAX_STEPS = 8

export function blockReason(block: Block, nameOf: NameOf): Reason {
  switch (block.reason) {
    case 'problem':
      return { sentence: block.sentence }
    case 'duplicate': {
      const [first] = block.others
      const others = block.others.map(nameOf).join(' and ')
      return {
        sentence: `${block.name} is also defined in ${others}: a name has one cell.`,
        ...(first === undefined ? {} : { cause: first }),
      }
    }
    case 'cycle':
      return { sentence: `These cells wait for each other: ${pathWords(block.path, nameOf)}.` }
    case 'needs':
      return { sentence: `It needs ${block.through.name}, and ${nameOf(block.root)} cannot run.`, cause: block.root }
  }
}

function pathWords(path: readonly Need[], nameOf: NameOf): string {
  const names = path.map(({ cell }) => nameOf(cell))
  const first = path[0]
  const steps = names.length > MAX_STEPS ? [...names.slice(0, MAX_STEPS - 2), '…', ...names.slice(-1)] : names
  return [...steps, ...(first === undefined ? [] : [nameOf(first.cell)])].join(' → ')
}

export function heldReason({ by, outcome }: Held, nameOf: NameOf): Reason {
  return { sentence: `Not run: ${nameOf(by)}, which it needs, ${outcome === 'failed' ? 'failed' : 'was stopped'}.`, cause: by }
}

/** `isEvent`: the sentence says what happened, so that a time may follow it. */
export interface StaleReason extends Reason {
  readonly kind: 'never run' | 'stale'
  readonly isEvent?: true
  /** The part of the sentence that leads to the cause. */
  readonly link?: string
}

/**
 * Undefined for a cell that is fresh or failed. `kind` is what a short word shows.
 *
 * @param namesFrom Names that the cell uses of another one: where it is a single one, that is what changed.
 */
export function staleReason(
  mark: Mark | undefined,
  nameOf: NameOf,
  namesFrom: (cell: CellId) => readonly string[] = () => [],
): StaleReason | undefined {
  if (mark?.state !== 'stale') return undefined
  switch (mark.reason) {
    case 'never run':
      return { kind: 'never run', sentence: 'not run yet' }
    case 'edited':
      return { kind: 'stale', sentence: 'edited since it ran' }
    case 'restarted':
      return { kind: 'stale', sentence: 'the kernel was restarted', isEvent: true }
    case 'interrupted':
      return { kind: 'stale', sentence: 'stopped before it ended' }
    case 'input set':
      return { kind: 'stale', sentence: 'its input was changed', isEvent: true }
    case 'input changed': {
      const [only, ...more] = namesFrom(mark.cause)
      const link = only === undefined || more.length > 0 ? nameOf(mark.cause) : only
      return { kind: 'stale', sentence: `${link} changed`, cause: mark.cause, link, isEvent: true }
    }
  }
}
