/** One attempt of a task run: the user's code, called in its context, and what came of it. */
import { MICROS_PER_SECOND } from '../protocol/instants.ts'
import { MAX_STATE_MESSAGE_LENGTH } from '../protocol/limits.ts'
import type { StateProposal } from '../protocol/states.ts'
import { quiet, writeLog } from './core.ts'
import { CancelledError, TimeoutError } from './errors.ts'
import { errorData, keepResult } from './keep-result.ts'
import type { TaskCallOptions } from './options.ts'
import { cut, describeError, stackOf } from './record-error.ts'
import { outcomeOf, proposalOf, RunState, type Outcome } from './run-state.ts'
import type { Source } from './source.ts'
import { collect, isIterator, type Drive } from './streams.ts'
import type { TaskFrame } from './task-frame.ts'
import type { TaskKind } from './task-record.ts'

export interface TaskDefinition {
  readonly source: Source
  readonly options: TaskCallOptions
  readonly kind: TaskKind
  /** Hands the values of a generator out as they come; without it they are gathered. */
  readonly drive?: Drive
}

/** Calls the task's function once. Never rejects for what that does. */
export async function runAttempt(frame: TaskFrame, definition: TaskDefinition): Promise<AttemptEnd> {
  const { timeoutSeconds } = definition.options
  try {
    let value = timeoutSeconds === undefined ? call(frame, definition) : await inTimeout(frame, definition, timeoutSeconds)
    if (isThenable(value)) {
      frame.report()
      value = await value
    }
    return value instanceof RunState ? returned(frame, value) : completed(frame, value)
  } catch (error) {
    if (frame.isSettled) return failed(frame, error, false)
    writeLog(frame.core, frame, 'ERROR', `Encountered exception during execution:\n${stackOf(error, frame.core.trimStack)}`)
    return failed(frame, error, await isRetriable(frame, definition, error))
  }
}

function call(frame: TaskFrame, { source, drive }: TaskDefinition): unknown {
  const { core, context } = frame
  if (context.logPrints) core.capturePrints()
  const value: unknown = core.contexts.run(context, () => Reflect.apply(source.fn, undefined, frame.args))
  if (!source.isGenerator || !isIterator(value)) return value
  const inContext = <R>(step: () => R): R => core.contexts.run(context, step)
  return drive === undefined ? collect(value, inContext) : drive(value, inContext)
}

/** The attempt's own signal aborts when the time is over, or when the run is stopped from outside. */
async function inTimeout(frame: TaskFrame, definition: TaskDefinition, seconds: number): Promise<unknown> {
  const { host } = frame.core
  const controller = host.newController()
  const timer = host.newController()
  const outer = frame.outerSignal
  const passOn = () => controller.abort(outer?.reason)
  outer?.addEventListener('abort', passOn)
  frame.signal = controller.signal
  const late = new TimeoutError(`Task run exceeded timeout of ${seconds} second(s)`)
  const began = host.now()
  const clock = quiet(
    host.sleep(seconds * 1_000, timer.signal).then(() => {
      controller.abort(late)
      throw late
    }),
  )
  try {
    const work = Promise.resolve(call(frame, definition))
    frame.report()
    const value = await Promise.race([quiet(work), clock])
    if (host.now() - began < seconds * MICROS_PER_SECOND) return value
    // Code that never paused kept the timer from ringing.
    controller.abort(late)
    throw late
  } finally {
    timer.abort(undefined)
    outer?.removeEventListener('abort', passOn)
  }
}

/** Asked only where a retry is left. */
async function isRetriable(frame: TaskFrame, { options }: TaskDefinition, error: unknown): Promise<boolean> {
  const { retryCondition } = options
  if (retryCondition === undefined || frame.runCount > (frame.run?.empirical_policy.retries ?? 0)) return true
  try {
    return await frame.core.contexts.run(frame.context, () => retryCondition(error, { name: frame.name, runCount: frame.runCount }))
  } catch (problem) {
    writeLog(frame.core, frame, 'ERROR', `retryCondition failed, so there is no retry: ${stackOf(problem, frame.core.trimStack)}`)
    return false
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** How an attempt ended: what to propose, and what the caller gets if that is accepted. */
export interface AttemptEnd {
  readonly proposal: StateProposal
  readonly name: string
  readonly outcome: Outcome
}

function completed(frame: TaskFrame, value: unknown): AttemptEnd {
  const { reference, warning } = keepResult(value, frame.persistResult)
  if (warning !== undefined) writeLog(frame.core, frame, 'WARNING', warning)
  const proposal: StateProposal = reference === undefined ? { type: 'COMPLETED' } : { type: 'COMPLETED', data: reference }
  return { proposal, name: 'Completed', outcome: { ok: true, value } }
}

/** A returned state speaks for itself. */
function returned(frame: TaskFrame, state: RunState): AttemptEnd {
  const outcome = outcomeOf(state)
  if (state.isCompleted() && outcome.ok) {
    const end = completed(frame, outcome.value)
    return { ...end, name: state.name, proposal: { ...end.proposal, name: state.name, message: state.message } }
  }
  return { proposal: proposalOf(state), name: state.name, outcome }
}

function failed(frame: TaskFrame, error: unknown, retriable: boolean): AttemptEnd {
  const outcome: Outcome = { ok: false, error }
  const details = retriable ? {} : { state_details: { retriable: false } }
  if (frame.attempt?.over instanceof CancelledError || error instanceof CancelledError) {
    return { proposal: { type: 'CANCELLED', message: cut(describeError(error), MAX_STATE_MESSAGE_LENGTH) }, name: 'Cancelled', outcome }
  }
  const data = errorData(error, frame.core.trimStack)
  const isLate = error instanceof TimeoutError && frame.signal?.reason === error
  const message = isLate ? error.message : cut(`Task run encountered an exception: ${describeError(error)}`, MAX_STATE_MESSAGE_LENGTH)
  const name = isLate ? 'TimedOut' : 'Failed'
  return { proposal: { type: 'FAILED', name, message, data, ...details }, name, outcome }
}
