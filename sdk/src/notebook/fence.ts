/** Fenced code in Markdown. */

export interface Fence {
  readonly mark: string
  readonly indent: number
  /** What stands behind the opening marks. */
  readonly info: string
}

/** The fence that a line opens, if it opens one. */
export function openingFence(line: string): Fence | undefined {
  const [, indent = '', mark = '', info = ''] = /^( {0,3})(`{3,}|~{3,})(.*)$/s.exec(line) ?? []
  if (mark === '' || (mark.startsWith('`') && info.includes('`'))) return undefined
  return { mark, indent: indent.length, info: info.trim() }
}

/** The line that closes the fence which line `open` opens; the number of lines where none does. */
export function closingLine(lines: readonly string[], open: number, fence: Fence): number {
  let at = open + 1
  while (at < lines.length && !closes(lines[at] ?? '', fence)) at++
  return at
}

function closes(line: string, { mark }: Fence): boolean {
  const [, closing = ''] = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(line) ?? []
  return closing.length >= mark.length && closing.startsWith(mark)
}

/** A fence around the text that nothing in it closes. */
export function fenced(language: string, source: string): string {
  const longest = Math.max(2, ...[...source.matchAll(/`+/g)].map(([run]) => run.length))
  const mark = '`'.repeat(longest + 1)
  return `${mark}${language}\n${source}${source === '' ? '' : '\n'}${mark}`
}

/** The text between, if all of `source` is one fence of the language. */
export function unfenced(language: string, source: string): string | undefined {
  const lines = source.split('\n')
  const fence = openingFence(lines[0] ?? '')
  if (fence === undefined || fence.info !== language || fence.indent > 0) return undefined
  const end = closingLine(lines, 0, fence)
  return end === lines.length - 1 ? lines.slice(1, end).join('\n') : undefined
}
