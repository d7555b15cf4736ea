/** Work that is too much for one commit: each alarm takes a bounded step of it. */
import { jsonOf, toJson } from './columns.ts'
import type { Database } from './sql.ts'

/** `delete_flow`, `delete_run`, `delete_notebook`: what is left of what was deleted. `end_tasks`: task runs that their flow run left behind. */
export type Chore =
  | { readonly kind: 'delete_flow' | 'delete_run' | 'delete_notebook'; readonly id: string }
  | { readonly kind: 'end_tasks'; readonly id: string; readonly wasCancelled: boolean }

export class Chores {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  add(chore: Chore): void {
    this.#database.exec('INSERT OR IGNORE INTO chore (kind, id, doc) VALUES (?, ?, ?)', chore.kind, chore.id, toJson(chore))
  }

  first(): Chore | undefined {
    const [row] = this.#database.exec('SELECT doc FROM chore LIMIT 1').rows
    return row === undefined ? undefined : jsonOf<Chore>(row, 'doc')
  }

  done({ kind, id }: Chore): void {
    this.#database.exec('DELETE FROM chore WHERE kind = ? AND id = ?', kind, id)
  }

  isEmpty(): boolean {
    return this.#database.exec('SELECT 1 FROM chore LIMIT 1').rows.length === 0
  }
}
