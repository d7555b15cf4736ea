/** Log lines. Levels are Python's numbers, as in Prefect. */
import * as z from 'zod'
import { FlowRunId, ForeignId, TaskRunId } from './ids.ts'
import { InstantInput, InstantMicros, InstantOutput } from './instants.ts'
import { MAX_LOG_MESSAGE_LENGTH, MAX_NAME_LENGTH } from './limits.ts'

const LogLevel = z.int().min(0).max(100)

/** One line inside a packed segment; short names because there are many. `k`: its task run. `o`: it came after its lease had ended. */
export const LogLine = z.strictObject({
  t: InstantMicros,
  l: LogLevel,
  m: z.string().max(MAX_LOG_MESSAGE_LENGTH),
  /** Logger: `flowcell.flow_runs` or `flowcell.task_runs` of our engine. */
  n: z.string().max(MAX_NAME_LENGTH),
  k: TaskRunId.optional(),
  o: z.literal(true).optional(),
})
export type LogLine = Readonly<z.infer<typeof LogLine>>

export const LogCreate = z.strictObject({
  name: z.string().max(MAX_NAME_LENGTH),
  level: LogLevel,
  message: z.string(),
  timestamp: InstantInput,
  flow_run_id: FlowRunId.nullish(),
  task_run_id: TaskRunId.nullish(),
  worker_id: ForeignId.nullish(),
})
export type LogCreate = z.infer<typeof LogCreate>

export const LogOutput = z.object({
  id: z.guid(),
  created: InstantOutput,
  updated: InstantOutput,
  name: z.string(),
  level: z.int(),
  message: z.string(),
  timestamp: InstantOutput,
  flow_run_id: FlowRunId.nullable(),
  task_run_id: TaskRunId.nullable(),
})
export type LogOutput = z.infer<typeof LogOutput>
