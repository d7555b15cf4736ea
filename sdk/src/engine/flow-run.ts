/**
 * The life of one flow run: created and started in one breath, its attempts, its end.
 *
 * 1. Every state of it is the orchestrator's word. What is proposed may come back as another state, which is then adopted.
 * 2. A run that is stopped gets {@link CANCEL_UNWIND_SECONDS} to end by itself; then it is ended without it.
 * 3. A run that was lost writes nothing more.
 */
import { generateRunName } from '../machine/names.ts'
import { mintFlowRunId, mintTransitionId } from '../protocol/ids.ts'
import { MICROS_PER_MS } from '../protocol/instants.ts'
import { CANCEL_UNWIND_SECONDS, MAX_STATE_MESSAGE_LENGTH } from '../protocol/limits.ts'
import { isTerminal, type State, type StateProposal } from '../protocol/states.ts'
import { isThenable } from './attempt.ts'
import { NO_TAGS, type RunContext } from './context.ts'
import { quiet, writeEngineLog, writeLog, type Core } from './core.ts'
import { AbortedError, CancelledError, OptionError, ParameterError, TimeoutError } from './errors.ts'
import { endOfFlow } from './flow-end.ts'
import { Attempt, FlowScope, type Stop } from './flow-scope.ts'
import { errorData, keepResult } from './keep-result.ts'
import { fillTemplate, flowNameOf } from './names.ts'
import { flowPolicy, type FlowOptions } from './options.ts'
import { bindParameters, coerceParameters, toArguments, type Parameters } from './parameters.ts'
import { describeIssues } from './parameters/issues.ts'
import { schemaOfNames, schemaOfStandard } from './parameters/schema-document.ts'
import { validateWithStandardSchema } from './parameters/standard-schema.ts'
import { OrchestratorError, type Controller, type Orchestrator } from './ports.ts'
import { cut, describeError, stackOf } from './record-error.ts'
import { recordedParameters } from './recorded-parameters.ts'
import { describeState, type Outcome } from './run-state.ts'
import { readNameless, type Source } from './source.ts'
import { collect, isIterator, type Drive } from './streams.ts'
import type { SubflowTracker } from './subflow.ts'
import { ConcurrentTaskRunner } from './task-runners.ts'
import type { JsonObject } from '../protocol/json.ts'
import type { RetryPolicy } from '../protocol/flow-run.ts'

export interface FlowDefinition {
  readonly source: Source
  readonly options: FlowOptions
  /** Hands the values of a generator out as they come; without it they are gathered. */
  readonly drive?: Drive
}

export interface FlowResult {
  readonly state: State
  readonly outcome: Outcome
}

interface AttemptEnd {
  readonly proposal: StateProposal
  readonly outcome: Outcome
}

export const nameOfFlow = ({ source, options }: FlowDefinition): string => options.name ?? flowNameOf(source.ownName)

/** Runs the flow once, retries included. Rejects only where there is no run, or no right to go on with it. */
export async function executeFlowRun(
  core: Core,
  definition: FlowDefinition,
  args: readonly unknown[],
  caller: RunContext | undefined,
  tracker: SubflowTracker | undefined,
): Promise<FlowResult> {
  const orchestrator = await core.orchestrator()
  await definition.source.read(core)
  if (core.nameless.size > 0) await readNameless(core)
  const execution = new FlowExecution(core, definition, orchestrator, caller, tracker)
  const stop = (why: Stop) => execution.stop(why)
  const unlisten = orchestrator.onStop(execution.scope.id, stop)
  caller?.attempt?.children.add(stop)
  try {
    return await execution.run(args)
  } catch (error) {
    writeLog(core, execution.scope, 'ERROR', `The run cannot go on: ${describeError(error)}`)
    execution.abandon(error)
    throw error
  } finally {
    unlisten()
    caller?.attempt?.children.delete(stop)
  }
}

class FlowExecution {
  readonly scope: FlowScope
  readonly #core: Core
  readonly #definition: FlowDefinition
  readonly #orchestrator: Orchestrator
  readonly #tracker: SubflowTracker | undefined
  readonly #policy: RetryPolicy
  /** Aborts once the run shall stop. */
  readonly #controller: Controller
  readonly #halted: Promise<'halted'>
  #halt: () => void = () => undefined
  #attempt: Attempt | undefined

  constructor(
    core: Core,
    definition: FlowDefinition,
    orchestrator: Orchestrator,
    caller: RunContext | undefined,
    tracker: SubflowTracker | undefined,
  ) {
    this.#core = core
    this.#definition = definition
    this.#orchestrator = orchestrator
    this.#tracker = tracker
    this.#policy = flowPolicy(definition.options, core.settings())
    this.#controller = core.host.newController()
    this.#halted = new Promise((resolve) => (this.#halt = () => resolve('halted')))
    const createdAt = core.host.now()
    this.scope = new FlowScope({
      createdAt,
      id: mintFlowRunId(createdAt, core.random),
      name: generateRunName(core.random),
      flowName: nameOfFlow(definition),
      version: definition.options.version ?? null,
      orchestrator,
      caller,
      tags: caller?.tags ?? NO_TAGS,
      mayRetry: (this.#policy.retries ?? 0) > 0,
    })
  }

  async run(args: readonly unknown[]): Promise<FlowResult> {
    const { scope } = this
    const given = bindParameters(this.#definition.source.parameters, args)
    const created = quiet(this.#create(given))
    this.#announce()
    const checked = await this.#check(given)
    if (!checked.ok) {
      await created
      return this.#finish(await this.#refuseParameters(checked.error))
    }
    scope.parameters = checked.parameters
    const name = checked.name
    if (name !== undefined) scope.name = name
    const running = this.#propose({ type: 'RUNNING' }, name)
    void quiet(running)
    scope.epoch = (await created).epoch
    return this.#live(await running, checked.args)
  }

  #create(given: Parameters) {
    const { scope } = this
    const { parameters, tooLarge } = recordedParameters(given)
    for (const parameter of tooLarge)
      writeLog(this.#core, scope, 'WARNING', `Parameter '${parameter}' is too large to be recorded; the flow gets it all the same.`)
    const schema = this.#schema()
    return this.#orchestrator.create({
      id: scope.id,
      created: scope.createdAt,
      flow: { name: scope.flowName, ...(schema !== undefined && { parameter_openapi_schema: schema }) },
      name: scope.name,
      parameters,
      ...(scope.version !== null && { flow_version: scope.version }),
      ...(scope.tags.length > 0 && { tags: [...new Set(scope.tags)] }),
      ...(this.#tracker !== undefined && { parent_task_run_id: this.#tracker.id }),
      ...(Object.keys(this.#policy).length > 0 && { empirical_policy: this.#policy }),
    })
  }

  /** What is known of the parameters, for forms and for whoever prepares a run. */
  #schema(): JsonObject | undefined {
    const { source, options } = this.#definition
    const names = source.parameters ?? []
    const schema =
      options.parameters !== undefined
        ? schemaOfStandard(options.parameters, names)
        : (source.schema ?? (source.parameters && schemaOfNames(names)))
    return schema && { ...schema }
  }

  #announce(): void {
    const { scope } = this
    const core = this.#core
    const { caller } = scope
    if (caller?.flow != null)
      writeLog(core, caller.task ?? caller.flow, 'INFO', `Created subflow run '${scope.name}' for flow '${scope.flowName}'`)
    else writeEngineLog(core, 'INFO', `Created flow run '${scope.name}' for flow '${scope.flowName}'`)
    const url = this.#orchestrator.runUrl(scope.id)
    if (url !== undefined) writeEngineLog(core, 'INFO', `View at ${url}`)
    writeLog(core, scope, 'INFO', `Using task runner '${this.#runner.name}'`)
  }

  get #runner() {
    return this.#definition.options.taskRunner ?? DEFAULT_RUNNER
  }

  async #check(
    given: Parameters,
  ): Promise<
    | { readonly ok: true; readonly parameters: Parameters; readonly args: readonly unknown[]; readonly name: string | undefined }
    | { readonly ok: false; readonly error: Error }
  > {
    const { source, options } = this.#definition
    const checked = await checkParameters(this.#definition, given)
    if (!checked.ok)
      return { ok: false, error: new ParameterError(`Validation of flow parameters failed with error: ${describeIssues(checked.issues)}`) }
    const { parameters } = checked
    try {
      const name = options.flowRunName === undefined ? undefined : fillTemplate('flowRunName', options.flowRunName, parameters)
      return { ok: true, parameters, args: toArguments(source.parameters, parameters), name }
    } catch (error) {
      const message = `The name of the flow run could not be made: ${describeError(error)}`
      return { ok: false, error: error instanceof OptionError ? error : new OptionError('flowRunName', message) }
    }
  }

  #refuseParameters(error: Error): Promise<FlowResult> {
    writeLog(this.#core, this.scope, 'ERROR', error.message)
    const proposal = {
      type: 'FAILED',
      message: cut(error.message, MAX_STATE_MESSAGE_LENGTH),
      data: errorData(error),
      state_details: { retriable: false },
    } as const
    return this.#propose(proposal).then(({ state }) => ({ state, outcome: { ok: false, error } }))
  }

  /** From RUNNING to the end, over all attempts. */
  async #live(started: { readonly state: State }, args: readonly unknown[]): Promise<FlowResult> {
    let { state } = started
    for (;;) {
      if (isTerminal(state.type)) return this.#finish({ state, outcome: { ok: false, error: this.#stopError() } })
      const end: AttemptEnd = state.type === 'RUNNING' ? await this.#attemptOnce(args) : this.#cancelled()
      if (this.scope.isLost) throw this.#stopError()
      const verdict = await this.#propose(end.proposal)
      state = verdict.state
      if (isTerminal(state.type)) {
        const isOurs = state.type === end.proposal.type
        return this.#finish({
          state,
          outcome: isOurs ? end.outcome : { ok: false, error: new CancelledError(`The flow run ended ${describeState(state)}.`) },
        })
      }
      if (state.type === 'CANCELLING') continue
      const proposed = end.proposal.name ?? nameOfType(end.proposal.type)
      writeLog(
        this.#core,
        this.scope,
        'INFO',
        `Received non-final state '${state.name}' when proposing final state '${proposed}' and will attempt to run again...`,
      )
      state = await this.#again(state)
    }
  }

  /** Sleeps until the retry is due and starts it. A stop in between is the next thing that is proposed. */
  async #again(awaiting: State): Promise<State> {
    if (awaiting.type === 'RUNNING') return awaiting
    const ms = ((awaiting.state_details.scheduled_time ?? 0) - this.#core.host.now()) / MICROS_PER_MS
    if (!(await this.#sleep(ms))) return awaiting
    return (await this.#propose({ type: 'RUNNING' })).state
  }

  /** False when the run was stopped meanwhile. */
  async #sleep(ms: number): Promise<boolean> {
    try {
      if (ms > 0) await this.#core.host.sleep(ms, this.#controller.signal)
    } catch (error) {
      if (this.scope.stop === undefined) throw error
    }
    return this.scope.stop === undefined
  }

  /** Asks until it is decided. */
  async #propose(state: StateProposal, name?: string): Promise<{ readonly state: State }> {
    const { scope } = this
    const transition_id = mintTransitionId(this.#core.host.now(), this.#core.random)
    for (;;) {
      const verdict = await this.#ask(() =>
        this.#orchestrator.propose({ run: scope.id, epoch: scope.epoch, transition_id, state, ...(name !== undefined && { name }) }),
      )
      scope.runCount = verdict.run_count
      if (verdict.status === 'ABORT') throw new AbortedError(verdict.reason ?? 'The workspace does not let this run go on.')
      if (verdict.status !== 'WAIT') {
        this.#tracker?.mirror(verdict.state, scope.id)
        return verdict
      }
      if (!(await this.#sleep((verdict.delay_seconds ?? 0) * 1_000))) return verdict
    }
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    if (this.scope.isLost) throw this.#stopError()
    try {
      return await question()
    } catch (error) {
      if (error instanceof OrchestratorError && error.code === 'stale_lease') this.stop({ kind: 'lost', reason: error.message })
      throw this.scope.isLost ? this.#stopError() : error
    }
  }

  async #attemptOnce(args: readonly unknown[]): Promise<AttemptEnd> {
    const { host } = this.#core
    const attempt = new Attempt(host.newController(), this.#runner.maxWorkers)
    this.#attempt = attempt
    const timer = host.newController()
    try {
      if (this.scope.stop !== undefined) return this.#cancelled()
      const body = this.#body(attempt, args)
      const first = await Promise.race([body, this.#halted, this.#timeout(timer)])
      if (first === 'late') return this.#timedOut(attempt)
      if (this.scope.stop !== undefined) return this.#cancelled()
      return first === 'halted' ? this.#cancelled() : first
    } finally {
      timer.abort(undefined)
      attempt.close(`The flow run '${this.scope.name}' has ended.`)
    }
  }

  #timeout(timer: Controller): Promise<'late'> {
    const { timeoutSeconds } = this.#definition.options
    if (timeoutSeconds === undefined) return new Promise(() => undefined)
    return quiet(this.#core.host.sleep(timeoutSeconds * 1_000, timer.signal).then(() => 'late' as const))
  }

  #timedOut(attempt: Attempt): AttemptEnd {
    const error = new TimeoutError(`Flow run exceeded timeout of ${String(this.#definition.options.timeoutSeconds)} second(s)`)
    attempt.refuse(error)
    writeLog(this.#core, this.scope, 'ERROR', error.message)
    return { proposal: { type: 'FAILED', name: 'TimedOut', message: error.message, data: errorData(error) }, outcome: { ok: false, error } }
  }

  /** The user's code and everything it started. Never rejects. */
  async #body(attempt: Attempt, args: readonly unknown[]): Promise<AttemptEnd> {
    const { source, options, drive } = this.#definition
    const core = this.#core
    const { caller } = this.scope
    const settings = core.settings()
    const context: RunContext = {
      flow: this.scope,
      attempt,
      task: null,
      tags: this.scope.tags,
      logPrints: options.logPrints ?? caller?.logPrints ?? settings.logPrints,
      persistResult: options.persistResult ?? caller?.persistResult ?? settings.persistResults,
      signal: attempt.signal,
    }
    if (context.logPrints) core.capturePrints()
    const inContext = <R>(step: () => R): R => core.contexts.run(context, step)
    try {
      let value: unknown = inContext(() => Reflect.apply(source.fn, undefined, args))
      if (source.isGenerator && isIterator(value)) value = await (drive ?? collect)(value, inContext)
      else if (isThenable(value)) value = await value
      await attempt.complete()
      const end = await endOfFlow(value, attempt, options.unobservedFailures ?? 'fail')
      return this.#ended(end, context.persistResult && !(source.isGenerator && drive !== undefined))
    } catch (error) {
      if (attempt.over === undefined) writeLog(core, this.scope, 'ERROR', `Encountered exception during execution:\n${stackOf(error)}`)
      await attempt.complete()
      return this.#failed(error, inContext)
    }
  }

  #ended({ proposal, outcome, remark }: Awaited<ReturnType<typeof endOfFlow>>, persist: boolean): AttemptEnd {
    if (remark !== undefined) writeLog(this.#core, this.scope, 'ERROR', remark)
    if (!outcome.ok) return { proposal: proposal.type === 'FAILED' ? { ...proposal, data: errorData(outcome.error) } : proposal, outcome }
    const { reference, warning } = keepResult(outcome.value, persist)
    if (warning !== undefined) writeLog(this.#core, this.scope, 'WARNING', warning)
    return { proposal: reference === undefined ? proposal : { ...proposal, data: reference }, outcome }
  }

  async #failed(error: unknown, inContext: <R>(step: () => R) => R): Promise<AttemptEnd> {
    const outcome: Outcome = { ok: false, error }
    const message = cut(`Flow run encountered an exception: ${describeError(error)}`, MAX_STATE_MESSAGE_LENGTH)
    const isRetriable = await this.#isRetriable(error, inContext)
    return {
      proposal: { type: 'FAILED', message, data: errorData(error), ...(!isRetriable && { state_details: { retriable: false } }) },
      outcome,
    }
  }

  /** Asked only where a retry is left. */
  async #isRetriable(error: unknown, inContext: <R>(step: () => R) => R): Promise<boolean> {
    const { retryCondition } = this.#definition.options
    const { scope } = this
    if (retryCondition === undefined || scope.runCount > (this.#policy.retries ?? 0)) return true
    try {
      return await inContext(() => retryCondition(error, { name: scope.name, runCount: scope.runCount }))
    } catch (problem) {
      writeLog(this.#core, scope, 'ERROR', `retryCondition failed, so there is no retry: ${stackOf(problem)}`)
      return false
    }
  }

  #cancelled(): AttemptEnd {
    return { proposal: { type: 'CANCELLED', message: 'The flow run was cancelled.' }, outcome: { ok: false, error: this.#stopError() } }
  }

  #stopError(): Error {
    const { stop } = this.scope
    if (stop?.kind === 'lost') return new AbortedError(`This executor has lost the flow run: ${stop.reason}`)
    return new CancelledError('The flow run was cancelled.')
  }

  #finish(result: FlowResult | Promise<FlowResult>): Promise<FlowResult> {
    return Promise.resolve(result).then((end) => {
      writeLog(this.#core, this.scope, end.state.type === 'COMPLETED' ? 'INFO' : 'ERROR', `Finished in state ${describeState(end.state)}`)
      this.#tracker?.settle(end.outcome)
      return end
    })
  }

  /** Tells the user's code, then waits a while, then goes on without it. */
  stop(why: Stop): void {
    const { scope } = this
    if (scope.isLost || (scope.stop !== undefined && why.kind === 'cancel')) return
    scope.stop = why
    writeLog(this.#core, scope, 'WARNING', why.kind === 'lost' ? this.#stopError().message : 'Cancelling the flow run.')
    this.#controller.abort(this.#stopError())
    this.#attempt?.refuse(this.#stopError())
    if (why.kind === 'lost') return this.#halt()
    void quiet(this.#core.host.sleep(CANCEL_UNWIND_SECONDS * 1_000).then(this.#halt))
  }

  /** There is no way on: whoever waits for this run is told. */
  abandon(error: unknown): void {
    this.#attempt?.close('Its flow run could not go on.')
    this.#tracker?.fail(error)
  }
}

const DEFAULT_RUNNER = new ConcurrentTaskRunner()

const nameOfType = (type: string): string => type.charAt(0) + type.slice(1).toLowerCase()

/** The user's own schema comes first, then what the source says. */
function checkParameters({ source, options }: FlowDefinition, given: Parameters) {
  if (options.validateParameters === false) return { ok: true, parameters: given } as const
  if (options.parameters !== undefined) return validateWithStandardSchema(options.parameters, given)
  return source.schema === undefined ? ({ ok: true, parameters: given } as const) : coerceParameters(source.schema, given)
}
