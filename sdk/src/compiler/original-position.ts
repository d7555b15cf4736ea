/** From places of what runs to places of what was written. No parser here: a kernel translates places, too. */
import { originalOffset, type Insertion } from './insertions.ts'
import { lineStartsOf, positionAt } from './positions.ts'

/** A linked cell, as far as its places go. */
export interface LinkedText {
  /** What runs. */
  readonly code: string
  /** Units of `code` before the first of the cell. */
  readonly prefix: number
  readonly source: string
  /** What the cell's part of `code` has more than the source. */
  readonly insertions: readonly Insertion[]
}

/**
 * The place in the cell of a place in its linked code; lines and columns count from 1, as V8 does. Undefined for a place outside of the cell.
 */
export function originalPosition(
  { code, prefix, source, insertions }: LinkedText,
  line: number,
  column: number,
): { readonly line: number; readonly column: number } | undefined {
  const start = lineStartsOf(code)[line - 1]
  if (start === undefined) return undefined
  const offset = start + column - 1 - prefix
  const length = insertions.reduce((sum, { text }) => sum + text.length, source.length)
  if (offset < 0 || offset > length) return undefined
  return positionAt({ source, lineStarts: lineStartsOf(source) }, originalOffset(insertions, offset))
}
