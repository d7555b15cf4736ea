/** Places in cells that a log line names: `cell-k3f9.ts:3:5`, as kernels write them. */

export interface CellPlace {
  readonly cell: string
  readonly line: number
  readonly column: number
}

const PLACE = /cell-([\w-]+)\.ts:(\d+):(\d+)/

/** The first one; undefined where there is none. */
export function cellPlaceOf(text: string): CellPlace | undefined {
  const [, cell, line, column] = PLACE.exec(text) ?? []
  return cell === undefined ? undefined : { cell, line: Number(line), column: Number(column) }
}
