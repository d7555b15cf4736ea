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

/** Appends lines `first`, `first + 1`, … */
export function appendLines(unit: Unit, given: NewLines, epoch: number): void {
  const end = firstLineOf(epoch) + MAX_LOG_LINES_PER_RUN
  const isTooMany = given.first + given.lines.length > end
  const kept = isTooMany ? { ...given, lines: given.lines.slice(0, Math.max(0, end - given.first)) } : given
  for (const fresh of gaps(unit, kept)) {
    writeSegments(unit, fresh)
    unit.changes.addLines(fresh)
  }
  if (isTooMany) noteDropped(unit, given, end)
}

/** Those of the lines that no segment has yet: nearly always all of them. */
function* gaps({ store }: Unit, { stream, kind, first, lines }: NewLines): Generator<NewLines> {
  const end = first + lines.length
  let number = first
  while (number < end) {
    const before = store.logs.lastUpTo(stream, number)
    const known = before === undefined ? number : before.first + before.count
    if (known > number) {
      number = known
      continue
    }
    const until = Math.min(end, store.logs.nextAfter(stream, number)?.first ?? end)
    yield { stream, kind, first: number, lines: lines.slice(number - first, until - first) }
    number = until
  }
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
