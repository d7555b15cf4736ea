/** States, read through their run: an id of ours names the run, others are looked up. */
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { FlowRunId, StateId, TaskRunId } from '#sdk/protocol/ids.ts'
import { runIdOf } from '#sdk/protocol/mint.ts'
import { flowRunOrProblem } from './flow-runs.ts'
import { presentState } from './present.ts'
import { taskRunOrProblem } from './task-runs.ts'
import type { Handler, Unit } from './unit.ts'

function runOf({ store }: Unit, id: StateId): string {
  return store.stateRefs.find(id) ?? runIdOf(id)
}

const missing = (id: StateId): ProblemError => new ProblemError('not_found', `There is no state ${id}.`)

export const readFlowRunState: Handler<'flow_run_states.read'> = (unit, { params }) => {
  const run = unit.store.flowRuns.find(runOf(unit, params.id) as FlowRunId)
  const state = run?.states.find(({ id }) => id === params.id)
  if (run === undefined || state === undefined) throw missing(params.id)
  return { output: presentState(state, { flow_run_id: run.id }) }
}

export const readTaskRunState: Handler<'task_run_states.read'> = (unit, { params }) => {
  const task = unit.store.taskRuns.find(runOf(unit, params.id) as TaskRunId)
  const state = task?.states.find(({ id }) => id === params.id)
  if (task === undefined || state === undefined) throw missing(params.id)
  return { output: presentState(state, { flow_run_id: task.flow_run_id, task_run_id: task.id }) }
}

export const listFlowRunStates: Handler<'flow_run_states.list'> = (unit, { query }) => {
  const { id, states } = flowRunOrProblem(unit, query.flow_run_id)
  return { output: states.map((state) => presentState(state, { flow_run_id: id })) }
}

export const listTaskRunStates: Handler<'task_run_states.list'> = (unit, { query }) => {
  const { id, flow_run_id, states } = taskRunOrProblem(unit, query.task_run_id)
  return { output: states.map((state) => presentState(state, { flow_run_id, task_run_id: id })) }
}
