/**
 * Log lines into segments, exactly once.
 *
 * 1. Lines are numbered by their sender; what is there already is not written again, however the lines were cut into frames.
 * 2. A segment has at most MAX_LOG_SEGMENT_BYTES.
 * 3. An epoch keeps MAX_LOG_LINES_PER_RUN lines, and of those beyond the last MAX_LAST_LOG_LINES: a run's end is always told. One line
 *    between says how many are missing.
 */
import { MAX_LAST_LOG_LINES, MAX_LOG_LINES_PER_RUN, MAX_LOG_SEGMENT_BYTES } from '#sdk/protocol/limits.ts'
import type { LogLine } from '#sdk/protocol/log.ts'
import { LOG_LEVELS, firstLineOf } from '#sdk/protocol/log-levels.ts'
import type { StreamKind } from '../storage/logs.ts'
import { textBytes } from './sizes.ts'
import type { NewLines, Unit } from './unit.ts'

/** More than any run has; the next epoch's numbers begin far behind it. */
const LINES_BEYOND = 2 ** 31

/** Appends lines `first`, `first + 1`, … */
export function appendLines(unit: Unit, given: NewLines, epoch: number): void {
  const end = firstLineOf(epoch) + MAX_LOG_LINES_PER_RUN
  write(unit, cut(given, given.first, end))
  if (given.first + given.lines.length > end) appendBeyond(unit, given, end)
}

/** Lines from number `end` on: the last ones replace those that were the last before. */
function appendBeyond(unit: Unit, given: NewLines, end: number): void {
  const { logs } = unit.store
  const before = logs.lastUpTo(given.stream, end + LINES_BEYOND)
  const top = Math.max(given.first + given.lines.length, before === undefined ? 0 : before.first + before.count)
  const from = Math.max(end, top - MAX_LAST_LOG_LINES)
  write(unit, cut(given, from, top))
  for (
    let old = logs.nextAfter(given.stream, end - 1);
    old !== undefined && old.first < from;
    old = logs.nextAfter(given.stream, old.first)
  ) {
    const { lines } = logs.segmentFrom(given.stream, old.first) ?? { lines: [] }
    logs.delete(given.stream, old.first)
    write(unit, cut({ ...given, first: old.first, lines }, from, top), false)
  }
  if (from > end) noteDropped(unit, given, end, from - end)
}

/** The lines with numbers from `from` to before `to`. */
function cut({ stream, kind, first, lines }: NewLines, from: number, to: number): NewLines {
  const start = Math.min(Math.max(0, from - first), lines.length)
  return { stream, kind, first: first + start, lines: lines.slice(start, Math.max(start, to - first)) }
}

function write(unit: Unit, lines: NewLines, isNews = true): void {
  for (const fresh of gaps(unit, lines)) {
    writeSegments(unit, fresh)
    if (isNews) unit.changes.addLines(fresh)
  }
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

/** One line in the place of those that are missing; it is written again as their number grows. */
function noteDropped({ store, now }: Unit, { stream, kind, lines }: NewLines, end: number, missing: number): void {
  const m = `${missing} lines were not kept here: a run keeps ${MAX_LOG_LINES_PER_RUN} lines and its last ${MAX_LAST_LOG_LINES}.`
  const line: LogLine = { t: lines[0]?.t ?? now, l: LOG_LEVELS.WARNING, m, n: 'flowcell.workspace' }
  store.logs.replace(stream, kind, { first: end, count: 1 }, JSON.stringify([line]))
}

/** The number after the last line that came without one, over REST; those are counted in the range of epoch 0. */
export function nextLineNumber({ store }: Unit, stream: string): number {
  const last = store.logs.lastUpTo(stream, firstLineOf(1) - 1)
  return last === undefined ? 0 : last.first + last.count
}

export type Stream = { readonly stream: string; readonly kind: StreamKind }
