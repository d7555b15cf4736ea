/** `flow()`: a function whose runs are recorded and decided by the workspace. */
import type { AnyFunction, Called, Gathered, Inputs } from './calls.ts'
import type { RunContext } from './context.ts'
import { quiet, type Core } from './core.ts'
import { UpstreamFailedError } from './errors.ts'
import { nameOfFlow, type FlowDefinition } from './flow-definition.ts'
import { executeFlowRun, type FlowResult } from './flow-run.ts'
import { FutureList } from './future-list.ts'
import { TaskFuture } from './futures.ts'
import { fillIn, findInputs } from './inputs.ts'
import { registerName } from './names.ts'
import { checkFlowOptions, type FlowOptions } from './options.ts'
import { runStateOf, type RunState } from './run-state.ts'
import { Source } from './source.ts'
import { stream } from './streams.ts'
import { trackSubflow } from './subflow.ts'

/** A flow. Called inside another flow it becomes a subflow of it. */
export interface Flow<Args extends readonly unknown[], Result> {
  /** Runs it and resolves to its value, or rejects with its error. */
  (...args: Inputs<Args>): Called<Result>
  /** Runs it and resolves to its final state. Rejects only where there is no run: the workspace cannot be reached, or has taken the run away. */
  state(...args: Inputs<Args>): Promise<RunState<Gathered<Result>>>
  /** The same flow with some options changed. */
  withOptions(options: FlowOptions): Flow<Args, Result>
  /** The bare function, for tests of it. */
  readonly fn: (...args: Args) => Result
}

/** What `flow()` makes of a function. */
export type FlowOf<F> = F extends (...args: infer Args) => infer Result ? Flow<Args, Result> : never
/**
 * Makes a function a flow: every call of it is a run, with a name, a state, a log and its parameters.
 *
 * @example
 * const hello = flow(async function hello(name: string) {
 *   console.log('Hello', name)
 * })
 * await hello('world')
 */
export type FlowFactory = <F extends AnyFunction>(fn: F, options?: FlowOptions) => FlowOf<F>

export function flowFactory(core: Core): FlowFactory {
  return (fn, options = {}) => {
    checkFlowOptions(options)
    const source = new Source(core, 'flow', fn)
    if (options.name !== undefined || fn.name !== '') registerName(core, 'flow', nameOfFlow({ source, options }), source.callSite)
    return flowOf(core, { source, options }) as FlowOf<typeof fn>
  }
}

function flowOf(core: Core, definition: FlowDefinition): Flow<readonly unknown[], unknown> {
  const { source, options } = definition
  const callable = (...args: readonly unknown[]): unknown => {
    const caller = core.contexts.current()
    if (source.isGenerator)
      return stream(async (drive) => (await run(core, { ...definition, drive }, args, caller)).outcome, caller?.attempt ?? undefined)
    const value = valueOf(run(core, definition, args, caller))
    return caller?.attempt ? quiet(value) : value
  }
  const extras = {
    state: (...args: readonly unknown[]) => stateOf(run(core, definition, args, core.contexts.current())),
    withOptions: (changes: FlowOptions) => {
      checkFlowOptions(changes)
      return flowOf(core, { source, options: { ...options, ...changes } })
    },
    fn: source.fn,
  }
  Object.defineProperty(callable, 'name', { value: nameOfFlow(definition) })
  return Object.assign(callable, extras) as unknown as Flow<readonly unknown[], unknown>
}

async function valueOf(result: Promise<FlowResult>): Promise<unknown> {
  const { outcome } = await result
  if (outcome.ok) return outcome.value
  throw outcome.error
}

async function stateOf(result: Promise<FlowResult>): Promise<RunState> {
  const { state, outcome } = await result
  return runStateOf(state, outcome)
}

async function run(core: Core, definition: FlowDefinition, args: readonly unknown[], caller: RunContext | undefined): Promise<FlowResult> {
  const attempt = caller?.attempt ?? null
  if (attempt?.over !== undefined) throw attempt.over
  attempt?.hold()
  try {
    return await runHeld(core, definition, args, caller)
  } finally {
    attempt?.ended()
  }
}

async function runHeld(
  core: Core,
  definition: FlowDefinition,
  args: readonly unknown[],
  caller: RunContext | undefined,
): Promise<FlowResult> {
  if (caller?.flow == null) return executeFlowRun(core, definition, await ready(args), caller, undefined)
  const tracked = trackSubflow(core, nameOfFlow(definition), caller)
  if ('reused' in tracked) return { state: tracked.state, outcome: tracked.reused }
  try {
    return await executeFlowRun(core, definition, await ready(args), caller, tracked.tracker)
  } catch (error) {
    tracked.tracker.fail(error)
    throw error
  }
}

/** Futures among a flow's arguments are waited for before it is created. */
async function ready(args: readonly unknown[]): Promise<readonly unknown[]> {
  const inputs = findInputs(args, [])
  if (inputs === undefined) return args
  for (const { future, mayFail } of inputs.upstreams) {
    const futures = future instanceof TaskFuture ? [future] : await future.expanded()
    const failure = future instanceof FutureList ? FutureList.failureOf(future) : undefined
    if (failure?.ok === false && !mayFail) throw failure.error
    for (const one of futures) {
      TaskFuture.frameOf(one).observe()
      await TaskFuture.settledOf(one)
      const outcome = TaskFuture.outcomeOf(one)
      if (outcome.ok || mayFail) continue
      throw new UpstreamFailedError(one.taskRunId, `The flow did not run: task run '${one.name}' did not complete.`, {
        cause: outcome.error,
      })
    }
  }
  return fillIn(args, inputs)
}
