/** A flow called by a flow: the task run in the parent that stands for it. */
import type { FlowRunId, TaskRunId } from '../protocol/ids.ts'
import type { State } from '../protocol/states.ts'
import { isTerminal } from '../protocol/state-types.ts'
import type { RunContext } from './context.ts'
import { writeLog, type Core } from './core.ts'
import type { Outcome } from './run-state.ts'
import type { TaskFrame } from './task-frame.ts'
import { beginFrame } from './task-begin.ts'

/** Follows every state of the child with one of its own. */
export class SubflowTracker {
  readonly #frame: TaskFrame
  constructor(frame: TaskFrame) {
    this.#frame = frame
  }

  get id(): TaskRunId {
    return this.#frame.id
  }

  mirror(state: State, child: FlowRunId): void {
    const frame = this.#frame
    if (frame.isSettled || (state.type === 'PENDING' && frame.state.type === 'PENDING')) return
    const { type, name, message, state_details } = state
    const { scheduled_time } = state_details
    const details = { child_flow_run_id: child, ...(scheduled_time != null && { scheduled_time }) }
    frame.propose({ type, name, message, state_details: details })
    frame.report()
  }

  settle(outcome: Outcome): void {
    const frame = this.#frame
    if (frame.isSettled) return
    if (frame.flow?.mayRetry === true && frame.run !== undefined) frame.flow.remembered.set(frame.key, { run: frame.run, outcome })
    frame.settle(outcome)
  }

  /** The child could not go on, and has no final state that is known here. */
  fail(error: unknown): void {
    const frame = this.#frame
    if (frame.isSettled) return
    if (!isTerminal(frame.state.type)) frame.propose({ type: 'CRASHED', message: 'The subflow run could not go on.' })
    this.settle({ ok: false, error })
  }
}

/** Begins the tracking run. A subflow that an earlier attempt of the parent completed is not run again: its outcome is the answer. */
export function trackSubflow(
  core: Core,
  name: string,
  caller: RunContext,
): { readonly tracker: SubflowTracker } | { readonly reused: Outcome; readonly state: State } {
  const frame = beginFrame(core, {
    name,
    args: [],
    inputs: undefined,
    caller,
    isSubmitted: false,
    tags: caller.tags,
    record: { tags: caller.tags },
    logPrints: undefined,
    persistResult: undefined,
    names: () => undefined,
    isQuiet: true,
  })
  const before = frame.flow?.remembered.get(frame.key)
  if (before?.outcome?.ok !== true || frame.state.type !== 'COMPLETED') return { tracker: new SubflowTracker(frame) }
  if (frame.flow !== null) writeLog(core, frame.flow, 'INFO', `Subflow '${name}' completed in an earlier attempt and is not run again`)
  const { state } = frame
  frame.settle(before.outcome)
  return { reused: before.outcome, state }
}
