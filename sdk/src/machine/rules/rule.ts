/** What a rule is: it sees one step of one run and answers, changes the step, or has nothing to say (undefined). */
import type { FlowRun } from '../../protocol/flow-run.ts'
import type { Random } from '../../protocol/mint.ts'
import type { Instant } from '../../protocol/instants.ts'
import type { State, StateProposal, StateType } from '../../protocol/states.ts'
import type { TaskRun } from '../../protocol/task-run.ts'

/** What the outside world adds to a decision. */
export interface TransitionContext {
  readonly now: Instant
  readonly random: Random
  /** Only the rules that protect data are asked. */
  readonly force?: boolean
}

/** Of the flow run that a task run belongs to; null outside flows. */
export interface TaskTransitionContext extends TransitionContext {
  readonly flowRun: { readonly run_count: number; readonly type: StateType | null } | null
}

/** A proposal with its name filled in. */
export type NamedProposal = StateProposal & { readonly name: string }

export interface Step<R, C = TransitionContext> {
  readonly run: R
  /** The state now; null before the first. */
  readonly from: State | null
  readonly to: NamedProposal
  readonly context: C
}

export type Answer<R> =
  /** No answer yet: the next rules see this. */
  | { readonly kind: 'amend'; readonly run?: R; readonly to?: NamedProposal }
  /** Refused, `to` is recorded in its place. */
  | { readonly kind: 'instead'; readonly to: NamedProposal; readonly run: R; readonly reason: string }
  /** Refused, the state stays. */
  | { readonly kind: 'keep'; readonly reason: string }
  | { readonly kind: 'wait'; readonly delaySeconds: number; readonly reason: string }
  | { readonly kind: 'abort'; readonly reason: string }

export type Rule<R, C = TransitionContext> = (step: Step<R, C>) => Answer<R> | undefined
/** A rule for both kinds of run. */
export type SharedRule = <R extends FlowRun | TaskRun>(step: Step<R>) => Answer<R> | undefined
