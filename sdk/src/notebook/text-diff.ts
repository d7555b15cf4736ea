/** What differs between two texts, as spans: by lines, inside of them by words, as long as there are not too many. */
import type { TextSpan } from '../protocol/notebook.ts'

/** Pairs of lines or words that are compared; beyond it what differs is one span. */
const MAX_PAIRS = 250_000

/** Spans that turn `before` into `after`. */
export function diffSpans(before: string, after: string): TextSpan[] {
  if (before === after) return []
  const whole = trimmed({ from: 0, to: before.length, insert: after }, before)
  return refined(whole, before, linesOf).flatMap((hunk) => refined(hunk, before, wordsOf))
}

/** The span as those that differ when both texts are taken apart. */
function refined(span: TextSpan, before: string, parts: (text: string) => readonly string[]): TextSpan[] {
  const [old, young] = [parts(before.slice(span.from, span.to)), parts(span.insert)]
  if (old.length === 0 || young.length === 0 || old.length * young.length > MAX_PAIRS) return [span]
  return hunksOf(old, young, span.from)
    .map((hunk) => trimmed(hunk, before))
    .filter(({ from, to, insert }) => to > from || insert !== '')
}

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}_$]+|\s+|./gsu) ?? []
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** Without what both have at the beginning and at the end, and never through the middle of a character. */
function trimmed({ from, to, insert }: TextSpan, text: string): TextSpan {
  const most = Math.min(to - from, insert.length)
  let head = 0
  while (head < most && text.charCodeAt(from + head) === insert.charCodeAt(head)) head++
  if (head > 0 && isHigh(insert.charCodeAt(head - 1))) head--
  let tail = 0
  while (tail < most - head && text.charCodeAt(to - 1 - tail) === insert.charCodeAt(insert.length - 1 - tail)) tail++
  if (tail > 0 && isLow(insert.charCodeAt(insert.length - tail))) tail--
  return { from: from + head, to: to - tail, insert: insert.slice(head, insert.length - tail) }
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000

/** The longest common subsequence of parts stays; what is between them are the hunks. */
function hunksOf(old: readonly string[], young: readonly string[], start: number): TextSpan[] {
  const width = young.length + 1
  const lengths = new Uint32Array((old.length + 1) * width)
  const lengthAt = (row: number, column: number): number => lengths[row * width + column] ?? 0
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = young.length - 1; column >= 0; column--) {
      const isSame = old[row] === young[column]
      lengths[row * width + column] = isSame
        ? lengthAt(row + 1, column + 1) + 1
        : Math.max(lengthAt(row + 1, column), lengthAt(row, column + 1))
    }
  }
  const spans: TextSpan[] = []
  let [row, column, at] = [0, 0, start]
  let open = { from: at, insert: '' }
  const close = (): void => {
    if (at > open.from || open.insert !== '') spans.push({ from: open.from, to: at, insert: open.insert })
  }
  while (row < old.length || column < young.length) {
    const [mine, theirs] = [old[row], young[column]]
    if (mine !== undefined && mine === theirs) {
      close()
      at += mine.length
      open = { from: at, insert: '' }
      row++
      column++
    } else if (mine !== undefined && (theirs === undefined || lengthAt(row + 1, column) >= lengthAt(row, column + 1))) {
      at += mine.length
      row++
    } else {
      open = { ...open, insert: open.insert + (theirs ?? '') }
      column++
    }
  }
  close()
  return spans
}
