/** A text as pieces for the page: coloured where its syntax is known, and marked where something is said about it. Pure. */

export interface Piece {
  readonly text: string
  readonly className: string
  /** The place in the given ranges of the one that this piece lies in. */
  readonly range?: number
}

export interface Marked {
  readonly from: number
  readonly to: number
}

/** In order, none over another. */
export interface Token extends Marked {
  readonly className: string
}

/** @param ranges In order, none over another: pieces end where they begin and end. */
export function piecesOf(source: string, tokens: readonly Token[], ranges: readonly Marked[]): readonly Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let next = 0
  const put = (to: number, className: string): void => {
    while (at < to) {
      while (next < ranges.length && (ranges[next]?.to ?? 0) <= at) next++
      const range = ranges[next]
      const isInside = range !== undefined && range.from <= at
      const end = range === undefined ? to : Math.min(to, isInside ? range.to : range.from)
      pieces.push({ text: source.slice(at, end), className, ...(isInside ? { range: next } : {}) })
      at = end
    }
  }
  for (const { from, to, className } of tokens) {
    put(from, '')
    put(to, className)
  }
  put(source.length, '')
  return pieces
}
