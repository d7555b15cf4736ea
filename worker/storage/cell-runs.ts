/** What cells show: the newest run of each, a row each. */
import type { CellRun } from '#sdk/protocol/cell-output.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import type { CellId, NotebookId } from '#sdk/protocol/notebook.ts'
import { jsonOf, numberOf, textOf } from './columns.ts'
import type { Database } from './sql.ts'

export interface StoredRun {
  readonly cell: CellId
  readonly kernel: string
  /** By the workspace's clock where the page's was ahead of it. */
  readonly started: Instant
  /** Characters. */
  readonly size: number
}

const UPSERT = `INSERT INTO cell_run (notebook_id, cell_id, started, kernel, size, doc) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (notebook_id, cell_id) DO UPDATE SET
    started = excluded.started, kernel = excluded.kernel, size = excluded.size, doc = excluded.doc`

export class CellRuns {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  find(notebook: NotebookId, cell: CellId): CellRun | undefined {
    const [row] = this.#database.exec('SELECT doc FROM cell_run WHERE notebook_id = ? AND cell_id = ?', notebook, cell).rows
    return row === undefined ? undefined : jsonOf<CellRun>(row, 'doc')
  }

  /** All of a notebook, without what they show. */
  ofNotebook(notebook: NotebookId): readonly StoredRun[] {
    const query = 'SELECT cell_id, kernel, started, size FROM cell_run WHERE notebook_id = ?'
    return this.#database.exec(query, notebook).rows.map((row) => ({
      cell: textOf(row, 'cell_id') as CellId,
      kernel: textOf(row, 'kernel'),
      started: numberOf(row, 'started'),
      size: numberOf(row, 'size'),
    }))
  }

  /** When the stored run of a cell began, and where. */
  stored(notebook: NotebookId, cell: CellId): Pick<StoredRun, 'started' | 'kernel'> | undefined {
    const [row] = this.#database.exec('SELECT started, kernel FROM cell_run WHERE notebook_id = ? AND cell_id = ?', notebook, cell).rows
    return row === undefined ? undefined : { started: numberOf(row, 'started'), kernel: textOf(row, 'kernel') }
  }

  /** 1 row. `json` is the run. */
  save(notebook: NotebookId, { cell, kernel, started }: Omit<StoredRun, 'size'>, json: string): void {
    this.#database.exec(UPSERT, notebook, cell, started, kernel, json.length, json)
  }

  delete(notebook: NotebookId, cell: CellId): void {
    this.#database.exec('DELETE FROM cell_run WHERE notebook_id = ? AND cell_id = ?', notebook, cell)
  }

  deleteOf(notebook: NotebookId, limit: number): number {
    const query = `DELETE FROM cell_run WHERE notebook_id = ? AND cell_id IN
      (SELECT cell_id FROM cell_run WHERE notebook_id = ? LIMIT ?) RETURNING 1`
    return this.#database.exec(query, notebook, notebook, limit).rows.length
  }
}
