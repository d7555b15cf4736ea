/**
 * Log lines into segments, exactly once.
 *
 * 1. Lines are numbered by their sender; what is there already is not written again, however the lines were cut into frames.
 * 2. A segment has at most MAX_LOG_SEGMENT_BYTES.
 * 3. An epoch keeps MAX_LOG_LINES_PER_RUN lines; how many more there were stands in one last line.
 */
import { MAX_LOG_LINES_PER_RUN, MAX_LOG_SEGMENT_BYTES } from '#sdk/protocol/limits.ts'
import { LOG_LEVELS, firstLineOf, type LogLine } from '#sdk/protocol/log.ts'
import type { StreamKind } from '../storage/logs.ts'
import { textBytes } from './sizes.ts'
import type { NewLines, Unit } from './unit.ts'

/** Appends lines `first`, `first + 1`, … Answers how many were new. */
export function appendLines(unit: Unit, given: NewLines, epoch: number): number {
  const end = firstLineOf(epoch) + MAX_LOG_LINES_PER_RUN
  const kept = given.first + given.lines.length <= end ? given : { ...given, lines: given.lines.slice(0, Math.max(0, end - given.first)) }
  const fresh = withoutKnown(unit, kept)
  if (fresh.lines.length > 0) {
    writeSegments(unit, fresh)
    unit.changes.addLines(fresh)
  }
  if (kept !== given) noteDropped(unit, given, end)
  return fresh.lines.length
}

/** The lines that no segment has yet: the end of the given ones, unless an earlier frame went further. */
function withoutKnown({ store }: Unit, { stream, kind, first, lines }: NewLines): NewLines {
  const before = store.logs.lastUpTo(stream, first)
  const skip = before === undefined ? 0 : Math.max(0, before.first + before.count - first)
  const rest = { stream, kind, first: first + skip, lines: lines.slice(skip) }
  const next = rest.lines.length === 0 ? undefined : store.logs.nextAfter(stream, rest.first)
  const room = next === undefined ? rest.lines.length : next.first - rest.first
  return room >= rest.lines.length ? rest : { ...rest, lines: rest.lines.slice(0, room) }
}

function writeSegments(unit: Unit, { stream, kind, first, lines }: NewLines): void {
  const json = JSON.stringify(lines)
  if (lines.length === 1 || textBytes(json, MAX_LOG_SEGMENT_BYTES) <= MAX_LOG_SEGMENT_BYTES) {
    unit.store.logs.insert(stream, kind, { first, count: lines.length }, json)
    return
  }
  const half = lines.length >> 1
  writeSegments(unit, { stream, kind, first, lines: lines.slice(0, half) })
  writeSegments(unit, { stream, kind, first: first + half, lines: lines.slice(half) })
}

/** One line at the end says how many were dropped; it is written again as the number grows. */
function noteDropped({ store, now }: Unit, { stream, kind, first, lines }: NewLines, end: number): void {
  const dropped = first + lines.length - end
  const m = `${dropped} more lines were not kept: a run keeps ${MAX_LOG_LINES_PER_RUN} lines.`
  const line: LogLine = { t: lines.at(-1)?.t ?? now, l: LOG_LEVELS.WARNING, m, n: 'flowcell.workspace' }
  store.logs.replace(stream, kind, { first: end, count: 1 }, JSON.stringify([line]))
}

/** The number after the last line that came without one, over REST; those are counted in the range of epoch 0. */
export function nextLineNumber({ store }: Unit, stream: string): number {
  const last = store.logs.lastUpTo(stream, firstLineOf(1) - 1)
  return last === undefined ? 0 : last.first + last.count
}

export type Stream = { readonly stream: string; readonly kind: StreamKind }
