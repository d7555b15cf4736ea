/** A proposal of a state, whoever makes it: the machine decides, the result is stored, the run's executor and watchers hear of it. */
import { cancelDeadline } from '#sdk/machine/cancel-deadline.ts'
import { hasEnded } from '#sdk/machine/facts.ts'
import { endOfLostTaskRun } from '#sdk/machine/leases.ts'
import { transitionFlowRun, transitionTaskRun, type Transition } from '#sdk/machine/transition.ts'
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { FlowRun } from '#sdk/protocol/flow-run.ts'
import type { FlowRunId, SessionId } from '#sdk/protocol/ids.ts'
import { runIdOf } from '#sdk/protocol/mint.ts'
import { MAX_STATE_DATA_BYTES, MAX_STATES_BYTES } from '#sdk/protocol/limits.ts'
import type { State, StateProposal } from '#sdk/protocol/states.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import { jsonBytes } from './sizes.ts'
import type { Unit } from './unit.ts'

export interface ProposalOptions {
  readonly force?: boolean
  /** The session that proposes, when the run's own executor does. */
  readonly by?: SessionId
  /** The run as it is stored, when the one given differs already (its new name). */
  readonly before?: FlowRun
}

/** Decides, stores and announces the next state of a flow run. */
export function proposeFlowRunState(unit: Unit, run: FlowRun, proposal: StateProposal, options: ProposalOptions = {}): Transition<FlowRun> {
  requireSmallData(proposal)
  const { now, random } = unit
  const verdict = transitionFlowRun(run, proposal, { now, random, force: options.force ?? false })
  if (!verdict.changed) return verdict
  const isOwn = options.by !== undefined && options.by === run.session_id
  const after = fit(released(run, verdict.run, isOwn))
  storeFlowRun(unit, options.before ?? run, after)
  tellExecutor(unit, run, after)
  // An executor that says that its run has crashed reports nothing more of its task runs.
  const isLeftBehind = !isOwn || verdict.state.type === 'CRASHED'
  if (isLeftBehind && run.session_id !== null && hasEnded(after)) endTaskRuns(unit, run.id, verdict.state.type === 'CANCELLED')
  return { ...verdict, run: after }
}

/** Stores what became of a run and notes what must be announced and looked at. */
function storeFlowRun({ store, changes }: Unit, before: FlowRun, after: FlowRun): void {
  const dueAt = cancelDeadline(after)
  store.flowRuns.update(before, after, dueAt)
  referStates({ store }, after)
  changes.flowRun(after.id)
  if (dueAt !== null) changes.isWakeChanged = true
}

/** Whoever holds a run lets go of it at its end. Ended by anybody else, its lease ends with it: what its executor still sends is stale. */
function released(before: FlowRun, after: FlowRun, isOwn: boolean): FlowRun {
  if (before.session_id === null || !hasEnded(after)) return after
  return { ...after, session_id: null, epoch: isOwn ? after.epoch : after.epoch + 1 }
}

function tellExecutor({ changes }: Unit, before: FlowRun, after: FlowRun): void {
  const session = before.session_id
  if (session === null) return
  const { epoch, id } = before
  const state = after.states.at(-1)
  if (state?.type === 'CANCELLING') changes.tell(session, { type: 'cancel', run: id, epoch })
  else if (after.epoch !== epoch) changes.tell(session, { type: 'lost', run: id, epoch, reason: reasonOf(state) })
}

const reasonOf = (state: State | undefined): string =>
  `The run was set to ${state?.name ?? 'another state'}${state?.message == null ? '.' : `: ${state.message}`}`

/** Task runs that one commit ends; the rest is a chore. */
const TASK_RUNS_AT_ONCE = 200

/** Ends what an ended flow run left behind. Answers whether that was all. */
export function endTaskRuns(unit: Unit, run: FlowRunId, wasCancelled: boolean): boolean {
  const { store, changes } = unit
  const live = store.taskRuns.liveOf(run, TASK_RUNS_AT_ONCE)
  for (const task of live) {
    const end = endOfLostTaskRun(task, wasCancelled)
    if (end !== null) proposeTaskRunState(unit, task, end, null, true)
  }
  if (live.length < TASK_RUNS_AT_ONCE) return true
  store.chores.add({ kind: 'end_tasks', id: run, wasCancelled })
  changes.isWakeChanged = true
  return false
}

/** Decides, stores and announces the next state of a task run that the workspace decides for. */
export function proposeTaskRunState(
  unit: Unit,
  task: TaskRun,
  proposal: StateProposal,
  flowRun: FlowRun | null,
  force: boolean,
): Transition<TaskRun> {
  requireSmallData(proposal)
  const { now, random } = unit
  const parent = flowRun === null ? null : { run_count: flowRun.run_count, type: flowRun.states.at(-1)?.type ?? null }
  const verdict = transitionTaskRun(task, proposal, { now, random, force, flowRun: parent })
  if (!verdict.changed) return verdict
  const after = fit(verdict.run)
  unit.store.taskRuns.update(after)
  referStates(unit, after)
  unit.changes.taskRun(after.id, after.flow_run_id)
  return { ...verdict, run: after }
}

/** Remembers where states are found whose ids do not name their run. */
export function referStates({ store }: Pick<Unit, 'store'>, { id, states }: FlowRun | TaskRun, from = states.length - 1): void {
  for (const state of states.slice(from)) if (runIdOf(state.id) !== id) store.stateRefs.insert(state.id, id)
}

export function requireSmallData({ data }: Pick<StateProposal, 'data'>): void {
  if (data === undefined || data === null || jsonBytes(data, MAX_STATE_DATA_BYTES) <= MAX_STATE_DATA_BYTES) return
  throw new ProblemError(
    'too_large',
    `The data of a state may have ${MAX_STATE_DATA_BYTES} bytes as JSON. Keep larger results elsewhere and store where.`,
  )
}

const DROPPED = { kind: 'unkept', reason: 'The history grew too large; only the data of the newest states is kept.' } as const

/** A history of many large errors must still fit into its row: the data of the oldest states goes, never a state. */
export function fit<R extends FlowRun | TaskRun>(run: R): R {
  if (jsonBytes(run.states, MAX_STATES_BYTES) <= MAX_STATES_BYTES) return run
  let excess = run.states.reduce((sum, state) => sum + jsonBytes(state, 0), 0) - MAX_STATES_BYTES
  const last = run.states.length - 1
  const states = run.states.map((state, index): State => {
    if (excess <= 0 || state.data === undefined || index === last) return state
    excess -= jsonBytes(state.data, 0)
    return { ...state, data: DROPPED }
  })
  return { ...run, states }
}
