/** What is marked in the text of a cell, in the editor as in static code: names of other cells, and what is searched for. */
import type { CellHost } from './cell-host.ts'
import type { CellModel } from './cell-model.ts'
import type { Marking } from './editor/marks.ts'

/** What the compiler knows is of the text as it is now. Facts of another one would mark the wrong letters. */
export const isOfText = ({ info, cell }: CellModel): boolean => info.value?.source === cell.value.source

export function refsOf(model: CellModel): readonly Marking[] {
  if (!isOfText(model)) return []
  const references = model.info.value?.references ?? []
  return references.flatMap(({ name, uses }) => uses.map(({ start, end }): Marking => ({ from: start, to: end, kind: 'ref', name })))
}

export function foundIn({ model, hooks }: Pick<CellHost, 'model' | 'hooks'>): readonly Marking[] {
  const { matches, now } = hooks.found(model.id)
  return matches.map((match) => ({ from: match.from, to: match.to, kind: match === now ? 'found now' : 'found' }))
}

/** In order and none over another: what is found wins over the names. */
export function markingsOf(host: Pick<CellHost, 'model' | 'hooks'>): readonly Marking[] {
  const all = [...foundIn(host), ...refsOf(host.model)].toSorted((a, b) => a.from - b.from || b.to - a.to)
  return all.filter((one, at) => all.slice(0, at).every(({ to }) => to <= one.from))
}
