/** `map`: one call for each element. */
import { MappingLengthMismatch, MappingMissingIterable } from './errors.ts'
import { FutureList } from './future-list.ts'
import { TaskFuture } from './futures.ts'
import { AllowFailure, Quoted, Unmapped } from './inputs.ts'

/** How many calls there may be, and why not more. */
export interface Room {
  readonly calls: number
  readonly refusal: string
}

/**
 * The arguments of each call; undefined while a future that is mapped over has no value yet.
 * @throws RangeError when there are more calls than there is room for, or no end of them.
 */
export function expandArguments(args: readonly unknown[], room: Room): readonly (readonly unknown[])[] | undefined {
  if (args.some(isOpen)) return undefined
  const columns = args.map((arg) => columnOf(arg, room))
  const lengths = columns.flatMap((column, position) => (column.items === undefined ? [] : [{ position, length: column.items.length }]))
  const [first] = lengths
  if (first === undefined)
    throw new MappingMissingIterable('map: no argument has several elements; give at least one list, or call submit().')
  const odd = lengths.find(({ length }) => length !== first.length)
  if (odd !== undefined) {
    const told = lengths.map(({ position, length }) => `argument ${position + 1} has ${length}`).join(', ')
    throw new MappingLengthMismatch(
      `map: all lists must have the same length, but ${told}. Wrap what every call shall get whole in unmapped().`,
    )
  }
  return Array.from({ length: first.length }, (_, i) => columns.map(({ items, whole }) => (items === undefined ? whole : items[i])))
}

/** What must have its value before it is known how many calls there are. */
export function openInputs(args: readonly unknown[]): readonly (TaskFuture<unknown> | FutureList<unknown>)[] {
  return args.map(listIn).filter((list) => list instanceof TaskFuture || list instanceof FutureList)
}

/** Futures that are mapped over are replaced by their values. @throws the error of one that failed. */
export function withValues(args: readonly unknown[]): readonly unknown[] {
  return args.map((arg) => {
    if (arg instanceof TaskFuture) return valueOf(arg)
    return arg instanceof AllowFailure && arg.value instanceof TaskFuture ? new AllowFailure(valueOf(arg.value)) : arg
  })
}

function valueOf(future: TaskFuture<unknown>): unknown {
  const outcome = TaskFuture.outcomeOf(future)
  if (outcome.ok) return outcome.value
  throw outcome.error
}

const listIn = (arg: unknown): unknown => (arg instanceof AllowFailure ? arg.value : arg)

function isOpen(arg: unknown): boolean {
  const list = listIn(arg)
  return list instanceof TaskFuture || (list instanceof FutureList && !FutureList.isKnown(list))
}

interface Column {
  /** Undefined for what every call gets whole. */
  readonly items?: readonly unknown[]
  readonly whole?: unknown
}

function columnOf(arg: unknown, room: Room): Column {
  if (arg instanceof Unmapped || arg instanceof Quoted) return { whole: arg }
  if (arg instanceof AllowFailure) {
    const { items } = columnOf(arg.value, room)
    return items === undefined ? { whole: arg } : { items: items.map((item) => new AllowFailure(item)) }
  }
  return isIterable(arg) ? { items: itemsOf(arg, room) } : { whole: arg }
}

function itemsOf(list: Iterable<unknown>, { calls, refusal }: Room): readonly unknown[] {
  const items: unknown[] = []
  for (const item of list) {
    if (items.length === calls) throw new RangeError(refusal)
    items.push(item)
  }
  return items
}

/** Texts and bytes are one thing, not many. */
function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Symbol.iterator in value &&
    !(value instanceof Uint8Array || value instanceof Uint8ClampedArray)
  )
}
