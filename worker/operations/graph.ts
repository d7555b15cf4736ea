/** The graph of a flow run: its task runs and subflow runs with their edges (Prefect's graph-v2). */
import { ProblemError } from '#sdk/protocol/errors.ts'
import { formatInstant, type Instant } from '#sdk/protocol/instants.ts'
import { MAX_GRAPH_NODES } from '#sdk/protocol/limits.ts'
import type { RunFacts } from '#sdk/protocol/flow-run.ts'
import type { Graph } from '#sdk/protocol/answers.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import type { FlowRunRow } from '../storage/flow-run-row.ts'
import { flowRunOrProblem } from './flow-runs.ts'
import type { Handler } from './unit.ts'

type Node = Graph['nodes'][number][1]
type Edge = { readonly id: string }

/** A task run, or in its place the subflow run that it started. */
interface Shown {
  readonly kind: Node['kind']
  readonly id: string
  readonly label: string
  readonly facts: RunFacts
  readonly task: TaskRun
}

export const graphOfFlowRun: Handler<'flow_runs.graph'> = (unit, { params, query }) => {
  const { store } = unit
  const run = flowRunOrProblem(unit, params.id)
  const tasks = store.taskRuns.ofFlowRun(run.id, MAX_GRAPH_NODES + 1)
  if (tasks.length > MAX_GRAPH_NODES) {
    throw new ProblemError('too_many', `The graph of this run has more than ${MAX_GRAPH_NODES} nodes; use task_runs/filter instead.`)
  }
  const subflows = new Map(store.flowRuns.subflowsOf(run.id, MAX_GRAPH_NODES).map((row) => [row.run.parent_task_run_id, row]))
  const shown = tasks.map((task) => shownOf(task, subflows.get(task.id)))
  const nodes = nodesOf(shown, query.since)
  const output: Graph = {
    start_time: at(run.start_time),
    end_time: at(run.end_time),
    root_node_ids: nodes.filter(([, { parents, encapsulating }]) => parents.length === 0 && encapsulating.length === 0).map(([id]) => id),
    nodes,
    artifacts: [],
    states: run.states.map(({ id, timestamp, type, name }) => ({ id, timestamp: formatInstant(timestamp), type, name })),
  }
  return { output }
}

const at = (instant: Instant | null): string | null => (instant === null ? null : formatInstant(instant))

function shownOf(task: TaskRun, subflow: FlowRunRow | undefined): Shown {
  if (subflow === undefined) return { kind: 'task-run', id: task.id, label: task.name, facts: task, task }
  const { run, flowName } = subflow
  return { kind: 'flow-run', id: run.id, label: `${flowName} / ${run.name}`, facts: run, task }
}

/** Nodes of runs that have started, oldest start first. With `since`: only what has not ended before. */
function nodesOf(shown: readonly Shown[], since: Instant | undefined): Graph['nodes'] {
  const idOfTask = new Map<string, string>(shown.map(({ task, id }) => [task.id, id]))
  const nodes = new Map<
    string,
    { readonly shown: Shown; readonly start: Instant; parents: Edge[]; children: Edge[]; encapsulating: Edge[] }
  >()
  for (const each of shown.toSorted((a, b) => startOf(a) - startOf(b))) {
    nodes.set(each.id, { shown: each, start: startOf(each), parents: [], children: [], encapsulating: [] })
  }
  for (const [id, node] of nodes) {
    for (const [name, inputs] of Object.entries(node.shown.task.task_inputs)) {
      for (const input of inputs) {
        const from = input.input_type === 'task_run' ? idOfTask.get(input.id) : undefined
        if (from === undefined || from === id) continue
        if (name === '__parents__') addEdge(node.encapsulating, from)
        else if (addEdge(node.parents, from)) addEdge(nodes.get(from)?.children ?? [], id)
      }
    }
  }
  return [...nodes]
    .filter(
      ([
        ,
        {
          shown: { facts },
        },
      ]) => since === undefined || facts.end_time === null || facts.end_time >= since,
    )
    .map(
      ([
        id,
        {
          shown: { kind, label, facts },
          start,
          parents,
          children,
          encapsulating,
        },
      ]) => [
        id,
        {
          kind,
          id,
          label,
          state_type: facts.states.at(-1)?.type ?? 'PENDING',
          start_time: formatInstant(start),
          end_time: at(facts.end_time),
          parents,
          children,
          encapsulating,
          artifacts: [],
        },
      ],
    )
}

const startOf = ({ facts, task }: Shown): Instant => facts.start_time ?? facts.expected_start_time ?? task.created

function addEdge(edges: Edge[], id: string): boolean {
  if (edges.some((edge) => edge.id === id)) return false
  edges.push({ id })
  return true
}
