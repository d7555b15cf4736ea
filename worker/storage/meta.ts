/** Small things that the workspace knows of itself: its id and its name. */
import { fromText, textOf, toText } from './columns.ts'
import type { Database } from './sql.ts'

export type MetaKey = 'id' | 'name'

export class Meta {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  get(key: MetaKey): string | undefined {
    const [row] = this.#database.exec('SELECT value FROM meta WHERE key = ?', key).rows
    return row === undefined ? undefined : fromText(textOf(row, 'value'))
  }

  set(key: MetaKey, value: string): void {
    this.#database.exec('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', key, toText(value))
  }
}
