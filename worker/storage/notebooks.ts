/**
 * Notebooks: a row each, and one for every cell. A change of a text writes its cell's row; only a change of header, order or bin writes the
 * notebook's.
 *
 * 1. Notebooks that were read or written last are remembered as values, by the version and the time of their last change: an edit of a
 *    large notebook reads none of its texts again. What a commit that failed has left here fits no row, so it is never used.
 */
import type { NotebookQuery } from '#sdk/protocol/filters.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import type { BinnedCell, Cell, CellId, Notebook, NotebookHeader, NotebookId, Place } from '#sdk/protocol/notebook.ts'
import { fromText, jsonOf, listOf, numberOf, textOf, textOrNull, toJson, toText } from './columns.ts'
import type { Binding, Database, Row } from './sql.ts'

export interface NotebookRow {
  readonly id: NotebookId
  readonly title: string | null
  readonly created: Instant
  readonly updated: Instant
  /** Of the last batch of edits; 0 before the first. */
  readonly version: number
  readonly cellCount: number
}

/** Large ones take some MiB each, and few are edited at a time. */
const MAX_REMEMBERED = 4

const COLUMNS = `n.id, n.title, n.created, n.cell_count, coalesce(l.updated, n.created) AS updated, coalesce(l.first + l.count - 1, 0) AS version
  FROM notebook n LEFT JOIN notebook_log l
    ON l.notebook_id = n.id AND l.first = (SELECT max(first) FROM notebook_log WHERE notebook_id = n.id)`

const SORTS: Readonly<Record<NotebookQuery['sort'], string>> = {
  UPDATED_DESC: 'updated DESC, n.id DESC',
  CREATED_DESC: 'n.created DESC, n.id DESC',
  NAME_ASC: 'lower(n.title) NULLS LAST, n.id',
}

const CELL = `INSERT INTO notebook_cell (notebook_id, cell_id, type, attributes, source) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (notebook_id, cell_id) DO UPDATE SET type = excluded.type, attributes = excluded.attributes, source = excluded.source`

export class Notebooks {
  readonly #database: Database
  /** By id; the one that was used last is the last. */
  readonly #remembered = new Map<NotebookId, { readonly version: number; readonly updated: Instant; readonly notebook: Notebook }>()

  constructor(database: Database) {
    this.#database = database
  }

  find(id: NotebookId): NotebookRow | undefined {
    const [row] = this.#database.exec(`SELECT ${COLUMNS} WHERE n.id = ?`, id).rows
    return row === undefined ? undefined : rowOf(row)
  }

  /** There are at most MAX_NOTEBOOKS, so all of them are looked through. */
  list({ notebooks, sort, limit, offset }: NotebookQuery): readonly NotebookRow[] {
    const conditions: string[] = []
    const bindings: Binding[] = []
    const ids = notebooks?.id?.any_
    const like = notebooks?.title?.like_
    if (ids != null) {
      conditions.push('n.id IN (SELECT value FROM json_each(?))')
      bindings.push(listOf(ids))
    }
    if (like != null) {
      conditions.push('instr(lower(n.title), lower(?)) > 0')
      bindings.push(toText(like))
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
    const query = `SELECT ${COLUMNS} ${where} ORDER BY ${SORTS[sort]} LIMIT ? OFFSET ?`
    return this.#database.exec(query, ...bindings, limit, offset).rows.map(rowOf)
  }

  count(): number {
    const [row] = this.#database.exec('SELECT count(*) AS n FROM notebook').rows
    return row === undefined ? 0 : numberOf(row, 'n')
  }

  /** The notebook as it is at the version of its row. */
  load({ id, version, updated }: NotebookRow): Notebook {
    const known = this.#remembered.get(id)
    const isSame = known !== undefined && known.version === version && known.updated === updated
    const notebook = isSame ? known.notebook : this.#read(id)
    this.#remember(id, version, updated, notebook)
    return notebook
  }

  insert(id: NotebookId, title: string | undefined, notebook: Notebook, now: Instant): void {
    const { cells } = notebook
    this.#database.exec(
      'INSERT INTO notebook (id, created, title, cell_count, header, cells, bin) VALUES (?, ?, ?, ?, ?, ?, ?)',
      id,
      now,
      title === undefined ? null : toText(title),
      cells.length,
      ...orderOf(notebook),
    )
    for (const cell of cellsOf(notebook)) this.#saveCell(id, cell)
    this.#remember(id, 0, now, notebook)
  }

  /** Writes what is different, which is what is another object: 1 row for each cell, 1 for header, order and bin together. Answers the cells that are gone. */
  update(
    { id }: NotebookRow,
    title: string | undefined,
    {
      before,
      after,
      version,
      now,
    }: { readonly before: Notebook; readonly after: Notebook; readonly version: number; readonly now: Instant },
  ): readonly CellId[] {
    const old = new Map(cellsOf(before).map((cell) => [cell.id, cell]))
    for (const cell of cellsOf(after)) {
      if (old.get(cell.id) !== cell) this.#saveCell(id, cell)
      old.delete(cell.id)
    }
    for (const gone of old.keys()) {
      this.#database.exec('DELETE FROM notebook_cell WHERE notebook_id = ? AND cell_id = ?', id, gone)
    }
    const order = orderOf(after)
    if (orderOf(before).some((text, index) => text !== order[index])) {
      this.#database.exec(
        'UPDATE notebook SET title = ?, cell_count = ?, header = ?, cells = ?, bin = ? WHERE id = ?',
        title === undefined ? null : toText(title),
        after.cells.length,
        ...order,
        id,
      )
    }
    this.#remember(id, version, now, after)
    return [...old.keys()]
  }

  /** Its cells are deleted apart, in steps. */
  delete(id: NotebookId): boolean {
    this.#remembered.delete(id)
    return this.#database.exec('DELETE FROM notebook WHERE id = ? RETURNING id', id).rows.length > 0
  }

  deleteCells(id: NotebookId, limit: number): number {
    const query = `DELETE FROM notebook_cell WHERE notebook_id = ? AND cell_id IN
      (SELECT cell_id FROM notebook_cell WHERE notebook_id = ? LIMIT ?) RETURNING 1`
    return this.#database.exec(query, id, id, limit).rows.length
  }

  #saveCell(id: NotebookId, { id: cell, type, attributes, source }: Cell): void {
    this.#database.exec(CELL, id, cell, type, toJson(attributes), toText(source))
  }

  #read(id: NotebookId): Notebook {
    const [row] = this.#database.exec('SELECT header, cells, bin FROM notebook WHERE id = ?', id).rows
    if (row === undefined) throw new TypeError(`notebook ${id} has no row`)
    const cells = new Map<CellId, Cell>()
    for (const one of this.#database.exec('SELECT * FROM notebook_cell WHERE notebook_id = ?', id).rows) {
      const cell = cellOf(one)
      cells.set(cell.id, cell)
    }
    const cellFor = (cellId: CellId): Cell => {
      const cell = cells.get(cellId)
      if (cell === undefined) throw new TypeError(`cell ${cellId} of notebook ${id} has no row`)
      return cell
    }
    return {
      header: jsonOf<NotebookHeader>(row, 'header'),
      cells: jsonOf<CellId[]>(row, 'cells').map(cellFor),
      bin: jsonOf<BinEntry[]>(row, 'bin').map(([cellId, after, before]) => ({ cell: cellFor(cellId), place: { after, before } })),
    }
  }

  #remember(id: NotebookId, version: number, updated: Instant, notebook: Notebook): void {
    this.#remembered.delete(id)
    this.#remembered.set(id, { version, updated, notebook })
    const [oldest] = this.#remembered.keys()
    if (oldest !== undefined && this.#remembered.size > MAX_REMEMBERED) this.#remembered.delete(oldest)
  }
}

type BinEntry = readonly [cell: CellId, after: Place['after'], before: Place['before']]

const cellsOf = ({ cells, bin }: Notebook): readonly Cell[] => [...cells, ...bin.map(({ cell }) => cell)]

/** The columns of a notebook's row that change with its order. */
function orderOf({ header, cells, bin }: Notebook): readonly [header: string, cells: string, bin: string] {
  const entry = ({ cell, place }: BinnedCell): BinEntry => [cell.id, place.after, place.before]
  return [toJson(header), toJson(cells.map(({ id }) => id)), toJson(bin.map(entry))]
}

function rowOf(row: Row): NotebookRow {
  const title = textOrNull(row, 'title')
  return {
    id: textOf(row, 'id') as NotebookId,
    title: title === null ? null : fromText(title),
    created: numberOf(row, 'created'),
    updated: numberOf(row, 'updated'),
    version: numberOf(row, 'version'),
    cellCount: numberOf(row, 'cell_count'),
  }
}

function cellOf(row: Row): Cell {
  return {
    id: textOf(row, 'cell_id') as CellId,
    type: textOf(row, 'type'),
    source: fromText(textOf(row, 'source')),
    attributes: jsonOf<Cell['attributes']>(row, 'attributes'),
  }
}
