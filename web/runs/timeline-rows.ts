/** What a timeline shows line by line, before anything is drawn: task runs with what is folded out below them, or lanes that many share. */
import type { View } from './axis.ts'
import { packLanes } from './lanes.ts'
import { extentOf, spansOf, type Span } from './spans.ts'
import type { RunStore } from './run-store.ts'
import { bornAt, stateOf, type TaskRow } from './task-row.ts'

export interface Bar {
  readonly row: TaskRow
  readonly span: Span
}
export type TimelineLine =
  | {
      readonly kind: 'task'
      readonly row: TaskRow
      readonly depth: number
      readonly isOpen: boolean | undefined
      readonly bars: readonly Bar[]
    }
  /** A subflow that is being read, or could not be. */
  | { readonly kind: 'note'; readonly text: string; readonly depth: number }
  | { readonly kind: 'lane'; readonly number: number; readonly rows: readonly TaskRow[]; readonly bars: readonly Bar[] }

const MAX_DEPTH = 8
const MAX_KEPT_BARS = 20_000
const kept = new WeakMap<TaskRow, readonly Bar[]>()

/** Rows are new objects when they change, so what was computed of one holds as long as it does. */
function barsOf(row: TaskRow): readonly Bar[] {
  const known = kept.get(row)
  if (known !== undefined) return known
  const bars = spansOf(row).map((span) => ({ row, span }))
  kept.set(row, bars)
  return bars
}

/** One line for each task run. `open` gives the stores of subflows that are folded out, by the task run that stands for them. */
export function taskLines(rows: readonly TaskRow[], open: ReadonlyMap<string, RunStore>, depth = 0): readonly TimelineLine[] {
  if (open.size === 0) return rows.map((row) => taskLine(row, depth, row.subflow === null ? undefined : false))
  return rows.flatMap((row) => {
    const store = open.get(row.id)
    const line = taskLine(row, depth, row.subflow === null ? undefined : store !== undefined)
    if (store === undefined || depth >= MAX_DEPTH) return [line]
    const inner = taskLines(store.tasks.rows, open, depth + 1)
    if (inner.length > 0) return [line, ...inner]
    const { is } = store.status.value
    const text = is === 'loading' ? 'Reading…' : is === 'here' ? 'No task run yet.' : 'This subflow run is no longer there.'
    return [line, { kind: 'note' as const, text, depth: depth + 1 }]
  })
}

const taskLine = (row: TaskRow, depth: number, isOpen: boolean | undefined): TimelineLine => ({
  kind: 'task',
  row,
  depth,
  isOpen,
  get bars() {
    return barsOf(row)
  },
})

/** Few lanes for many task runs: those that were not at the same time share one. `gap`: microseconds between neighbours. */
export function laneLines(rows: readonly TaskRow[], gap: number): readonly TimelineLine[] {
  const extents = rows.map((row) => {
    const ran = extentOf(row)
    return { from: ran?.from ?? bornAt(row), to: ran === null ? (row.steps.at(-1)?.at ?? bornAt(row)) : ran.to }
  })
  const order = rows.map((_, index) => index).sort((a, b) => (extents[a]?.from ?? 0) - (extents[b]?.from ?? 0))
  const { lanes, count } = packLanes(
    order.flatMap((index) => extents[index] ?? []),
    gap,
  )
  const lines = Array.from({ length: count }, (_, number) => ({ number, rows: [] as TaskRow[] }))
  for (const [place, lane] of lanes.entries()) {
    const row = rows[order[place] ?? 0]
    if (row !== undefined) lines[lane]?.rows.push(row)
  }
  return lines.map((line) => ({
    kind: 'lane',
    ...line,
    get bars() {
      // What waits before and between attempts would lie over neighbours: lanes show what ran.
      return line.rows.slice(0, MAX_KEPT_BARS).flatMap((row) => barsOf(row).filter(({ span }) => span.attempt > 0 || span.to === span.from))
    },
  }))
}

export interface Placed {
  readonly bar: Bar
  readonly left: number
  readonly width: number
  /** Task runs that are drawn as one because they are narrower than a pixel or two. */
  readonly merged: number
}

/** Where bars stand, in pixels; what is not seen is left out, and neighbours of one kind that are too narrow to tell apart become one. */
export function place(bars: readonly Bar[], view: View, width: number, now: number): readonly Placed[] {
  const scale = width / (view.to - view.from)
  const placed: Placed[] = []
  for (const bar of bars) {
    const { from, to, kind } = bar.span
    const end = Math.max(from, to ?? now)
    if (end < view.from || from > view.to) continue
    const left = Math.max(-2, (from - view.from) * scale)
    const right = Math.min(width + 2, (end - view.from) * scale)
    const last = placed.at(-1)
    const isNarrow = right - left < MERGE_PX
    if (
      last !== undefined &&
      isNarrow &&
      last.bar.span.kind === kind &&
      left - (last.left + last.width) < MERGE_PX &&
      bar.row !== last.bar.row
    ) {
      placed[placed.length - 1] = { ...last, width: Math.max(last.width, right - last.left), merged: last.merged + 1 }
      continue
    }
    placed.push({ bar, left, width: Math.max(right - left, MIN_PX), merged: 1 })
  }
  return placed
}

/** Where the whole of a task run stands, in pixels. */
export function placeRow(row: TaskRow, view: View, width: number, now: number): Pick<Placed, 'left' | 'width'> {
  const { from, to } = extentOf(row) ?? { from: bornAt(row), to: stateOf(row).at }
  const scale = width / (view.to - view.from)
  return { left: (from - view.from) * scale, width: Math.max(((to ?? now) - from) * scale, MIN_PX) }
}

const MIN_PX = 3
const MERGE_PX = 3
