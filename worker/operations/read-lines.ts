/**
 * Log lines out of segments, one segment at a time.
 *
 * The order of a stream is the order of its line numbers, which is the order in which its executor wrote. Several named streams are merged
 * by time; without a named one the streams are walked by their ids, which is the order in which their runs were made.
 */
import { MAX_LOG_SCAN_BYTES } from '#sdk/protocol/limits.ts'
import type { LogLine } from '#sdk/protocol/log.ts'
import type { Logs, Place, StreamKind } from '../storage/logs.ts'

export interface ReadLine {
  readonly line: LogLine
  readonly stream: string
  readonly kind: StreamKind
  readonly number: number
}

export interface Reading {
  /** Undefined: all there are. */
  readonly streams: readonly string[] | undefined
  readonly isBackwards: boolean
  /** Goes on behind this place. */
  readonly after: Place | undefined
  readonly matches: (line: ReadLine) => boolean
  readonly offset: number
  readonly limit: number
}

export interface ReadPage {
  readonly lines: readonly ReadLine[]
  /** Where the next page begins; undefined at the end, and where several streams are merged (use the offset there). */
  readonly next: Place | undefined
}

/** What one question may read. */
interface Budget {
  left: number
}

/** Streams that are merged by time; more are walked one after another. */
const MAX_MERGED_STREAMS = 32
const FIRST_STREAM = ''
const LAST_STREAM = 'g'

export function readLines(logs: Logs, reading: Reading): ReadPage {
  const { streams, isBackwards, after, matches, offset, limit } = reading
  const budget: Budget = { left: MAX_LOG_SCAN_BYTES }
  const isMerged = streams !== undefined && streams.length > 1 && streams.length <= MAX_MERGED_STREAMS
  const source = isMerged
    ? merged(
        streams.map((stream) => linesOf(logs, stream, undefined, isBackwards, budget)),
        isBackwards,
      )
    : walk(logs, ordered(streams, isBackwards), after, isBackwards, budget)
  const lines: ReadLine[] = []
  let skipped = 0
  let last: ReadLine | undefined
  for (const line of source) {
    last = line
    if (!matches(line)) continue
    if (skipped < offset) skipped += 1
    else lines.push(line)
    if (lines.length >= limit) break
  }
  const isCut = lines.length >= limit || budget.left <= 0
  const next = isCut && !isMerged && last !== undefined ? { stream: last.stream, number: last.number } : undefined
  return { lines, next }
}

function ordered(streams: readonly string[] | undefined, isBackwards: boolean): readonly string[] | undefined {
  const sorted = streams?.toSorted()
  return isBackwards ? sorted?.toReversed() : sorted
}

/** One stream after another: the named ones, or all. */
function* walk(
  logs: Logs,
  streams: readonly string[] | undefined,
  after: Place | undefined,
  isBackwards: boolean,
  budget: Budget,
): Generator<ReadLine> {
  let stream = nextStream(logs, streams, after === undefined ? undefined : { stream: after.stream, isIncluded: true }, isBackwards)
  while (stream !== undefined && budget.left > 0) {
    const number = after?.stream === stream ? after.number : undefined
    yield* linesOf(logs, stream, number, isBackwards, budget)
    stream = nextStream(logs, streams, { stream, isIncluded: false }, isBackwards)
  }
}

function nextStream(
  logs: Logs,
  streams: readonly string[] | undefined,
  at: { readonly stream: string; readonly isIncluded: boolean } | undefined,
  isBackwards: boolean,
): string | undefined {
  if (streams !== undefined) {
    const isBehind = (stream: string) =>
      at === undefined || (isBackwards ? stream < at.stream : stream > at.stream) || (at.isIncluded && stream === at.stream)
    return streams.find(isBehind)
  }
  if (at?.isIncluded === true) return at.stream
  return logs.neighbour(at?.stream ?? (isBackwards ? LAST_STREAM : FIRST_STREAM), isBackwards)
}

/** The lines of one stream behind line `after`. */
function* linesOf(logs: Logs, stream: string, after: number | undefined, isBackwards: boolean, budget: Budget): Generator<ReadLine> {
  let number = isBackwards ? (after ?? Number.MAX_SAFE_INTEGER) - 1 : (after ?? -1) + 1
  while (number >= 0 && budget.left > 0) {
    const segment = isBackwards ? logs.segmentBack(stream, number) : logs.segmentFrom(stream, number)
    if (segment === undefined) return
    budget.left -= segment.size
    const { kind, first } = segment
    const lines = segment.lines.map((line, index): ReadLine => ({ line, stream, kind, number: first + index }))
    const wanted = lines.filter((line) => (isBackwards ? line.number <= number : line.number >= number))
    yield* isBackwards ? wanted.toReversed() : wanted
    number = isBackwards ? first - 1 : first + lines.length
  }
}

/** The next line in time among the heads of all. */
function* merged(sources: readonly Generator<ReadLine>[], isBackwards: boolean): Generator<ReadLine> {
  const heads = sources.map((source) => ({ source, head: source.next() }))
  for (;;) {
    let best: (typeof heads)[number] | undefined
    let bestAt = 0
    for (const candidate of heads) {
      if (candidate.head.done === true) continue
      const at = candidate.head.value.line.t
      if (best === undefined || (isBackwards ? at > bestAt : at < bestAt)) [best, bestAt] = [candidate, at]
    }
    if (best === undefined || best.head.done === true) return
    yield best.head.value
    best.head = best.source.next()
  }
}
