/** Records whose order counts: the file prints attributes and header in the order in which they stand. */

type Entries<T> = Readonly<Record<string, T>>

/** With `name` as `value`: where it stood, else before `before`, else at the end. Null removes it. */
export function withEntry<T>(record: Entries<T>, name: string, value: T | null, before?: string): Entries<T> {
  const entries = Object.entries(record)
  const at = entries.findIndex(([key]) => key === name)
  const next = before === undefined ? -1 : entries.findIndex(([key]) => key === before)
  if (value === null) return Object.fromEntries(entries.filter(([key]) => key !== name))
  if (at >= 0) entries[at] = [name, value]
  else entries.splice(next < 0 ? entries.length : next, 0, [name, value])
  return Object.fromEntries(entries)
}

/** What makes {@link withEntry} undone: the value that stood there, and what stood behind it. */
export function entryOf<T>(record: Entries<T>, name: string): { readonly value: T | null; readonly before?: string } {
  const entries = Object.entries(record)
  const at = entries.findIndex(([key]) => key === name)
  const [, value] = entries[at] ?? []
  const [before] = at < 0 ? [] : (entries[at + 1] ?? [])
  return { value: value ?? null, ...(before === undefined ? {} : { before }) }
}
