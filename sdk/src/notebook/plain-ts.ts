/** A plain module of TypeScript, which is no notebook. */
import type { Random } from '../protocol/mint.ts'
import type { CellId, Notebook } from '../protocol/notebook.ts'
import { buildNotebook } from './build.ts'
import { emptyNotebook, normalizeText, withoutBlankEnd } from './document.ts'
import type { ReadNotebook } from './notices.ts'

/**
 * A module as one cell, or as one cell for each part between the lines that `cuts` names (from 1). Only who has parsed it knows where it
 * may be cut.
 */
export function parsePlainTs(
  text: string,
  random: Random,
  { title, cuts = [] }: { title?: string; cuts?: readonly number[] } = {},
): ReadNotebook {
  if (text.includes('\0')) return { ok: false, code: 'not_text', sentence: 'The file is no text, so it is no notebook.' }
  const lines = normalizeText(text).split('\n')
  const starts = [1, ...cuts.filter((line) => line > 1 && line <= lines.length)].toSorted((a, b) => a - b)
  const drafts = starts.flatMap((start, index) => {
    const part = lines.slice(start - 1, (starts[index + 1] ?? lines.length + 1) - 1)
    const first = part.findIndex((line) => line.trim() !== '')
    if (first < 0) return []
    return [{ type: 'ts', source: withoutBlankEnd(part.slice(first).join('\n')), isPlain: true, where: { line: start + first } }]
  })
  return buildNotebook(emptyNotebook(title).header, drafts, [], random)
}

/** The code alone, in the given order of cells, else in that of the page: a module without a trace of the notebook. */
export function printPlainTs({ cells }: Notebook, order: readonly CellId[] = cells.map(({ id }) => id)): string {
  const sources = new Map(cells.filter(({ type }) => type === 'ts').map(({ id, source }) => [id, withoutBlankEnd(source)]))
  const parts = order.flatMap((id) => sources.get(id) || [])
  return parts.length === 0 ? '' : `${parts.join('\n\n')}\n`
}
