/**
 * The batches of edits of each notebook, in their order. Several stand in one row, a line each: adding one is one row, and letting old ones
 * go costs one row for many.
 */
import type { Instant } from '#sdk/protocol/instants.ts'
import { MAX_LOGGED_BATCHES, MAX_LOGGED_CHARACTERS } from '#sdk/protocol/limits.ts'
import type { NotebookId, PlacedBatch } from '#sdk/protocol/notebook.ts'
import { numberOf, textOf, toJson } from './columns.ts'
import type { Database, Row } from './sql.ts'

/** Beyond either, the next batch begins a row. */
const MAX_ROW_BATCHES = 32
const MAX_ROW_CHARACTERS = 32 * 1024

/** The version is told by the place. */
type Line = Omit<PlacedBatch, 'version'>

interface Extent {
  readonly first: number
  readonly count: number
  readonly size: number
}

export class NotebookLog {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  /** 1 row; with the first batch of a row those go that nobody needs any more. */
  append(id: NotebookId, { version, ...line }: PlacedBatch, now: Instant): void {
    const json = toJson(line satisfies Line)
    const last = this.#last(id)
    const isRoom = last !== undefined && last.count < MAX_ROW_BATCHES && last.size + json.length <= MAX_ROW_CHARACTERS
    if (last !== undefined && isRoom) {
      const query = `UPDATE notebook_log SET count = count + 1, updated = ?, size = size + ?, batches = batches || char(10) || ?
        WHERE notebook_id = ? AND first = ?`
      this.#database.exec(query, now, json.length, json, id, last.first)
      return
    }
    const query = 'INSERT INTO notebook_log (notebook_id, first, count, updated, size, batches) VALUES (?, ?, 1, ?, ?, ?)'
    this.#database.exec(query, id, version, now, json.length, json)
    this.#trim(id)
  }

  /** The batches after a version; undefined when not all of them are there any more. */
  after(id: NotebookId, version: number): readonly PlacedBatch[] | undefined {
    const query = `SELECT first, count, batches FROM notebook_log WHERE notebook_id = ? AND first >= coalesce(
        (SELECT max(first) FROM notebook_log WHERE notebook_id = ? AND first <= ?), 0) ORDER BY first`
    const { rows } = this.#database.exec(query, id, id, version + 1)
    const [oldest] = rows
    if (oldest !== undefined && numberOf(oldest, 'first') > version + 1) return undefined
    return rows.flatMap(batchesOf).filter((batch) => batch.version > version)
  }

  /** The last batches, as many as have so many characters together. */
  tail(id: NotebookId, characters: number): readonly PlacedBatch[] {
    let size = 0
    const within = this.#extents(id).filter((extent) => (size += extent.size) <= characters)
    const last = within.at(-1)
    return last === undefined ? [] : (this.after(id, last.first - 1) ?? [])
  }

  deleteOf(id: NotebookId, limit: number): number {
    const query = `DELETE FROM notebook_log WHERE notebook_id = ? AND first IN
      (SELECT first FROM notebook_log WHERE notebook_id = ? LIMIT ?) RETURNING 1`
    return this.#database.exec(query, id, id, limit).rows.length
  }

  #last(id: NotebookId): Extent | undefined {
    const query = 'SELECT first, count, size FROM notebook_log WHERE notebook_id = ? ORDER BY first DESC LIMIT 1'
    return this.#database.exec(query, id).rows.map(extentOf)[0]
  }

  /** The newest first. */
  #extents(id: NotebookId): readonly Extent[] {
    return this.#database
      .exec('SELECT first, count, size FROM notebook_log WHERE notebook_id = ? ORDER BY first DESC', id)
      .rows.map(extentOf)
  }

  #trim(id: NotebookId): void {
    let [batches, characters] = [0, 0]
    for (const { first, count, size } of this.#extents(id)) {
      if (batches >= MAX_LOGGED_BATCHES || (batches > 0 && characters + size > MAX_LOGGED_CHARACTERS)) {
        this.#database.exec('DELETE FROM notebook_log WHERE notebook_id = ? AND first <= ?', id, first)
        return
      }
      batches += count
      characters += size
    }
  }
}

const extentOf = (row: Row): Extent => ({ first: numberOf(row, 'first'), count: numberOf(row, 'count'), size: numberOf(row, 'size') })

function batchesOf(row: Row): PlacedBatch[] {
  const first = numberOf(row, 'first')
  return textOf(row, 'batches')
    .split('\n')
    .map((json, index) => {
      const line: Line = JSON.parse(json) // written by `append`
      return { version: first + index, ...line }
    })
}
