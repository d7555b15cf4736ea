/** The types of calls: a function's own parameters, with futures accepted wherever values are. */
import type { FutureList } from './future-list.ts'
import type { TaskFuture } from './futures.ts'
import type { AllowFailure, Quoted, Unmapped } from './inputs.ts'
import type { RunState } from './run-state.ts'

type Scalar = string | number | boolean | bigint | symbol | null | undefined | Date | RegExp | ((...args: never[]) => unknown)

/** A value, or a future of it; also inside plain arrays and objects. */
export type Input<T> = T | TaskFuture<T> | AllowFailure<T | TaskFuture<T>> | Quoted<T> | InsideInput<T>
type InsideInput<T> = unknown extends T
  ? never
  : T extends Scalar
    ? never
    : T extends readonly (infer Item)[]
      ? FutureList<Item> | AllowFailure<FutureList<Item>> | { readonly [Index in keyof T]: Input<T[Index]> }
      : T extends object
        ? { readonly [Key in keyof T]: Input<T[Key]> }
        : never
export type Inputs<Args extends readonly unknown[]> = { [Index in keyof Args]: Input<Args[Index]> }

/** For `map`: several of the value, or one for all calls. */
export type MapInput<T> =
  | Iterable<Input<T>>
  | FutureList<T>
  | AllowFailure<FutureList<T>>
  | TaskFuture<readonly T[]>
  | Unmapped<Input<T>>
  | Quoted<T>
  | NotIterable<T>
type NotIterable<T> = T extends Iterable<unknown> ? (T extends string ? T : never) : T
export type MapInputs<Args extends readonly unknown[]> = { [Index in keyof Args]: MapInput<Args[Index]> }

/** What a run's result is: returned futures and states count for their values. */
export type Resolved<T> =
  T extends TaskFuture<infer Value> ? Value : T extends RunState<infer Value> ? Value : T extends FutureList<infer Value> ? Value[] : T
type Settled<T> = Resolved<Awaited<T>>

type Yields<T> =
  T extends Generator<infer Y, infer R, infer N>
    ? AsyncGenerator<Awaited<Y>, R, N>
    : T extends AsyncGenerator<infer Y, infer R, infer N>
      ? AsyncGenerator<Y, R, N>
      : never
/** What a call answers: generators stream, everything else is a promise. */
export type Called<T> = [Yields<T>] extends [never] ? Promise<Settled<T>> : Yields<T>
/** The result of a run that nobody reads as a stream: a generator's values are gathered. */
export type Gathered<T> = [Yields<T>] extends [never]
  ? Settled<T>
  : T extends Generator<infer Y>
    ? Awaited<Y>[]
    : T extends AsyncGenerator<infer Y>
      ? Y[]
      : never

/**
 * Any function, told without its signature: a parameter that has only a default (`days = 7`) then keeps the type of that, where a signature in
 * its place would make it unknown.
 */
export interface AnyFunction {
  readonly name: string
  readonly length: number
  readonly call: unknown
  readonly bind: unknown
}
