/** Executor sessions that hold runs, and those that died holding some until they come back and hear of it. */
import type { FlowRunId, SessionId } from '#sdk/protocol/ids.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import { fromText, jsonOf, numberOf, numberOrNull, textOf, toJson, toText } from './columns.ts'
import type { Database, Row } from './sql.ts'

export type SessionKind = 'page' | 'script' | 'agent'

export interface SessionRow {
  readonly id: SessionId
  readonly name: string
  readonly kind: SessionKind
  /** Hash of the credential that opened it: nobody else may go on with it. */
  readonly credential: string
  /** When it is looked at next; for a dead one, when it is forgotten. */
  readonly leaseUntil: Instant
  readonly absenceGraceUsed: boolean
  /** The runs that it lost; null while it lives. */
  readonly lost: readonly LostRun[] | null
}

export interface LostRun {
  readonly run: FlowRunId
  readonly epoch: number
  readonly reason: string
}

const UPSERT = `INSERT INTO session (id, name, kind, credential, lease_until, is_extended, lost) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until, is_extended = excluded.is_extended, lost = excluded.lost`

export class Sessions {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  find(id: SessionId): SessionRow | undefined {
    const [row] = this.#database.exec('SELECT * FROM session WHERE id = ?', id).rows
    return row === undefined ? undefined : sessionOf(row)
  }

  /** 1 row. */
  save(session: SessionRow): void {
    const lost = session.lost === null ? null : toJson(session.lost)
    const { id, name, kind, credential, leaseUntil, absenceGraceUsed } = session
    this.#database.exec(UPSERT, id, toText(name), kind, credential, leaseUntil, absenceGraceUsed ? 1 : 0, lost)
  }

  delete(id: SessionId): void {
    this.#database.exec('DELETE FROM session WHERE id = ?', id)
  }

  /** All of them: there are as many as executors that hold runs, not as many as runs. */
  due(now: Instant, limit: number): readonly SessionRow[] {
    const query = 'SELECT * FROM session WHERE lease_until <= ? ORDER BY lease_until LIMIT ?'
    return this.#database.exec(query, now, limit).rows.map(sessionOf)
  }

  nextDueAt(): Instant | null {
    const [row] = this.#database.exec('SELECT min(lease_until) AS at FROM session').rows
    return row === undefined ? null : numberOrNull(row, 'at')
  }
}

function sessionOf(row: Row): SessionRow {
  return {
    id: textOf(row, 'id') as SessionId,
    name: fromText(textOf(row, 'name')),
    kind: textOf(row, 'kind') as SessionKind,
    credential: textOf(row, 'credential'),
    leaseUntil: numberOf(row, 'lease_until'),
    absenceGraceUsed: numberOf(row, 'is_extended') === 1,
    lost: row['lost'] === null ? null : jsonOf<LostRun[]>(row, 'lost'),
  }
}
