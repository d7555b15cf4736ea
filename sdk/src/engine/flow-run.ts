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
import type { State, StateProposal } from '../protocol/states.ts'
import { isTerminal } from '../protocol/state-types.ts'
import type { RetryPolicy } from '../protocol/flow-run.ts'
import { NO_TAGS, type RunContext } from './context.ts'
import { quiet, writeEngineLog, writeLog, type Core } from './core.ts'
import { AbortedError, CancelledError } from './errors.ts'
import { cancelled, FlowAttempt, type AttemptEnd } from './flow-attempt.ts'
import { checkCall, creationOf, nameOfFlow, type FlowDefinition } from './flow-definition.ts'
import { Attempt, FlowScope, type Stop } from './flow-scope.ts'
import { errorData } from './keep-result.ts'
import { flowPolicy } from './options.ts'
import { bindParameters, type Parameters } from './parameters.ts'
import { OrchestratorError, type Controller, type Orchestrator } from './ports.ts'
import { cut, describeError } from './record-error.ts'
import { describeState, type Outcome } from './run-state.ts'
import { readNameless } from './source.ts'
import type { SubflowTracker } from './subflow.ts'
import { ConcurrentTaskRunner } from './task-runners.ts'

export interface FlowResult {
  readonly state: State
  readonly outcome: Outcome
}

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
  caller?.attempt?.children.add(stop)
  try {
    return await execution.run(args)
  } catch (error) {
    writeLog(core, execution.scope, 'ERROR', `The run cannot go on: ${describeError(error)}`)
    execution.abandon(error)
    throw error
  } finally {
    execution.release()
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
  #unlisten: () => void = () => undefined
  /** Of the time to unwind: a run that has ended keeps no process waiting. */
  readonly #unwinding: Controller
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
    this.#unwinding = core.host.newController()
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
    this.#unlisten = this.#orchestrator.onStop(scope.id, (why) => this.stop(why))
    this.#announce()
    const checked = await checkCall(this.#definition, given)
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
    const { run, warnings } = creationOf(this.scope, this.#definition, given)
    for (const sentence of warnings) writeLog(this.#core, this.scope, 'WARNING', sentence)
    return this.#orchestrator.create({
      ...run,
      ...(this.#tracker !== undefined && { parent_task_run_id: this.#tracker.id }),
      ...(Object.keys(this.#policy).length > 0 && { empirical_policy: this.#policy }),
    })
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

  #refuseParameters(error: Error): Promise<FlowResult> {
    writeLog(this.#core, this.scope, 'ERROR', error.message)
    const proposal = {
      type: 'FAILED',
      message: cut(error.message, MAX_STATE_MESSAGE_LENGTH),
      data: errorData(error, this.#core.trimStack),
      state_details: { retriable: false },
    } as const
    return this.#propose(proposal).then(({ state }) => ({ state, outcome: { ok: false, error } }))
  }

  /** From RUNNING to the end, over all attempts. */
  async #live(started: { readonly state: State }, args: readonly unknown[]): Promise<FlowResult> {
    let { state } = started
    for (;;) {
      if (isTerminal(state.type)) return this.#finish({ state, outcome: { ok: false, error: this.scope.stopError() } })
      const end: AttemptEnd = state.type === 'RUNNING' ? await this.#attemptOnce(args) : cancelled(this.scope)
      if (this.scope.isLost) throw this.scope.stopError()
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
    if (this.scope.isLost) throw this.scope.stopError()
    try {
      return await question()
    } catch (error) {
      if (error instanceof OrchestratorError && error.code === 'stale_lease') this.stop({ kind: 'lost', reason: error.message })
      throw this.scope.isLost ? this.scope.stopError() : error
    }
  }

  #attemptOnce(args: readonly unknown[]): Promise<AttemptEnd> {
    const attempt = new Attempt(this.#core.host.newController(), this.#runner.maxWorkers)
    this.#attempt = attempt
    return new FlowAttempt(this.#core, this.#definition, this.scope, this.#policy, attempt).run(args, this.#halted)
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
    writeLog(this.#core, scope, 'WARNING', why.kind === 'lost' ? this.scope.stopError().message : 'Cancelling the flow run.')
    this.#controller.abort(this.scope.stopError())
    this.#attempt?.refuse(this.scope.stopError())
    if (why.kind === 'lost') return this.#halt()
    void quiet(this.#core.host.sleep(CANCEL_UNWIND_SECONDS * 1_000, this.#unwinding.signal).then(this.#halt))
  }

  /** It has ended, however that was: nobody listens any more, and no timer runs. */
  release(): void {
    this.#unlisten()
    this.#unwinding.abort(undefined)
  }

  /** There is no way on: whoever waits for this run is told. */
  abandon(error: unknown): void {
    this.#attempt?.close('Its flow run could not go on.')
    this.#tracker?.fail(error)
  }
}

const DEFAULT_RUNNER = new ConcurrentTaskRunner()

const nameOfType = (type: string): string => type.charAt(0) + type.slice(1).toLowerCase()
