/** What the palette offers for a query, and in which order. */
import { isEnabled, type Command, type KeyContext } from './commands.ts'
import { fit } from './fuzzy.ts'
import type { PaletteEntry } from './palette-sources.ts'

/** Commands that make sense now. Of two with one id the later one counts. */
export function commandEntries(commands: readonly Command[], context: KeyContext): readonly PaletteEntry[] {
  const usable = commands.filter(
    (command) => command.isKeyOnly !== true && isEnabled(command) && (command.when === 'global' || context !== 'none'),
  )
  const byId = new Map(usable.map((command) => [command.id, command]))
  return [...byId.values()].map(({ id, title, keys, group, words, run }) => ({
    id,
    title,
    group,
    run: () => run(),
    ...(words === undefined ? {} : { words }),
    ...(keys?.[0] === undefined ? {} : { keys: keys[0] }),
  }))
}

export interface Ranked {
  readonly entry: PaletteEntry
  /** Places of the title that fit. */
  readonly places: readonly number[]
}

const RECENT_BONUS = 6
const WORDS_PENALTY = 8

/** Best first; without a query the recent ones first, then in the order given. */
export function rank(query: string, entries: readonly PaletteEntry[], recent: readonly string[], most: number): readonly Ranked[] {
  const recency = (id: string): number => {
    const at = recent.indexOf(id)
    return at === -1 ? 0 : (recent.length - at) / recent.length
  }
  const scored = entries.flatMap((entry) => {
    const title = fit(query, entry.title)
    const words = title === undefined ? fit(query, `${entry.words ?? ''} ${entry.group} ${entry.detail ?? ''}`) : undefined
    if (title === undefined && words === undefined) return []
    const score = (title?.score ?? (words?.score ?? 0) - WORDS_PENALTY) + recency(entry.id) * RECENT_BONUS
    return [{ entry, places: title?.places ?? [], score }]
  })
  return scored
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ entry, places }) => ({ entry, places }))
}

const KEY = 'flowcell.recent-commands'
const MAX_RECENT = 12

export function recentEntries(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : []
  } catch {
    return [] // storage is blocked: nothing is recent
  }
}

export function rememberEntry(id: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([id, ...recentEntries().filter((known) => known !== id)].slice(0, MAX_RECENT)))
  } catch {
    // as above
  }
}
