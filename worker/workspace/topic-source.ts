/** What a topic shows, out of the store: rows as REST shows them. */
import type { Topic, TopicPatch } from '#sdk/protocol/frames.ts'
import type { FlowRunId } from '#sdk/protocol/ids.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import type { JsonObject } from '#sdk/protocol/json.ts'
import { MAX_SNAPSHOT_LOG_LINES, MAX_SNAPSHOT_RUNS, MAX_SNAPSHOT_TASK_RUNS } from '#sdk/protocol/limits.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import { presentFlowRun, presentLine, presentTaskRun } from '../operations/present.ts'
import { readLines } from '../operations/read-lines.ts'
import { historyOf } from '../operations/timeline.ts'
import type { FlowRunRow } from '../storage/flow-run-row.ts'
import type { Store } from '../storage/store.ts'
import type { Gathered } from './topics.ts'

/** Outputs are JSON already; the wire's type does not know their fields. */
const asJson = (rows: readonly object[]): JsonObject[] => rows as JsonObject[]

export function snapshotOf(store: Store, topic: Topic, now: Instant): TopicPatch {
  if (topic === 'flow_runs') return { flow_runs: flowRuns(store.flowRuns.list({}, 'ID_DESC', MAX_SNAPSHOT_RUNS, 0), now) }
  const id = topic.slice('flow_run:'.length) as FlowRunId
  const row = store.flowRuns.findRow(id)
  const reading = { streams: [id], isBackwards: true, after: undefined, matches: () => true, offset: 0, limit: MAX_SNAPSHOT_LOG_LINES }
  const { lines } = readLines(store.logs, reading)
  return {
    flow_runs: flowRuns(row === undefined ? [] : [row], now),
    task_runs: asJson(store.taskRuns.newestOfFlowRun(id, MAX_SNAPSHOT_TASK_RUNS).map((task) => taskRun(task, now))),
    logs: asJson(lines.toReversed().map(({ line, stream, kind, number }) => presentLine(line, stream, kind, number))),
  }
}

/** The rows as they are now, which is at least what the changes made of them. */
export function patchOf(store: Store, { flowRuns: runs, taskRuns, lines, deleted }: Gathered, now: Instant): TopicPatch {
  const rows = [...runs].map((id) => store.flowRuns.findRow(id)).filter((row) => row !== undefined)
  const tasks = [...taskRuns].map((id) => store.taskRuns.find(id)).filter((task) => task !== undefined)
  const logs = lines.flatMap(({ lines: added, stream, kind, first }) =>
    added.map((line, index) => presentLine(line, stream, kind, first + index)),
  )
  return {
    ...(rows.length > 0 && { flow_runs: flowRuns(rows, now) }),
    ...(tasks.length > 0 && { task_runs: asJson(tasks.map((task) => taskRun(task, now))) }),
    ...(logs.length > 0 && { logs: asJson(logs) }),
    ...(deleted.size > 0 && { deleted: [...deleted] }),
  }
}

/** With all its states: a watcher that came late, or was told of several at once, draws each attempt. */
const taskRun = (task: TaskRun, now: Instant) => ({ ...presentTaskRun(task, now), history: historyOf(task) })

const flowRuns = (rows: readonly FlowRunRow[], now: Instant): JsonObject[] =>
  asJson(rows.map(({ run, flowName }) => presentFlowRun(run, flowName, now)))
