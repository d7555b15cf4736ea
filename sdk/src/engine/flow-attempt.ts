/** One attempt of a flow run: the user's code and all that it started, and what to propose for it. */
import type { RetryPolicy } from '../protocol/flow-run.ts'
import { MICROS_PER_SECOND } from '../protocol/instants.ts'
import { MAX_STATE_MESSAGE_LENGTH } from '../protocol/limits.ts'
import type { StateProposal } from '../protocol/states.ts'
import { isThenable } from './attempt.ts'
import type { RunContext } from './context.ts'
import { quiet, writeLog, type Core } from './core.ts'
import { TimeoutError } from './errors.ts'
import type { FlowDefinition } from './flow-definition.ts'
import { endOfFlow, type FlowEnd } from './flow-end.ts'
import type { Attempt, FlowScope } from './flow-scope.ts'
import { errorData, keepResult } from './keep-result.ts'
import type { Controller } from './ports.ts'
import { cut, describeError, stackOf } from './record-error.ts'
import type { Outcome } from './run-state.ts'
import { collect, isIterator } from './streams.ts'

export interface AttemptEnd {
  readonly proposal: StateProposal
  readonly outcome: Outcome
}

type Step = <R>(step: () => R) => R

export class FlowAttempt {
  readonly #core: Core
  readonly #definition: FlowDefinition
  readonly #scope: FlowScope
  readonly #policy: RetryPolicy
  readonly #attempt: Attempt
  readonly #inContext: Step
  readonly #context: RunContext

  constructor(core: Core, definition: FlowDefinition, scope: FlowScope, policy: RetryPolicy, attempt: Attempt) {
    this.#core = core
    this.#definition = definition
    this.#scope = scope
    this.#policy = policy
    this.#attempt = attempt
    const { options } = definition
    const settings = core.settings()
    this.#context = {
      flow: scope,
      attempt,
      task: null,
      tags: scope.tags,
      logPrints: options.logPrints ?? scope.caller?.logPrints ?? settings.logPrints,
      persistResult: options.persistResult ?? scope.caller?.persistResult ?? settings.persistResults,
      signal: attempt.signal,
    }
    this.#inContext = (step) => core.contexts.run(this.#context, step)
  }

  /** Resolves when the attempt has ended, its time is over, or `halted` says that nobody waits for it any more. Never rejects. */
  async run(args: readonly unknown[], halted: Promise<'halted'>): Promise<AttemptEnd> {
    const { host } = this.#core
    const timer = host.newController()
    const began = host.now()
    try {
      if (this.#scope.stop !== undefined) return cancelled(this.#scope)
      const first = await Promise.race([this.#body(args), halted, this.#clock(timer)])
      if (first === 'late') return this.#timedOut()
      if (first === 'halted' || this.#scope.stop !== undefined) return cancelled(this.#scope)
      // Code that never paused kept the timer from ringing.
      return first.outcome.ok && this.#isLate(host.now() - began) ? this.#timedOut() : first
    } finally {
      timer.abort(undefined)
      this.#attempt.close(`The flow run '${this.#scope.name}' has ended.`)
    }
  }

  #clock(timer: Controller): Promise<'late'> {
    const { timeoutSeconds } = this.#definition.options
    if (timeoutSeconds === undefined) return new Promise(() => undefined)
    return quiet(this.#core.host.sleep(timeoutSeconds * 1_000, timer.signal).then(() => 'late' as const))
  }

  #isLate(micros: number): boolean {
    const { timeoutSeconds } = this.#definition.options
    return timeoutSeconds !== undefined && micros >= timeoutSeconds * MICROS_PER_SECOND
  }

  #timedOut(): AttemptEnd {
    const error = new TimeoutError(`Flow run exceeded timeout of ${String(this.#definition.options.timeoutSeconds)} second(s)`)
    this.#attempt.refuse(error)
    writeLog(this.#core, this.#scope, 'ERROR', error.message)
    return {
      proposal: { type: 'FAILED', name: 'TimedOut', message: error.message, data: errorData(error, this.#core.trimStack) },
      outcome: { ok: false, error },
    }
  }

  /** The user's code and everything it started. Never rejects. */
  async #body(args: readonly unknown[]): Promise<AttemptEnd> {
    const { source, options, drive } = this.#definition
    const { trimStack } = this.#core
    if (this.#context.logPrints) this.#core.capturePrints()
    try {
      let value: unknown = this.#inContext(() => Reflect.apply(source.fn, undefined, args))
      if (source.isGenerator && isIterator(value)) value = await (drive ?? collect)(value, this.#inContext)
      else if (isThenable(value)) value = await value
      await this.#attempt.complete()
      const end = await endOfFlow(value, this.#attempt, options.unobservedFailures ?? 'fail')
      return this.#ended(end, this.#context.persistResult && !(source.isGenerator && drive !== undefined))
    } catch (error) {
      if (this.#attempt.over === undefined)
        writeLog(this.#core, this.#scope, 'ERROR', `Encountered exception during execution:\n${stackOf(error, trimStack)}`)
      await this.#attempt.complete()
      return this.#failed(error)
    }
  }

  #ended({ proposal, outcome, remark }: FlowEnd, persist: boolean): AttemptEnd {
    const core = this.#core
    if (remark !== undefined) writeLog(core, this.#scope, 'ERROR', remark)
    if (!outcome.ok) {
      return { proposal: proposal.type === 'FAILED' ? { ...proposal, data: errorData(outcome.error, core.trimStack) } : proposal, outcome }
    }
    const { reference, warning } = keepResult(outcome.value, persist)
    if (warning !== undefined) writeLog(core, this.#scope, 'WARNING', warning)
    return { proposal: reference === undefined ? proposal : { ...proposal, data: reference }, outcome }
  }

  async #failed(error: unknown): Promise<AttemptEnd> {
    const message = cut(`Flow run encountered an exception: ${describeError(error)}`, MAX_STATE_MESSAGE_LENGTH)
    const data = errorData(error, this.#core.trimStack)
    const isRetriable = await this.#isRetriable(error)
    return {
      proposal: { type: 'FAILED', message, data, ...(!isRetriable && { state_details: { retriable: false } }) },
      outcome: { ok: false, error },
    }
  }

  /** Asked only where a retry is left. */
  async #isRetriable(error: unknown): Promise<boolean> {
    const { retryCondition } = this.#definition.options
    const { name, runCount } = this.#scope
    if (retryCondition === undefined || runCount > (this.#policy.retries ?? 0)) return true
    try {
      return await this.#inContext(() => retryCondition(error, { name, runCount }))
    } catch (problem) {
      const stack = stackOf(problem, this.#core.trimStack)
      writeLog(this.#core, this.#scope, 'ERROR', `retryCondition failed, so there is no retry: ${stack}`)
      return false
    }
  }
}

/** What a stopped run proposes. */
export function cancelled(scope: FlowScope): AttemptEnd {
  return { proposal: { type: 'CANCELLED', message: 'The flow run was cancelled.' }, outcome: { ok: false, error: scope.stopError() } }
}
