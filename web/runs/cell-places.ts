/** Places in cells that a log line names: `cell-k3f9.ts:3:5`, as kernels write them. */

export interface CellPlace {
  readonly cell: string
  readonly line: number
  readonly column: number
}

const PLACE = /cell-([\w-]+)\.ts:(\d+):(\d+)/

/** A text with the places in it, in order. */
export function withPlaces(text: string): readonly (string | { readonly text: string; readonly place: CellPlace })[] {
  if (!text.includes('cell-')) return [text]
  const pieces: (string | { readonly text: string; readonly place: CellPlace })[] = []
  let end = 0
  for (const match of text.matchAll(new RegExp(PLACE, 'g'))) {
    const place = cellPlaceOf(match[0])
    if (place === undefined) continue
    if (match.index > end) pieces.push(text.slice(end, match.index))
    pieces.push({ text: match[0], place })
    end = match.index + match[0].length
  }
  if (end < text.length) pieces.push(text.slice(end))
  return pieces
}

/** The first one; undefined where there is none. */
export function cellPlaceOf(text: string): CellPlace | undefined {
  const [, cell, line, column] = PLACE.exec(text) ?? []
  return cell === undefined ? undefined : { cell, line: Number(line), column: Number(column) }
}
