/** From what a reader found to a notebook within its limits, in which every cell has an id of its own. */
import type { Random } from '../protocol/mint.ts'
import { MAX_CELLS } from '../protocol/limits.ts'
import type { AttributeValue, Cell, CellAttributes, CellId, NotebookHeader } from '../protocol/notebook.ts'
import { CELL_KIND } from '../protocol/notebook-rules.ts'
import {
  CELL_TOO_LARGE,
  isCellId,
  isCellTooLarge,
  isTooLarge,
  mintCellId,
  normalizeText,
  NOTEBOOK_TOO_LARGE,
  TOO_MANY_CELLS,
} from './document.ts'
import type { Notice, ReadNotebook } from './notices.ts'

/** A cell as a file has it. */
export interface Draft {
  readonly type: string
  readonly source: string
  readonly attributes?: CellAttributes
  /** What the file says; undefined where it says nothing. */
  readonly id?: AttributeValue | undefined
  /** Nobody wrote a marker for it, so nobody misses its id. */
  readonly isPlain?: boolean
  readonly where?: { readonly line: number } | { readonly cell: number }
}

/** Gives each draft an id: its own, if it is one and no earlier draft has it, else a new one, which is said. */
export function buildNotebook(header: NotebookHeader, drafts: readonly Draft[], notices: readonly Notice[], random: Random): ReadNotebook {
  if (drafts.length > MAX_CELLS) return { ok: false, code: 'too_large', sentence: TOO_MANY_CELLS }
  const named = new Set(drafts.flatMap(({ id }) => (isCellId(id) ? [id] : [])))
  const given = new Set<CellId>()
  const said: Notice[] = [...notices]
  const cells: Cell[] = []
  for (const draft of drafts) {
    const source = normalizeText(draft.source).replaceAll('\0', '\uFFFD')
    if (isCellTooLarge(source)) return { ok: false, code: 'too_large', sentence: CELL_TOO_LARGE, ...lineOf(draft) }
    const isOwn = isCellId(draft.id) && !given.has(draft.id)
    const id = isCellId(draft.id) && isOwn ? draft.id : mintCellId({ has: (one) => named.has(one) || given.has(one) }, random)
    if (!isOwn && draft.isPlain !== true) said.push(newIdNotice(draft, id))
    given.add(id)
    const type = CELL_KIND.test(draft.type) ? draft.type : 'text'
    cells.push({ id, type, source, attributes: draft.attributes ?? {} })
  }
  if (isTooLarge(cells)) return { ok: false, code: 'too_large', sentence: NOTEBOOK_TOO_LARGE }
  return { ok: true, notebook: { header, cells, bin: [] }, notices: said }
}

const lineOf = ({ where }: Draft) => (where !== undefined && 'line' in where ? where : {})

function newIdNotice({ id, where }: Draft, minted: CellId): Notice {
  const place = where ?? {}
  if (id === undefined) return { code: 'no_id', sentence: `The cell has no id; it got ${minted}.`, ...place }
  if (isCellId(id)) return { code: 'duplicate_id', sentence: `An earlier cell has the id ${id} too; this one got ${minted}.`, ...place }
  return { code: 'bad_id', sentence: `${JSON.stringify(id)} is no id of a cell; it got ${minted}.`, ...place }
}
