/** Log lines. Levels are Python's numbers, as in Prefect. */
import * as z from 'zod'
import { FlowRunId, ForeignId, TaskRunId } from './ids.ts'
import { InstantInput, InstantMicros, InstantOutput } from './instants.ts'
import { MAX_LOG_MESSAGE_LENGTH, MAX_NAME_LENGTH } from './limits.ts'

export const LOG_LEVELS = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 } as const
export type LogLevelName = keyof typeof LOG_LEVELS
const LogLevel = z.int().min(0).max(100)

/** `INFO` for 20; numbers between two names get the lower one's. */
export function logLevelName(level: number): LogLevelName {
  if (level >= LOG_LEVELS.CRITICAL) return 'CRITICAL'
  if (level >= LOG_LEVELS.ERROR) return 'ERROR'
  if (level >= LOG_LEVELS.WARNING) return 'WARNING'
  return level >= LOG_LEVELS.INFO ? 'INFO' : 'DEBUG'
}

/** Every epoch numbers its lines in a range of its own, so that two executors of one run never use one number twice. */
const LINES_PER_EPOCH = 2 ** 32
export const firstLineOf = (epoch: number): number => epoch * LINES_PER_EPOCH

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
