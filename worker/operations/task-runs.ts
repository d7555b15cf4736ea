/** Task runs as REST clients see and drive them; those of our engines come as items, see items.ts. */
import { newTaskRun } from '#sdk/machine/new-run.ts'
import { transitionTaskRun } from '#sdk/machine/transition.ts'
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { FlowRun } from '#sdk/protocol/flow-run.ts'
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import { mintTaskRunId } from '#sdk/protocol/mint.ts'
import { MAX_PARAMETERS_BYTES, MAX_TASK_RUNS_PER_FLOW_RUN } from '#sdk/protocol/limits.ts'
import type { TaskInputs, TaskRun } from '#sdk/protocol/task-run.ts'
import { deleteTaskRun } from './delete.ts'
import { flowRunOrProblem, presentVerdict, statusOf } from './flow-runs.ts'
import { requireRoom } from './require-room.ts'
import { pageOf } from './page.ts'
import { presentTaskRun } from './present.ts'
import { proposeTaskRunState, referStates, requireSmallData } from './propose.ts'
import { jsonBytes } from './sizes.ts'
import type { Handler, Unit } from './unit.ts'

export function taskRunOrProblem({ store }: Unit, id: TaskRunId): TaskRun {
  const task = store.taskRuns.find(id)
  if (task === undefined) throw new ProblemError('not_found', `There is no task run ${id}.`)
  return task
}

export function requireFewTaskRuns({ store }: Unit, run: FlowRunId): void {
  if (store.taskRuns.countOf(run) < MAX_TASK_RUNS_PER_FLOW_RUN) return
  if (store.taskRuns.countOf(run, true) < MAX_TASK_RUNS_PER_FLOW_RUN) return
  throw new ProblemError('too_many', `A flow run has at most ${MAX_TASK_RUNS_PER_FLOW_RUN} task runs.`)
}

export function requireSmallInputs(inputs: TaskInputs | undefined): void {
  if (inputs === undefined || jsonBytes(inputs, MAX_PARAMETERS_BYTES) <= MAX_PARAMETERS_BYTES) return
  throw new ProblemError('too_large', `task_inputs may have ${MAX_PARAMETERS_BYTES} bytes as JSON.`)
}

const parentOf = (unit: Unit, id: FlowRunId | null): FlowRun | null => (id === null ? null : (unit.store.flowRuns.find(id) ?? null))

/** The same keys in the same flow run, or the same id, answer the first. */
function knownTaskRun(
  { store }: Unit,
  id: TaskRunId | null,
  run: FlowRunId | null,
  taskKey: string,
  dynamicKey: string,
): TaskRun | undefined {
  const same = id === null ? undefined : store.taskRuns.find(id)
  if (same !== undefined && (same.flow_run_id !== run || same.task_key !== taskKey || same.dynamic_key !== dynamicKey)) {
    throw new ProblemError('conflict', `Task run ${id} exists with another flow run or other keys.`)
  }
  return same ?? (run === null ? undefined : store.taskRuns.findByKeys(run, taskKey, dynamicKey))
}

export const createTaskRun: Handler<'task_runs.create'> = (unit, { body }) => {
  const { now, random, store, changes } = unit
  const flowRun = body.flow_run_id == null ? null : flowRunOrProblem(unit, body.flow_run_id)
  const known = knownTaskRun(unit, body.id ?? null, flowRun?.id ?? null, body.task_key, body.dynamic_key)
  if (known !== undefined) return { output: presentTaskRun(known, now), status: 200 }
  if (flowRun === null) requireRoom(unit)
  else requireFewTaskRuns(unit, flowRun.id)
  requireSmallInputs(body.task_inputs)
  const state = body.state ?? { type: 'PENDING' as const }
  requireSmallData(state)
  const id = body.id ?? mintTaskRunId(now, random)
  const name = body.name ?? `${body.task_key}-${body.dynamic_key}`.slice(0, 255)
  const blank = newTaskRun({ ...body, id, name }, now)
  const parent = flowRun === null ? null : { run_count: flowRun.run_count, type: flowRun.states.at(-1)?.type ?? null }
  const verdict = transitionTaskRun(blank, state, { now, random, force: true, flowRun: parent })
  if (!verdict.changed) throw new ProblemError('invalid_request', `A task run cannot begin as ${state.type}.`)
  const task: TaskRun = { ...verdict.run, updated: now }
  store.taskRuns.insert(task)
  referStates(unit, task)
  changes.taskRun(task.id, task.flow_run_id)
  return { output: presentTaskRun(task, now) }
}

export const readTaskRun: Handler<'task_runs.read'> = (unit, { params }) => ({
  output: presentTaskRun(taskRunOrProblem(unit, params.id), unit.now),
})

export const patchTaskRun: Handler<'task_runs.update'> = (unit, { params, body }) => {
  const task = taskRunOrProblem(unit, params.id)
  unit.store.taskRuns.update({ ...task, name: body.name, updated: unit.now })
  unit.changes.taskRun(task.id, task.flow_run_id)
  return {}
}

export const removeTaskRun: Handler<'task_runs.delete'> = (unit, { params }) => {
  if (!deleteTaskRun(unit, params.id)) throw new ProblemError('not_found', `There is no task run ${params.id}.`)
  return {}
}

export const filterTaskRuns: Handler<'task_runs.filter'> = ({ store, now }, { body }) => ({
  output: store.taskRuns.list(body, body.sort, body.limit, body.offset, body.cursor ?? null).map((task) => presentTaskRun(task, now)),
})

export const paginateTaskRuns: Handler<'task_runs.paginate'> = ({ store, now }, { body }) => ({
  output: pageOf(body, store.taskRuns.count(body), (limit, offset) =>
    store.taskRuns.list(body, body.sort, limit, offset).map((task) => presentTaskRun(task, now)),
  ),
})

export const countTaskRuns: Handler<'task_runs.count'> = ({ store }, { body }) => ({ output: store.taskRuns.count(body) })

export const setTaskRunState: Handler<'task_runs.set_state'> = (unit, { params, body }) => {
  const task = taskRunOrProblem(unit, params.id)
  const verdict = proposeTaskRunState(unit, task, body.state, parentOf(unit, task.flow_run_id), body.force)
  return { output: presentVerdict(verdict), status: statusOf(verdict) }
}
