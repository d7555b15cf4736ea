/** Nodes and edges of a graph of task runs; where there are many, the task runs of one task are one node. */
import { stateKind, stateWords, type StateKind } from '../ui/state-kind.ts'
import { stateOf, type TaskRow } from './task-row.ts'

export interface GraphNode {
  /** Of the task run; for several of one task, the task's key. */
  readonly id: string
  readonly label: string
  readonly rows: readonly TaskRow[]
  /** The state that says most: what failed, then what runs, then what waits. */
  readonly kind: StateKind
  readonly words: string
}
export interface TaskGraph {
  readonly nodes: readonly GraphNode[]
  /** From, to. */
  readonly edges: readonly (readonly [string, string])[]
  readonly isCollapsed: boolean
}

export interface GraphQuestion {
  readonly id: number
  readonly nodes: readonly { readonly id: string; readonly width: number; readonly height: number }[]
  readonly edges: readonly (readonly [string, string])[]
}
export interface GraphAnswer {
  readonly id: number
  readonly width: number
  readonly height: number
  /** Centres, in the order of the nodes. */
  readonly places: readonly (readonly [number, number])[]
}

/** More task runs than this are collapsed by their task. */
export const MAX_GRAPH_NODES_SHOWN = 300
const URGENCY: readonly StateKind[] = [
  'failed',
  'crashed',
  'running',
  'cancelling',
  'retrying',
  'late',
  'paused',
  'pending',
  'scheduled',
  'cancelled',
  'completed',
  'cached',
]

export function graphOf(rows: readonly TaskRow[]): TaskGraph {
  const isCollapsed = rows.length > MAX_GRAPH_NODES_SHOWN
  const groups = isCollapsed ? [...Map.groupBy(rows, ({ key }) => key)] : rows.map((row) => [row.id, [row]] as const)
  const nodeOf = new Map(groups.flatMap(([id, members]) => members.map((row) => [row.id, id] as const)))
  const edges = new Map<string, readonly [string, string]>()
  for (const row of rows) {
    const to = nodeOf.get(row.id)
    for (const parent of row.parents) {
      const from = nodeOf.get(parent)
      if (from !== undefined && to !== undefined && from !== to) edges.set(`${from} ${to}`, [from, to])
    }
  }
  return { nodes: groups.map(([id, members]) => nodeFrom(id, members)), edges: [...edges.values()], isCollapsed }
}

function nodeFrom(id: string, rows: readonly TaskRow[]): GraphNode {
  const [first] = rows
  if (first !== undefined && rows.length === 1) {
    const { type, name } = stateOf(first)
    return { id, label: first.name, rows, kind: stateKind(type, name), words: stateWords(type, name) }
  }
  const tallies = new Map<StateKind, { words: string; count: number }>()
  for (const row of rows) {
    const { type, name } = stateOf(row)
    const kind = stateKind(type, name)
    const known = tallies.get(kind)
    tallies.set(kind, { words: stateWords(type, name), count: (known?.count ?? 0) + 1 })
  }
  const kind = URGENCY.find((candidate) => tallies.has(candidate)) ?? 'pending'
  const words = URGENCY.flatMap((candidate) => tallies.get(candidate) ?? []).map(
    ({ words: word, count }) => `${count} ${word.toLowerCase()}`,
  )
  return { id, label: `${first?.key ?? id} × ${rows.length}`, rows, kind, words: words.join(', ') }
}
