/** Find and replace over all cells of a notebook. Pure: what is found are places, and what replaces are operations that can be undone. */
import type { Cell, CellId, NotebookOperation, TextSpan } from '#sdk/protocol/notebook.ts'
import { MAX_TEXT_SPANS } from '#sdk/protocol/limits.ts'

export interface FindQuery {
  readonly text: string
  readonly isRegex: boolean
  readonly isCaseSensitive: boolean
  readonly isWholeWord: boolean
}

/** Offsets in the source of the cell. */
export interface Match {
  readonly cell: CellId
  readonly from: number
  readonly to: number
}

export interface Found {
  readonly matches: readonly Match[]
  /** There are more than are shown. */
  readonly isCut: boolean
  /** Why nothing can be searched: the expression is none. */
  readonly problem?: string
}

/** More of them are neither read nor shown one by one. */
export const MAX_MATCHES = 10_000

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
const WORD_BEFORE = String.raw`(?<![\p{L}\p{N}_$])`
const WORD_AFTER = String.raw`(?![\p{L}\p{N}_$])`

/** The expression that a query stands for; undefined for an empty one. */
function expressionOf({ text, isRegex, isCaseSensitive, isWholeWord }: FindQuery): RegExp | undefined {
  if (text === '') return undefined
  const body = isRegex ? text : escaped(text)
  return new RegExp(isWholeWord ? `${WORD_BEFORE}(?:${body})${WORD_AFTER}` : body, isCaseSensitive ? 'gmu' : 'gimu')
}

export function findIn(cells: readonly Cell[], query: FindQuery): Found {
  let expression
  try {
    expression = expressionOf(query)
  } catch (error) {
    return { matches: [], isCut: false, problem: reasonOf(error) }
  }
  if (expression === undefined) return { matches: [], isCut: false }
  const matches: Match[] = []
  for (const { id, source } of cells) {
    for (const match of source.matchAll(expression)) {
      if (match[0] === '') continue
      if (matches.length === MAX_MATCHES) return { matches, isCut: true }
      matches.push({ cell: id, from: match.index, to: match.index + match[0].length })
    }
  }
  return { matches, isCut: false }
}

/** `Invalid regular expression: /(/gimu: Unterminated group` says it well enough in its last part. */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? (error.message.split(': ').at(-1) ?? '') : String(error)
  return `This is no regular expression: ${reason.toLowerCase()}.`
}

/** The match to go to: the first behind a place, round to the top. */
export function nextMatch(
  matches: readonly Match[],
  order: readonly CellId[],
  at: { readonly cell: CellId; readonly offset: number },
): number {
  const position = new Map(order.map((id, index) => [id, index]))
  const place = position.get(at.cell) ?? 0
  const found = matches.findIndex(({ cell, from }) => {
    const where = position.get(cell) ?? 0
    return where > place || (where === place && from >= at.offset)
  })
  return found < 0 ? 0 : found
}

/**
 * What puts `replacement` in place of the matches, one operation per cell. In a regular expression `$1` and `$<name>` stand for its groups.
 */
export function replaceIn(
  cells: readonly Cell[],
  query: FindQuery,
  matches: readonly Match[],
  replacement: string,
): readonly NotebookOperation[] {
  const wanted = Map.groupBy(matches, ({ cell }) => cell)
  return cells.flatMap(({ id, source }): NotebookOperation[] => {
    const spans = (wanted.get(id) ?? []).map((match) => ({
      from: match.from,
      to: match.to,
      insert: query.isRegex ? filledIn(source, query, match, replacement) : replacement,
    }))
    if (spans.length === 0) return []
    if (spans.length <= MAX_TEXT_SPANS) return [{ op: 'changeText', cell: id, length: source.length, spans }]
    return [{ op: 'replaceText', cell: id, source: applied(source, spans) }]
  })
}

function filledIn(source: string, query: FindQuery, { from }: Match, replacement: string): string {
  const expression = expressionOf(query)
  if (expression === undefined) return replacement
  const sticky = new RegExp(expression.source, expression.flags.replace('g', 'y'))
  sticky.lastIndex = from
  const found = sticky.exec(source)
  if (found === null) return replacement
  return replacement.replaceAll(/\$(?:(\$)|(\d{1,2})|<([^>]+)>|(&))/g, (whole, dollar, number, name, all) => {
    if (dollar !== undefined) return '$'
    if (all !== undefined) return found[0]
    return (name === undefined ? found[Number(number)] : found.groups?.[String(name)]) ?? (name === undefined ? '' : String(whole))
  })
}

function applied(source: string, spans: readonly TextSpan[]): string {
  let end = 0
  let text = ''
  for (const { from, to, insert } of spans) {
    text += source.slice(end, from) + insert
    end = to
  }
  return text + source.slice(end)
}
