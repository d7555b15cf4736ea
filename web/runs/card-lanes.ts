/** The few lanes of a card: a task run each, or, where there are many, all task runs of one task. */
import { stateWords } from '../ui/state-kind.ts'
import { laneWords } from './run-words.ts'
import { spansOf, type Span } from './spans.ts'
import { stateOf, type TaskRow } from './task-row.ts'
import type { TaskTable } from './task-table.ts'

export interface CardLane {
  readonly id: string
  readonly name: string
  readonly href: string | undefined
  readonly spans: readonly Span[]
  readonly words: string
}

const MAX_LANES = 8
/** Spans of one lane that are drawn. */
const MAX_SPANS = 200

/** @returns the lanes, and how many task runs have none. */
export function cardLanes(tasks: TaskTable, now: number): { readonly lanes: readonly CardLane[]; readonly omitted: number } {
  const { rows } = tasks
  if (rows.length <= MAX_LANES) return { lanes: rows.map((row) => laneOf(row, tasks, now)), omitted: 0 }
  const groups = [...Map.groupBy(rows, ({ key }) => key)]
  const shown = groups.slice(0, MAX_LANES)
  const lanes = shown.map(([key, members]) => {
    const [first] = members
    return first !== undefined && members.length === 1 ? laneOf(first, tasks, now) : groupOf(key, members)
  })
  return { lanes, omitted: groups.slice(MAX_LANES).reduce((sum, [, members]) => sum + members.length, 0) }
}

const laneOf = (row: TaskRow, tasks: TaskTable, now: number): CardLane => ({
  id: row.id,
  name: row.name,
  href: `/runs/task-run/${row.id}`,
  spans: spansOf(row).slice(-MAX_SPANS),
  words: laneWords(row, tasks, now),
})

function groupOf(key: string, rows: readonly TaskRow[]): CardLane {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const { type, name } = stateOf(row)
    const words = stateWords(type, name).toLowerCase()
    counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  // Evenly of all of them, where there are more than can be told apart.
  const every = Math.ceil(rows.length / MAX_SPANS)
  const some = rows.filter((_, at) => at % every === 0)
  const spans = some.flatMap((row) => spansOf(row).filter(({ attempt }) => attempt > 0))
  return {
    id: `of ${key}`,
    name: `${key} × ${rows.length}`,
    href: undefined,
    spans,
    words: [...counts].map(([words, count]) => `${count} ${words}`).join(', '),
  }
}
