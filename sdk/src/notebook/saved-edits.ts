/** Edits that the workspace has not confirmed, as JSON: a page that is loaded again takes them up. */
import type { Cell, CellId, Notebook, NotebookBatch, NotebookOperation, PlacedBatch } from '../protocol/notebook.ts'
import { rebase } from './rebase.ts'

export interface SavedPart {
  /** Of the notebook on which the edits stand. */
  readonly version: number
  /** The cells of that version that the edits are about, in the bin or not. */
  readonly cells: readonly Cell[]
  /** A batch that was sent and not answered: nobody knows here whether the workspace has it. */
  readonly sent?: NotebookBatch
  /** The same edits as they are on `version`. */
  readonly placing: readonly NotebookOperation[]
  readonly pending: readonly NotebookOperation[]
}
/** The oldest first: what a page took up from another and had not settled, then its own. */
export type SavedEdits = readonly SavedPart[]

export function savedPart(
  confirmed: Notebook,
  version: number,
  edits: {
    readonly sent?: NotebookBatch | undefined
    readonly placing: readonly NotebookOperation[]
    readonly pending: readonly NotebookOperation[]
  },
): SavedPart {
  const { sent, placing, pending } = edits
  const ids = new Set([...placing, ...pending].flatMap(textsOf))
  const cells = [...confirmed.cells, ...confirmed.bin.map(({ cell }) => cell)].filter(({ id }) => ids.has(id))
  return { version, cells, ...(sent === undefined ? {} : { sent }), placing, pending }
}

/** The part after one more batch of the workspace; its own is no longer asked about then. */
export function partBehind(part: SavedPart, { version, id, ops }: Pick<PlacedBatch, 'version' | 'id' | 'ops'>): SavedPart {
  const { sent, ...rest } = part
  if (version !== part.version + 1) return part
  if (sent?.id === id) return { ...rest, version, placing: [] }
  const placing = rebase(part.placing, ops)
  return { ...part, version, placing: placing.mine, pending: rebase(part.pending, placing.theirs).mine }
}

/** The cells whose texts an operation speaks of. */
export function textsOf(operation: NotebookOperation): readonly CellId[] {
  switch (operation.op) {
    case 'changeText':
    case 'replaceText':
    case 'splitCell':
      return [operation.cell]
    case 'mergeCells':
      return [operation.cell, operation.next]
    default:
      return []
  }
}

/** The oldest version that the edits stand on: what came after it is to be known. */
export function oldestVersion(saved: unknown): number | undefined {
  const versions = readSaved(saved).map(({ version }) => version)
  return versions.length === 0 ? undefined : Math.min(...versions)
}

/** What a store gave back; nothing where it is not what was put there. */
export function readSaved(value: unknown): SavedEdits {
  return Array.isArray(value) && value.every(isPart) ? value : []
}

function isPart(value: unknown): value is SavedPart {
  if (typeof value !== 'object' || value === null) return false
  const has = (key: 'cells' | 'placing' | 'pending'): boolean => key in value && Array.isArray(Reflect.get(value, key))
  return 'version' in value && typeof value.version === 'number' && has('cells') && has('placing') && has('pending')
}
