/** The life of one task run: its turn, its attempts, its end. */
import { parse } from 'devalue'
import { keepsResult } from '../machine/kept-result.ts'
import { MICROS_PER_MS } from '../protocol/instants.ts'
import { MAX_STATE_MESSAGE_LENGTH } from '../protocol/limits.ts'
import { readResultReference } from '../protocol/results.ts'
import type { StateProposal } from '../protocol/states.ts'
import { isTerminal } from '../protocol/state-types.ts'
import { runAttempt, type TaskDefinition } from './attempt.ts'
import { writeLog } from './core.ts'
import { AbortedError, UpstreamFailedError } from './errors.ts'
import { fillIn } from './inputs.ts'
import { errorData, serialize } from './keep-result.ts'
import { fillTemplate } from './names.ts'
import type { NameTemplate } from './options.ts'
import { cut, describeError, stackOf } from './record-error.ts'
import { asError, describeState, type Outcome } from './run-state.ts'
import { TaskFrame } from './task-frame.ts'
import { upstreamsReady } from './upstreams.ts'

/** Runs it to its end, whatever that is. Never rejects. */
export async function executeTaskRun(frame: TaskFrame, definition: TaskDefinition): Promise<Outcome> {
  try {
    return await live(frame, definition)
  } catch (error) {
    // Not the user's code: the engine or its host. Nobody shall wait for this run for ever.
    const failure = frame.isSettled ? undefined : error
    if (failure !== undefined) {
      writeLog(
        frame.core,
        frame,
        'CRITICAL',
        `Execution was interrupted by an unexpected exception: ${stackOf(error, frame.core.trimStack)}`,
      )
      frame.propose({
        type: 'CRASHED',
        message: cut(`Execution was interrupted by an unexpected exception: ${describeError(error)}`, MAX_STATE_MESSAGE_LENGTH),
      })
    }
    return finish(frame, { ok: false, error })
  }
}

async function live(frame: TaskFrame, definition: TaskDefinition): Promise<Outcome> {
  const { core } = frame
  if (!definition.source.isRead) await definition.source.read(core)
  if (frame.flow === null) frame.outside = await core.orchestrator()
  if (frame.inputs !== undefined) {
    const failed = await upstreamsReady(frame, frame.inputs.upstreams)
    if (frame.isSettled) return abandoned(frame)
    if (failed !== undefined) return notReady(frame, failed)
    frame.args = fillIn(frame.args, frame.inputs)
  }
  const misnamed = name(frame, definition.options.taskRunName)
  if (misnamed !== undefined) return misnamed
  await frame.takeTurn()
  return frame.isSettled ? abandoned(frame) : attempts(frame, definition)
}

/** Names the run by its template; answers its end when that makes no name. */
function name(frame: TaskFrame, template: NameTemplate | undefined): Outcome | undefined {
  if (template === undefined) return undefined
  try {
    frame.rename(fillTemplate('task', template, frame.parameters))
    return undefined
  } catch (error) {
    const message = cut(asError(error).message, MAX_STATE_MESSAGE_LENGTH)
    writeLog(frame.core, frame, 'ERROR', message)
    frame.propose({ type: 'FAILED', message, data: errorData(error, frame.core.trimStack) }, isTerminal(frame.state.type))
    return finish(frame, { ok: false, error })
  }
}

function notReady(frame: TaskFrame, upstream: TaskFrame | { readonly error: unknown }): Outcome {
  const cause = upstream instanceof TaskFrame ? upstream.failure : upstream.error
  const who = upstream instanceof TaskFrame ? `Upstream task run '${upstream.id}'` : 'The task run that was mapped over'
  const message = `${who} did not reach a 'COMPLETED' state.`
  frame.propose({ type: 'PENDING', name: 'NotReady', message }, frame.state.type !== 'PENDING')
  const id = upstream instanceof TaskFrame ? upstream.id : frame.id
  return finish(frame, { ok: false, error: new UpstreamFailedError(id, `Task run '${frame.name}' did not run. ${message}`, { cause }) })
}

/** The end that came from outside while this run waited. */
const abandoned = (frame: TaskFrame): Outcome => ({ ok: false, error: frame.failure })

async function attempts(frame: TaskFrame, definition: TaskDefinition): Promise<Outcome> {
  const { core } = frame
  const inputs = frame.flow?.mayRetry === true && frame.context.persistResult ? textOf(frame.args) : undefined
  const kept = keptBefore(frame, inputs)
  if (kept !== undefined) return finish(frame, kept)
  let isRunning = false
  for (;;) {
    if (!isRunning) {
      const start = frame.propose(...startOf(frame))
      if (start.status === 'WAIT') {
        if (!(await pause(frame, start.delaySeconds * 1_000))) return abandoned(frame)
        continue
      }
      if (start.status !== 'ACCEPT') return finish(frame, { ok: false, error: new AbortedError(start.reason) })
    }
    const end = await runAttempt(frame, definition)
    if (frame.isSettled) return abandoned(frame)
    const verdict = frame.propose(end.proposal)
    const { state } = frame
    if (verdict.status === 'ACCEPT' || isTerminal(state.type)) {
      remember(frame, inputs)
      return finish(frame, end.outcome)
    }
    if (verdict.status !== 'REJECT') return finish(frame, { ok: false, error: new AbortedError(verdict.reason) })
    writeLog(
      core,
      frame,
      'INFO',
      `Received non-final state '${state.name}' when proposing final state '${end.name}' and will attempt to run again...`,
    )
    isRunning = state.type === 'RUNNING'
    if (!isRunning && !(await retryDue(frame))) return abandoned(frame)
  }
}

/** What an earlier attempt kept was for other arguments: only force gets past it, and force gives no name. */
function startOf({ state }: TaskFrame): [StateProposal, boolean] {
  return keepsResult(state) ? [{ type: 'RUNNING', name: 'Retrying' }, true] : [{ type: 'RUNNING' }, false]
}

/** Sleeps until the retry is due. False when the flow run ended meanwhile. */
function retryDue(frame: TaskFrame): Promise<boolean> {
  return pause(frame, ((frame.state.state_details.scheduled_time ?? 0) - frame.core.host.now()) / MICROS_PER_MS)
}

/** Sleeps without a turn. False when the run was stopped meanwhile. */
async function pause(frame: TaskFrame, ms: number): Promise<boolean> {
  frame.report()
  frame.returnTurn()
  try {
    if (ms > 0) await frame.core.host.sleep(ms, frame.context.signal ?? undefined)
  } catch {
    // The only reason for a sleep to fail is its signal.
    frame.abandon('Stopped before the retry.')
  }
  if (!frame.isSettled) await frame.takeTurn()
  return !frame.isSettled
}

/** A kept result of an earlier attempt of the flow run counts for the same call with the same arguments. */
function keptBefore(frame: TaskFrame, inputs: string | undefined): Outcome | undefined {
  const before = frame.flow?.remembered.get(frame.key)
  if (before === undefined || inputs === undefined || before.inputs !== inputs || frame.state.type !== 'COMPLETED') return undefined
  const reference = readResultReference(frame.state.data)
  return reference?.kind === 'inline' ? { ok: true, value: parse(reference.value) as unknown } : undefined
}

function remember(frame: TaskFrame, inputs: string | undefined): void {
  if (frame.flow?.mayRetry !== true || frame.run === undefined) return
  frame.flow.remembered.set(frame.key, { run: frame.run, ...(inputs !== undefined && { inputs }) })
}

function textOf(args: readonly unknown[]): string | undefined {
  const text = serialize(args)
  return text.ok ? text.value : undefined
}

/** The last words and the end. */
function finish(frame: TaskFrame, outcome: Outcome): Outcome {
  if (frame.isSettled) return outcome
  const isGood = frame.state.type === 'COMPLETED'
  writeLog(frame.core, frame, isGood ? 'INFO' : 'ERROR', `Finished in state ${describeState(frame.state)}`)
  if (frame.flow?.mayRetry === true && frame.run !== undefined && frame.flow.remembered.get(frame.key) === undefined)
    remember(frame, undefined)
  frame.settle(outcome)
  return outcome
}
