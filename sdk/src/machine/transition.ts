/** The one place that decides what a proposal becomes. Pure: time and chance are arguments, rules are data. */
import type { FlowRun } from '../protocol/flow-run.ts'
import { stateIdOf } from '../protocol/ids.ts'
import type { State, StateDetails, StateProposal } from '../protocol/states.ts'
import { DEFAULT_STATE_NAME } from '../protocol/state-types.ts'
import type { TaskRun } from '../protocol/task-run.ts'
import { applyState } from './apply-state.ts'
import { currentState } from './facts.ts'
import { FLOW_RUN_RULES, FORCED_FLOW_RUN_RULES } from './rules/flow-run.ts'
import type { Answer, NamedProposal, Rule, Step, TaskTransitionContext, TransitionContext } from './rules/rule.ts'
import { FORCED_TASK_RUN_RULES, TASK_RUN_RULES } from './rules/task-run.ts'

export type { TaskTransitionContext, TransitionContext } from './rules/rule.ts'

/**
 * What a proposal became. `run` is the run to store when `changed`, with `state` as its state.
 * REJECT: adopt `state`, which is the one the run had (a duplicate, a protected result), or a new one in place of the proposed (AwaitingRetry).
 * WAIT: propose again in `delaySeconds`, a fraction; round up where whole seconds are needed. ABORT: stop.
 */
export type Transition<R> =
  | { readonly status: 'ACCEPT'; readonly run: R; readonly changed: true; readonly state: State }
  | { readonly status: 'REJECT'; readonly run: R; readonly changed: boolean; readonly state: State; readonly reason: string }
  | {
      readonly status: 'WAIT'
      readonly run: R
      readonly changed: false
      readonly state: State | null
      readonly delaySeconds: number
      readonly reason: string
    }
  | { readonly status: 'ABORT'; readonly run: R; readonly changed: false; readonly state: State | null; readonly reason: string }

/**
 * Decides the next state of a flow run. States and facts change; session and epoch do not: they belong to whoever holds the run.
 *
 * @example
 * const { status, run, state } = transitionFlowRun(flowRun, { type: 'RUNNING' }, { now, random })
 */
export function transitionFlowRun(run: FlowRun, proposal: StateProposal, context: TransitionContext): Transition<FlowRun> {
  return decide(context.force === true ? FORCED_FLOW_RUN_RULES : FLOW_RUN_RULES, run, proposal, context)
}

/** Decides the next state of a task run, in the light of the flow run it belongs to. */
export function transitionTaskRun(run: TaskRun, proposal: StateProposal, context: TaskTransitionContext): Transition<TaskRun> {
  return decide(context.force === true ? FORCED_TASK_RUN_RULES : TASK_RUN_RULES, run, proposal, context)
}

/** Asks the rules in their order; the first that answers has decided. */
function decide<R extends FlowRun | TaskRun, C extends TransitionContext>(
  rules: readonly Rule<R, C>[],
  run: R,
  proposal: StateProposal,
  context: C,
): Transition<R> {
  const from = currentState(run)
  let step: Step<R, C> = { run, from, to: { ...proposal, name: proposal.name ?? DEFAULT_STATE_NAME[proposal.type] }, context }
  for (const rule of rules) {
    const answer = rule(step)
    if (answer === undefined) continue
    if (answer.kind !== 'amend') return verdict(answer, step, run)
    step = { ...step, run: answer.run ?? step.run, to: answer.to ?? step.to }
  }
  return { status: 'ACCEPT', changed: true, ...record(step.run, step.to, step) }
}

function verdict<R extends FlowRun | TaskRun>(answer: Exclude<Answer<R>, { kind: 'amend' }>, step: Step<R>, run: R): Transition<R> {
  const unchanged = { run, changed: false, state: step.from } as const
  const { reason } = answer
  switch (answer.kind) {
    case 'instead':
      return { status: 'REJECT', changed: true, reason, ...record(answer.run, answer.to, step) }
    case 'keep':
      if (step.from === null) return { status: 'ABORT', ...unchanged, reason }
      return { status: 'REJECT', ...unchanged, state: step.from, reason }
    case 'wait':
      return { status: 'WAIT', ...unchanged, delaySeconds: answer.delaySeconds, reason }
    case 'abort':
      return { status: 'ABORT', ...unchanged, reason }
  }
}

/** The run with the new state. Whatever state comes of a proposal carries its `transition_id`, so that it is known when it comes again. */
function record<R extends FlowRun | TaskRun>(
  run: R,
  to: NamedProposal,
  { to: proposed, context }: Step<R>,
): { readonly run: R; readonly state: State } {
  const state: State = {
    id: stateIdOf(run.id, run.states.length + 1, context.now, context.random),
    type: to.type,
    name: to.name,
    timestamp: context.now,
    message: to.message ?? null,
    ...(to.data !== undefined && to.data !== null && { data: to.data }),
    state_details: detailsOf(to, proposed, context),
  }
  const next = { ...applyState(run, state), updated: context.now }
  return { run: next, state: currentState(next) ?? state }
}

/** Only what is set. A SCHEDULED state always has its time. */
function detailsOf(to: NamedProposal, proposed: NamedProposal, { now }: TransitionContext): StateDetails {
  const { scheduled_time, ...details } = to.state_details ?? {}
  const time = scheduled_time ?? (to.type === 'SCHEDULED' ? now : undefined)
  const all = { ...details, scheduled_time: time, transition_id: proposed.state_details?.transition_id }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null))
}
