/**
 * Log lines, packed: one row holds the lines of one frame as a JSON array. A stream is the log of one flow run, or of one task run outside
 * flows; its lines are numbered, and (`stream`, `first`) is the key, so lines are read in order without an index.
 */
import type { LogLine } from '#sdk/protocol/log.ts'
import { jsonOf, numberOf, textOf } from './columns.ts'
import type { Binding, Database, Row } from './sql.ts'

export type StreamKind = 'flow_run' | 'task_run' | 'none'
/** The stream of lines that belong to no run. */
export const NO_RUN_STREAM = '00000000-0000-0000-0000-000000000000'

export interface Segment {
  readonly stream: string
  readonly kind: StreamKind
  /** Number of the first line. */
  readonly first: number
  readonly lines: readonly LogLine[]
  /** Characters of its JSON. */
  readonly size: number
}

/** Numbers of the lines of one segment: `first` … `first + count - 1`. */
export interface Extent {
  readonly first: number
  readonly count: number
}

/** A place between two lines; walks begin after it. */
export interface Place {
  readonly stream: string
  readonly number: number
}

const COLUMNS = 'stream, first, count, kind, lines'
const INSERT = `INSERT INTO log_segment (${COLUMNS}) VALUES (?, ?, ?, ?, ?)`

export class Logs {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  /** 1 row. `json` is the array of the lines. */
  insert(stream: string, kind: StreamKind, { first, count }: Extent, json: string): void {
    this.#database.exec(INSERT, stream, first, count, kind, json)
  }

  /** Writes a segment over one with the same first line. */
  replace(stream: string, kind: StreamKind, { first, count }: Extent, json: string): void {
    this.#database.exec(INSERT.replace('INSERT', 'INSERT OR REPLACE'), stream, first, count, kind, json)
  }

  /** The last segment of a stream that begins at `first` or before. */
  lastUpTo(stream: string, first: number): Extent | undefined {
    const query = 'SELECT first, count FROM log_segment WHERE stream = ? AND first <= ? ORDER BY first DESC LIMIT 1'
    const [row] = this.#database.exec(query, stream, first).rows
    return row === undefined ? undefined : { first: numberOf(row, 'first'), count: numberOf(row, 'count') }
  }

  /** The first segment of a stream that begins after `first`. */
  nextAfter(stream: string, first: number): Extent | undefined {
    const query = 'SELECT first, count FROM log_segment WHERE stream = ? AND first > ? ORDER BY first LIMIT 1'
    const [row] = this.#database.exec(query, stream, first).rows
    return row === undefined ? undefined : { first: numberOf(row, 'first'), count: numberOf(row, 'count') }
  }

  /** One segment of a stream: the one that holds line `number`, or the nearest after it. Undefined at the end. */
  segmentFrom(stream: string, number: number): Segment | undefined {
    const [row] = this.#database.exec(
      `SELECT ${COLUMNS} FROM log_segment WHERE stream = ? AND first >= coalesce(
        (SELECT first FROM log_segment WHERE stream = ? AND first <= ? AND first + count > ? ORDER BY first DESC LIMIT 1), ?)
        ORDER BY first LIMIT 1`,
      stream,
      stream,
      number,
      number,
      number,
    ).rows
    return row === undefined ? undefined : segmentOf(row)
  }

  /** The segment of a stream that begins at or before line `number`, nearest first. Undefined at the beginning. */
  segmentBack(stream: string, number: number): Segment | undefined {
    const query = `SELECT ${COLUMNS} FROM log_segment WHERE stream = ? AND first <= ? ORDER BY first DESC LIMIT 1`
    const [row] = this.#database.exec(query, stream, number).rows
    return row === undefined ? undefined : segmentOf(row)
  }

  /** Lines of a stream. */
  countOf(stream: string): number {
    const [row] = this.#database.exec('SELECT coalesce(sum(count), 0) AS n FROM log_segment WHERE stream = ?', stream).rows
    return row === undefined ? 0 : numberOf(row, 'n')
  }

  /** The stream after (or, backwards, before) another one that has lines. */
  neighbour(stream: string, isBackwards: boolean): string | undefined {
    const query = isBackwards
      ? 'SELECT stream FROM log_segment WHERE stream < ? ORDER BY stream DESC LIMIT 1'
      : 'SELECT stream FROM log_segment WHERE stream > ? ORDER BY stream LIMIT 1'
    const [row] = this.#database.exec(query, stream).rows
    return row === undefined ? undefined : textOf(row, 'stream')
  }

  delete(stream: string, first: number): void {
    this.#database.exec('DELETE FROM log_segment WHERE stream = ? AND first = ?', stream, first)
  }

  /** Deletes up to `limit` segments of a stream; answers how many. */
  deleteOf(stream: string, limit: number): number {
    const bindings: readonly Binding[] = [stream, stream, limit]
    const query =
      'DELETE FROM log_segment WHERE stream = ? AND first IN (SELECT first FROM log_segment WHERE stream = ? LIMIT ?) RETURNING first'
    return this.#database.exec(query, ...bindings).rows.length
  }
}

function segmentOf(row: Row): Segment {
  return {
    stream: textOf(row, 'stream'),
    kind: textOf(row, 'kind') as StreamKind,
    first: numberOf(row, 'first'),
    lines: jsonOf<LogLine[]>(row, 'lines'),
    size: textOf(row, 'lines').length,
  }
}
