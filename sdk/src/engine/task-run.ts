/** The life of one task run: what it waits for, its turn, its attempts, its end. */
import { mintTaskRunId } from '../protocol/ids.ts'
import { MAX_NAME_LENGTH, MAX_STATE_MESSAGE_LENGTH, MAX_TASK_RUN_EDGES, MAX_TASK_RUNS_PER_FLOW_RUN } from '../protocol/limits.ts'
import { MICROS_PER_MS } from '../protocol/instants.ts'
import { isTerminal, type State, type StateProposal } from '../protocol/states.ts'
import type { ParameterInfo } from '../protocol/parameters.ts'
import { readResultReference } from '../protocol/results.ts'
import type { TaskInputs, TaskRun, TaskRunInput } from '../protocol/task-run.ts'
import { keepsResult } from '../machine/kept-result.ts'
import { newTaskRun } from '../machine/new-run.ts'
import { transitionTaskRun } from '../machine/transition.ts'
import { parse } from 'devalue'
import { NO_TAGS, type RunContext } from './context.ts'
import { writeLog, type Core } from './core.ts'
import { AbortedError, UpstreamFailedError } from './errors.ts'
import { TaskFuture, FutureList } from './futures.ts'
import { fillIn, findInputs, type Inputs, type Upstream } from './inputs.ts'
import { serialize } from './keep-result.ts'
import { fillTemplate } from './names.ts'
import { joinTags, taskPolicy } from './options.ts'
import { cut, describeError, stackOf } from './record-error.ts'
import { describeState, type Outcome } from './run-state.ts'
import type { Source } from './source.ts'
import { TaskFrame } from './task-frame.ts'
import { runAttempt, type TaskDefinition } from './attempt.ts'

/** Makes the record of a call: from here on it counts. Throws when nothing may start any more. */
export function beginTaskRun(
  core: Core,
  definition: TaskDefinition,
  args: readonly unknown[],
  caller: RunContext | undefined,
  isSubmitted: boolean,
): TaskFrame {
  const { options, source } = definition
  const name = options.name ?? source.ownName
  const inputs = findInputs(args, options.waitFor === undefined ? [] : [...options.waitFor])
  if (inputs !== undefined) refuseOwnAncestors(inputs.upstreams, caller)
  const tags = joinTags(caller?.tags ?? NO_TAGS, options.tags ?? NO_TAGS)
  return beginFrame(core, {
    name,
    args,
    inputs,
    caller,
    isSubmitted,
    tags,
    record: {
      task_version: options.version ?? null,
      empirical_policy: taskPolicy(options, core.settings()),
      tags,
      ...(inputs !== undefined && { task_inputs: edgesOf(inputs, source) }),
    },
    logPrints: options.logPrints,
    persistResult: options.persistResult,
    names: () => source.parameters,
  })
}

export interface Beginning {
  readonly name: string
  readonly args: readonly unknown[]
  readonly inputs: Inputs | undefined
  readonly caller: RunContext | undefined
  readonly isSubmitted: boolean
  readonly tags: readonly string[]
  readonly record: Pick<Parameters<typeof newTaskRun>[0], 'task_version' | 'empirical_policy' | 'tags' | 'task_inputs'>
  readonly logPrints: boolean | undefined
  readonly persistResult: boolean | undefined
  readonly names: () => readonly ParameterInfo[] | undefined
  /** Runs that only track a subflow are not announced. */
  readonly isQuiet?: boolean
}

/** The record of a call inside its flow run: found again when an earlier attempt made it, else new. */
export function beginFrame(core: Core, beginning: Beginning): TaskFrame {
  const { name, caller, record } = beginning
  const flow = caller?.flow ?? null
  const attempt = caller?.attempt ?? null
  if (attempt?.over !== undefined) throw attempt.over
  if (attempt !== null && attempt.frames.length >= MAX_TASK_RUNS_PER_FLOW_RUN) {
    throw new RangeError(`A flow run may have ${MAX_TASK_RUNS_PER_FLOW_RUN} task runs; '${name}' would be one more.`)
  }
  const counters = attempt?.counters ?? core.outside
  const index = counters.get(name) ?? 0
  counters.set(name, index + 1)
  const key = `${name}-${index}`
  const settings = core.settings()
  const context = {
    flow,
    attempt,
    tags: beginning.tags,
    logPrints: beginning.logPrints ?? caller?.logPrints ?? settings.logPrints,
    persistResult: beginning.persistResult ?? caller?.persistResult ?? settings.persistResults,
    signal: caller?.task?.signal ?? attempt?.signal ?? null,
  }
  const facts = {
    core,
    taskName: name,
    flow,
    attempt,
    caller,
    context,
    args: beginning.args,
    inputs: beginning.inputs,
    isSubmitted: beginning.isSubmitted,
    names: beginning.names,
  }
  const known = flow?.remembered.get(key)?.run
  const now = core.host.now()
  const frame =
    known === undefined ? newFrame() : new TaskFrame({ ...facts, run: known, reported: known.states.length, isNew: false }, lastOf(known))
  attempt?.began(frame)
  if (flow !== null && beginning.isQuiet !== true) writeLog(core, flow, 'INFO', `Created task run '${frame.name}' for task '${name}'`)
  return frame

  function newFrame(): TaskFrame {
    const id = mintTaskRunId(now, core.random)
    const made = newTaskRun(
      { id, name: runNameOf(key, name, index), task_key: name, dynamic_key: String(index), flow_run_id: flow?.id ?? null, ...record },
      now,
    )
    const { run } = transitionTaskRun(made, { type: 'PENDING' }, { now, random: core.random, flowRun: null })
    return new TaskFrame({ ...facts, run, reported: 0, isNew: true }, lastOf(run))
  }
}

/** Room for the index is kept in names of any length. */
function runNameOf(key: string, name: string, index: number): string {
  return key.length <= MAX_NAME_LENGTH ? key : `${name.slice(0, MAX_NAME_LENGTH - 8)}-${index}`
}

function lastOf(run: TaskRun): State {
  const state = run.states.at(-1)
  if (state === undefined) throw new Error(`Task run '${run.name}' has no state.`)
  return state
}

function refuseOwnAncestors(upstreams: readonly Upstream[], caller: RunContext | undefined): void {
  for (const { future } of upstreams) {
    if (!(future instanceof TaskFuture)) continue
    if (caller?.task?.isInside(TaskFuture.frameOf(future)) === true) throw new Error(`Task run '${future.name}' cannot wait for itself.`)
  }
}

/** Where arguments came from: the edges of the run's graph. */
function edgesOf({ upstreams }: Inputs, source: Source): TaskInputs {
  const edges: Record<string, TaskRunInput[]> = {}
  let count = 0
  for (const { future, position } of upstreams) {
    const name = position < 0 ? 'wait_for' : (source.parameters?.[position]?.name ?? `arg${position}`)
    const list = (edges[name] ??= [])
    const futures = future instanceof TaskFuture ? [future] : FutureList.isKnown(future) ? future : []
    for (const one of futures) {
      if (count++ < MAX_TASK_RUN_EDGES) list.push({ input_type: 'task_run', id: one.taskRunId })
    }
  }
  return edges
}

/** Runs it to its end, whatever that is. Never rejects. */
export async function executeTaskRun(frame: TaskFrame, definition: TaskDefinition): Promise<Outcome> {
  try {
    return await live(frame, definition)
  } catch (error) {
    // Not the user's code: the engine or its host. Nobody shall wait for this run for ever.
    const failure = frame.isSettled ? undefined : error
    if (failure !== undefined) {
      writeLog(frame.core, frame, 'CRITICAL', `Execution was interrupted by an unexpected exception: ${stackOf(error)}`)
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
  if (definition.options.taskRunName !== undefined)
    frame.rename(fillTemplate('taskRunName', definition.options.taskRunName, frame.parameters))
  await frame.takeTurn()
  return frame.isSettled ? abandoned(frame) : attempts(frame, definition)
}

/** Waits for what the run depends on; answers the first that did not complete. */
async function upstreamsReady(
  frame: TaskFrame,
  upstreams: readonly Upstream[],
): Promise<TaskFrame | { readonly error: unknown } | undefined> {
  for (const { future } of upstreams) dependOn(frame, future)
  frame.report()
  for (const { future, mayFail } of upstreams) {
    if (future instanceof FutureList && !FutureList.isKnown(future)) {
      await future.expanded()
      dependOn(frame, future)
    }
    const expansion = future instanceof FutureList ? FutureList.failureOf(future) : undefined
    if (expansion?.ok === false && !mayFail) return { error: expansion.error }
    for (const one of future instanceof TaskFuture ? [future] : future) {
      await TaskFuture.settledOf(one)
      if (!mayFail && !TaskFuture.outcomeOf(one).ok) return TaskFuture.frameOf(one)
    }
  }
  return undefined
}

/** What becomes of an upstream shows in this run, so whoever looks at this one looks at that. */
function dependOn(frame: TaskFrame, future: TaskFuture<unknown> | FutureList<unknown>): void {
  if (future instanceof FutureList && !FutureList.isKnown(future)) return
  const frames = (future instanceof TaskFuture ? [future] : [...future]).map((one) => TaskFuture.frameOf(one))
  frame.upstream = frame.upstream.length === 0 ? frames : [...frame.upstream, ...frames]
  if (frame.isObserved) for (const one of frames) one.observe()
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
