/**
 * The one way to the database: synchronous, so that no other event can come between a question and the write that follows from it.
 *
 * Traps of the platform that this room obeys: numbers are bound as REAL (STRICT INTEGER columns turn them back; a TEXT column would get
 * "5.0"), at most 100 bindings (lists go as one JSON text through `json_each`), LIKE patterns end at 50 bytes (`instr` instead).
 */
export type Binding = string | number | null
export type Row = Readonly<Record<string, Binding>>

export interface Result {
  readonly rows: readonly Row[]
  /** Rows and index entries that were written: what is billed. */
  readonly rowsWritten: number
}

export interface Database {
  /** Runs one statement. `sql` is constant text: values are bound, never pasted in. */
  exec(sql: string, ...bindings: readonly Binding[]): Result
  /** Everything or nothing: what throws inside leaves no trace. */
  transaction<T>(body: () => T): T
  sizeBytes(): number
}
