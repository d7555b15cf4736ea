import type { Binding, Database, Result } from './sql.ts'

/** The database of a Durable Object. */
export class ObjectDatabase implements Database {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  exec(sql: string, ...bindings: readonly Binding[]): Result {
    const cursor = this.#storage.sql.exec<Record<string, Binding>>(sql, ...bindings)
    const rows = cursor.toArray()
    return { rows, rowsWritten: cursor.rowsWritten, rowsRead: cursor.rowsRead }
  }

  transaction<T>(body: () => T): T {
    return this.#storage.transactionSync(body)
  }

  sizeBytes(): number {
    return this.#storage.sql.databaseSize
  }
}
