/** Code as coloured pieces, without an editor: the classes are those of the editor's own theme. Pure. */
import { parser as javascript } from '@lezer/javascript'
import { highlightTree } from '@lezer/highlight'
import { codeClasses } from './code-classes.ts'

export interface Piece {
  readonly text: string
  readonly from: number
  readonly className: string
  /** The place in the given ranges of the one that this piece lies in. */
  readonly range?: number
}

export interface Marked {
  readonly from: number
  readonly to: number
}

const typescript = javascript.configure({ dialect: 'ts' })
/** A longer text is shown without colours: it would keep the page from its first paint. */
const MAX_COLOURED = 64 * 1024

/** @param ranges In order, none over another: pieces end where they begin and end. */
export function highlight(source: string, ranges: readonly Marked[] = []): readonly Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let next = 0
  const put = (to: number, className: string): void => {
    while (at < to) {
      while (next < ranges.length && (ranges[next]?.to ?? 0) <= at) next++
      const range = ranges[next]
      const isInside = range !== undefined && range.from <= at
      const end = range === undefined ? to : Math.min(to, isInside ? range.to : range.from)
      pieces.push({ text: source.slice(at, end), from: at, className, ...(isInside ? { range: next } : {}) })
      at = end
    }
  }
  if (source.length <= MAX_COLOURED) {
    highlightTree(typescript.parse(source), codeClasses, (from, to, classes) => {
      put(from, '')
      put(to, classes)
    })
  }
  put(source.length, '')
  return pieces
}
