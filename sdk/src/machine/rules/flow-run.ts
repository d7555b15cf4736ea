/** The rules of flow runs in their order. Source: Prefect `orchestration/core_policy.py`, CoreFlowPolicy and MinimalFlowPolicy. */
import type { FlowRun, FlowRunPolicy } from '../../protocol/flow-run.ts'
import { MICROS_PER_SECOND } from '../../protocol/instants.ts'
import { isTerminal } from '../../protocol/state-types.ts'
import { keepsResult } from '../kept-result.ts'
import { hasRoomForRetry, retryDelaySeconds, willRetry } from '../retry.ts'
import type { Rule } from './rule.ts'
import {
  boundHistory,
  copyScheduledTime,
  leaveCancellingOnlyAsCancelled,
  refuseDuplicates,
  refusePauses,
  waitForScheduledTime,
} from './shared.ts'

type FlowRule = Rule<FlowRun>

/** What has ended cannot be cancelled, paused or crash. */
const refuseToTroubleEnded: FlowRule = ({ from, to }) =>
  from !== null && isTerminal(from.type) && (to.type === 'CANCELLING' || to.type === 'PAUSED' || to.type === 'CRASHED')
    ? { kind: 'abort', reason: `Run is already in terminal state ${from.type}.` }
    : undefined

const refuseToRerunKeptResult: FlowRule = ({ from, to }) =>
  from?.type === 'COMPLETED' && !isTerminal(to.type) && keepsResult(from)
    ? { kind: 'keep', reason: 'Run is already COMPLETED and its result is kept.' }
    : undefined

const refuseToDropKeptResult: FlowRule = ({ from, to }) =>
  from?.type === 'COMPLETED' && to.type === 'COMPLETED' && keepsResult(from) && !keepsResult(to)
    ? { kind: 'keep', reason: 'A COMPLETED state with a kept result cannot be replaced by one without.' }
    : undefined

const refuseToRescheduleWithoutDeployment: FlowRule = ({ run, from, to }) =>
  from !== null && isTerminal(from.type) && to.type === 'SCHEDULED' && run.deployment_id === null
    ? {
        kind: 'abort',
        reason: 'A run without a deployment cannot be scheduled again: nobody would pick it up. Run it again where its code is.',
      }
    : undefined

/** Nobody has to stop anything. */
const cancelWithoutExecutorAtOnce: FlowRule = ({ run, from, to }) => {
  const hasExecutor = run.session_id !== null || run.infrastructure_pid !== null
  if (to.type !== 'CANCELLING' || hasExecutor || (from !== null && from.type !== 'SCHEDULED')) return undefined
  const { message, state_details } = to
  return {
    kind: 'instead',
    run,
    to: { type: 'CANCELLED', name: 'Cancelled', message, ...(state_details && { state_details }) },
    reason: 'No executor has the run yet, so it is Cancelled at once.',
  }
}

/** PENDING is the claim: the first who proposes it has the run. Names of PENDING that tell of progress may follow one another. */
const letOnlyOneClaim: FlowRule = ({ from, to }) => {
  if (from === null || to.type !== 'PENDING') return undefined
  const isClaimed = from.type === 'PENDING' || from.type === 'RUNNING' || from.type === 'CANCELLING' || from.type === 'CANCELLED'
  const isProgress = from.type === 'PENDING' && to.name !== from.name && to.name !== 'Pending'
  if (!isClaimed || isProgress) return undefined
  return { kind: 'abort', reason: `This run is in a ${from.type} state and cannot transition to a PENDING state.` }
}

const markOnlyScheduledLate: FlowRule = ({ from, to }) => {
  if (from === null || to.type !== 'SCHEDULED' || to.name !== 'Late') return undefined
  if (from.type !== 'SCHEDULED') return { kind: 'keep', reason: 'Only scheduled runs can be marked late.' }
  return from.name === 'Late' ? { kind: 'keep', reason: 'Scheduled runs that are already late cannot be marked late again.' } : undefined
}

const retryFailed: FlowRule = ({ run, from, to, context }) => {
  if (from?.type !== 'RUNNING' || to.type !== 'FAILED') return undefined
  if (!willRetry(run.empirical_policy, run.run_count, to) || !hasRoomForRetry(run)) return undefined
  const delay = retryDelaySeconds(run.empirical_policy, run.run_count - 1, context.random)
  const scheduled_time = context.now + Math.round(delay * MICROS_PER_SECOND)
  return {
    kind: 'instead',
    run: withPolicy(run, { resuming: false, pause_keys: [], retry_type: 'in_process' }),
    to: {
      type: 'SCHEDULED',
      name: 'AwaitingRetry',
      message: to.message,
      ...(to.data !== undefined && { data: to.data }),
      state_details: { scheduled_time },
    },
    reason: 'Retrying',
  }
}

const nameRetrying: FlowRule = ({ run, from, to }) =>
  from?.name === 'AwaitingRetry' && to.type === 'RUNNING' && to.name === 'Running' && run.run_count > 0
    ? { kind: 'amend', to: { ...to, name: 'Retrying' } }
    : undefined

/** A run that leaves its end is as new; one that is scheduled again waits for any executor, no longer for its own. */
const resetPolicyOnRerun: FlowRule = ({ run, from, to }) => {
  const leavesEnd = from !== null && isTerminal(from.type) && !isTerminal(to.type)
  if (leavesEnd)
    return {
      kind: 'amend',
      run: withPolicy(run, { resuming: false, pause_keys: [], retry_type: to.type === 'SCHEDULED' ? 'reschedule' : null }),
    }
  const awaitsOwnExecutor = run.empirical_policy.retry_type === 'in_process'
  if (awaitsOwnExecutor && to.type === 'SCHEDULED') return { kind: 'amend', run: withPolicy(run, { retry_type: 'reschedule' }) }
  if (awaitsOwnExecutor && isTerminal(to.type)) return { kind: 'amend', run: withPolicy(run, { retry_type: null }) }
  return undefined
}

const withPolicy = (run: FlowRun, changes: Partial<FlowRunPolicy>): FlowRun => ({
  ...run,
  empirical_policy: { ...run.empirical_policy, ...changes },
})

export const FLOW_RUN_RULES: readonly FlowRule[] = [
  refuseDuplicates,
  refuseToTroubleEnded,
  refusePauses,
  boundHistory,
  refuseToRerunKeptResult,
  refuseToDropKeptResult,
  refuseToRescheduleWithoutDeployment,
  leaveCancellingOnlyAsCancelled,
  cancelWithoutExecutorAtOnce,
  letOnlyOneClaim,
  markOnlyScheduledLate,
  copyScheduledTime,
  waitForScheduledTime,
  retryFailed,
  nameRetrying,
  resetPolicyOnRerun,
]

/** With `force`: only what keeps data whole. */
export const FORCED_FLOW_RUN_RULES: readonly FlowRule[] = [
  refuseDuplicates,
  refusePauses,
  boundHistory,
  refuseToDropKeptResult,
  cancelWithoutExecutorAtOnce,
  resetPolicyOnRerun,
]
