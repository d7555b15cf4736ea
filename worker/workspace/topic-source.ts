/** What a topic shows, out of the store: rows as REST shows them. */
import type { Topic, TopicPatch } from '#sdk/protocol/frames.ts'
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import type { JsonObject } from '#sdk/protocol/json.ts'
import {
  MAX_NOTEBOOKS,
  MAX_SNAPSHOT_EDIT_CHARACTERS,
  MAX_SNAPSHOT_LOG_LINES,
  MAX_SNAPSHOT_RUNS,
  MAX_SNAPSHOT_TASK_RUNS,
} from '#sdk/protocol/limits.ts'
import type { NotebookId } from '#sdk/protocol/notebook.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import { runsWithin } from '../operations/cell-runs.ts'
import { presentFlowRun, presentLine, presentNotebook, presentTaskRun } from '../operations/present.ts'
import { readLines } from '../operations/read-lines.ts'
import { historyOf } from '../operations/timeline.ts'
import type { FlowRunRow } from '../storage/flow-run-row.ts'
import type { Store } from '../storage/store.ts'
import type { Gathered } from './topics.ts'

/** Outputs are JSON already; the wire's type does not know their fields. */
const asJson = (rows: readonly object[]): JsonObject[] => rows as JsonObject[]

const NOTEBOOK = 'notebook:'
const TASK_RUN = 'task_run:'

/** `isReturning`: whoever hears it may have edits of its own, which stand on what it heard before. */
export function snapshotOf(store: Store, topic: Topic, now: Instant, isReturning: boolean): TopicPatch {
  if (topic === 'notebooks') return notebooks(store)
  if (topic.startsWith(NOTEBOOK)) return notebook(store, topic.slice(NOTEBOOK.length) as NotebookId, isReturning)
  if (topic === 'flow_runs') return { flow_runs: flowRuns(store.flowRuns.list({}, 'ID_DESC', MAX_SNAPSHOT_RUNS, 0), now) }
  if (topic.startsWith(TASK_RUN)) return taskRunOutside(store, topic.slice(TASK_RUN.length) as TaskRunId, now)
  const id = topic.slice('flow_run:'.length) as FlowRunId
  const row = store.flowRuns.findRow(id)
  return {
    flow_runs: flowRuns(row === undefined ? [] : [row], now),
    task_runs: asJson(store.taskRuns.newestOfFlowRun(id, MAX_SNAPSHOT_TASK_RUNS).map((task) => taskRun(task, now))),
    logs: newestLines(store, id),
  }
}

/** One that is gone, or in a flow run, whose watchers hear of it, is not told of here. */
function taskRunOutside(store: Store, id: TaskRunId, now: Instant): TopicPatch {
  const task = store.taskRuns.find(id)
  if (task === undefined || task.flow_run_id !== null) return { task_runs: [], logs: [] }
  return { task_runs: asJson([taskRun(task, now)]), logs: newestLines(store, id) }
}

/** Oldest first. */
function newestLines(store: Store, stream: string): JsonObject[] {
  const reading = { streams: [stream], isBackwards: true, after: undefined, matches: () => true, offset: 0, limit: MAX_SNAPSHOT_LOG_LINES }
  const { lines } = readLines(store.logs, reading)
  return asJson(lines.toReversed().map(({ line, kind, number }) => presentLine(line, stream, kind, number)))
}

/** The rows as they are now, which is at least what the changes made of them. */
export function patchOf(store: Store, gathered: Gathered, now: Instant): TopicPatch {
  const { flowRuns: runs, taskRuns, lines, batches, deleted } = gathered
  const rows = [...runs].map((id) => store.flowRuns.findRow(id)).filter((row) => row !== undefined)
  const tasks = [...taskRuns].map((id) => store.taskRuns.find(id)).filter((task) => task !== undefined)
  const logs = lines.flatMap(({ lines: added, stream, kind, first }) =>
    added.map((line, index) => presentLine(line, stream, kind, first + index)),
  )
  const listed = [...gathered.notebooks].map((id) => store.notebooks.find(id)).filter((row) => row !== undefined)
  const cellRuns = [...gathered.cellRuns].map(([cell, id]) => store.cellRuns.find(id, cell)).filter((run) => run !== undefined)
  return {
    ...(listed.length > 0 && { notebooks: listed.map(presentNotebook) }),
    ...(batches.length > 0 && { operations: batches }),
    ...(cellRuns.length > 0 && { cell_runs: cellRuns }),
    ...(rows.length > 0 && { flow_runs: flowRuns(rows, now) }),
    ...(tasks.length > 0 && { task_runs: asJson(tasks.map((task) => taskRun(task, now))) }),
    ...(logs.length > 0 && { logs: asJson(logs) }),
    ...(deleted.size > 0 && { deleted: [...deleted] }),
  }
}

function notebooks(store: Store): TopicPatch {
  const rows = store.notebooks.list({ sort: 'UPDATED_DESC', limit: MAX_NOTEBOOKS, offset: 0 })
  return { notebooks: rows.map(presentNotebook) }
}

/** Of one that is gone: that it is. */
function notebook(store: Store, id: NotebookId, isReturning: boolean): TopicPatch {
  const row = store.notebooks.find(id)
  if (row === undefined) return { deleted: [id] }
  const now = store.notebooks.load(row)
  return {
    notebook: { ...presentNotebook(row), notebook: now },
    ...(isReturning && { operations: [...store.notebookLog.tail(id, MAX_SNAPSHOT_EDIT_CHARACTERS)] }),
    ...runsWithin(store, id, now),
  }
}

/** With all its states: a watcher that came late, or was told of several at once, draws each attempt. */
const taskRun = (task: TaskRun, now: Instant) => ({ ...presentTaskRun(task, now), history: historyOf(task) })

const flowRuns = (rows: readonly FlowRunRow[], now: Instant): JsonObject[] =>
  asJson(rows.map(({ run, flowName }) => presentFlowRun(run, flowName, now)))
