/** How high the lines of a log are, before they are drawn. */
import type { Line } from './log-lines.ts'

/** Heights by place, for lines that are only added to: as long as they are, the functions stay the same. */
export interface Sizes {
  readonly lines: readonly Line[]
  readonly estimateSize: (index: number) => number
  readonly getItemKey: (index: number) => number
}

const LINE_PX = 20

/** @param columns How many characters a row takes now. */
export const sizesOf = (lines: readonly Line[], columns: () => number): Sizes => ({
  lines,
  estimateSize: (index) => Math.max(1, rowsOf(lines[index]?.text ?? '', columns())) * LINE_PX,
  getItemKey: (index) => lines[index]?.number ?? index,
})

/** How many rows a text takes in a column of a fixed width. */
function rowsOf(text: string, columns: number): number {
  if (text.length <= columns && !text.includes('\n')) return 1
  return text.split('\n').reduce((sum, part) => sum + Math.max(1, Math.ceil(part.length / columns)), 0)
}
