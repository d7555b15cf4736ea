/** How a flow ends: from what its function returned and what became of its task runs (design: Prefect 3's returned states, Prefect 2's sum). */
import { finalStateOf } from '../machine/final-state.ts'
import type { State, StateProposal } from '../protocol/states.ts'
import type { Attempt } from './flow-scope.ts'
import { FailedRunError } from './errors.ts'
import { FutureList } from './future-list.ts'
import { TaskFuture } from './futures.ts'
import { outcomeOf, proposalOf, RunState, type Outcome } from './run-state.ts'
import type { TaskFrame } from './task-frame.ts'

export interface FlowEnd {
  readonly proposal: StateProposal
  readonly outcome: Outcome
  /** What a person should know besides. */
  readonly remark?: string
}

/** All that the flow started must have ended. */
export async function endOfFlow(value: unknown, attempt: Attempt, unobserved: 'fail' | 'ignore'): Promise<FlowEnd> {
  const returned = await returnedStates(value)
  if (returned !== undefined) return endOfStates(value, returned)
  const own: FlowEnd = { proposal: { type: 'COMPLETED' }, outcome: { ok: true, value } }
  const unseen = attempt.frames.filter((frame) => !frame.isObserved)
  if (unobserved === 'ignore' || unseen.length === 0) return own
  const states = attempt.frames.map(({ state }) => state)
  const bad = unseen.filter(({ state }) => state.type !== 'COMPLETED')
  if (bad.length > 0) return endOfUnseen(states, bad)
  const sum = finalStateOf(states)
  return sum.type === 'COMPLETED' ? { ...own, proposal: sum } : own
}

/** Returned futures and states, as states; undefined when something else was returned. */
async function returnedStates(value: unknown): Promise<readonly RunState[] | undefined> {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (items.length === 0 || !items.every(isStateful)) return undefined
  const states: RunState[] = []
  for (const item of items) {
    if (item instanceof RunState) states.push(item)
    else if (item instanceof FutureList && (await failureOf(item)) !== undefined)
      states.push(new RunState(NOT_MAPPED, await failureOf(item)))
    else for (const future of item instanceof FutureList ? await item.expanded() : [item]) states.push(future.state)
  }
  return states
}

/** A list that was mapped over a future which failed. */
const NOT_MAPPED = { type: 'FAILED', name: 'Failed', message: 'What was mapped over did not complete.', id: null, timestamp: null } as const

async function failureOf(list: FutureList<unknown>): Promise<Outcome | undefined> {
  await list.expanded()
  return FutureList.failureOf(list)
}

function isStateful(item: unknown): item is RunState | TaskFuture<unknown> | FutureList<unknown> {
  return item instanceof RunState || item instanceof TaskFuture || item instanceof FutureList
}

function endOfStates(value: unknown, states: readonly RunState[]): FlowEnd {
  const [only] = states
  const isList = Array.isArray(value) || value instanceof FutureList
  if (!isList && only !== undefined) {
    const outcome = outcomeOf(only)
    // A single state is the flow's own, except that a flow cannot end in one that is not final.
    const proposal = only.isFinal() ? proposalOf(only) : finalStateOf([only])
    return { proposal, outcome: proposal.type === 'COMPLETED' ? outcome : failure(outcome, proposal) }
  }
  const proposal = finalStateOf(states)
  const outcomes = states.map(outcomeOf)
  if (proposal.type === 'COMPLETED')
    return { proposal, outcome: { ok: true, value: outcomes.map((one) => (one.ok ? one.value : one.error)) } }
  const first = outcomes.find((_, i) => states[i]?.type === 'FAILED') ?? outcomes.find(({ ok }) => !ok)
  return { proposal, outcome: failure(first, proposal) }
}

function endOfUnseen(states: readonly State[], bad: readonly TaskFrame[]): FlowEnd {
  const proposal = finalStateOf(states)
  const culprits = bad.filter(({ state }) => state.type === 'FAILED' || state.type === 'CRASHED')
  const named = (culprits.length > 0 ? culprits : bad).map(({ name }) => `'${name}'`)
  const shown = named.slice(0, 10).join(', ') + (named.length > 10 ? ` and ${named.length - 10} more` : '')
  const first = culprits[0] ?? bad[0]
  const error = first?.failure ?? new FailedRunError(proposal.message ?? 'A task run failed.')
  return { proposal, outcome: { ok: false, error }, remark: `Nobody looked at the result of ${shown}, which did not complete.` }
}

function failure(outcome: Outcome | undefined, { message }: StateProposal): Outcome {
  if (outcome !== undefined && !outcome.ok) return outcome
  return { ok: false, error: new FailedRunError(message ?? 'The flow run failed.') }
}
