/** Flow runs. */
import { generateRunName } from '#sdk/machine/names.ts'
import { newFlowRun } from '#sdk/machine/new-run.ts'
import { transitionFlowRun, type Transition } from '#sdk/machine/transition.ts'
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { FlowRun } from '#sdk/protocol/flow-run.ts'
import type { FlowRunId } from '#sdk/protocol/ids.ts'
import { mintFlowRunId } from '#sdk/protocol/mint.ts'
import type { JsonObject } from '#sdk/protocol/json.ts'
import { MAX_LABELS, MAX_PARAMETERS_BYTES } from '#sdk/protocol/limits.ts'
import type { OrchestrationResult } from '#sdk/protocol/answers.ts'
import type { StateProposal } from '#sdk/protocol/states.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import { deleteFlowRun } from './delete.ts'
import { flowOrProblem } from './flows.ts'
import { pageOf } from './page.ts'
import { presentFlowRun, presentState } from './present.ts'
import { proposeFlowRunState, referStates, requireSmallData } from './propose.ts'
import { requireRoom } from './require-room.ts'
import { jsonBytes } from './sizes.ts'
import type { Handler, Unit } from './unit.ts'

export function flowRunOrProblem({ store }: Unit, id: FlowRunId): FlowRun {
  const run = store.flowRuns.find(id)
  if (run === undefined) throw new ProblemError('not_found', `There is no flow run ${id}.`)
  return run
}

export function requireSmallParameters(name: string, value: JsonObject | null | undefined): void {
  if (value == null || jsonBytes(value, MAX_PARAMETERS_BYTES) <= MAX_PARAMETERS_BYTES) return
  throw new ProblemError('too_large', `${name} may have ${MAX_PARAMETERS_BYTES} bytes as JSON.`)
}

/** Gives a new run its first state and stores it. */
export function insertFlowRun(unit: Unit, run: FlowRun, first: StateProposal): FlowRun {
  const { now, random, store, changes } = unit
  requireSmallData(first)
  const verdict = transitionFlowRun(run, first, { now, random, force: true })
  if (!verdict.changed) throw new ProblemError('invalid_request', `A run cannot begin as ${first.type}: ${reasonOf(verdict)}`)
  const stored: FlowRun = { ...verdict.run, updated: now }
  store.flowRuns.insert(stored, null)
  referStates(unit, stored)
  changes.flowRun(stored.id)
  return stored
}

const reasonOf = (verdict: Transition<unknown>): string => ('reason' in verdict ? verdict.reason : '')

export const createFlowRun: Handler<'flow_runs.create'> = (unit, { body }) => {
  const { now, random, store } = unit
  const flow = flowOrProblem(unit, body.flow_id)
  const known = body.idempotency_key == null ? undefined : store.flowRuns.findByKey(flow.id, body.idempotency_key)
  if (known !== undefined) return { output: presentFlowRun(known.run, known.flowName, now), status: 200 }
  requireRoom(unit)
  requireSmallParameters('parameters', body.parameters)
  requireSmallParameters('context', body.context)
  requireSmallParameters('job_variables', body.job_variables)
  const blank = newFlowRun(
    { ...body, id: mintFlowRunId(now, random), name: body.name ?? generateRunName(random), deployment_id: null },
    now,
  )
  const run = insertFlowRun(unit, blank, body.state ?? { type: 'PENDING' })
  return { output: presentFlowRun(run, flow.name, now) }
}

export const readFlowRun: Handler<'flow_runs.read'> = ({ store, now }, { params }) => {
  const row = store.flowRuns.findRow(params.id)
  if (row === undefined) throw new ProblemError('not_found', `There is no flow run ${params.id}.`)
  return { output: presentFlowRun(row.run, row.flowName, now) }
}

export const patchFlowRun: Handler<'flow_runs.update'> = (unit, { params, body }) => {
  const run = flowRunOrProblem(unit, params.id)
  requireSmallParameters('parameters', body.parameters)
  requireSmallParameters('job_variables', body.job_variables)
  const changed: FlowRun = {
    ...run,
    updated: unit.now,
    name: body.name ?? run.name,
    flow_version: body.flow_version === undefined ? run.flow_version : body.flow_version,
    parameters: body.parameters ?? run.parameters,
    empirical_policy: body.empirical_policy === undefined ? run.empirical_policy : { ...run.empirical_policy, ...body.empirical_policy },
    tags: body.tags === undefined ? run.tags : [...new Set(body.tags)],
    infrastructure_pid: body.infrastructure_pid === undefined ? run.infrastructure_pid : body.infrastructure_pid,
    job_variables: body.job_variables === undefined ? run.job_variables : body.job_variables,
  }
  unit.store.flowRuns.updateRest(changed)
  unit.changes.flowRun(run.id)
  return {}
}

export const patchLabels: Handler<'flow_runs.update_labels'> = (unit, { params, body }) => {
  const run = flowRunOrProblem(unit, params.id)
  const labels = { ...run.labels, ...body }
  if (Object.keys(labels).length > MAX_LABELS) throw new ProblemError('invalid_request', `A flow run has at most ${MAX_LABELS} labels.`)
  unit.store.flowRuns.updateRest({ ...run, labels, updated: unit.now })
  unit.changes.flowRun(run.id)
  return {}
}

export const removeFlowRun: Handler<'flow_runs.delete'> = (unit, { params }) => {
  if (!deleteFlowRun(unit, params.id)) throw new ProblemError('not_found', `There is no flow run ${params.id}.`)
  return {}
}

export const bulkDeleteFlowRuns: Handler<'flow_runs.bulk_delete'> = (unit, { body }) => {
  const deleted = unit.store.flowRuns.ids({ flow_runs: body.flow_runs }, body.limit)
  for (const id of deleted) deleteFlowRun(unit, id)
  return { output: { deleted } }
}

export const filterFlowRuns: Handler<'flow_runs.filter'> = ({ store, now }, { body }) => {
  const rows = store.flowRuns.list(body, body.sort, body.limit, body.offset, body.cursor ?? null)
  return { output: rows.map(({ run, flowName }) => presentFlowRun(run, flowName, now)) }
}

export const paginateFlowRuns: Handler<'flow_runs.paginate'> = ({ store, now }, { body }) => ({
  output: pageOf(body, store.flowRuns.count(body), (limit, offset) =>
    store.flowRuns.list(body, body.sort, limit, offset).map(({ run, flowName }) => presentFlowRun(run, flowName, now)),
  ),
})

export const countFlowRuns: Handler<'flow_runs.count'> = ({ store }, { body }) => ({ output: store.flowRuns.count(body) })

export const latenessOfFlowRuns: Handler<'flow_runs.lateness'> = ({ store, now }, { body }) => ({
  output: store.flowRuns.lateness(body, now),
})

export const setFlowRunState: Handler<'flow_runs.set_state'> = (unit, { params, body }) => {
  const run = flowRunOrProblem(unit, params.id)
  const verdict = proposeFlowRunState(unit, run, body.state, { force: body.force })
  return { output: presentVerdict(verdict), status: statusOf(verdict) }
}

export const bulkSetFlowRunState: Handler<'flow_runs.bulk_set_state'> = (unit, { body }) => {
  const ids = unit.store.flowRuns.ids({ flow_runs: body.flow_runs }, body.limit)
  const results = ids.map((id) => {
    const verdict = proposeFlowRunState(unit, flowRunOrProblem(unit, id), body.state, { force: body.force })
    return { flow_run_id: id, ...presentVerdict(verdict) }
  })
  return { output: { results } }
}

const DETAILS = { ACCEPT: 'accept_details', REJECT: 'reject_details', WAIT: 'wait_details', ABORT: 'abort_details' } as const

/** Prefect's orchestration result. Its client waits whole seconds, so a wait is rounded up. */
export function presentVerdict(verdict: Transition<FlowRun | TaskRun>): OrchestrationResult {
  const { status, state, run } = verdict
  const owner = 'task_key' in run ? { flow_run_id: run.flow_run_id, task_run_id: run.id } : { flow_run_id: run.id }
  return {
    state: state === null ? null : presentState(state, owner),
    status,
    details: {
      type: DETAILS[status],
      ...(status !== 'ACCEPT' && { reason: verdict.reason }),
      ...(status === 'WAIT' && { delay_seconds: Math.ceil(verdict.delaySeconds) }),
    },
  }
}

/** As Prefect: 201 when a state is there to adopt, 200 when nothing was made. */
export function statusOf({ status }: Transition<unknown>): number {
  return status === 'ACCEPT' || status === 'REJECT' ? 201 : 200
}
