/** Runs, clocks and chance for tests of the machine. Everything is fixed: a failing test fails the same way every time. */
import { applyState } from '#sdk/machine/apply-state.ts'
import { newFlowRun, newTaskRun, type NewFlowRun, type NewTaskRun } from '#sdk/machine/new-run.ts'
import { transitionFlowRun, transitionTaskRun, type TaskTransitionContext, type Transition } from '#sdk/machine/transition.ts'
import type { FlowRun } from '#sdk/protocol/flow-run.ts'
import { FlowId, FlowRunId, SessionId, stateIdOf, TaskRunId, TransitionId, type Random } from '#sdk/protocol/ids.ts'
import { MICROS_PER_SECOND, parseInstant, type Instant } from '#sdk/protocol/instants.ts'
import type { State, StateProposal, StateType } from '#sdk/protocol/states.ts'
import { DEFAULT_STATE_NAME } from '#sdk/protocol/state-types.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'

export const T0: Instant = parseInstant('2026-11-22T05:00:00Z') ?? 0
export const at = (seconds: number): Instant => T0 + Math.round(seconds * MICROS_PER_SECOND)

export const FLOW_RUN_ID = FlowRunId.parse('019aa000-0000-7000-8000-00000f100000')
export const TASK_RUN_ID = TaskRunId.parse('019aa000-0000-7000-8000-000007a50000')
export const SESSION_ID = SessionId.parse('019aa000-0000-7000-8000-000005e50000')
const FLOW_ID = FlowId.parse('019aa000-0000-7000-8000-000000f10000')
export const transitionId = (n: number): TransitionId => TransitionId.parse(`019aa000-0000-7000-8000-${String(n).padStart(8, '0')}0000`)

/** Chance that always says the same. */
export const always =
  (value: number): Random =>
  () =>
    value

/** Chance that differs and repeats with its seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const random = always(0.5)

export function flowRun(input: Partial<NewFlowRun> = {}): FlowRun {
  return newFlowRun({ id: FLOW_RUN_ID, flow_id: FLOW_ID, name: 'thundering-goshawk', ...input }, T0)
}

export function taskRun(input: Partial<NewTaskRun> = {}): TaskRun {
  return newTaskRun({ id: TASK_RUN_ID, name: 'x-0', task_key: 'x', dynamic_key: '0', flow_run_id: FLOW_RUN_ID, ...input }, T0)
}

/** The run in a state that no rule was asked about. */
export function inState<R extends FlowRun | TaskRun>(run: R, type: StateType, more: Partial<Omit<State, 'id' | 'type'>> = {}): R {
  const state: State = {
    id: stateIdOf(run.id, run.states.length + 1, T0, random),
    type,
    name: DEFAULT_STATE_NAME[type],
    timestamp: T0,
    message: null,
    state_details: {},
    ...more,
  }
  return applyState(run, state)
}

export type Propose = StateType | StateProposal
const proposalOf = (propose: Propose): StateProposal => (typeof propose === 'string' ? { type: propose } : propose)

export function proposeFlow(
  run: FlowRun,
  propose: Propose,
  seconds = 0,
  options: { force?: boolean; random?: Random } = {},
): Transition<FlowRun> {
  return transitionFlowRun(run, proposalOf(propose), { now: at(seconds), random, ...options })
}

const RUNNING_FLOW = { run_count: 1, type: 'RUNNING' } as const

export function proposeTask(
  run: TaskRun,
  propose: Propose,
  seconds = 0,
  options: { force?: boolean; random?: Random; flowRun?: TaskTransitionContext['flowRun'] } = {},
): Transition<TaskRun> {
  return transitionTaskRun(run, proposalOf(propose), { now: at(seconds), random, flowRun: RUNNING_FLOW, ...options })
}

/** `Running`, `AwaitingRetry`, …: the names of a run's history. */
export const namesOf = (run: FlowRun | TaskRun): string[] => run.states.map(({ name }) => name)

/** Proposes one after another, a second apart, and answers the last run and each verdict's words. */
export function walkFlow(run: FlowRun, ...proposals: readonly Propose[]): { run: FlowRun; verdicts: string[] } {
  return walk(run, proposals, (now, propose, seconds) => proposeFlow(now, propose, seconds))
}

export function walkTask(run: TaskRun, ...proposals: readonly Propose[]): { run: TaskRun; verdicts: string[] } {
  return walk(run, proposals, (now, propose, seconds) => proposeTask(now, propose, seconds))
}

function walk<R extends FlowRun | TaskRun>(
  run: R,
  proposals: readonly Propose[],
  step: (run: R, propose: Propose, seconds: number) => Transition<R>,
) {
  const verdicts: string[] = []
  let now = run
  for (const [index, propose] of proposals.entries()) {
    const transition = step(now, propose, index + 1)
    verdicts.push(`${transition.status} ${transition.state?.name ?? '-'}`)
    now = transition.run
  }
  return { run: now, verdicts }
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}

/** The value, which must be there. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('nothing there')
  return value
}
