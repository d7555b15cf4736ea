/** The function behind a flow or task, and what is known of it: read once, at its first run. */
import { MAX_NAME_LENGTH } from '../protocol/limits.ts'
import type { ParameterInfo, ParametersSchema } from '../protocol/parameters.ts'
import type { AnyFunction } from './calls.ts'
import { writeEngineLog, type Core } from './core.ts'
import { OptionError } from './errors.ts'
import { parameterNames } from './parameters/names.ts'
import { describeError } from './record-error.ts'

export type Callable = (...args: never[]) => unknown

const SYNC_GENERATOR: unknown = Object.getPrototypeOf(function* () {})
const ASYNC_GENERATOR: unknown = Object.getPrototypeOf(async function* () {})

const isCallable = (fn: unknown): fn is Callable => typeof fn === 'function'

export class Source {
  readonly kind: 'flow' | 'task'
  readonly fn: Callable
  readonly callSite: string | undefined
  readonly isGenerator: boolean
  isRead = false
  constName: string | undefined
  schema: ParametersSchema | undefined
  #reading: Promise<void> | undefined
  #parameters: readonly ParameterInfo[] | undefined
  #isGuessed = false

  constructor(core: Core, kind: 'flow' | 'task', fn: AnyFunction) {
    if (!isCallable(fn)) throw new OptionError('fn', `${kind}: expected a function as its first argument, got ${typeof fn}.`)
    this.kind = kind
    this.fn = fn
    this.callSite = core.host.callSite()
    const prototype: unknown = Object.getPrototypeOf(fn)
    if (fn.name === '') core.nameless.add(this)
    this.isGenerator = prototype === SYNC_GENERATOR || prototype === ASYNC_GENERATOR
  }

  /** The function's own name, else that of the `const` once the source was read, else only what it is. */
  get ownName(): string {
    // A class may have a static `name` of any kind.
    const own: unknown = this.fn.name
    const name = typeof own === 'string' ? own.replace(/^bound /, '').slice(0, MAX_NAME_LENGTH) : ''
    return name === '' ? (this.constName ?? this.kind) : name
  }

  /** As the source says; before it was read, or where it cannot be, as the function's own text says. */
  get parameters(): readonly ParameterInfo[] | undefined {
    if (this.#parameters === undefined && !this.#isGuessed) {
      this.#isGuessed = true
      this.#parameters = parameterNames(this.fn)
    }
    return this.#parameters
  }

  read(core: Core): Promise<void> {
    return (this.#reading ??= this.#read(core))
  }

  async #read(core: Core): Promise<void> {
    const { callSite } = this
    const answer = callSite === undefined ? { reason: 'there is no call site' } : await readable(core, callSite)
    if ('reason' in answer) {
      writeEngineLog(core, 'DEBUG', `The parameters of ${this.kind} '${this.ownName}' are not checked: ${answer.reason}.`)
    } else {
      this.constName = answer.declaration.constName
      this.#parameters = answer.declaration.parameters ?? this.#parameters
      this.schema = answer.declaration.schema
    }
    this.isRead = true
    core.nameless.delete(this)
  }
}

/** A host that throws here must not take the run with it. */
async function readable(core: Core, callSite: string): ReturnType<Core['host']['declarationAt']> {
  try {
    return await core.host.declarationAt(callSite)
  } catch (error) {
    return { reason: describeError(error) }
  }
}

/** Functions without a name of their own get it before a flow can call them. */
export async function readNameless(core: Core): Promise<void> {
  for (const source of core.nameless) await source.read(core)
}
