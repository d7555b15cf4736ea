/** A call of a task: from here on it counts, before anything of it runs. */
import { mintTaskRunId } from '../protocol/mint.ts'
import { MAX_TASK_RUNS_PER_FLOW_RUN } from '../protocol/limits.ts'
import type { TaskDefinition } from './attempt.ts'
import { NO_TAGS, type RunContext } from './context.ts'
import { writeLog, type Core } from './core.ts'
import { TaskFuture } from './futures.ts'
import { findInputs, type Inputs, type Upstream } from './inputs.ts'
import { joinTags } from './options.ts'
import { TaskFrame } from './task-frame.ts'
import type { TaskKind } from './task-record.ts'

/** Counts a call. Throws when nothing may start any more. */
export function beginTaskRun(
  core: Core,
  { options, kind }: TaskDefinition,
  args: readonly unknown[],
  caller: RunContext | undefined,
  isSubmitted: boolean,
): TaskFrame {
  const inputs = findInputs(args, options.waitFor === undefined ? [] : [...options.waitFor])
  if (inputs !== undefined) refuseOwnAncestors(inputs.upstreams, caller)
  const tags = joinTags(caller?.tags ?? NO_TAGS, options.tags ?? NO_TAGS)
  const frame = beginFrame(core, kind, { args, inputs, caller, isSubmitted, tags })
  if (frame.flow !== null) writeLog(core, frame.flow, 'INFO', `Created task run '${frame.name}' for task '${frame.taskName}'`)
  return frame
}

export const tooManyTaskRuns = (name: string): string =>
  `A flow run may have ${MAX_TASK_RUNS_PER_FLOW_RUN} task runs; '${name}' would be one more.`

interface Call {
  readonly args: readonly unknown[]
  readonly inputs: Inputs | undefined
  readonly caller: RunContext | undefined
  readonly isSubmitted: boolean
  readonly tags: readonly string[]
}

/** The call inside its flow run: its record is found again when an earlier attempt made it, else it will be a new one. */
export function beginFrame(core: Core, kind: TaskKind, call: Call): TaskFrame {
  const { caller } = call
  const { name } = kind
  const attempt = caller?.attempt ?? null
  if (attempt?.over !== undefined) throw attempt.over
  if (attempt !== null && attempt.frames.length >= MAX_TASK_RUNS_PER_FLOW_RUN) throw new RangeError(tooManyTaskRuns(name))
  const counters = attempt?.counters ?? core.outside
  const index = counters.get(name) ?? 0
  counters.set(name, index + 1)
  const remembered = caller?.flow?.remembered
  const known = remembered === undefined || remembered.size === 0 ? undefined : remembered.get(`${name}-${index}`)?.run
  const at = core.host.now()
  const signal = caller?.task?.signal ?? attempt?.signal ?? null
  const frame = new TaskFrame({ ...call, core, kind, name, index, at, signal, id: known?.id ?? mintTaskRunId(at, core.random), known })
  attempt?.began(frame)
  return frame
}

function refuseOwnAncestors(upstreams: readonly Upstream[], caller: RunContext | undefined): void {
  for (const { future } of upstreams) {
    if (!(future instanceof TaskFuture)) continue
    if (caller?.task?.isInside(TaskFuture.frameOf(future)) === true) throw new Error(`Task run '${future.name}' cannot wait for itself.`)
  }
}
