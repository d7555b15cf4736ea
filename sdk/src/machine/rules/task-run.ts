/** The rules of task runs in their order. Source: Prefect `orchestration/core_policy.py`, CoreTaskPolicy, and `task_engine.py` for delays of 0. */
import { MICROS_PER_SECOND } from '../../protocol/instants.ts'
import type { StateProposal } from '../../protocol/states.ts'
import { isTerminal } from '../../protocol/state-types.ts'
import type { TaskRun } from '../../protocol/task-run.ts'
import { keepsResult } from '../kept-result.ts'
import { hasRoomForRetry, retriesAtOnce, retryDelaySeconds, willRetry } from '../retry.ts'
import type { NamedProposal, Rule, Step, TaskTransitionContext } from './rule.ts'
import {
  boundHistory,
  copyScheduledTime,
  leaveCancellingOnlyAsCancelled,
  refuseDuplicates,
  refusePauses,
  waitForScheduledTime,
} from './shared.ts'

type TaskRule = Rule<TaskRun, TaskTransitionContext>
type TaskStep = Step<TaskRun, TaskTransitionContext>

/** What has ended cannot be cancelled, paused or crash. */
const refuseToTroubleEnded: TaskRule = ({ from, to }) =>
  from !== null && isTerminal(from.type) && (to.type === 'CANCELLING' || to.type === 'PAUSED' || to.type === 'CRASHED')
    ? { kind: 'abort', reason: `Run is already ${from.type}.` }
    : undefined

const refuseToReplaceKeptResult: TaskRule = ({ from }) =>
  from?.type === 'COMPLETED' && keepsResult(from)
    ? { kind: 'keep', reason: 'This run is already completed and its result is kept.' }
    : undefined

/** Running implies that somebody executes it, and that is the flow run. */
const refuseToRunInStoppedFlow: TaskRule = ({ to, context: { flowRun } }) =>
  to.type === 'RUNNING' && flowRun !== null && flowRun.type !== 'RUNNING'
    ? { kind: 'abort', reason: `Its flow run must be RUNNING for a task to run; it is ${flowRun.type ?? 'without a state'}.` }
    : undefined

/** A failed attempt becomes AwaitingRetry, or the next attempt at once where no delay is asked for. Tasks of a stopped flow are not tried again. */
const retryFailed: TaskRule = (step) => {
  const { run, from, to, context } = step
  const isStopped = context.flowRun !== null && context.flowRun.type !== 'RUNNING'
  if (from?.type !== 'RUNNING' || to.type !== 'FAILED' || isStopped) return undefined
  if (!willRetry(run.empirical_policy, run.run_count, to) || !hasRoomForRetry(run)) return undefined
  const failure: Pick<StateProposal, 'message' | 'data'> = { message: to.message, ...(to.data !== undefined && { data: to.data }) }
  const next = retriesAtOnce(run.empirical_policy)
    ? { run: tracked(step), to: { type: 'RUNNING', name: 'Retrying', ...failure } satisfies NamedProposal }
    : {
        run,
        to: {
          type: 'SCHEDULED',
          name: 'AwaitingRetry',
          ...failure,
          state_details: { scheduled_time: dueAt(step) },
        } satisfies NamedProposal,
      }
  return { kind: 'instead', ...next, reason: 'Retrying' }
}

function dueAt({ run, context }: TaskStep): number {
  return context.now + Math.round(retryDelaySeconds(run.empirical_policy, run.run_count - 1, context.random) * MICROS_PER_SECOND)
}

/** Names say why a task runs again: Retrying after a failure or with its flow, Rerunning for any other reason. */
const nameReruns: TaskRule = (step) => {
  const { run, from, to, context } = step
  if (from === null || to.type !== 'RUNNING' || to.name !== 'Running') return undefined
  const runCount = isTerminal(from.type) ? 0 : run.run_count
  const isFlowRetry = context.flowRun !== null && run.flow_run_run_count > 0 && run.flow_run_run_count < context.flowRun.run_count
  if (isFlowRetry || (runCount > 0 && from.name === 'AwaitingRetry')) return { kind: 'amend', to: { ...to, name: 'Retrying' } }
  return runCount > 0 ? { kind: 'amend', to: { ...to, name: 'Rerunning' } } : undefined
}

/** A task run remembers which attempt of its flow run it ran in. */
const rememberFlowAttempt: TaskRule = (step) => (step.to.type === 'RUNNING' ? { kind: 'amend', run: tracked(step) } : undefined)

function tracked({ run, context: { flowRun } }: TaskStep): TaskRun {
  return flowRun === null ? run : { ...run, flow_run_run_count: flowRun.run_count }
}

export const TASK_RUN_RULES: readonly TaskRule[] = [
  refuseDuplicates,
  refuseToTroubleEnded,
  refusePauses,
  boundHistory,
  refuseToReplaceKeptResult,
  leaveCancellingOnlyAsCancelled,
  refuseToRunInStoppedFlow,
  copyScheduledTime,
  waitForScheduledTime,
  retryFailed,
  nameReruns,
  rememberFlowAttempt,
]

/** With `force`: only what keeps data whole. */
export const FORCED_TASK_RUN_RULES: readonly TaskRule[] = [refuseDuplicates, refusePauses, boundHistory, rememberFlowAttempt]
