/** Offsets and places. No parser here: a kernel translates places, too. */

/** What places of a text are told by. */
export interface PlacedText {
  readonly source: string
  readonly lineStarts: readonly number[]
}

const LINE_END = /\r\n|[\n\r\u2028\u2029]/g

/** The offsets at which lines begin. */
export function lineStartsOf(source: string): number[] {
  const starts = [0]
  for (const end of source.matchAll(LINE_END)) starts.push(end.index + end[0].length)
  return starts
}

/** Line and column (both from 1) of an offset, as V8 counts them: UTF-16 units, a byte order mark not counted. */
export function positionAt(document: PlacedText, offset: number): { readonly line: number; readonly column: number } {
  let low = 0
  let high = document.lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((document.lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  const marked = low === 0 && document.source.startsWith('\uFEFF') ? 1 : 0
  return { line: low + 1, column: offset - (document.lineStarts[low] ?? 0) + 1 - marked }
}
