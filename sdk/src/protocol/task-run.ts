/** A task run. Its identity in its flow run is (`task_key`, `dynamic_key`): the task's name and the index of the call, the same in every attempt. */
import * as z from 'zod'
import { RetryPolicy, RunName, runOutput, seconds, type RunFacts } from './flow-run.ts'
import { FlowRunId, TaskRunId } from './ids.ts'
import type { Instant } from './instants.ts'
import { InstantInput, InstantOutput } from './instant-schemas.ts'
import { Labels, Tags } from './json.ts'
import { MAX_NAME_LENGTH, MAX_RETRY_DELAYS } from './limits.ts'
import { StateCreate } from './states.ts'

/** Where an argument came from: another task run (an edge of the graph), a parameter of the flow, or a constant. */
export const TaskRunInput = z.discriminatedUnion('input_type', [
  z.strictObject({ input_type: z.literal('task_run'), id: TaskRunId }),
  z.strictObject({ input_type: z.literal('flow_run'), id: FlowRunId }),
  z.strictObject({ input_type: z.literal('parameter'), name: z.string().max(MAX_NAME_LENGTH) }),
  z.strictObject({ input_type: z.literal('constant'), type: z.string().max(MAX_NAME_LENGTH) }),
])
export type TaskRunInput = Readonly<z.infer<typeof TaskRunInput>>
/** Argument name → what it was made of; `wait_for` holds pure orderings. */
export const TaskInputs = z.record(z.string().max(MAX_NAME_LENGTH), z.array(TaskRunInput).readonly()).readonly()
export type TaskInputs = z.infer<typeof TaskInputs>

export const TaskKey = z.string().min(1).max(MAX_NAME_LENGTH)

export interface TaskRun extends RunFacts {
  readonly id: TaskRunId
  readonly created: Instant
  readonly updated: Instant
  readonly name: string
  /** Null outside flows. */
  readonly flow_run_id: FlowRunId | null
  readonly task_key: string
  readonly dynamic_key: string
  readonly cache_key: string | null
  readonly cache_expiration: Instant | null
  readonly task_version: string | null
  readonly empirical_policy: RetryPolicy
  readonly tags: Tags
  readonly labels: Labels
  readonly task_inputs: TaskInputs
  /** Which attempt of the flow run the last attempt of this task run belongs to. */
  readonly flow_run_run_count: number
}

const retryDelay = z.union([seconds, z.array(seconds).min(1).max(MAX_RETRY_DELAYS)])
/** As Prefect's clients send it. */
export const TaskRunPolicyInput = z
  .strictObject({
    max_retries: z.int().min(0).optional(),
    retry_delay_seconds: seconds.optional(),
    retries: RetryPolicy.shape.retries,
    retry_delay: retryDelay.nullish(),
    retry_jitter_factor: RetryPolicy.shape.retry_jitter_factor,
  })
  .transform((policy): RetryPolicy => {
    const delay = policy.retry_delay ?? policy.retry_delay_seconds ?? null
    return {
      retries: policy.retries ?? policy.max_retries ?? null,
      retry_delay: Array.isArray(delay) ? null : delay,
      retry_delays: Array.isArray(delay) ? delay : null,
      retry_jitter_factor: policy.retry_jitter_factor ?? null,
    }
  })

export const TaskRunCreate = z.strictObject({
  id: TaskRunId.nullish(),
  state: StateCreate.nullish(),
  name: RunName.nullish(),
  flow_run_id: FlowRunId.nullish(),
  task_key: TaskKey,
  dynamic_key: TaskKey,
  cache_key: z
    .string()
    .max(MAX_NAME_LENGTH * 8)
    .nullish(),
  cache_expiration: InstantInput.nullish(),
  task_version: z.string().max(MAX_NAME_LENGTH).nullish(),
  empirical_policy: TaskRunPolicyInput.nullish(),
  tags: Tags.optional(),
  labels: Labels.nullish(),
  task_inputs: TaskInputs.optional(),
})
export type TaskRunCreate = z.infer<typeof TaskRunCreate>
export const TaskRunUpdate = z.strictObject({ name: RunName })
export type TaskRunUpdate = z.infer<typeof TaskRunUpdate>

export const TaskRunOutput = z.object({
  id: TaskRunId,
  created: InstantOutput,
  updated: InstantOutput,
  flow_run_id: FlowRunId.nullable(),
  task_key: z.string(),
  dynamic_key: z.string(),
  cache_key: z.string().nullable(),
  cache_expiration: InstantOutput.nullable(),
  task_version: z.string().nullable(),
  empirical_policy: z.looseObject({ retries: z.int().nullable() }),
  task_inputs: TaskInputs,
  flow_run_run_count: z.int(),
  ...runOutput,
})
export type TaskRunOutput = z.infer<typeof TaskRunOutput>
