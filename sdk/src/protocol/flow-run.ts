/** A flow run. Field names are Prefect's, in memory, in the database and on the wire; only times change their form. */
import * as z from 'zod'
import { FlowId, FlowRunId, ForeignId, StateId, TaskRunId, type SessionId } from './ids.ts'
import type { Instant } from './instants.ts'
import { InstantOutput } from './instant-schemas.ts'
import { JsonObject, Labels, Tags } from './json.ts'
import { MAX_NAME_LENGTH, MAX_RETRIES, MAX_RETRY_DELAYS, MAX_RETRY_DELAY_SECONDS, MAX_RETRY_JITTER_FACTOR } from './limits.ts'
import { StateCreate, StateOutput, StateType, type State } from './states.ts'

/** A delay. */
export const seconds = z.number().min(0).max(MAX_RETRY_DELAY_SECONDS)
export const RunName = z.string().min(1).max(MAX_NAME_LENGTH)

/**
 * How a run is tried again. Delay of attempt i (0 for the first retry): `retry_delays[min(i, length - 1)]` where that list is given, else
 * `retry_delay`, in seconds; spread by `retry_jitter_factor`. One policy for flows and tasks.
 */
export const RetryPolicy = z.strictObject({
  retries: z.int().min(0).max(MAX_RETRIES).nullish(),
  retry_delay: seconds.nullish(),
  retry_delays: z.array(seconds).min(1).max(MAX_RETRY_DELAYS).readonly().nullish(),
  retry_jitter_factor: z.number().min(0).max(MAX_RETRY_JITTER_FACTOR).nullish(),
})
export type RetryPolicy = Readonly<z.infer<typeof RetryPolicy>>

export const FlowRunPolicy = RetryPolicy.extend({
  pause_keys: z.array(z.string().max(MAX_NAME_LENGTH)).max(1_000).readonly().nullish(),
  resuming: z.boolean().nullish(),
  retry_type: z.enum(['in_process', 'reschedule']).nullish(),
})
export type FlowRunPolicy = Readonly<z.infer<typeof FlowRunPolicy>>

/** As Prefect's clients send it: with the two fields that Prefect keeps for its old clients. */
export const FlowRunPolicyInput = FlowRunPolicy.extend({
  max_retries: z.int().min(0).optional(),
  retry_delay_seconds: seconds.optional(),
}).transform(({ max_retries, retry_delay_seconds, ...policy }): FlowRunPolicy => ({
  ...policy,
  retries: policy.retries ?? (max_retries === undefined || max_retries === 0 ? null : max_retries),
  retry_delay: policy.retry_delay ?? (retry_delay_seconds === undefined || retry_delay_seconds === 0 ? null : retry_delay_seconds),
}))

export const CreatedBy = z.object({ id: ForeignId.nullable(), type: z.string().nullable(), display_value: z.string().nullable() })
export type CreatedBy = Readonly<z.infer<typeof CreatedBy>>

/** What the machine reads and writes of a flow run or a task run. Durations are microseconds. */
export interface RunFacts {
  /** The whole history, oldest first; the last one is the state. */
  readonly states: readonly State[]
  readonly run_count: number
  readonly expected_start_time: Instant | null
  readonly next_scheduled_start_time: Instant | null
  readonly start_time: Instant | null
  readonly end_time: Instant | null
  readonly total_run_micros: number
}

export interface FlowRun extends RunFacts {
  readonly id: FlowRunId
  readonly created: Instant
  readonly updated: Instant
  readonly name: string
  readonly flow_id: FlowId
  readonly deployment_id: string | null
  readonly flow_version: string | null
  readonly parameters: JsonObject
  readonly idempotency_key: string | null
  readonly context: JsonObject
  readonly empirical_policy: FlowRunPolicy
  readonly tags: Tags
  readonly labels: Labels
  readonly parent_task_run_id: TaskRunId | null
  readonly auto_scheduled: boolean
  readonly infrastructure_pid: string | null
  readonly job_variables: JsonObject | null
  readonly created_by: CreatedBy | null
  /** The executor session that holds the run; null while nobody does. */
  readonly session_id: SessionId | null
  /** Grows at every hand-out; writes that name another are refused (`stale_lease`). */
  readonly epoch: number
}

export const FlowRunCreate = z.strictObject({
  flow_id: FlowId,
  state: StateCreate.nullish(),
  name: RunName.nullish(),
  flow_version: z.string().max(MAX_NAME_LENGTH).nullish(),
  parameters: JsonObject.optional(),
  context: JsonObject.optional(),
  parent_task_run_id: TaskRunId.nullish(),
  infrastructure_document_id: z.null('documents of infrastructure are not stored here; send null').optional(),
  empirical_policy: FlowRunPolicyInput.nullish(),
  tags: Tags.optional(),
  labels: Labels.nullish(),
  idempotency_key: z.string().min(1).max(MAX_NAME_LENGTH).nullish(),
  deployment_id: z.null('there are no deployments in this workspace; send null').optional(),
  work_pool_name: z.null('there are no work pools in this workspace; send null').optional(),
  work_queue_name: z.null('there are no work queues in this workspace; send null').optional(),
  job_variables: JsonObject.nullish(),
})
export type FlowRunCreate = z.infer<typeof FlowRunCreate>

export const FlowRunUpdate = z.strictObject({
  name: RunName.nullish(),
  flow_version: z.string().max(MAX_NAME_LENGTH).nullish(),
  parameters: JsonObject.optional(),
  empirical_policy: FlowRunPolicyInput.optional(),
  tags: Tags.optional(),
  infrastructure_pid: z.string().max(MAX_NAME_LENGTH).nullish(),
  job_variables: JsonObject.nullish(),
})
export type FlowRunUpdate = z.infer<typeof FlowRunUpdate>

/** Fields that flow runs and task runs share in answers. Durations are seconds. */
export const runOutput = {
  name: z.string(),
  tags: Tags,
  labels: Labels,
  state_id: StateId.nullable(),
  state_type: StateType.nullable(),
  state_name: z.string().nullable(),
  state: StateOutput.nullable(),
  run_count: z.int(),
  expected_start_time: InstantOutput.nullable(),
  next_scheduled_start_time: InstantOutput.nullable(),
  start_time: InstantOutput.nullable(),
  end_time: InstantOutput.nullable(),
  total_run_time: z.number(),
  estimated_run_time: z.number(),
  estimated_start_time_delta: z.number(),
} as const

export const FlowRunOutput = z.object({
  id: FlowRunId,
  created: InstantOutput,
  updated: InstantOutput,
  flow_id: FlowId,
  /** Ours: saves a second question. */
  flow_name: z.string(),
  deployment_id: ForeignId.nullable(),
  deployment_version: z.string().nullable(),
  work_queue_id: ForeignId.nullable(),
  work_queue_name: z.string().nullable(),
  work_pool_id: ForeignId.nullable(),
  work_pool_name: z.string().nullable(),
  flow_version: z.string().nullable(),
  parameters: JsonObject,
  idempotency_key: z.string().nullable(),
  context: JsonObject,
  empirical_policy: z.looseObject({ retries: z.int().nullable(), retry_delay: z.int().nullable() }),
  parent_task_run_id: TaskRunId.nullable(),
  auto_scheduled: z.boolean(),
  infrastructure_document_id: ForeignId.nullable(),
  infrastructure_pid: z.string().nullable(),
  job_variables: JsonObject.nullable(),
  created_by: CreatedBy.nullable(),
  ...runOutput,
})
export type FlowRunOutput = z.infer<typeof FlowRunOutput>
