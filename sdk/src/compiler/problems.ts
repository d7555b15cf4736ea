/** What a cell's author is told, and where. */
import type { SourceDocument } from './parse.ts'
import { positionAt, type PlacedText } from './positions.ts'

/** Line and columns count from 1; `endColumn` is the first column after it, given when the place ends on its line. */
export interface CellProblem {
  readonly message: string
  readonly line: number
  readonly column: number
  readonly endColumn?: number
  readonly hint?: string
}

export interface Place {
  readonly line: number
  readonly column: number
  readonly endColumn?: number
}

/** The place of a range of offsets. */
export function placeOf(document: PlacedText, range: { readonly start: number; readonly end: number }): Place {
  const from = positionAt(document, range.start)
  const to = positionAt(document, range.end)
  return to.line === from.line && to.column > from.column ? { ...from, endColumn: to.column } : from
}

export function problemAt(
  document: SourceDocument,
  range: { readonly start: number; readonly end: number },
  message: string,
  hint?: string,
): CellProblem {
  return { message, ...placeOf(document, range), ...(hint === undefined ? {} : { hint }) }
}
