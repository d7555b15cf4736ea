/**
 * Asynchronous context for platforms without AsyncLocalStorage: which run a piece of user code belongs to, also after `await`, in timers
 * and in callbacks of promises.
 *
 * User code is instrumented (`await E` → `await $$await(E)`, see the compiler). When E settles, three microtasks follow each other with
 * nothing between them: set the context, resume the function, clear it. Timers and `then` capture the context and restore it.
 * 1. Outside of a resumed piece of user code and outside of `run` there is no context at all: nothing can be taken for somebody else's.
 * 2. What arrives without context inside `enter` is told to `onLost`, once per place.
 * 3. One installation per realm; it belongs into a Worker of our own, because it replaces functions of the platform.
 */
import type { ContextStore } from '../engine/ports.ts'

/** What is in force: a chain of values, one per store. The root has none. */
interface ContextFrame {
  readonly store: object | undefined
  readonly value: unknown
  readonly parent: ContextFrame | undefined
}
type Callback = (...values: never[]) => unknown
type Resume = (value: unknown) => unknown
type Await = (value: unknown) => unknown

/** What instrumented code calls. */
export interface ContextHelpers {
  readonly $$await: (value: unknown) => unknown
  readonly $$iterate: (iterable: unknown) => unknown
}

export interface AsyncContext {
  newStore<T>(): ContextStore<T>
  readonly helpers: ContextHelpers
  /** Runs a cell or a test: from here on, code without context is code that has lost it. */
  enter<R>(body: () => R): R
  /** Whether there is a context now; unlike asking a store, this is no sign of code that has lost it. */
  hasContext(): boolean
  /** Gives the platform its functions back. */
  uninstall(): void
}

const ROOT: ContextFrame = { store: undefined, value: undefined, parent: undefined }
/** Functions of the platform that call back later. */
const DEFERRING = ['setTimeout', 'setInterval', 'queueMicrotask', 'requestAnimationFrame'] as const

/**
 * Installs asynchronous context in this realm.
 *
 * @param onLost Told when code asks for its context and has none.
 */
export function installContext(onLost: () => void): AsyncContext {
  let current: ContextFrame | undefined
  let hasEntered = false
  const nativeThen: Callback = Reflect.get(Promise.prototype, 'then')
  const nativeQueue = globalThis.queueMicrotask.bind(globalThis)

  const within = <R>(frame: ContextFrame | undefined, body: () => R): R => {
    const previous = current
    current = frame
    try {
      return body()
    } finally {
      current = previous
    }
  }
  const bound = <F>(callback: F): F => {
    const frame = current
    if (frame === undefined || typeof callback !== 'function') return callback
    // It takes and gives exactly what the callback does.
    return function bound(this: unknown, ...values: unknown[]): unknown {
      return within(frame, () => Reflect.apply(callback, this, values))
    } as F
  }
  /** Set, resume, clear: three microtasks with nothing between them. */
  const resumer = (frame: ContextFrame | undefined, resume: Resume) => (value: unknown) => {
    nativeQueue(() => (current = frame))
    resume(value) // queues the function's continuation, and nothing else
    nativeQueue(() => (current = undefined))
  }
  const await_: Await = (value) => {
    const frame = current
    const promise = value instanceof Promise ? value : fromThenable(value, (body) => within(frame, body), nativeQueue)
    const then = (resolve: Resume, reject: Resume): void =>
      void Reflect.apply(nativeThen, promise, [resumer(frame, resolve), resumer(frame, reject)])
    // oxlint-disable-next-line unicorn/no-thenable -- made for one `await`, which calls `then` once
    return { then }
  }

  const restore = replaceDeferring(bound)
  Reflect.set(Promise.prototype, 'then', function then(this: unknown, onFulfilled?: unknown, onRejected?: unknown): unknown {
    return Reflect.apply(nativeThen, this, [bound(onFulfilled), bound(onRejected)])
  })

  const newStore = <T>(): ContextStore<T> => {
    const store: ContextStore<T> = {
      run: (value, body) => within({ store, value, parent: current?.store === store ? current.parent : current }, body),
      current: () => {
        if (current === undefined && hasEntered) onLost()
        for (let frame = current; frame !== undefined; frame = frame.parent) {
          if (frame.store === store) return frame.value as T // only this store's `run` makes such a frame
        }
        return undefined
      },
    }
    return store
  }

  return {
    newStore,
    helpers: { $$await: await_, $$iterate: (iterable) => iterate(iterable, await_) },
    enter: (body) => {
      hasEntered = true
      return within(ROOT, body)
    },
    hasContext: () => current !== undefined,
    uninstall: () => {
      Reflect.set(Promise.prototype, 'then', nativeThen)
      restore()
    },
  }
}

/** A promise of anything that can be awaited; a foreign `then` is called in the context of its awaiter. */
function fromThenable(value: unknown, within: (body: () => unknown) => unknown, queue: (job: () => void) => void): Promise<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || !('then' in value)) return Promise.resolve(value)
  return new Promise((resolve, reject) => {
    const { then } = value
    if (typeof then !== 'function') return resolve(value)
    queue(() =>
      within(() => {
        try {
          Reflect.apply(then, value, [resolve, reject])
        } catch (error) {
          reject(error)
        }
      }),
    )
  })
}

/** What `for await` and `yield*` go over, each of their waits brought back to its context. */
function iterate(iterable: unknown, await_: Await): unknown {
  return {
    [Symbol.asyncIterator]: () => {
      const { iterator, isSync } = iteratorOf(iterable)
      const settled = (result: unknown): unknown => await_(isSync ? settleSync(result) : result)
      const { return: end, throw: fail } = iterator
      return {
        next: (...values: unknown[]) => settled(Reflect.apply(iterator.next, iterator, values)),
        ...(end === undefined ? {} : { return: (value?: unknown) => settled(Reflect.apply(end, iterator, [value])) }),
        ...(fail === undefined ? {} : { throw: (error?: unknown) => settled(Reflect.apply(fail, iterator, [error])) }),
      }
    },
  }
}

interface AnyIterator {
  readonly next: Callback
  readonly return?: Callback
  readonly throw?: Callback
}

function iteratorOf(iterable: unknown): { readonly iterator: AnyIterator; readonly isSync: boolean } {
  const object: unknown = Object(iterable)
  const make = <S extends symbol>(key: S): unknown => {
    const method: unknown = iterable === null || iterable === undefined ? undefined : Reflect.get(object as object, key)
    return typeof method === 'function' ? Reflect.apply(method, iterable, []) : undefined
  }
  const async = make(Symbol.asyncIterator)
  const iterator = async ?? make(Symbol.iterator)
  if (!isIterator(iterator)) throw new TypeError(`${describe(iterable)} is not async iterable`)
  return { iterator, isSync: async === undefined }
}

/** As the platform does for an iterable of promises: each value is waited for. */
async function settleSync(result: unknown): Promise<unknown> {
  if (typeof result !== 'object' || result === null || !('value' in result)) return result
  return { value: await result.value, done: 'done' in result && result.done === true }
}

const isIterator = (value: unknown): value is AnyIterator =>
  typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function'
const describe = (value: unknown): string => (typeof value === 'object' && value !== null ? 'the object' : String(value))

function replaceDeferring(bound: <F>(callback: F) => F): () => void {
  const replaced: (() => void)[] = []
  for (const name of DEFERRING) {
    const native: unknown = Reflect.get(globalThis, name)
    if (typeof native !== 'function') continue
    Reflect.set(globalThis, name, (callback: unknown, ...rest: unknown[]): unknown =>
      Reflect.apply(native, globalThis, [bound(callback), ...rest]),
    )
    replaced.push(() => Reflect.set(globalThis, name, native))
  }
  return () => {
    for (const restore of replaced) restore()
  }
}
