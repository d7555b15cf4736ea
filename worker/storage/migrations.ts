/**
 * The schema, as steps that are only ever added. A step that was released is never changed.
 *
 * Rows are the cost, and an index entry is a row: every table is WITHOUT ROWID, what is only read in order is packed into JSON, and each
 * index below says who needs it. test/workspace/row-budget.test.ts holds the exact figures.
 */
import { STATE_TYPES } from '#sdk/protocol/state-types.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import { ROLES } from '#sdk/protocol/role-order.ts'
import { numberOf } from './columns.ts'
import type { Database } from './sql.ts'

const oneOf = (values: readonly string[]): string => `(${values.map((value) => `'${value}'`).join(', ')})`
const STATE_TYPE = `TEXT NOT NULL CHECK (state_type IN ${oneOf(STATE_TYPES)})`
const RUN_COLUMNS = `
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  state_type ${STATE_TYPE},
  state_name TEXT NOT NULL,
  run_count INTEGER NOT NULL CHECK (run_count >= 0),
  expected_start_time INTEGER,
  next_scheduled_start_time INTEGER,
  start_time INTEGER,
  end_time INTEGER,
  total_run_micros INTEGER NOT NULL CHECK (total_run_micros >= 0),
  tags TEXT NOT NULL,
  states TEXT NOT NULL,
  doc TEXT NOT NULL`

const STEPS: readonly (readonly string[])[] = [
  [
    'CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID',
    `CREATE TABLE credential (
      hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
      kind TEXT NOT NULL CHECK (kind IN ('token', 'link')),
      role TEXT NOT NULL CHECK (role IN ${oneOf(ROLES)}),
      name TEXT NOT NULL,
      created INTEGER NOT NULL,
      expires INTEGER
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE flow (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      created INTEGER NOT NULL,
      updated INTEGER NOT NULL,
      tags TEXT NOT NULL,
      doc TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
    'CREATE UNIQUE INDEX flow_name ON flow (name)',
    `CREATE TABLE flow_run (
      id TEXT PRIMARY KEY,
      flow_id TEXT NOT NULL,
      name TEXT NOT NULL,
      flow_version TEXT,
      parent_task_run_id TEXT,
      idempotency_key TEXT,
      session_id TEXT,
      epoch INTEGER NOT NULL CHECK (epoch >= 0),
      due_at INTEGER,${RUN_COLUMNS},
      CHECK (session_id IS NULL OR state_type NOT IN ('COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'))
    ) STRICT, WITHOUT ROWID`,
    // Lists and history by time.
    'CREATE INDEX flow_run_expected ON flow_run (expected_start_time)',
    // The alarm: runs for which something happens at a time. Free for all others, and leaving it is free.
    'CREATE INDEX flow_run_due ON flow_run (due_at) WHERE due_at IS NOT NULL',
    // What a session holds. One entry when a run is handed out; leaving it is free.
    'CREATE INDEX flow_run_held ON flow_run (session_id) WHERE session_id IS NOT NULL',
    // Subflows of a task run; idempotency keys. Only runs that have one pay for it.
    'CREATE INDEX flow_run_parent ON flow_run (parent_task_run_id) WHERE parent_task_run_id IS NOT NULL',
    'CREATE UNIQUE INDEX flow_run_key ON flow_run (flow_id, idempotency_key) WHERE idempotency_key IS NOT NULL',
    `CREATE TABLE task_run (
      id TEXT PRIMARY KEY,
      flow_run_id TEXT,
      name TEXT NOT NULL,
      task_key TEXT NOT NULL,
      dynamic_key TEXT NOT NULL,
      flow_run_run_count INTEGER NOT NULL,${RUN_COLUMNS}
    ) STRICT, WITHOUT ROWID`,
    // One index for both questions: the task runs of a flow run, and the one of a task's call.
    'CREATE INDEX task_run_of_flow_run ON task_run (flow_run_id, task_key, dynamic_key)',
    // Only for runs whose id leaves no room for the ordinal of a state (ids that others minted).
    'CREATE TABLE state_ref (state_id TEXT PRIMARY KEY, run_id TEXT NOT NULL) STRICT, WITHOUT ROWID',
    // `stream`: the flow run's id, or the task run's outside flows, or the nil UUID for lines of neither.
    `CREATE TABLE log_segment (
      stream TEXT NOT NULL,
      first INTEGER NOT NULL CHECK (first >= 0),
      count INTEGER NOT NULL CHECK (count > 0),
      kind TEXT NOT NULL CHECK (kind IN ('flow_run', 'task_run', 'none')),
      lines TEXT NOT NULL,
      PRIMARY KEY (stream, first)
    ) STRICT, WITHOUT ROWID`,
    `CREATE VIEW log AS SELECT
      CASE kind WHEN 'flow_run' THEN stream END AS flow_run_id,
      CASE kind WHEN 'task_run' THEN stream ELSE line.value ->> 'k' END AS task_run_id,
      first + line.key AS number,
      strftime('%Y-%m-%d %H:%M:%f', (line.value ->> 't') / 1000000.0, 'unixepoch') AS timestamp,
      line.value ->> 'l' AS level,
      line.value ->> 'n' AS name,
      line.value ->> 'm' AS message
    FROM log_segment, json_each(lines) AS line`,
    `CREATE TABLE session (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('page', 'script', 'agent')),
      credential TEXT NOT NULL,
      lease_until INTEGER NOT NULL,
      is_extended INTEGER NOT NULL CHECK (is_extended IN (0, 1)),
      lost TEXT
    ) STRICT, WITHOUT ROWID`,
    // Answers to Idempotency-Key, in buckets of a day so that old ones go without an index.
    `CREATE TABLE idempotency (
      day INTEGER NOT NULL,
      key TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      status INTEGER NOT NULL,
      output TEXT NOT NULL,
      PRIMARY KEY (day, key)
    ) STRICT, WITHOUT ROWID`,
    // Work that is too much for one commit; the alarm goes on with it.
    'CREATE TABLE chore (kind TEXT NOT NULL, id TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID',
  ],
  [
    // `cells` and `bin` are the order of ids: a change of one text touches neither. Long columns come last, so that a list reads none of them.
    `CREATE TABLE notebook (
      id TEXT PRIMARY KEY,
      created INTEGER NOT NULL,
      title TEXT,
      cell_count INTEGER NOT NULL CHECK (cell_count >= 0),
      header TEXT NOT NULL,
      cells TEXT NOT NULL,
      bin TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
    // Those in the bin, too.
    `CREATE TABLE notebook_cell (
      notebook_id TEXT NOT NULL,
      cell_id TEXT NOT NULL,
      type TEXT NOT NULL,
      attributes TEXT NOT NULL,
      source TEXT NOT NULL,
      PRIMARY KEY (notebook_id, cell_id)
    ) STRICT, WITHOUT ROWID`,
    // Batches of edits, several in a row: a change of a text is one row here and one there. The last row tells version and time of change.
    `CREATE TABLE notebook_log (
      notebook_id TEXT NOT NULL,
      first INTEGER NOT NULL CHECK (first > 0),
      count INTEGER NOT NULL CHECK (count > 0),
      updated INTEGER NOT NULL,
      size INTEGER NOT NULL,
      batches TEXT NOT NULL,
      PRIMARY KEY (notebook_id, first)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE cell_run (
      notebook_id TEXT NOT NULL,
      cell_id TEXT NOT NULL,
      started INTEGER NOT NULL,
      kernel TEXT NOT NULL,
      size INTEGER NOT NULL,
      doc TEXT NOT NULL,
      PRIMARY KEY (notebook_id, cell_id)
    ) STRICT, WITHOUT ROWID`,
  ],
]

export const SCHEMA_VERSION = STEPS.length

/** True once {@link migrate} has run. Asks without writing, so that an object nobody created stays empty. */
export function isCreated(database: Database): boolean {
  return database.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'").rows.length > 0
}

/** Brings the schema to this version, all steps or none. Answers how many there were. */
export function migrate(database: Database, now: Instant): number {
  return database.transaction(() => {
    database.exec('CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, applied INTEGER NOT NULL) STRICT, WITHOUT ROWID')
    const [latest] = database.exec('SELECT coalesce(max(version), 0) AS version FROM migration').rows
    const done = latest === undefined ? 0 : numberOf(latest, 'version')
    for (const [index, statements] of STEPS.slice(done).entries()) {
      for (const statement of statements) database.exec(statement)
      database.exec('INSERT INTO migration (version, applied) VALUES (?, ?)', done + index + 1, now)
    }
    return STEPS.length - done
  })
}
