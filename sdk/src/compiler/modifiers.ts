/** The words before the name of a class member: which are TypeScript's, and what stands after them. */
import { skipSpace, wordEnd } from './text-scan.ts'

const REMOVED: ReadonlySet<string> = new Set(['public', 'private', 'protected', 'readonly', 'override', 'abstract', 'declare'])
const KEPT: ReadonlySet<string> = new Set(['static', 'async', 'get', 'set', 'accessor'])

export interface Modifiers {
  readonly removed: readonly { readonly start: number; readonly end: number }[]
  /** What stands where the first word that stays begins: enough of it to tell a bracket, a star or a word. */
  readonly next: string
}

export function modifiersOf(source: string, from: number, key: number): Modifiers {
  const removed: { start: number; end: number }[] = []
  let next: number | undefined
  let at = skipSpace(source, from)
  while (at < key) {
    const end = wordEnd(source, at)
    const word = source.slice(at, end)
    if (REMOVED.has(word)) removed.push({ start: at, end })
    else {
      next ??= at
      if (!KEPT.has(word)) break
    }
    at = skipSpace(source, end)
  }
  const first = next ?? at
  return { removed, next: source.slice(first, first + 'instanceof'.length + 1) }
}
