/** Futures among arguments: found when a task is submitted, replaced by their values when it runs. */
import { TaskFuture, FutureList } from './futures.ts'

/** An argument of `map` that every call gets whole. */
export class Unmapped<T> {
  readonly value: T
  constructor(value: T) {
    this.value = value
  }
}
/** An argument whose upstream may fail: the error comes in place of the value. */
export class AllowFailure<T> {
  readonly value: T
  constructor(value: T) {
    this.value = value
  }
}
/** An argument that is not looked into for futures, and not mapped. */
export class Quoted<T> {
  readonly value: T
  constructor(value: T) {
    this.value = value
  }
}

/** Every call of a `map` gets this value as it is. */
export const unmapped = <T>(value: T): Unmapped<T> => new Unmapped(value)
/** The task runs even when this upstream fails, and then gets the error in place of the value. */
export const allowFailure = <T>(value: T): AllowFailure<T> => new AllowFailure(value)
/** Passes a value on without searching it for futures: cheaper for large data, and it is never mapped. */
export const quote = <T>(value: T): Quoted<T> => new Quoted(value)

export interface Upstream {
  readonly future: TaskFuture<unknown> | FutureList<unknown>
  readonly mayFail: boolean
  /** Which argument holds it; -1 for pure orderings. */
  readonly position: number
}

/** Arguments that must be made ready before they are passed on. */
export interface Inputs {
  readonly upstreams: readonly Upstream[]
  /** Containers on the way to something that is replaced; only they are copied. */
  readonly affected: ReadonlySet<object>
}

/** Undefined where the arguments can be passed on as they are, which is the rule. */
export function findInputs(args: readonly unknown[], waitFor: readonly unknown[]): Inputs | undefined {
  let search: Search | undefined
  for (let position = 0; position < args.length; position++) {
    const arg = args[position]
    if (typeof arg === 'object' && arg !== null) (search ??= new Search()).look(arg, position, false)
  }
  for (const other of waitFor) (search ??= new Search()).look(other, -1, false)
  return search?.isNeeded === true ? search : undefined
}

class Search implements Inputs {
  readonly upstreams: Upstream[] = []
  readonly affected = new Set<object>()
  readonly #seen = new Set<object>()
  /** Something was found that cannot be passed on as it is. */
  isNeeded = false

  look(value: unknown, position: number, mayFail: boolean): void {
    if (this.visit(value, position, mayFail)) this.isNeeded = true
  }

  /** True when `value` is, or holds, something to replace. */
  visit(value: unknown, position: number, mayFail: boolean): boolean {
    if (typeof value !== 'object' || value === null) return false
    if (value instanceof TaskFuture || value instanceof FutureList) {
      this.upstreams.push({ future: value, mayFail, position })
      return true
    }
    if (value instanceof Quoted) return true
    if (value instanceof AllowFailure) return this.visit(value.value, position, true) || true
    if (value instanceof Unmapped) return this.visit(value.value, position, mayFail) || true
    if (!isContainer(value) || this.#seen.has(value)) return this.affected.has(value)
    this.#seen.add(value)
    let isAffected = false
    for (const inner of membersOf(value)) {
      if (typeof inner === 'object' && inner !== null && this.visit(inner, position, mayFail)) isAffected = true
    }
    if (isAffected) this.affected.add(value)
    return isAffected
  }
}

/** Plain arrays and objects are looked into; everything else is passed on as it is. */
function isContainer(value: object): boolean {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Getters are left alone: they may have effects, or throw. */
function membersOf(container: object): readonly unknown[] {
  if (Array.isArray(container)) return container
  const members: unknown[] = []
  for (const key of Object.keys(container)) members.push(Object.getOwnPropertyDescriptor(container, key)?.value)
  return members
}

/** The arguments with values in place of futures; all of them must be settled. Errors come in place of failed ones. */
export function fillIn(args: readonly unknown[], { affected }: Inputs): unknown[] {
  const copies = new Map<object, unknown>()
  return args.map((arg) => filled(arg))

  function filled(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof TaskFuture) return TaskFuture.valueOrErrorOf(value)
    if (value instanceof FutureList) return [...value].map((future) => TaskFuture.valueOrErrorOf(future))
    if (value instanceof Quoted) return value.value
    if (value instanceof AllowFailure || value instanceof Unmapped) return filled(value.value)
    if (!affected.has(value)) return value
    const known = copies.get(value)
    if (known !== undefined) return known
    const copy: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value))
    copies.set(value, copy)
    if (Array.isArray(copy)) for (const inner of value as readonly unknown[]) copy.push(filled(inner))
    else copyMembers(value, copy)
    return copy
  }

  function copyMembers(from: object, to: object): void {
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
      Object.defineProperty(to, key, 'value' in descriptor ? { ...descriptor, value: filled(descriptor.value) } : descriptor)
    }
  }
}
