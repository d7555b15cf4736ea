/** Flows: a row each, found by id or by name. */
import type { FlowId } from '#sdk/protocol/ids.ts'
import type { Flow } from '#sdk/protocol/flow.ts'
import type { FlowSort, Scope } from '#sdk/protocol/filters.ts'
import type { JsonObject } from '#sdk/protocol/json.ts'
import { fromText, jsonOf, numberOf, textOf, toJson, toText } from './columns.ts'
import { flowScope, type Condition } from './filters.ts'
import type { Database, Row } from './sql.ts'

interface FlowDoc {
  readonly labels?: Flow['labels']
  readonly schema?: JsonObject
}

const SORTS: Readonly<Record<FlowSort, string>> = {
  CREATED_DESC: 'f.created DESC, f.id DESC',
  UPDATED_DESC: 'f.updated DESC, f.id DESC',
  NAME_ASC: 'f.name, f.id',
  NAME_DESC: 'f.name DESC, f.id DESC',
}

export class Flows {
  readonly #database: Database
  constructor(database: Database) {
    this.#database = database
  }

  find(id: FlowId): Flow | undefined {
    return this.#one('SELECT * FROM flow WHERE id = ?', id)
  }

  findByName(name: string): Flow | undefined {
    return this.#one('SELECT * FROM flow WHERE name = ?', toText(name))
  }

  insert(flow: Flow): void {
    const { id, name, created, updated, tags } = flow
    const bindings = [id, toText(name), created, updated, tagsOf(tags), docOf(flow)] as const
    this.#database.exec('INSERT INTO flow (id, name, created, updated, tags, doc) VALUES (?, ?, ?, ?, ?, ?)', ...bindings)
  }

  /** A flow's name is its identity and does not change. */
  update(flow: Flow): void {
    this.#database.exec(
      'UPDATE flow SET updated = ?, tags = ?, doc = ? WHERE id = ?',
      flow.updated,
      tagsOf(flow.tags),
      docOf(flow),
      flow.id,
    )
  }

  delete(id: FlowId): boolean {
    return this.#database.exec('DELETE FROM flow WHERE id = ? RETURNING id', id).rows.length > 0
  }

  list(scope: Scope, sort: FlowSort, limit: number, offset: number): readonly Flow[] {
    const { sql, bindings } = flowScope(scope)
    const query = `SELECT f.* FROM flow f WHERE ${sql} ORDER BY ${SORTS[sort]} LIMIT ? OFFSET ?`
    return this.#database.exec(query, ...bindings, limit, offset).rows.map(flowOf)
  }

  count(scope: Scope): number {
    const { sql, bindings }: Condition = flowScope(scope)
    const [row] = this.#database.exec(`SELECT count(*) AS n FROM flow f WHERE ${sql}`, ...bindings).rows
    return row === undefined ? 0 : numberOf(row, 'n')
  }

  #one(sql: string, key: string): Flow | undefined {
    const [row] = this.#database.exec(sql, key).rows
    return row === undefined ? undefined : flowOf(row)
  }
}

const tagsOf = (tags: Flow['tags']): string => toJson(tags.map(toText))

function docOf({ labels, parameter_openapi_schema }: Flow): string {
  return toJson({
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(parameter_openapi_schema !== null && { schema: parameter_openapi_schema }),
  })
}

function flowOf(row: Row): Flow {
  const doc = jsonOf<FlowDoc>(row, 'doc')
  return {
    id: textOf(row, 'id') as FlowId,
    created: numberOf(row, 'created'),
    updated: numberOf(row, 'updated'),
    name: fromText(textOf(row, 'name')),
    tags: jsonOf<string[]>(row, 'tags').map(fromText),
    labels: doc.labels ?? {},
    parameter_openapi_schema: doc.schema ?? null,
  }
}
