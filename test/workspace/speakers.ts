/** Items as an executor sends them. */
import type { CellRun } from '#sdk/protocol/cell-output.ts'
import type { CellOutputItem, LogItem, NotebookOpItem, RunCreateItem, RunProposeItem, TaskItem } from '#sdk/protocol/frames.ts'
import { BatchId, CellId, type NotebookId, type NotebookOperation } from '#sdk/protocol/notebook.ts'
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import { mintFlowRunId, mintTaskRunId, mintTransitionId, stateIdOf } from '#sdk/protocol/mint.ts'
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

/** Edits of a notebook, as a page sends them. */
export function notebookOp(notebook: NotebookId, base: number, ops: readonly NotebookOperation[], id = batchId()): NotebookOpItem {
  return { type: 'notebook.op', notebook, id, base, ops }
}

export const batchId = (): BatchId => BatchId.parse(crypto.randomUUID())

/** What a cell shows, as a page reports it. */
export function cellOutput(notebook: NotebookId, cell: string, more: Partial<CellRun> = {}): CellOutputItem {
  return { type: 'cell.output', notebook, run: cellRun(cell, more) }
}

export function cellRun(cell: string, more: Partial<CellRun> = {}): CellRun {
  return {
    cell: CellId.parse(cell),
    kernel: '0d9f1c5e-7a10-4c3e-9f00-2b6f1d4e0000',
    code: 'c0de',
    state: 'done',
    started: now(),
    duration_ms: 12,
    place: 'browser',
    outputs: [{ kind: 'stream', name: 'stdout', text: 'hello' }],
    ...more,
  }
}
