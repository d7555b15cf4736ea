/**
 * What executors say over the socket: each item is judged by itself, in one commit per frame.
 *
 * 1. Every item is idempotent by an id of its own: said twice, it changes nothing and is answered alike.
 * 2. An item of an ended lease (another epoch) changes nothing; only log lines are kept, marked late.
 * 3. What is refused changes nothing.
 */
import { applyState } from '#sdk/machine/apply-state.ts'
import { newFlowRun, newTaskRun } from '#sdk/machine/new-run.ts'
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { FlowRun } from '#sdk/protocol/flow-run.ts'
import type {
  CellOutputItem,
  Item,
  ItemAnswer,
  LogItem,
  NotebookOpItem,
  RunCreateItem,
  RunProposeItem,
  TaskItem,
} from '#sdk/protocol/frames.ts'
import type { LogLine } from '#sdk/protocol/log.ts'
import { firstLineOf } from '#sdk/protocol/log-levels.ts'
import { MAX_STATES_PER_RUN } from '#sdk/protocol/limits.ts'
import type { OperationId } from '#sdk/protocol/operations.ts'
import type { State } from '#sdk/protocol/states.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import type { SessionRow } from '../storage/sessions.ts'
import { appendLines } from './append-lines.ts'
import { storeCellRun } from './cell-runs.ts'
import { editNotebook } from './edit-notebook.ts'
import { insertFlowRun, requireSmallParameters, flowRunOrProblem } from './flow-runs.ts'
import { requireRoom } from './require-room.ts'
import { registerFlow } from './flows.ts'
import { requireSaneId, requireSaneTime } from './sane-times.ts'
import { hold } from './leases.ts'
import { fit, proposeFlowRunState, referStates, requireSmallData } from './propose.ts'
import { requireFewTaskRuns, requireSmallInputs } from './task-runs.ts'
import type { Unit } from './unit.ts'

export type ExecuteItem = Exclude<Item, { readonly type: 'subscribe' | 'unsubscribe' }>

/** The operation whose role an item needs: one table of roles for HTTP and socket. */
export const OPERATION_OF_ITEM: Readonly<Record<Item['type'], OperationId>> = {
  'run.create': 'flow_runs.create',
  'run.propose': 'flow_runs.set_state',
  task: 'task_runs.set_state',
  log: 'logs.create',
  'notebook.op': 'notebooks.operate',
  'cell.output': 'notebooks.report_run',
  subscribe: 'flow_runs.read',
  unsubscribe: 'flow_runs.read',
}

/** Who speaks: an executor's session. */
export type Executor = Pick<SessionRow, 'id' | 'name' | 'kind' | 'credential'>

const DONE: ItemAnswer = { type: 'done' }

/** @throws ProblemError when the item is refused. */
export function performItem(unit: Unit, executor: Executor, item: ExecuteItem): ItemAnswer {
  switch (item.type) {
    case 'run.create':
      return createRun(unit, executor, item)
    case 'run.propose':
      return proposeRun(unit, executor, item)
    case 'task':
      return reportTask(unit, executor, item)
    case 'log':
      return appendLog(unit, executor, item)
    case 'notebook.op':
      return placeEdits(unit, executor, item)
    case 'cell.output':
      return storeOutput(unit, item)
  }
}

function placeEdits(unit: Unit, { id: session }: Executor, { notebook, id, base, ops }: NotebookOpItem): ItemAnswer {
  return { type: 'placed', ...editNotebook(unit, notebook, { id, base, ops }, session) }
}

function storeOutput(unit: Unit, { notebook, run }: CellOutputItem): ItemAnswer {
  storeCellRun(unit, notebook, run)
  return DONE
}

function createRun(unit: Unit, executor: Executor, item: RunCreateItem): ItemAnswer {
  const known = unit.store.flowRuns.find(item.id)
  if (known !== undefined) return createdAgain(unit, executor, known, item)
  requireSaneId(unit, item.id)
  requireSaneTime(unit, 'created', item.created)
  requireRoom(unit)
  requireSmallParameters('parameters', item.parameters)
  const { flow } = registerFlow(unit, item.flow)
  hold(unit, executor)
  const blank = newFlowRun({ ...item, flow_id: flow.id, session_id: executor.id, epoch: 1 }, unit.now)
  return created(insertFlowRun(unit, blank, { type: 'PENDING' }))
}

/** An epoch greater than 1 means that the lease under which the run was created has ended. */
function createdAgain({ store }: Unit, executor: Executor, run: FlowRun, { flow }: RunCreateItem): ItemAnswer {
  if (store.flows.find(run.flow_id)?.name !== flow.name)
    throw new ProblemError('conflict', `Flow run ${run.id} exists and is of another flow.`)
  if ((run.session_id ?? executor.id) !== executor.id || run.epoch !== 1) throw staleLease(run.id)
  return created(run)
}

function created({ epoch, flow_id, name, states }: FlowRun): ItemAnswer {
  return { type: 'created', epoch, flow_id, name, state: lastOf(states) }
}

function proposeRun(unit: Unit, executor: Executor, { run: id, epoch, transition_id, state, name }: RunProposeItem): ItemAnswer {
  const known = requireLease(flowRunOrProblem(unit, id), executor, epoch)
  const run = name === undefined || name === known.name ? known : { ...known, name }
  const proposal = { ...state, state_details: { ...state.state_details, transition_id } }
  const before = known.states.find(({ state_details }) => state_details.transition_id === transition_id)
  const verdict = proposeFlowRunState(unit, run, proposal, { by: executor.id, before: known })
  const { states, run_count } = verdict.run
  const isSame = before !== undefined && before.type === state.type
  return {
    type: 'verdict',
    status: isSame ? 'ACCEPT' : verdict.status,
    state: lastOf(states),
    run_count,
    ...(!isSame && verdict.status !== 'ACCEPT' && { reason: verdict.reason }),
    ...(verdict.status === 'WAIT' && { delay_seconds: verdict.delaySeconds }),
  }
}

function reportTask(unit: Unit, executor: Executor, item: TaskItem): ItemAnswer {
  const flowRun = item.run === null ? null : requireLease(flowRunOrProblem(unit, item.run), executor, item.epoch)
  for (const state of item.states) {
    requireSmallData(state)
    requireSaneTime(unit, 'timestamp', state.timestamp)
  }
  const known = unit.store.taskRuns.find(item.id)
  return known === undefined ? insertTask(unit, flowRun, item) : continueTask(unit, known, item)
}

function insertTask(unit: Unit, flowRun: FlowRun | null, item: TaskItem): ItemAnswer {
  const { store, changes, now } = unit
  const { create, id, run, states } = item
  if (create === undefined) throw new ProblemError('not_found', `There is no task run ${id}, and the item does not create it.`)
  if (item.from !== 0) throw gap(id, 0, item.from)
  requireSaneId(unit, id)
  requireSaneTime(unit, 'created', create.created)
  requireSmallInputs(create.task_inputs)
  if (flowRun === null) requireRoom(unit)
  else requireFewTaskRuns(unit, flowRun.id)
  const blank = newTaskRun({ ...create, id, flow_run_id: run, flow_run_run_count: item.flow_run_run_count }, now)
  const task = record(blank, states, item, now)
  store.taskRuns.insert(task)
  referStates(unit, task, 0)
  changes.taskRun(id, run)
  return DONE
}

function continueTask(unit: Unit, known: TaskRun, item: TaskItem): ItemAnswer {
  const have = known.states.length
  if (known.flow_run_id !== item.run) throw new ProblemError('conflict', `Task run ${item.id} belongs to another flow run.`)
  if (item.from > have) throw gap(item.id, have, item.from)
  const fresh = item.states.slice(have - item.from)
  if (fresh.length === 0) return DONE
  if (have + fresh.length > MAX_STATES_PER_RUN) throw new ProblemError('too_many', `A task run has at most ${MAX_STATES_PER_RUN} states.`)
  const task = record(known, fresh, item, unit.now)
  unit.store.taskRuns.update(task)
  referStates(unit, task, have)
  unit.changes.taskRun(task.id, task.flow_run_id)
  return DONE
}

/** The engine has decided; here its states are recorded. */
function record(task: TaskRun, states: readonly State[], { name, flow_run_run_count }: TaskItem, now: number): TaskRun {
  const after = states.reduce(applyState, task)
  return fit({
    ...after,
    updated: now,
    name: name ?? after.name,
    flow_run_run_count: flow_run_run_count ?? after.flow_run_run_count,
  })
}

function appendLog(unit: Unit, executor: Executor, item: LogItem): ItemAnswer {
  const { run, task, epoch, first, lines } = item
  if (first < firstLineOf(epoch) || first + lines.length > firstLineOf(epoch + 1)) {
    throw new ProblemError('malformed_frame', `Lines of epoch ${epoch} are counted from ${firstLineOf(epoch)}; these begin at ${first}.`)
  }
  if (run === null) {
    if (task === undefined) throw new ProblemError('malformed_frame', 'A log item names its flow run, or outside flows its task run.')
    if (unit.store.taskRuns.find(task) === undefined) throw new ProblemError('not_found', `There is no task run ${task}.`)
    appendLines(unit, { stream: task, kind: 'task_run', first, lines }, epoch)
    return DONE
  }
  const flowRun = flowRunOrProblem(unit, run)
  const isLate = epoch < flowRun.epoch
  if (!isLate) requireLease(flowRun, executor, epoch)
  appendLines(unit, { stream: run, kind: 'flow_run', first, lines: isLate ? lines.map(late) : lines }, epoch)
  return DONE
}

const late = (line: LogLine): LogLine => ({ ...line, o: true })

/** The run, if this session holds it under that epoch, or held it until its end. */
function requireLease(run: FlowRun, executor: Executor, epoch: number): FlowRun {
  const isHolder = run.session_id === null || run.session_id === executor.id
  if (run.epoch !== epoch || !isHolder) throw staleLease(run.id)
  return run
}

const staleLease = (id: string): ProblemError =>
  new ProblemError(
    'stale_lease',
    `The lease on flow run ${id} has ended or is another session's. Stop the run; nothing more of it is recorded.`,
  )

const gap = (id: string, have: number, from: number): ProblemError =>
  new ProblemError(
    'frame_out_of_order',
    `Task run ${id} has ${have} states here; states from number ${from} on leave a gap. Send it from ${have} on.`,
  )

function lastOf(states: readonly State[]): State {
  const state = states.at(-1)
  if (state === undefined) throw new TypeError('a run without a state')
  return state
}
