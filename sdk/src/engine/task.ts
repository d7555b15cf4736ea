/** `task()`: a function whose calls are recorded, retried and related. */
import type { RetryPolicy } from '../protocol/flow-run.ts'
import { MAX_TASK_RUNS_PER_FLOW_RUN } from '../protocol/limits.ts'
import type { TaskDefinition } from './attempt.ts'
import type { AnyFunction, Called, Gathered, Inputs, MapInputs } from './calls.ts'
import type { RunContext } from './context.ts'
import { quiet, type Core } from './core.ts'
import type { Attempt } from './flow-scope.ts'
import { FutureList } from './future-list.ts'
import { TaskFuture } from './futures.ts'
import { expandArguments, openInputs, withValues, type Room } from './map.ts'
import { registerName } from './names.ts'
import { checkCallOptions, checkTaskOptions, taskPolicy, type TaskCallOptions, type TaskOptions } from './options.ts'
import { runStateOf, type RunState } from './run-state.ts'
import { Source } from './source.ts'
import { Starter } from './starter.ts'
import { stream } from './streams.ts'
import { beginTaskRun, tooManyTaskRuns } from './task-begin.ts'
import type { TaskFrame } from './task-frame.ts'
import type { TaskKind } from './task-record.ts'
import { executeTaskRun } from './task-run.ts'

/** A task. Calling it runs it here and now; `submit` and `map` leave it to the flow's task runner. */
export interface Task<Args extends readonly unknown[], Result> {
  /** Runs it and resolves to its value, or rejects with its error. */
  (...args: Inputs<Args>): Called<Result>
  /** Starts it and answers at once; futures among the arguments are waited for. */
  submit(...args: Inputs<Args>): TaskFuture<Gathered<Result>>
  /**
   * Starts it once for each element of its lists, which must have one length. Texts and bytes are no lists; `unmapped` makes one none.
   * @throws MappingMissingIterable, MappingLengthMismatch
   */
  map(...args: MapInputs<Args>): FutureList<Gathered<Result>>
  /** Runs it and resolves to its final state; never rejects for what the task does. */
  state(...args: Inputs<Args>): Promise<RunState<Gathered<Result>>>
  /** The same task with some options changed. */
  withOptions(options: TaskCallOptions): Task<Args, Result>
  /** The bare function, for tests of it. */
  readonly fn: (...args: Args) => Result
}

/** What `task()` makes of a function. */
export type TaskOf<F> = F extends (...args: infer Args) => infer Result ? Task<Args, Result> : never
/**
 * Makes a function a task: inside a flow every call of it is a task run, with a state of its own, retries and edges to what it depends on.
 *
 * @example
 * const load = task(async (url: string) => (await fetch(url)).json(), { retries: 3, retryDelaySeconds: 1 })
 * await load.submit(url).result()
 */
export type TaskFactory = <F extends AnyFunction>(fn: F, options?: TaskOptions) => TaskOf<F>

interface Submitted {
  readonly frame: TaskFrame
  readonly definition: TaskDefinition
}

export function taskFactory(core: Core): TaskFactory {
  const starter = new Starter<Submitted>(
    ({ frame, definition }) => void executeTaskRun(frame, definition),
    ({ frame }) => frame.orchestrator?.room(),
  )
  return (fn, options = {}) => {
    checkTaskOptions(options)
    const source = new Source(core, 'task', fn)
    if (options.name !== undefined || fn.name !== '') registerName(core, 'task', options.name ?? source.ownName, source.callSite)
    return taskOf(core, starter, source, options) as TaskOf<typeof fn>
  }
}

function taskOf(core: Core, starter: Starter<Submitted>, source: Source, options: TaskOptions): Task<readonly unknown[], unknown> {
  const definition: TaskDefinition = { source, options, kind: kindOf(core, source, options) }
  const submitIn = (args: readonly unknown[], caller: RunContext | undefined) => {
    const frame = beginTaskRun(core, definition, args, caller, true)
    starter.start({ frame, definition })
    return frame.future
  }
  const callable = (...args: readonly unknown[]): unknown => {
    const caller = core.contexts.current()
    if (source.isGenerator) return stream((drive) => streamRun(core, { ...definition, drive }, args, caller), caller?.attempt ?? undefined)
    const value = valueOfRun(core, definition, args, caller)
    return caller?.attempt ? quiet(value) : value
  }
  const extras = {
    submit: (...args: readonly unknown[]) => submitIn(args, core.contexts.current()),
    map: (...args: readonly unknown[]) => mapIn(core, args, definition.kind.name, (each) => submitIn(each, caller(core))),
    state: (...args: readonly unknown[]) => quiet(stateOfRun(core, definition, args, caller(core))),
    withOptions: (changes: TaskCallOptions) => {
      checkCallOptions(changes)
      return taskOf(core, starter, source, { ...options, ...changes })
    },
    fn: source.fn,
  }
  Object.defineProperty(callable, 'name', { value: definition.kind.name })
  return Object.assign(callable, extras) as unknown as Task<readonly unknown[], unknown>
}

function kindOf(core: Core, source: Source, options: TaskOptions): TaskKind {
  const { version, logPrints, persistResult } = options
  let policy: RetryPolicy | undefined
  return {
    get name() {
      return options.name ?? source.ownName
    },
    version,
    get policy() {
      return (policy ??= taskPolicy(options, core.settings()))
    },
    logPrints,
    persistResult,
    get parameters() {
      return source.parameters
    },
  }
}

const caller = (core: Core): RunContext | undefined => core.contexts.current()

async function valueOfRun(
  core: Core,
  definition: TaskDefinition,
  args: readonly unknown[],
  caller: RunContext | undefined,
): Promise<unknown> {
  const outcome = await executeTaskRun(beginTaskRun(core, definition, args, caller, false), definition)
  if (outcome.ok) return outcome.value
  throw outcome.error
}

/** A run that the caller looks at as a state: its failure is seen. */
async function stateOfRun(
  core: Core,
  definition: TaskDefinition,
  args: readonly unknown[],
  caller: RunContext | undefined,
): Promise<RunState> {
  const frame = beginTaskRun(core, definition, args, caller, false)
  const outcome = await executeTaskRun(frame, definition)
  return runStateOf(frame.state, outcome)
}

async function streamRun(core: Core, definition: TaskDefinition, args: readonly unknown[], caller: RunContext | undefined) {
  return executeTaskRun(beginTaskRun(core, definition, args, caller, false), definition)
}

function mapIn(
  core: Core,
  args: readonly unknown[],
  name: string,
  submit: (args: readonly unknown[]) => TaskFuture<unknown>,
): FutureList<unknown> {
  const context = caller(core)
  const room = () => roomIn(context?.attempt ?? null, name)
  const rows = expandArguments(args, room())
  if (rows !== undefined) return new FutureList(rows.map(submit))
  const within = <R>(body: () => R): R => (context === undefined ? body() : core.contexts.run(context, body))
  context?.attempt?.hold()
  const later = expandLater(args, room, (row) => within(() => submit(row)))
  return new FutureList(later.finally(() => context?.attempt?.ended()))
}

function roomIn(attempt: Attempt | null, name: string): Room {
  const most = MAX_TASK_RUNS_PER_FLOW_RUN
  if (attempt !== null) return { calls: most - attempt.frames.length, refusal: tooManyTaskRuns(name) }
  return { calls: most, refusal: `map: at most ${most} elements at once; '${name}' was given more.` }
}

/** Waits for what is mapped over, then maps. */
async function expandLater(
  args: readonly unknown[],
  room: () => Room,
  submit: (args: readonly unknown[]) => TaskFuture<unknown>,
): Promise<readonly TaskFuture<unknown>[]> {
  for (const open of openInputs(args)) {
    if (open instanceof FutureList) await open.expanded()
    else await TaskFuture.settledOf(open)
  }
  return (expandArguments(withValues(args), room()) ?? []).map(submit)
}
