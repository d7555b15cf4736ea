/** What is different between two states of a notebook, as an editor needs it, and as operations that others can be brought behind. */
import type { Cell, CellId, Notebook, NotebookOperation, TextSpan } from '../protocol/notebook.ts'
import { diffSpans } from './text-diff.ts'
import { applySpans } from './text-spans.ts'
import { composeChanges, type TextChange } from './text-transform.ts'

export type Change =
  /** Spans of the text as the view had it: an editor that applies them keeps its cursor. */
  | { readonly kind: 'text'; readonly cell: CellId; readonly spans: readonly TextSpan[] }
  /** Anything but texts: cells, their order, attributes, header, bin. */
  | { readonly kind: 'structure' }
  | Notice

/** What a person must be told. `text`: what was written and stands nowhere else now. */
export interface Notice {
  readonly kind: 'notice'
  readonly sentence: string
  readonly text?: string
}

const allCells = ({ cells, bin }: Notebook): readonly Cell[] => [...cells, ...bin.map(({ cell }) => cell)]

/** What changes the texts of one state into those of the other, cell by cell. */
export function textBridge(from: Notebook, to: Notebook): NotebookOperation[] {
  const before = new Map(allCells(from).map(({ id, source }) => [id, source]))
  return allCells(to).flatMap(({ id, source }): NotebookOperation[] => {
    const old = before.get(id)
    if (old === undefined || old === source) return []
    return [{ op: 'changeText', cell: id, length: old.length, spans: diffSpans(old, source) }]
  })
}

/** `hint`: the operations that came between, as they are for `before`; where they tell exactly what happened to a text, they are taken. */
export function changesBetween(before: Notebook, after: Notebook, hint: readonly NotebookOperation[]): Change[] {
  if (before === after) return []
  const old = new Map(before.cells.map((cell) => [cell.id, cell]))
  const hinted = changesByCell(hint)
  const texts = after.cells.flatMap(({ id, source }): Change[] => {
    const text = old.get(id)?.source
    if (text === undefined || text === source) return []
    const spans = hinted.get(id)
    const isExact = spans !== undefined && spans.length === text.length && applySpans(text, spans.spans) === source
    return [{ kind: 'text', cell: id, spans: isExact ? spans.spans : diffSpans(text, source) }]
  })
  const isSame = before.header === after.header && before.bin === after.bin && hasSameCells(before.cells, after.cells)
  return isSame ? texts : [...texts, { kind: 'structure' }]
}

function hasSameCells(before: readonly Cell[], after: readonly Cell[]): boolean {
  return (
    before.length === after.length &&
    before.every((cell, index) => {
      const other = after[index]
      return other === cell || (other?.id === cell.id && other.type === cell.type && other.attributes === cell.attributes)
    })
  )
}

function changesByCell(operations: readonly NotebookOperation[]): ReadonlyMap<CellId, TextChange> {
  const changes = new Map<CellId, TextChange>()
  for (const operation of operations) {
    if (operation.op !== 'changeText') continue
    const known = changes.get(operation.cell)
    changes.set(operation.cell, known === undefined ? operation : composeChanges(known, operation))
  }
  return changes
}
