/** The headings of a notebook. Pure. */
import type { Cell, CellId } from '#sdk/protocol/notebook.ts'

export interface Heading {
  readonly cell: CellId
  readonly level: number
  readonly text: string
}

/** `#` at the beginning of a line, outside of fences; marks of emphasis are left out. */
export function outlineOf(cells: readonly Cell[]): readonly Heading[] {
  return cells.flatMap(({ id, type, source }) => (type === 'md' ? headingsIn(source).map((heading) => ({ cell: id, ...heading })) : []))
}

function headingsIn(source: string): Omit<Heading, 'cell'>[] {
  let fence: string | undefined
  return source.split('\n').flatMap((line) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (mark !== undefined) {
      if (fence === undefined) fence = mark
      else if (mark.startsWith(fence)) fence = undefined
      return []
    }
    const heading = fence === undefined ? /^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$/.exec(line) : null
    if (heading === null) return []
    const [, level = '', text = ''] = heading
    return [{ level: level.length, text: text.replaceAll(/[*_`]|!?\[([^\]]*)\]\([^)]*\)/g, '$1') }]
  })
}
