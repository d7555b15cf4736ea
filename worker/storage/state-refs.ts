/** Where a state whose id does not name its run is found: only for runs with ids that others minted. */
import type { StateId } from '#sdk/protocol/ids.ts'
import { textOf } from './columns.ts'
import type { Database } from './sql.ts'

export class StateRefs {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  find(state: StateId): string | undefined {
    const [row] = this.#database.exec('SELECT run_id FROM state_ref WHERE state_id = ?', state).rows
    return row === undefined ? undefined : textOf(row, 'run_id')
  }

  insert(state: StateId, run: string): void {
    this.#database.exec('INSERT OR IGNORE INTO state_ref (state_id, run_id) VALUES (?, ?)', state, run)
  }

  delete(state: StateId): void {
    this.#database.exec('DELETE FROM state_ref WHERE state_id = ?', state)
  }
}
