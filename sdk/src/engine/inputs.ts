/** Futures among arguments: found when a task is submitted, replaced by their values when it runs. */
import { FutureList } from './future-list.ts'
import { TaskFuture } from './futures.ts'

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

interface Place {
  readonly value: unknown
  /** The container that holds it; undefined for an argument, or what a wrapper holds: wrappers are always replaced. */
  readonly parent: object | undefined
  readonly position: number
  readonly mayFail: boolean
}

/** Walks without recursion, so that no depth is too deep, and never throws, whatever the values do when they are looked at. */
class Search implements Inputs {
  readonly upstreams: Upstream[] = []
  readonly affected = new Set<object>()
  /** Containers that were seen, and what holds them. */
  readonly #parents = new Map<object, object[]>()
  readonly #open: Place[] = []
  /** Something was found that cannot be passed on as it is. */
  isNeeded = false

  look(value: unknown, position: number, mayFail: boolean): void {
    this.#open.push({ value, parent: undefined, position, mayFail })
    for (let place = this.#open.pop(); place !== undefined; place = this.#open.pop()) {
      const length = this.#open.length
      try {
        this.#visit(place)
      } catch {
        // A proxy whose traps throw: it is passed on as it is.
        this.#open.length = length
      }
    }
  }

  #visit({ value, parent, position, mayFail }: Place): void {
    if (typeof value !== 'object' || value === null) return
    if (value instanceof TaskFuture || value instanceof FutureList) {
      this.upstreams.push({ future: value, mayFail, position })
      this.#affect(parent)
    } else if (value instanceof Quoted) this.#affect(parent)
    else if (value instanceof AllowFailure || value instanceof Unmapped) {
      this.#affect(parent)
      this.#open.push({ value: value.value, parent: undefined, position, mayFail: mayFail || value instanceof AllowFailure })
    } else if (isContainer(value)) this.#enter(value, { parent, position, mayFail })
  }

  #enter(container: object, { parent, position, mayFail }: Omit<Place, 'value'>): void {
    const known = this.#parents.get(container)
    if (known !== undefined) {
      if (parent !== undefined) known.push(parent)
      if (this.affected.has(container)) this.#affect(parent)
      return
    }
    const members = membersOf(container)
    this.#parents.set(container, parent === undefined ? [] : [parent])
    // Backwards, because the last one in is the first one out.
    for (let i = members.length - 1; i >= 0; i--) {
      const value = members[i]
      if (typeof value === 'object' && value !== null) this.#open.push({ value, parent: container, position, mayFail })
    }
  }

  /** `container` holds something to replace, and so does whatever holds it. */
  #affect(container: object | undefined): void {
    this.isNeeded = true
    const open = container === undefined ? [] : [container]
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (this.affected.has(one)) continue
      this.affected.add(one)
      for (const holder of this.#parents.get(one) ?? []) open.push(holder)
    }
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
  const copies = new Map<object, object>()
  for (const container of affected) copies.set(container, Array.isArray(container) ? [] : Object.create(Object.getPrototypeOf(container)))
  for (const [container, copy] of copies) {
    if (Array.isArray(copy)) for (const inner of container as readonly unknown[]) copy.push(filled(inner, copies))
    else copyMembers(container, copy, copies)
  }
  return args.map((arg) => filled(arg, copies))
}

type Copies = ReadonlyMap<object, object>

function filled(value: unknown, copies: Copies): unknown {
  if (typeof value !== 'object' || value === null) return value
  const copy = copies.get(value)
  if (copy !== undefined) return copy
  const wrapper = wrapperOf(value)
  if (wrapper instanceof TaskFuture) return TaskFuture.valueOrErrorOf(wrapper)
  if (wrapper instanceof FutureList) return [...wrapper].map((future) => TaskFuture.valueOrErrorOf(future))
  if (wrapper instanceof Quoted) return wrapper.value
  return wrapper === undefined ? value : filled(wrapper.value, copies)
}

type Wrapper = TaskFuture<unknown> | FutureList<unknown> | Quoted<unknown> | AllowFailure<unknown> | Unmapped<unknown>

function wrapperOf(value: object): Wrapper | undefined {
  try {
    const isWrapper =
      value instanceof TaskFuture ||
      value instanceof FutureList ||
      value instanceof Quoted ||
      value instanceof AllowFailure ||
      value instanceof Unmapped
    return isWrapper ? value : undefined
  } catch {
    return undefined // a proxy that does not tell what it is
  }
}

function copyMembers(from: object, to: object, copies: Copies): void {
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
    Object.defineProperty(to, key, 'value' in descriptor ? { ...descriptor, value: filled(descriptor.value, copies) } : descriptor)
  }
}
