/** A flow run's row: what stands in columns, and what in its document. */
import type { FlowRun } from '#sdk/protocol/flow-run.ts'
import type { FlowId, FlowRunId, SessionId, TaskRunId } from '#sdk/protocol/ids.ts'
import { fromText, jsonOf, numberOf, textOf, textOrNull, toJson, toText } from './columns.ts'
import { factsOf, lastState } from './runs.ts'
import type { Binding, Row } from './sql.ts'

/** A flow run and the name of its flow. */
export interface FlowRunRow {
  readonly run: FlowRun
  readonly flowName: string
}

/** In the order of {@link restBindings}. */
export const REST_COLUMNS = ['name', 'flow_version', 'tags', 'doc'] as const

type FlowRunDoc = Partial<
  Pick<
    FlowRun,
    | 'deployment_id'
    | 'parameters'
    | 'context'
    | 'empirical_policy'
    | 'labels'
    | 'auto_scheduled'
    | 'infrastructure_pid'
    | 'job_variables'
    | 'created_by'
  >
>

const isEmpty = (value: object): boolean => Object.keys(value).length === 0

/** Only what differs from the default is written. */
export function docOf(run: FlowRun): FlowRunDoc {
  return {
    ...(run.deployment_id !== null && { deployment_id: run.deployment_id }),
    ...(!isEmpty(run.parameters) && { parameters: run.parameters }),
    ...(!isEmpty(run.context) && { context: run.context }),
    ...(!isEmpty(run.empirical_policy) && { empirical_policy: run.empirical_policy }),
    ...(!isEmpty(run.labels) && { labels: run.labels }),
    ...(run.auto_scheduled && { auto_scheduled: true }),
    ...(run.infrastructure_pid !== null && { infrastructure_pid: run.infrastructure_pid }),
    ...(run.job_variables !== null && { job_variables: run.job_variables }),
    ...(run.created_by !== null && { created_by: run.created_by }),
  }
}

export const restBindings = (run: FlowRun): readonly Binding[] => [
  toText(run.name),
  run.flow_version === null ? null : toText(run.flow_version),
  toJson(run.tags.map(toText)),
  toJson(docOf(run)),
]

/** New values are new objects: what is the same object was not changed. */
export function isRestChanged(before: FlowRun, after: FlowRun): boolean {
  return (
    before.name !== after.name ||
    before.empirical_policy !== after.empirical_policy ||
    before.infrastructure_pid !== after.infrastructure_pid ||
    before.parameters !== after.parameters ||
    before.labels !== after.labels ||
    before.tags !== after.tags ||
    before.flow_version !== after.flow_version
  )
}

export function flowRunRowOf(row: Row): FlowRunRow {
  return { run: flowRunOf(row), flowName: fromText(textOrNull(row, 'flow_name') ?? '') }
}

export function flowRunOf(row: Row): FlowRun {
  const doc = jsonOf<FlowRunDoc>(row, 'doc')
  const text = (column: string): string | null => {
    const value = textOrNull(row, column)
    return value === null ? null : fromText(value)
  }
  const run: FlowRun = {
    ...factsOf(row),
    id: textOf(row, 'id') as FlowRunId,
    created: numberOf(row, 'created'),
    name: fromText(textOf(row, 'name')),
    flow_id: textOf(row, 'flow_id') as FlowId,
    deployment_id: doc.deployment_id ?? null,
    flow_version: text('flow_version'),
    parameters: doc.parameters ?? {},
    idempotency_key: text('idempotency_key'),
    context: doc.context ?? {},
    empirical_policy: doc.empirical_policy ?? {},
    tags: jsonOf<string[]>(row, 'tags').map(fromText),
    labels: doc.labels ?? {},
    parent_task_run_id: textOrNull(row, 'parent_task_run_id') as TaskRunId | null,
    auto_scheduled: doc.auto_scheduled ?? false,
    infrastructure_pid: doc.infrastructure_pid ?? null,
    job_variables: doc.job_variables ?? null,
    created_by: doc.created_by ?? null,
    session_id: textOrNull(row, 'session_id') as SessionId | null,
    epoch: numberOf(row, 'epoch'),
  }
  lastState(run)
  return run
}
