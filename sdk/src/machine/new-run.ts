/** Records of runs as they begin: every default once. They have no state yet; the first one comes by a transition. */
import type { CreatedBy, FlowRun, FlowRunPolicy, RetryPolicy } from '../protocol/flow-run.ts'
import type { FlowId, FlowRunId, SessionId, TaskRunId } from '../protocol/ids.ts'
import type { Instant } from '../protocol/instants.ts'
import type { JsonObject, Labels, Tags } from '../protocol/json.ts'
import type { TaskInputs, TaskRun } from '../protocol/task-run.ts'

type Maybe<T> = T | null | undefined

export interface NewFlowRun {
  readonly id: FlowRunId
  readonly flow_id: FlowId
  readonly name: string
  /** When its executor made it; the workspace's clock when absent. */
  readonly created?: Maybe<Instant>
  readonly deployment_id?: Maybe<string>
  readonly flow_version?: Maybe<string>
  readonly parameters?: Maybe<JsonObject>
  readonly idempotency_key?: Maybe<string>
  readonly context?: Maybe<JsonObject>
  readonly empirical_policy?: Maybe<FlowRunPolicy>
  readonly tags?: Maybe<Tags>
  readonly labels?: Maybe<Labels>
  readonly parent_task_run_id?: Maybe<TaskRunId>
  readonly auto_scheduled?: Maybe<boolean>
  readonly infrastructure_pid?: Maybe<string>
  readonly job_variables?: Maybe<JsonObject>
  readonly created_by?: Maybe<CreatedBy>
  /** The session that holds it from the start. */
  readonly session_id?: Maybe<SessionId>
  /** 1 for a run that is held from the start; 0 while nobody held it yet. */
  readonly epoch?: Maybe<number>
}

/** A flow run without a state. */
export function newFlowRun(input: NewFlowRun, now: Instant): FlowRun {
  return {
    ...noFacts,
    id: input.id,
    created: input.created ?? now,
    updated: now,
    name: input.name,
    flow_id: input.flow_id,
    deployment_id: input.deployment_id ?? null,
    flow_version: input.flow_version ?? null,
    parameters: input.parameters ?? {},
    idempotency_key: input.idempotency_key ?? null,
    context: input.context ?? {},
    empirical_policy: input.empirical_policy ?? {},
    tags: distinct(input.tags),
    labels: input.labels ?? {},
    parent_task_run_id: input.parent_task_run_id ?? null,
    auto_scheduled: input.auto_scheduled ?? false,
    infrastructure_pid: input.infrastructure_pid ?? null,
    job_variables: input.job_variables ?? null,
    created_by: input.created_by ?? null,
    session_id: input.session_id ?? null,
    epoch: input.epoch ?? (input.session_id ? 1 : 0),
  }
}

export interface NewTaskRun {
  readonly id: TaskRunId
  readonly name: string
  readonly task_key: string
  readonly dynamic_key: string
  /** Absent or null outside flows. */
  readonly flow_run_id?: Maybe<FlowRunId>
  readonly created?: Maybe<Instant>
  readonly cache_key?: Maybe<string>
  readonly cache_expiration?: Maybe<Instant>
  readonly task_version?: Maybe<string>
  readonly empirical_policy?: Maybe<RetryPolicy>
  readonly tags?: Maybe<Tags>
  readonly labels?: Maybe<Labels>
  readonly task_inputs?: Maybe<TaskInputs>
  readonly flow_run_run_count?: Maybe<number>
}

/** A task run without a state. */
export function newTaskRun(input: NewTaskRun, now: Instant): TaskRun {
  return {
    ...noFacts,
    id: input.id,
    created: input.created ?? now,
    updated: now,
    name: input.name,
    flow_run_id: input.flow_run_id ?? null,
    task_key: input.task_key,
    dynamic_key: input.dynamic_key,
    cache_key: input.cache_key ?? null,
    cache_expiration: input.cache_expiration ?? null,
    task_version: input.task_version ?? null,
    empirical_policy: input.empirical_policy ?? {},
    tags: distinct(input.tags),
    labels: input.labels ?? {},
    task_inputs: input.task_inputs ?? {},
    flow_run_run_count: input.flow_run_run_count ?? 0,
  }
}

const noFacts = {
  states: [],
  run_count: 0,
  expected_start_time: null,
  next_scheduled_start_time: null,
  start_time: null,
  end_time: null,
  total_run_micros: 0,
} as const

const NO_TAGS: Tags = []

/** Tags are a set; the order of their first mention is kept. */
function distinct(tags: Maybe<Tags>): Tags {
  return tags == null || tags.length === 0 ? NO_TAGS : [...new Set(tags)]
}
