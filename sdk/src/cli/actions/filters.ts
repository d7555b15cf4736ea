/** From options of `ls` to Prefect's filter language, and page after page of its answers. */
import { MAX_PAGE } from '../../protocol/limits.ts'
import type { StateType } from '../../protocol/states.ts'
import { STATE_NAMES, STATE_TYPES } from '../../protocol/state-types.ts'

interface StateFilter {
  readonly operator: 'or_'
  readonly type?: { readonly any_: StateType[] }
  readonly name?: { readonly any_: string[] }
}

/** `failed` means the type (with TimedOut), `late` the name; names that others gave are taken as they are. */
export function stateFilter(words: readonly string[] | undefined): StateFilter | undefined {
  if (words === undefined || words.length === 0) return undefined
  const types = words.flatMap((word) => typeNamed(word) ?? [])
  const names = words.filter((word) => typeNamed(word) === undefined).map((word) => nameLike(word) ?? word)
  return {
    operator: 'or_',
    ...(types.length === 0 ? {} : { type: { any_: types } }),
    ...(names.length === 0 ? {} : { name: { any_: names } }),
  }
}

/** Says that nothing matches, and which of the states that were asked for are none that Flowcell gives: they may be misspelt. */
export function nothingMatches(noun: string, words: readonly string[] = []): string {
  const strange = words.filter((word) => typeNamed(word) === undefined && nameLike(word) === undefined)
  if (strange.length === 0) return `No ${noun} matches.`
  const known = Object.keys(STATE_NAMES).join(', ')
  return `No ${noun} matches. ${strange.map((word) => `"${word}"`).join(', ')} is no state that Flowcell gives; those are ${known}.`
}

const typeNamed = (word: string): StateType | undefined => STATE_TYPES.find((known) => known === word.toUpperCase())
const nameLike = (word: string): string | undefined => Object.keys(STATE_NAMES).find((known) => known.toLowerCase() === word.toLowerCase())

/** The first so many rows of a list that is read page by page, each page after the last id of the one before. */
export async function firstRows<Row extends { readonly id: string }>(
  count: number,
  page: (limit: number, cursor: string | undefined) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  while (rows.length < count) {
    const limit = Math.min(MAX_PAGE, count - rows.length)
    const next = await page(limit, rows.at(-1)?.id)
    rows.push(...next)
    if (next.length < limit) break
  }
  return rows
}
