/** The record of a task run, as of the moment of its call. */
import { newTaskRun } from '../machine/new-run.ts'
import { transitionTaskRun } from '../machine/transition.ts'
import type { FlowRunId, TaskRunId } from '../protocol/ids.ts'
import type { RetryPolicy } from '../protocol/flow-run.ts'
import type { Instant } from '../protocol/instants.ts'
import type { Random } from '../protocol/mint.ts'
import { MAX_NAME_LENGTH, MAX_TASK_RUN_EDGES } from '../protocol/limits.ts'
import type { ParameterInfo } from '../protocol/parameters.ts'
import type { TaskInputs, TaskRun, TaskRunInput } from '../protocol/task-run.ts'
import { FutureList } from './future-list.ts'
import { TaskFuture } from './futures.ts'
import type { Inputs } from './inputs.ts'

/** What all calls of one task have in common. */
export interface TaskKind {
  readonly name: string
  readonly version: string | undefined
  readonly policy: RetryPolicy
  readonly logPrints: boolean | undefined
  readonly persistResult: boolean | undefined
  /** Names of the arguments, once they are known. */
  readonly parameters: readonly ParameterInfo[] | undefined
}

interface RecordFacts {
  readonly kind: TaskKind
  readonly id: TaskRunId
  readonly taskName: string
  readonly index: number
  readonly flowRunId: FlowRunId | null
  readonly tags: readonly string[]
  readonly inputs: Inputs | undefined
  /** When it was called. */
  readonly at: Instant
  readonly random: Random
}

/** A new record in state PENDING. */
export function recordOf({ kind, id, taskName, index, flowRunId, tags, inputs, at, random }: RecordFacts): TaskRun {
  const made = newTaskRun(
    {
      id,
      name: runNameOf(taskName, index),
      task_key: taskName,
      dynamic_key: String(index),
      flow_run_id: flowRunId,
      task_version: kind.version,
      empirical_policy: kind.policy,
      tags,
      task_inputs: inputs && edgesOf(inputs, kind.parameters),
    },
    at,
  )
  return transitionTaskRun(made, { type: 'PENDING' }, { now: at, random, flowRun: null }).run
}

/** A task run's name where it has no other. Room for the index is kept in names of any length. */
export function runNameOf(taskName: string, index: number): string {
  const key = `${taskName}-${index}`
  return key.length <= MAX_NAME_LENGTH ? key : `${taskName.slice(0, MAX_NAME_LENGTH - 8)}-${index}`
}

/** Where arguments came from: the edges of the run's graph. */
function edgesOf({ upstreams }: Inputs, parameters: readonly ParameterInfo[] | undefined): TaskInputs {
  const edges: Record<string, TaskRunInput[]> = {}
  let count = 0
  for (const { future, position } of upstreams) {
    if (count === MAX_TASK_RUN_EDGES) break
    const name = position < 0 ? 'wait_for' : (parameters?.[position]?.name ?? `arg${position}`)
    const list = (edges[name.slice(0, MAX_NAME_LENGTH)] ??= [])
    const futures = future instanceof TaskFuture ? [future] : FutureList.isKnown(future) ? [...future] : []
    for (const one of futures.slice(0, MAX_TASK_RUN_EDGES - count)) {
      list.push({ input_type: 'task_run', id: one.taskRunId })
      count++
    }
  }
  return edges
}
