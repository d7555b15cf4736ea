/** Who may come in: hashes of secrets and their roles. The secrets themselves are never here. */
import type { Instant } from '#sdk/protocol/instants.ts'
import type { Role } from '#sdk/protocol/roles.ts'
import { fromText, numberOf, numberOrNull, textOf, toText } from './columns.ts'
import type { Database } from './sql.ts'

export interface Credential {
  /** SHA-256 in hex. */
  readonly hash: string
  readonly kind: 'token' | 'link'
  readonly role: Role
  readonly name: string
  readonly created: Instant
  readonly expires: Instant | null
}

export class Credentials {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  find(hash: string): Credential | undefined {
    const [row] = this.#database.exec('SELECT * FROM credential WHERE hash = ?', hash).rows
    if (row === undefined) return undefined
    return {
      hash: textOf(row, 'hash'),
      kind: textOf(row, 'kind') as Credential['kind'],
      role: textOf(row, 'role') as Role,
      name: fromText(textOf(row, 'name')),
      created: numberOf(row, 'created'),
      expires: numberOrNull(row, 'expires'),
    }
  }

  /** A hash that is there already stays as it is. */
  insert({ hash, kind, role, name, created, expires }: Credential): void {
    const bindings = [hash, kind, role, toText(name), created, expires] as const
    this.#database.exec(
      'INSERT OR IGNORE INTO credential (hash, kind, role, name, created, expires) VALUES (?, ?, ?, ?, ?, ?)',
      ...bindings,
    )
  }
}
