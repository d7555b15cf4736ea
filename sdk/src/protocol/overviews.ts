/**
 * Answers of ours that a page needs to draw many runs at once: columns and short rows in place of whole documents.
 * Times are {@link InstantMicros}, as on the socket.
 */
import * as z from 'zod'
import { FlowId, FlowRunId, TaskRunId } from './ids.ts'
import { InstantMicros } from './instant-schemas.ts'
import { MAX_PAGE, MAX_RECENT_RUNS } from './limits.ts'
import { count } from './operation.ts'
import { StateType } from './states.ts'

/** `[type, name, timestamp, type, name, timestamp, …]`, oldest first: the states of one run. */
export const History = z.array(z.union([z.string(), z.int()])).readonly()
export type History = z.infer<typeof History>

/**
 * A task run in a timeline. `states`: which of the answer's states, and microseconds after its `base`, in turn. `parents`: the task runs that
 * its arguments came from, as places in this answer's rows, or as ids where they stand in another page.
 */
export const TimelineRow = z.tuple([
  TaskRunId,
  /** Name. */
  z.string(),
  /** Which of the answer's keys. */
  count,
  /** States. */
  z.array(z.int()).readonly(),
  /** Parents. */
  z.array(z.union([z.int(), TaskRunId])).readonly(),
  /** The flow run that it stands for, where it is a subflow's. */
  FlowRunId.nullable(),
  /** What the last state says, where the run went wrong; its first line. */
  z.string().nullable(),
])
export type TimelineRow = z.infer<typeof TimelineRow>
/** Task runs of one flow run, oldest id first. */
export const Timeline = z.object({
  base: InstantMicros,
  /** Task runs of the flow run, in all pages. */
  total: count,
  keys: z.array(z.string()),
  states: z.array(z.tuple([StateType, z.string()])),
  rows: z.array(TimelineRow),
  /** Ask again with `after` this; null at the end. */
  next: TaskRunId.nullable(),
})
export type Timeline = z.infer<typeof Timeline>

/** `[microseconds after the segment's base, level, message, which of the names, which of the tasks or -1]`; a sixth, 1: it came after its lease had ended. */
const PackedLine = z.union([
  z.tuple([z.int(), z.int(), z.string(), z.int(), z.int()]),
  z.tuple([z.int(), z.int(), z.string(), z.int(), z.int(), z.literal(1)]),
])
/** Lines with numbers that follow one another. */
const LogSegment = z.object({ first: count, base: InstantMicros, lines: z.array(PackedLine) })
/** Lines of one log, whole segments, oldest first; pages go from the newest to the oldest. */
export const LogPage = z.object({
  /** Lines of the whole log; null where only a task run's part was asked for. */
  total: count.nullable(),
  names: z.array(z.string()),
  tasks: z.array(TaskRunId),
  segments: z.array(LogSegment),
  /** Ask again with `before` this; null at the beginning. */
  next: count.nullable(),
})
export type LogPage = z.infer<typeof LogPage>

const StateCount = z.object({ state_type: StateType, state_name: z.string(), count_runs: count })
export type StateCount = Readonly<z.infer<typeof StateCount>>
/** `run_time`: seconds in RUNNING of the runs that have ended; nearest rank. Null where none has. */
export const RunStats = z.object({ states: z.array(StateCount), run_time: z.object({ p50: z.number(), p95: z.number() }).nullable() })
export type RunStats = z.infer<typeof RunStats>

export const TaskStatesQuery = z.strictObject({ flow_run_ids: z.array(FlowRunId).max(MAX_PAGE) })
/** Flow runs without task runs are left out. */
export const TaskStates = z.array(z.object({ flow_run_id: FlowRunId, states: z.array(StateCount) }))
export type TaskStates = z.infer<typeof TaskStates>

export const RecentRunsQuery = z.strictObject({
  flow_ids: z.array(FlowId).max(MAX_PAGE),
  limit: z.int().min(1).max(MAX_RECENT_RUNS).default(MAX_RECENT_RUNS),
})
export const RecentRun = z.object({
  id: FlowRunId,
  name: z.string(),
  state_type: StateType,
  state_name: z.string(),
  created: InstantMicros,
  expected_start_time: InstantMicros.nullable(),
  start_time: InstantMicros.nullable(),
  end_time: InstantMicros.nullable(),
  /** Microseconds in RUNNING, the present interval not included. */
  run_time: count,
})
export type RecentRun = Readonly<z.infer<typeof RecentRun>>
/** Newest run first. `is_complete`: false where the newest runs of the workspace were looked through without finding as many. */
export const RecentRuns = z.array(z.object({ flow_id: FlowId, runs: z.array(RecentRun), is_complete: z.boolean() }))
export type RecentRuns = z.infer<typeof RecentRuns>
