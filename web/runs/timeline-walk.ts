/** Where the keyboard is in a timeline: on a line, and in a lane that many share on one of its task runs. */
import { extentOf } from './spans.ts'
import { bornAt, type TaskRow } from './task-row.ts'
import type { TimelineLine } from './timeline-rows.ts'

export interface Spot {
  readonly line: number
  /** Which task run of a lane. */
  readonly at: number
}

export const START: Spot = { line: 0, at: 0 }

/** The task run there; undefined where the line is none. */
export function rowAt(lines: readonly TimelineLine[], { line: index, at }: Spot): TaskRow | undefined {
  const line = lines[index]
  if (line?.kind === 'lane') return line.rows[Math.min(at, line.rows.length - 1)]
  return line?.kind === 'task' ? line.row : undefined
}

/** To another line, there to the task run whose begin is nearest in time. */
export function walkLines(lines: readonly TimelineLine[], spot: Spot, by: number): Spot {
  const index = clamp(spot.line + by, lines.length)
  const [from, line] = [rowAt(lines, spot), lines[index]]
  if (line?.kind !== 'lane' || from === undefined) return { line: index, at: 0 }
  return { line: index, at: nearest(line.rows, beganAt(from)) }
}

/** To another task run of a lane; undefined where the line is no lane. */
export function walkLane(lines: readonly TimelineLine[], spot: Spot, by: number): Spot | undefined {
  const line = lines[spot.line]
  return line?.kind === 'lane' ? { line: spot.line, at: clamp(spot.at + by, line.rows.length) } : undefined
}

export const beganAt = (row: TaskRow): number => extentOf(row)?.from ?? bornAt(row)

/** @param rows In the order in which they began. */
function nearest(rows: readonly TaskRow[], time: number): number {
  const after = rows.findIndex((row) => beganAt(row) > time)
  const [before, next] = [rows[after - 1], rows[after]]
  if (next === undefined) return rows.length - 1
  return before !== undefined && time - beganAt(before) <= beganAt(next) - time ? after - 1 : after
}

const clamp = (index: number, count: number): number => Math.max(0, Math.min(count - 1, index))
