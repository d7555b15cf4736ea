/** What differs between two texts, as spans: by lines where there are not too many, then by the ends of what differs. */
import type { TextSpan } from '../protocol/notebook.ts'

/** Pairs of lines that are compared; beyond it what differs is one span. */
const MAX_PAIRS = 250_000

/** Spans that turn `before` into `after`. */
export function diffSpans(before: string, after: string): TextSpan[] {
  if (before === after) return []
  const whole = trimmed({ from: 0, to: before.length, insert: after }, before)
  const [old, young] = [linesOf(before.slice(whole.from, whole.to)), linesOf(whole.insert)]
  if (old.length * young.length > MAX_PAIRS || old.length < 2 || young.length < 2) return [whole]
  return hunksOf(old, young, whole.from)
    .map((hunk) => trimmed(hunk, before))
    .filter(({ from, to, insert }) => to > from || insert !== '')
}

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

/** The longest common subsequence of lines stays; what is between its lines are the hunks. */
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
