import type { Binding, Database, Result, Row } from './sql.ts'

/** The database of a Durable Object. */
export class ObjectDatabase implements Database {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  exec(sql: string, ...bindings: readonly Binding[]): Result {
    const cursor = this.#storage.sql.exec<Record<string, Binding>>(sql, ...bindings)
    return new ReadResult(cursor.toArray(), cursor)
  }

  transaction<T>(body: () => T): T {
    return this.#storage.transactionSync(body)
  }

  sizeBytes(): number {
    return this.#storage.sql.databaseSize
  }
}

/** The counts are read when somebody asks: each is a call into the platform. */
class ReadResult implements Result {
  readonly rows: readonly Row[]
  readonly #cursor: SqlStorageCursor<Record<string, Binding>>
  constructor(rows: readonly Row[], cursor: SqlStorageCursor<Record<string, Binding>>) {
    this.rows = rows
    this.#cursor = cursor
  }

  get rowsWritten(): number {
    return this.#cursor.rowsWritten
  }
}
