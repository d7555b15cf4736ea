/** The record of a call: made when it is called, before anything of it runs. */
import { newTaskRun } from '../machine/new-run.ts'
import { transitionTaskRun } from '../machine/transition.ts'
import { mintTaskRunId } from '../protocol/mint.ts'
import { MAX_NAME_LENGTH, MAX_TASK_RUN_EDGES, MAX_TASK_RUNS_PER_FLOW_RUN } from '../protocol/limits.ts'
import type { ParameterInfo } from '../protocol/parameters.ts'
import type { State } from '../protocol/states.ts'
import type { TaskInputs, TaskRun, TaskRunInput } from '../protocol/task-run.ts'
import type { TaskDefinition } from './attempt.ts'
import { NO_TAGS, type RunContext } from './context.ts'
import { writeLog, type Core } from './core.ts'
import { FutureList } from './future-list.ts'
import { TaskFuture } from './futures.ts'
import { findInputs, type Inputs, type Upstream } from './inputs.ts'
import { joinTags, taskPolicy } from './options.ts'
import type { Source } from './source.ts'
import { TaskFrame } from './task-frame.ts'

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

export const tooManyTaskRuns = (name: string): string =>
  `A flow run may have ${MAX_TASK_RUNS_PER_FLOW_RUN} task runs; '${name}' would be one more.`

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
  if (attempt !== null && attempt.frames.length >= MAX_TASK_RUNS_PER_FLOW_RUN) throw new RangeError(tooManyTaskRuns(name))
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
    if (count === MAX_TASK_RUN_EDGES) break
    const name = position < 0 ? 'wait_for' : (source.parameters?.[position]?.name ?? `arg${position}`)
    const list = (edges[name.slice(0, MAX_NAME_LENGTH)] ??= [])
    const futures = future instanceof TaskFuture ? [future] : FutureList.isKnown(future) ? [...future] : []
    for (const one of futures.slice(0, MAX_TASK_RUN_EDGES - count)) {
      list.push({ input_type: 'task_run', id: one.taskRunId })
      count++
    }
  }
  return edges
}
