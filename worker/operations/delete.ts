/** Deleting in steps that one commit can bear: what people look up goes at once, what hangs on it is swept by the alarm. */
import type { FlowId, FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import type { NotebookId } from '#sdk/protocol/notebook.ts'
import type { Chore } from '../storage/chores.ts'
import { endTaskRuns } from './propose.ts'
import type { Unit } from './unit.ts'

/** Rows of one kind that one commit deletes. */
const AT_ONCE = 500
const SEGMENTS_AT_ONCE = 50
const RUNS_AT_ONCE = 25

export function deleteFlow(unit: Unit, id: FlowId): void {
  unit.store.flows.delete(id)
  deleteRunsOfFlow(unit, id)
}

function deleteRunsOfFlow(unit: Unit, id: FlowId): boolean {
  const runs = unit.store.flowRuns.idsOfFlow(id, RUNS_AT_ONCE)
  for (const run of runs) deleteFlowRun(unit, run)
  if (runs.length < RUNS_AT_ONCE) return true
  later(unit, { kind: 'delete_flow', id })
  return false
}

/** The run, its task runs, its log. Subflow runs stay; only what tied them to it is gone. Answers false when there was none. */
export function deleteFlowRun(unit: Unit, id: FlowRunId): boolean {
  const { store, changes } = unit
  const run = store.flowRuns.find(id)
  if (run === undefined) return false
  if (run.session_id !== null) {
    changes.tell(run.session_id, { type: 'lost', run: id, epoch: run.epoch, reason: 'The run was deleted.' })
  }
  for (const state of run.states) store.stateRefs.delete(state.id)
  store.flowRuns.delete(id)
  changes.delete(id, id)
  deletePartsOfRun(unit, id)
  return true
}

function deletePartsOfRun(unit: Unit, id: FlowRunId): boolean {
  const { store } = unit
  const tasks = store.taskRuns.deleteOf(id, AT_ONCE)
  const segments = store.logs.deleteOf(id, SEGMENTS_AT_ONCE)
  if (tasks.length < AT_ONCE && segments < SEGMENTS_AT_ONCE) return true
  later(unit, { kind: 'delete_run', id })
  return false
}

export function deleteTaskRun({ store, changes }: Unit, id: TaskRunId): boolean {
  const task = store.taskRuns.find(id)
  if (task === undefined) return false
  for (const state of task.states) store.stateRefs.delete(state.id)
  store.taskRuns.delete(id)
  if (task.flow_run_id === null) store.logs.deleteOf(id, SEGMENTS_AT_ONCE)
  changes.delete(id, task.flow_run_id)
  return true
}

export function deleteNotebook(unit: Unit, id: NotebookId): void {
  unit.store.notebooks.delete(id)
  unit.changes.deleteNotebook(id)
  if (!deletePartsOfNotebook(unit, id)) later(unit, { kind: 'delete_notebook', id })
}

function deletePartsOfNotebook({ store }: Unit, id: NotebookId): boolean {
  const cells = store.notebooks.deleteCells(id, AT_ONCE)
  const batches = store.notebookLog.deleteOf(id, AT_ONCE)
  const runs = store.cellRuns.deleteOf(id, SEGMENTS_AT_ONCE)
  return cells < AT_ONCE && batches < AT_ONCE && runs < SEGMENTS_AT_ONCE
}

/** One bounded step of a chore. Answers whether it is done. */
export function stepChore(unit: Unit, chore: Chore): boolean {
  switch (chore.kind) {
    case 'delete_flow':
      return deleteRunsOfFlow(unit, chore.id as FlowId)
    case 'delete_run':
      return deletePartsOfRun(unit, chore.id as FlowRunId)
    case 'delete_notebook':
      return deletePartsOfNotebook(unit, chore.id as NotebookId)
    case 'end_tasks':
      return endTaskRuns(unit, chore.id as FlowRunId, chore.wasCancelled)
  }
}

function later({ store, changes }: Unit, chore: Chore): void {
  store.chores.add(chore)
  changes.isWakeChanged = true
}
