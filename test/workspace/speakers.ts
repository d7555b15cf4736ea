/** Items as an executor sends them. */
import type { LogItem, RunCreateItem, RunProposeItem, TaskItem } from '#sdk/protocol/frames.ts'
import { mintFlowRunId, mintTaskRunId, mintTransitionId, stateIdOf, type FlowRunId, type TaskRunId } from '#sdk/protocol/ids.ts'
import type { LogLine } from '#sdk/protocol/log.ts'
import { firstLineOf } from '#sdk/protocol/log-levels.ts'
import type { State, StateType } from '#sdk/protocol/states.ts'
import { DEFAULT_STATE_NAME } from '#sdk/protocol/state-types.ts'

const now = (): number => Date.now() * 1_000
export const flowRunId = (): FlowRunId => mintFlowRunId(now(), Math.random)
export const taskRunId = (): TaskRunId => mintTaskRunId(now(), Math.random)

export function runCreate(id: FlowRunId, more: Partial<RunCreateItem> = {}): RunCreateItem {
  return { type: 'run.create', id, created: now(), flow: { name: 'pipeline' }, name: 'thundering-goshawk', parameters: {}, ...more }
}

export function propose(run: FlowRunId, type: StateType, more: Partial<RunProposeItem> = {}): RunProposeItem {
  return { type: 'run.propose', run, epoch: 1, transition_id: mintTransitionId(now(), Math.random), state: { type }, ...more }
}

export function taskStates(id: TaskRunId, types: readonly StateType[], from = 0): readonly State[] {
  return types.map((type, index) => ({
    id: stateIdOf(id, from + index + 1, now(), Math.random),
    type,
    name: DEFAULT_STATE_NAME[type],
    timestamp: now() + from + index,
    message: null,
    state_details: {},
  }))
}

const TASK_LIFE = ['PENDING', 'RUNNING', 'COMPLETED'] as const

/** A whole task run, or with `from` what follows. */
export function task(
  run: FlowRunId | null,
  id: TaskRunId,
  types: readonly StateType[] = TASK_LIFE,
  more: Partial<TaskItem> = {},
): TaskItem {
  const from = more.from ?? 0
  const create = { created: now(), name: 'fetch-0', task_key: 'fetch', dynamic_key: id }
  const epoch = run === null ? 0 : 1
  return { type: 'task', run, epoch, id, from, states: taskStates(id, types, from), ...(from === 0 && { create }), ...more }
}

export function log(run: FlowRunId | null, count: number, more: Partial<LogItem> = {}): LogItem {
  const lines = Array.from({ length: count }, (_, index): LogLine => ({
    t: now() + index,
    l: 20,
    m: `line ${index}`,
    n: 'flowcell.flow_runs',
  }))
  const epoch = more.epoch ?? (run === null ? 0 : 1)
  return { type: 'log', run, epoch, first: firstLineOf(epoch), lines, ...more }
}
