/**
 * The task runs of one flow run.
 *
 * 1. A row is replaced by one that knows as much or more: what a page of the timeline says late never undoes what an event said.
 * 2. `rows` are in the order in which they were made, and stay the same array until something changes.
 */
import { isTerminal } from '#sdk/protocol/state-types.ts'
import { bornAt, stateOf, type TaskRow } from './task-row.ts'

/** How many task runs are in a state of that type and name. */
export interface StateTally {
  readonly type: TaskRow['steps'][number]['type']
  readonly name: string
  readonly count: number
}

export class TaskTable {
  readonly #byId = new Map<string, TaskRow>()
  readonly #tallies = new Map<string, StateTally>()
  /** In their order, but for new ones at the end: sorting that again costs little more than a walk. */
  #ids: string[] = []
  #rows: readonly TaskRow[] | undefined = []
  #live = 0

  get size(): number {
    return this.#byId.size
  }

  /** Task runs that have not ended. */
  get live(): number {
    return this.#live
  }

  get rows(): readonly TaskRow[] {
    if (this.#rows !== undefined) return this.#rows
    const rows = this.#ids.flatMap((id) => this.#byId.get(id) ?? []).sort(byBirth)
    this.#ids = rows.map(({ id }) => id)
    this.#rows = rows
    return rows
  }

  get tallies(): readonly StateTally[] {
    return [...this.#tallies.values()]
  }

  get(id: string): TaskRow | undefined {
    return this.#byId.get(id)
  }

  put(rows: Iterable<TaskRow>): void {
    for (const row of rows) {
      const known = this.#byId.get(row.id)
      if (known !== undefined && stateOf(known).at > stateOf(row).at) continue
      if (known !== undefined) this.#count(known, -1)
      this.#byId.set(row.id, known === undefined || row.subflow !== null ? row : { ...row, subflow: known.subflow })
      if (known === undefined) this.#ids.push(row.id)
      this.#count(row, 1)
      this.#rows = undefined
    }
  }

  delete(id: string): void {
    const known = this.#byId.get(id)
    if (known === undefined) return
    this.#byId.delete(id)
    this.#count(known, -1)
    this.#rows = undefined
  }

  /** Forgets what is not among these. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.#byId.keys()) if (!ids.has(id)) this.delete(id)
  }

  #count(row: TaskRow, by: 1 | -1): void {
    const { type, name } = stateOf(row)
    if (!isTerminal(type) && name !== 'NotReady') this.#live += by
    const key = `${type} ${name}`
    const count = (this.#tallies.get(key)?.count ?? 0) + by
    if (count === 0) this.#tallies.delete(key)
    else this.#tallies.set(key, { type, name, count })
  }
}

function byBirth(a: TaskRow, b: TaskRow): number {
  return bornAt(a) - bornAt(b) || (a.id < b.id ? -1 : 1)
}
