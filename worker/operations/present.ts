/** Records as REST shows them: times as text, durations as seconds, derived fields by `machine/facts.ts`. */
import { estimatedRunTimeSeconds, estimatedStartDeltaSeconds } from '#sdk/machine/facts.ts'
import type { Flow, FlowOutput } from '#sdk/protocol/flow.ts'
import type { FlowRun, FlowRunOutput, FlowRunPolicy, RetryPolicy, RunFacts } from '#sdk/protocol/flow-run.ts'
import { formatInstant, MICROS_PER_SECOND, type Instant } from '#sdk/protocol/instants.ts'
import type { LogLine, LogOutput } from '#sdk/protocol/log.ts'
import type { NotebookSummary } from '#sdk/protocol/notebook.ts'
import type { State, StateDetails, StateOutput } from '#sdk/protocol/states.ts'
import type { TaskRun, TaskRunOutput } from '#sdk/protocol/task-run.ts'
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import type { StreamKind } from '../storage/logs.ts'
import type { NotebookRow } from '../storage/notebooks.ts'

const at = (instant: Instant | null): string | null => (instant === null ? null : formatInstant(instant))

export function presentFlow(flow: Flow): FlowOutput {
  return { ...flow, created: formatInstant(flow.created), updated: formatInstant(flow.updated) }
}

export function presentNotebook({ id, title, created, updated, version, cellCount }: NotebookRow): NotebookSummary {
  return { id, title, created: formatInstant(created), updated: formatInstant(updated), version, cell_count: cellCount }
}

interface StateOwner {
  readonly flow_run_id?: FlowRunId | null
  readonly task_run_id?: TaskRunId | null
}

export function presentState({ id, type, name, timestamp, message, data, state_details }: State, owner: StateOwner): StateOutput {
  return {
    id,
    type,
    name,
    timestamp: formatInstant(timestamp),
    message,
    data: data ?? null,
    state_details: presentDetails(state_details, owner),
  }
}

function presentDetails(
  { scheduled_time, cache_expiration, pause_timeout, ...rest }: StateDetails,
  owner: StateOwner,
): StateOutput['state_details'] {
  return {
    ...owner,
    ...rest,
    ...(scheduled_time != null && { scheduled_time: formatInstant(scheduled_time) }),
    ...(cache_expiration != null && { cache_expiration: formatInstant(cache_expiration) }),
    ...(pause_timeout != null && { pause_timeout: formatInstant(pause_timeout) }),
  }
}

/** What flow runs and task runs have in common. */
function presentFacts(run: RunFacts, owner: StateOwner, now: Instant) {
  const state = run.states.at(-1)
  return {
    state_id: state?.id ?? null,
    state_type: state?.type ?? null,
    state_name: state?.name ?? null,
    state: state === undefined ? null : presentState(state, owner),
    run_count: run.run_count,
    expected_start_time: at(run.expected_start_time),
    next_scheduled_start_time: at(run.next_scheduled_start_time),
    start_time: at(run.start_time),
    end_time: at(run.end_time),
    total_run_time: run.total_run_micros / MICROS_PER_SECOND,
    estimated_run_time: estimatedRunTimeSeconds(run, now),
    estimated_start_time_delta: estimatedStartDeltaSeconds(run, now),
  }
}

/** Prefect's integers; the exact list and jitter stand beside them. */
function presentFlowPolicy(policy: FlowRunPolicy): FlowRunOutput['empirical_policy'] {
  return {
    max_retries: 0,
    retry_delay_seconds: 0,
    ...policy,
    retries: policy.retries ?? null,
    retry_delay: policy.retry_delay == null ? null : Math.ceil(policy.retry_delay),
    pause_keys: policy.pause_keys ?? [],
    resuming: policy.resuming ?? false,
    retry_type: policy.retry_type ?? null,
  }
}

function presentTaskPolicy({ retries, retry_delay, retry_delays, retry_jitter_factor }: RetryPolicy): TaskRunOutput['empirical_policy'] {
  const delay = retry_delay == null ? null : Math.ceil(retry_delay)
  return {
    max_retries: 0,
    retry_delay_seconds: 0,
    retries: retries ?? null,
    retry_delay: retry_delays == null ? delay : retry_delays.map(Math.ceil),
    retry_jitter_factor: retry_jitter_factor ?? null,
  }
}

export function presentFlowRun(run: FlowRun, flowName: string, now: Instant): FlowRunOutput {
  return {
    id: run.id,
    created: formatInstant(run.created),
    updated: formatInstant(run.updated),
    name: run.name,
    flow_id: run.flow_id,
    flow_name: flowName,
    deployment_id: run.deployment_id,
    deployment_version: null,
    work_queue_id: null,
    work_queue_name: null,
    work_pool_id: null,
    work_pool_name: null,
    flow_version: run.flow_version,
    parameters: run.parameters,
    idempotency_key: run.idempotency_key,
    context: run.context,
    empirical_policy: presentFlowPolicy(run.empirical_policy),
    tags: run.tags,
    labels: run.labels,
    parent_task_run_id: run.parent_task_run_id,
    auto_scheduled: run.auto_scheduled,
    infrastructure_document_id: null,
    infrastructure_pid: run.infrastructure_pid,
    job_variables: run.job_variables,
    created_by: run.created_by,
    ...presentFacts(run, { flow_run_id: run.id }, now),
  }
}

export function presentTaskRun(task: TaskRun, now: Instant): TaskRunOutput {
  return {
    id: task.id,
    created: formatInstant(task.created),
    updated: formatInstant(task.updated),
    name: task.name,
    flow_run_id: task.flow_run_id,
    task_key: task.task_key,
    dynamic_key: task.dynamic_key,
    cache_key: task.cache_key,
    cache_expiration: at(task.cache_expiration),
    task_version: task.task_version,
    empirical_policy: presentTaskPolicy(task.empirical_policy),
    tags: task.tags,
    labels: task.labels,
    task_inputs: task.task_inputs,
    flow_run_run_count: task.flow_run_run_count,
    ...presentFacts(task, { flow_run_id: task.flow_run_id, task_run_id: task.id }, now),
  }
}

/** A line of a stream. Its id is made of the stream's id and the line's number: lines have no row of their own. */
export function presentLine(line: LogLine, stream: string, kind: StreamKind, number: number): LogOutput & { readonly late?: true } {
  const timestamp = formatInstant(line.t)
  return {
    id: lineId(stream, number),
    created: timestamp,
    updated: timestamp,
    name: line.n,
    level: line.l,
    message: line.m,
    timestamp,
    flow_run_id: kind === 'flow_run' ? (stream as FlowRunId) : null,
    task_run_id: kind === 'task_run' ? (stream as TaskRunId) : (line.k ?? null),
    ...(line.o === true && { late: true }),
  }
}

const NUMBER_DIGITS = 12

/** A UUID of version 8: the beginning of the stream's, and 48 bits of number in place of its end. */
function lineId(stream: string, number: number): string {
  return `${stream.slice(0, 14)}8${stream.slice(15, 24)}${number.toString(16).padStart(NUMBER_DIGITS, '0').slice(-NUMBER_DIGITS)}`
}
