/** The storage port over node:sqlite. It cannot tell how many index entries were written: `rowsWritten` is the number of changed rows. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Binding, Database, Result, Row } from '../../worker/storage/sql.ts'

export class NodeDatabase implements Database {
  readonly #database = new DatabaseSync(':memory:')
  readonly #statements = new Map<string, StatementSync>()
  #depth = 0

  exec(sql: string, ...bindings: readonly Binding[]): Result {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    if (statement.columns().length === 0) {
      const { changes } = statement.run(...bindings)
      return { rows: [], rowsWritten: Number(changes) }
    }
    const rows = statement.all(...bindings) as Row[] // this room stores no blobs and no big integers
    return { rows, rowsWritten: 0 }
  }

  transaction<T>(body: () => T): T {
    const name = `level${this.#depth++}`
    this.#database.exec(`SAVEPOINT ${name}`)
    try {
      const result = body()
      this.#database.exec(`RELEASE ${name}`)
      return result
    } catch (error) {
      this.#database.exec(`ROLLBACK TO ${name}; RELEASE ${name}`)
      throw error
    } finally {
      this.#depth -= 1
    }
  }

  sizeBytes(): number {
    const [pages] = this.exec('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size').rows
    return Number(pages?.['bytes'])
  }
}
