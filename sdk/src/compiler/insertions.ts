/** What a compiled text has more than its source, and the way back. No parser here: a kernel translates places, too. */

/** Text that was put in before the offset `at` of the original. */
export interface Insertion {
  readonly at: number
  readonly text: string
}

/** In the order of the text. What ends at a place ends before what begins there. */
export function sortInsertions(insertions: readonly Insertion[]): readonly Insertion[] {
  return insertions.toSorted((left, right) => left.at - right.at || Number(right.text.startsWith(')')) - Number(left.text.startsWith(')')))
}

/** The offset in the original of an offset in the instrumented code; inside an insertion, the place where it was put. */
export function originalOffset(insertions: readonly Insertion[], offset: number): number {
  let shift = 0
  for (const { at, text } of insertions) {
    if (at + shift + text.length > offset) return Math.min(offset - shift, at)
    shift += text.length
  }
  return offset - shift
}

/** The text with its insertions, which are in order. */
export function insertInto(source: string, insertions: readonly Insertion[]): string {
  const parts: string[] = []
  let from = 0
  for (const { at, text } of insertions) {
    parts.push(source.slice(from, at), text)
    from = at
  }
  return parts.join('') + source.slice(from)
}
