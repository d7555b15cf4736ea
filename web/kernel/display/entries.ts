/**
 * What is inside a value, one entry after another, from any place on. No getter runs: it becomes an entry that can be asked for. What a
 * proxy does is its own; whatever throws is the caller's to catch.
 */
import { nameOf } from '#sdk/hosts/inspect.ts'

export interface Entry {
  readonly key: string
  readonly content: { readonly value: unknown } | { readonly getter: () => unknown } | 'hole'
}

export interface Inside {
  readonly size: number
  entries(from: number, count: number): readonly Entry[]
}

/** Lists longer than this are not searched for names beside their indices. */
const MAX_NAMED_LENGTH = 1_000
/** Levels of classes whose getters are offered. */
const MAX_CLASSES = 5

/** Undefined for what has no inside. */
export function insideOf(value: unknown): Inside | undefined {
  if (typeof value === 'function') return insideNames(value)
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return insideArray(value)
  if (value instanceof Map) return insideIterable(value.size, value.entries(), entryOfMap)
  if (value instanceof Set)
    return insideIterable(value.size, value.values(), (item, index) => ({ key: String(index), content: { value: item } }))
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return insideNumbers(value as Uint8Array) // every view but DataView is a list
  if (value instanceof ArrayBuffer) return value.detached ? undefined : insideNumbers(new Uint8Array(value))
  if (value instanceof DataView) return undefined
  if (value instanceof Error) return inside(errorEntries(value))
  if (value instanceof Date || value instanceof RegExp || value instanceof Promise) return undefined
  return insideNames(value)
}

const EMPTY: Inside = { size: 0, entries: () => [] }

function inside(entries: readonly Entry[]): Inside {
  return entries.length === 0 ? EMPTY : { size: entries.length, entries: (from, count) => entries.slice(from, from + count) }
}

function insideArray(list: readonly unknown[]): Inside {
  const { length } = list
  const named = length <= MAX_NAMED_LENGTH ? namesOf(list).filter(({ key }) => !(key in list && /^\d+$/.test(key))) : []
  return {
    size: length + named.length,
    entries: (from, count) => {
      const end = Math.min(length, from + count)
      const items: Entry[] = []
      for (let index = from; index < end; index++) items.push(entryOf(list, String(index)) ?? { key: String(index), content: 'hole' })
      return [...items, ...named.slice(Math.max(0, from - length), Math.max(0, from + count - length))]
    },
  }
}

function insideNumbers(list: Uint8Array): Inside {
  return {
    size: list.length,
    entries: (from, count) =>
      Array.from(list.subarray(from, from + count), (value, index) => ({ key: String(from + index), content: { value } })),
  }
}

function insideIterable<T>(size: number, items: Iterator<T>, entry: (item: T, index: number) => Entry): Inside {
  // Iterators only go forward, so what is before is walked; it is never more than the map or set that was made.
  return {
    size,
    entries: (from, count) => {
      const entries: Entry[] = []
      for (let index = 0; index < from + count; index++) {
        const step = items.next()
        if (step.done === true) break
        if (index >= from) entries.push(entry(step.value, index))
      }
      return entries
    },
  }
}

function entryOfMap([key, value]: [unknown, unknown]): Entry {
  return { key: typeof key === 'string' ? key : shortKey(key), content: { value } }
}

function shortKey(key: unknown): string {
  if (typeof key !== 'object' || key === null) return typeof key === 'function' ? 'function' : String(key)
  return Array.isArray(key) ? `Array(${key.length})` : nameOf(key)
}

function errorEntries(error: Error): Entry[] {
  const own = namesOf(error).filter(({ key }) => key !== 'stack' && key !== 'message')
  const named = ['message', 'cause', 'errors'].flatMap((key) => {
    const entry = own.some((one) => one.key === key) ? undefined : entryOf(error, key)
    return entry === undefined ? [] : [entry]
  })
  return [...named, ...own]
}

/** Own names, then symbols, then the getters of its classes. What stands behind a name is looked up when it is shown. */
function insideNames(value: object): Inside {
  const names = Object.keys(value)
  const symbols = Object.getOwnPropertySymbols(value).filter(
    (symbol) => Object.getOwnPropertyDescriptor(value, symbol)?.enumerable === true,
  )
  const keys: readonly (string | symbol)[] = symbols.length === 0 ? names : [...names, ...symbols]
  const getters = typeof value === 'function' ? [] : inheritedGetters(value, names)
  return {
    size: keys.length + getters.length,
    entries: (from, count) => [
      ...keys.slice(from, from + count).flatMap((key) => entryOf(value, key) ?? []),
      ...getters.slice(Math.max(0, from - keys.length), Math.max(0, from + count - keys.length)),
    ],
  }
}

function namesOf(value: object): readonly Entry[] {
  const names = insideNames(value)
  return names.entries(0, names.size)
}

function inheritedGetters(value: object, names: readonly string[]): Entry[] {
  const getters: Entry[] = []
  let prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return getters
  const seen = new Set(names)
  for (let level = 0; level < MAX_CLASSES && isObject(prototype) && prototype !== Object.prototype; level++) {
    for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (property.get === undefined || seen.has(key)) continue
      seen.add(key)
      getters.push({ key, content: { getter: () => property.get?.call(value) } })
    }
    prototype = Object.getPrototypeOf(prototype)
  }
  return getters
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function entryOf(value: object, key: string | symbol): Entry | undefined {
  const property = Object.getOwnPropertyDescriptor(value, key)
  if (property === undefined) return undefined
  const name = typeof key === 'symbol' ? `[${String(key)}]` : key
  if (property.get !== undefined || property.set !== undefined) return { key: name, content: { getter: () => property.get?.call(value) } }
  return { key: name, content: { value: property.value } }
}
