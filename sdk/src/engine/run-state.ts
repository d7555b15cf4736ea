/** States as people hold them in their hands: what `.state()` answers, and what a flow or task may return to say how it ended. */
import type { StateId } from '../protocol/ids.ts'
import type { Instant } from '../protocol/instants.ts'
import type { State, StateProposal, StateType } from '../protocol/states.ts'
import { isTerminal } from '../protocol/state-types.ts'
import { MAX_NAME_LENGTH, MAX_STATE_MESSAGE_LENGTH } from '../protocol/limits.ts'
import { CancelledError, FailedRunError, OptionError } from './errors.ts'
import { cut, describeError } from './record-error.ts'

/** How a run went: its value, or why there is none. */
export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }

interface Facts {
  readonly type: StateType
  readonly name: string
  readonly message: string | null
  readonly id: StateId | null
  readonly timestamp: Instant | null
}

/**
 * The state of a run, with its result while this process has it.
 *
 * @example
 * const state = await pipeline.state('hello')
 * if (state.isFailed()) console.log(String(state)) // Failed('1/3 states failed.')
 */
export class RunState<T = unknown> {
  readonly type: StateType
  readonly name: string
  readonly message: string | null
  /** Null for a state that no run has had yet. */
  readonly id: StateId | null
  readonly timestamp: Instant | null
  readonly #outcome: Outcome | undefined

  constructor(facts: Facts, outcome?: Outcome) {
    this.type = facts.type
    this.name = facts.name
    this.message = facts.message
    this.id = facts.id
    this.timestamp = facts.timestamp
    this.#outcome = outcome
  }

  isFinal(): boolean {
    return isTerminal(this.type)
  }
  isCompleted(): boolean {
    return this.type === 'COMPLETED'
  }
  isFailed(): boolean {
    return this.type === 'FAILED'
  }
  isCancelled(): boolean {
    return this.type === 'CANCELLED'
  }

  /** The value; throws the error of a run that has none. With `raiseOnFailure: false` the error is answered instead. */
  result(): T
  result(options: { readonly raiseOnFailure: boolean }): T | Error
  result({ raiseOnFailure = true }: { readonly raiseOnFailure?: boolean } = {}): unknown {
    const outcome = outcomeOf(this)
    if (outcome.ok) return outcome.value
    if (raiseOnFailure) throw outcome.error
    return asError(outcome.error)
  }

  toString(): string {
    return describeState(this)
  }

  static outcomeOf(state: RunState): Outcome {
    if (state.#outcome !== undefined) return state.#outcome
    if (state.type === 'COMPLETED') return { ok: true, value: undefined }
    const error =
      state.type === 'CANCELLED'
        ? new CancelledError(state.message ?? 'The run was cancelled.')
        : new FailedRunError(state.message ?? `The run is ${state.name}.`)
    return { ok: false, error }
  }
}

export const outcomeOf = (state: RunState): Outcome => RunState.outcomeOf(state)

/** The state of a run as the machine holds it, joined with what this process knows. */
export const runStateOf = (state: State, outcome?: Outcome): RunState => new RunState(state, outcome)

/** `Completed()`, `Failed('1/3 states failed.')`. */
export function describeState({ name, message }: { readonly name: string; readonly message?: string | null | undefined }): string {
  return `${name}(${message === null || message === undefined ? '' : quoted(message)})`
}

function quoted(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`
}

export const proposalOf = ({ type, name, message }: RunState): StateProposal => ({ type, name, message })

export interface StateWords {
  /** The state's name where it shall not be the type's. */
  readonly name?: string
  readonly message?: string
}

/** A Completed state to return from a flow or task; `data` is then its result. */
export function Completed<T = undefined>(words: StateWords & { readonly data?: T } = {}): RunState<T> {
  return new RunState<T>(factsOf('COMPLETED', 'Completed', words), { ok: true, value: words.data })
}

/** A Failed state to return from a flow or task, which is then failed like by a thrown error. */
export function Failed(words: StateWords & { readonly error?: Error } = {}): RunState<never> {
  const error = words.error ?? new FailedRunError(words.message ?? 'The run said that it failed.')
  return new RunState<never>(factsOf('FAILED', 'Failed', words), { ok: false, error })
}

/** A Cancelled state to return from a flow or task. */
export function Cancelled(words: StateWords = {}): RunState<never> {
  return new RunState<never>(factsOf('CANCELLED', 'Cancelled', words))
}

function factsOf(type: StateType, name: string, words: StateWords): Facts {
  const given = textOf('name', words.name)
  const message = textOf('message', words.message)
  return {
    type,
    name: given === undefined || given === '' ? name : cut(given, MAX_NAME_LENGTH),
    message: message === undefined ? null : cut(message, MAX_STATE_MESSAGE_LENGTH),
    id: null,
    timestamp: null,
  }
}

function textOf(field: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw new OptionError(field, `${field}: expected the ${field} of a state as a text, got ${typeof value}.`)
}

/** Anything can be thrown; what is answered in place of a value is always an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new FailedRunError(describeError(thrown), { cause: thrown })
}
