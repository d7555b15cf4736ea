/** Any value as text, where the platform has no inspector of its own. Runs no getter, never throws, and stays small in size and in time. */

export interface InspectBounds {
  readonly depth: number
  /** Of each list or object. */
  readonly entries: number
  /** Of the whole; what comes after so many is left out. */
  readonly characters: number
}

const BOUNDS: InspectBounds = { depth: 5, entries: 100, characters: 100_000 }
const MAX_TEXT = 10_000
/** Writing one out takes the square of its length. */
const HUGE = 1n << 40_000n
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/**
 * Shows a value for a log line; a text as it is.
 *
 * @example
 * inspect({ a: [1, new Map([['b', 2n]])] }) // "{ a: [ 1, Map(1) { 'b' => 2n } ] }"
 */
export function inspect(value: unknown, bounds: InspectBounds = BOUNDS): string {
  return typeof value === 'string' ? value : inspectQuoted(value, bounds)
}

/** The same with quotes around a text. */
export function inspectQuoted(value: unknown, bounds: InspectBounds = BOUNDS): string {
  try {
    return new Inspection(bounds).show(value, [])
  } catch (error) {
    return `[a ${typeof value} that cannot be shown${reasonOf(error)}]`
  }
}

/** What was thrown may be as odd as the value. */
function reasonOf(error: unknown): string {
  try {
    return `: ${error instanceof Error ? error.message : 'it throws'}`
  } catch {
    return ''
  }
}

class Inspection {
  readonly #bounds: InspectBounds
  #left: number

  constructor(bounds: InspectBounds) {
    this.#bounds = bounds
    this.#left = bounds.characters
  }

  show(value: unknown, above: readonly object[]): string {
    if (typeof value === 'object' && value !== null) return this.#object(value, above)
    const text = showPrimitive(value, Math.min(MAX_TEXT, this.#bounds.characters))
    this.#left -= text.length
    return text
  }

  #object(value: object, above: readonly object[]): string {
    if (above.includes(value)) return '[Circular]'
    this.#left -= 4 // brackets
    const leaf = showLeaf(value)
    if (leaf !== undefined) {
      this.#left -= leaf.length
      return leaf
    }
    const name = nameOf(value)
    if (above.length >= this.#bounds.depth) return Array.isArray(value) ? '[Array]' : `[${name}]`
    const inside = [...above, value]
    if (Array.isArray(value)) return this.#list('[', value.length, indices(value), (item) => this.show(item, inside), ']')
    if (value instanceof Map) {
      const entry = ([key, item]: [unknown, unknown]): string => `${this.show(key, inside)} => ${this.show(item, inside)}`
      return `${name}(${value.size}) ${this.#list('{', value.size, value, entry, '}')}`
    }
    if (value instanceof Set) return `${name}(${value.size}) ${this.#list('{', value.size, value, (item) => this.show(item, inside), '}')}`
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const items = value as Uint8Array // every view but DataView is a list of numbers
      return `${name} ${this.#list('[', items.length, indices(items), String, ']')}`
    }
    const keys = Object.keys(value)
    return (name === 'Object' ? '' : `${name} `) + this.#list('{', keys.length, keys, (key) => this.#property(value, key, inside), '}')
  }

  #property(value: object, key: string, inside: readonly object[]): string {
    const property = Object.getOwnPropertyDescriptor(value, key)
    const shown = property?.get === undefined && property?.set === undefined ? this.show(property?.value, inside) : '[Getter]'
    return `${IDENTIFIER.test(key) ? key : quote(key, MAX_TEXT)}: ${shown}`
  }

  #list<T>(open: string, size: number, items: Iterable<T>, show: (item: T) => string, close: string): string {
    if (size === 0) return open + close
    const shown: string[] = []
    for (const item of items) {
      if (shown.length >= this.#bounds.entries || this.#left <= 0) {
        shown.push('… more')
        break
      }
      this.#left -= 2 // the comma
      shown.push(show(item))
    }
    return `${open} ${shown.join(', ')} ${close}`
  }
}

/** By index, so that neither a list of a million nor an iterator of its own is walked. */
function* indices<T>(list: ArrayLike<T>): Generator<T | undefined> {
  for (let index = 0; index < list.length; index++) yield list[index]
}

function showPrimitive(value: unknown, characters: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value, characters)
    case 'bigint':
      return value > HUGE || value < -HUGE ? '[a bigint of more than 12,000 digits]' : `${value}n`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'function':
      return `[${isClass(value) ? 'class' : 'Function'}${ownNameOf(value) === '' ? ' (anonymous)' : `: ${ownNameOf(value)}`}]`
    default:
      return String(value)
  }
}

export const isClass = (value: object): boolean => /^class\b/.test(Function.prototype.toString.call(value))

/** A class may have a static getter `name`. */
export function ownNameOf(value: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(value, 'name')?.value
  return typeof name === 'string' ? name : ''
}

/** Objects that are one word; undefined for those that have an inside. */
function showLeaf(value: object): string | undefined {
  if (value instanceof Error) return showError(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof RegExp) return RegExp.prototype.toString.call(value)
  if (value instanceof Promise) return 'Promise {}'
  return undefined
}

function showError(error: Error): string {
  const text = String(error.stack ?? `${error.name}: ${error.message}`)
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
}

/** The class of an object; `Object` for plain ones. */
export function nameOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null) return '[Object: null prototype]'
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return typeof constructor === 'function' ? ownNameOf(constructor) || 'Object' : 'Object'
}

function quote(text: string, characters: number): string {
  const short = text.length > characters ? `${text.slice(0, characters)}… ${text.length - characters} more characters` : text
  return `'${short.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
}

const DIRECTIVE = /%[sdifjoOc%]/g

/** What `console.log(...values)` says: `%s`, `%d`, `%o` and their siblings filled in, the rest after it. */
export function formatPrint(values: readonly unknown[]): string {
  const [first, ...rest] = values
  if (typeof first !== 'string' || rest.length === 0) return values.map((value) => inspect(value)).join(' ')
  let used = 0
  const filled = first.replace(DIRECTIVE, (directive) => {
    if (directive === '%%') return '%'
    if (used >= rest.length) return directive
    return fill(directive, rest[used++])
  })
  return [filled, ...rest.slice(used).map((value) => inspect(value))].join(' ')
}

function fill(directive: string, value: unknown): string {
  switch (directive) {
    case '%c':
      return ''
    case '%d':
    case '%f':
      return typeof value === 'bigint' ? `${value}n` : String(Number(value))
    case '%i':
      return typeof value === 'bigint' ? `${value}n` : String(Math.trunc(Number(value)))
    case '%j':
      return JSON.stringify(value) ?? 'undefined'
    default:
      return inspect(value)
  }
}
