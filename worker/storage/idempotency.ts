/** Answers to requests that named an `Idempotency-Key`, for a day or two; then the key may mean something new. */
import { MICROS_PER_SECOND, type Instant } from '#sdk/protocol/instants.ts'
import { numberOf, textOf, toText } from './columns.ts'
import type { Database } from './sql.ts'

export interface KeptAnswer {
  /** Of operation and input: the same key with another one is a mistake. */
  readonly fingerprint: string
  readonly status: number
  /** JSON. */
  readonly output: string
}

const DAY = 24 * 3_600 * MICROS_PER_SECOND
/** Old answers that one new answer takes along. */
const SWEEP = 20

export class Idempotency {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  find(key: string, now: Instant): KeptAnswer | undefined {
    const day = Math.floor(now / DAY)
    const query = 'SELECT * FROM idempotency WHERE day IN (?, ?) AND key = ? LIMIT 1'
    const [row] = this.#database.exec(query, day, day - 1, toText(key)).rows
    if (row === undefined) return undefined
    return { fingerprint: textOf(row, 'fingerprint'), status: numberOf(row, 'status'), output: textOf(row, 'output') }
  }

  /** 1 row, and up to {@link SWEEP} old ones go. */
  insert(key: string, { fingerprint, status, output }: KeptAnswer, now: Instant): void {
    const day = Math.floor(now / DAY)
    const old = 'DELETE FROM idempotency WHERE (day, key) IN (SELECT day, key FROM idempotency WHERE day < ? LIMIT ?)'
    this.#database.exec(old, day - 1, SWEEP)
    const bindings = [day, toText(key), fingerprint, status, output] as const
    this.#database.exec('INSERT INTO idempotency (day, key, fingerprint, status, output) VALUES (?, ?, ?, ?, ?)', ...bindings)
  }
}
