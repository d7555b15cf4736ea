/**
 * Which cells are selected, which of them has the hand, and whether it is in the cell (edit) or on it (command). Pure.
 *
 * 1. While there are cells, exactly one has the hand, and it is among the selected ones.
 * 2. What is selected stands together: from the anchor to the one with the hand.
 */
import type { CellId } from '#sdk/protocol/notebook.ts'

export interface Selection {
  /** The cell with the hand. */
  readonly head: CellId | undefined
  /** Where the selection was begun. */
  readonly anchor: CellId | undefined
  readonly mode: 'command' | 'edit'
}

export const NO_SELECTION: Selection = { head: undefined, anchor: undefined, mode: 'command' }

export const selectOnly = (cell: CellId | undefined, mode: Selection['mode'] = 'command'): Selection => ({ head: cell, anchor: cell, mode })

/** In the order of the page. */
export function selectedOf({ head, anchor }: Selection, order: readonly CellId[]): readonly CellId[] {
  const to = head === undefined ? -1 : order.indexOf(head)
  const from = anchor === undefined ? to : order.indexOf(anchor)
  if (to < 0) return []
  return from < 0 ? order.slice(to, to + 1) : order.slice(Math.min(from, to), Math.max(from, to) + 1)
}

/** To the cell `steps` below (above, when negative), as far as there is one. */
export function step(selection: Selection, order: readonly CellId[], steps: number, isExtending = false): Selection {
  const at = selection.head === undefined ? -1 : order.indexOf(selection.head)
  const head = order[Math.max(0, Math.min(order.length - 1, at + steps))]
  return head === undefined ? NO_SELECTION : { head, anchor: isExtending ? (selection.anchor ?? head) : head, mode: 'command' }
}

export function extendTo(selection: Selection, cell: CellId): Selection {
  return { head: cell, anchor: selection.anchor ?? cell, mode: 'command' }
}

export const selectAll = (order: readonly CellId[]): Selection => ({ head: order.at(-1), anchor: order[0], mode: 'command' })

/** After cells came or went: what is gone gives the hand to what stands where it stood. */
export function repaired(selection: Selection, before: readonly CellId[], after: readonly CellId[]): Selection {
  const there = new Set(after)
  const { head, anchor } = selection
  if (head !== undefined && there.has(head)) return anchor === undefined || there.has(anchor) ? selection : { ...selection, anchor: head }
  if (after.length === 0) return NO_SELECTION
  const at = head === undefined ? 0 : Math.max(0, before.indexOf(head))
  const next = before.slice(at).find((cell) => there.has(cell)) ?? before.slice(0, at).findLast((cell) => there.has(cell)) ?? after[0]
  return selectOnly(next)
}
