/** Any value as text, where the platform has no inspector of its own. Runs no getter, never throws, and stays small. */

const MAX_DEPTH = 5
const MAX_ENTRIES = 100
const MAX_TEXT = 10_000
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/**
 * Shows a value for a log line; a text as it is.
 *
 * @example
 * inspect({ a: [1, new Map([['b', 2n]])] }) // "{ a: [ 1, Map(1) { 'b' => 2n } ] }"
 */
export function inspect(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return show(value, [])
  } catch (error) {
    return `[a ${typeof value} that cannot be shown: ${error instanceof Error ? error.message : 'it throws'}]`
  }
}

function show(value: unknown, above: readonly object[]): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'bigint':
      return `${value}n`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'boolean':
    case 'undefined':
    case 'symbol':
      return String(value)
    case 'function':
      return `[${/^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'Function'}${value.name === '' ? ' (anonymous)' : `: ${value.name}`}]`
    case 'object':
      return value === null ? 'null' : showObject(value, above)
  }
}

function showObject(value: object, above: readonly object[]): string {
  if (above.includes(value)) return '[Circular]'
  if (value instanceof Error) return value.stack ?? `${value.name}: ${value.message}`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof RegExp) return String(value)
  if (value instanceof Promise) return 'Promise {}'
  const name = nameOf(value)
  if (above.length >= MAX_DEPTH) return Array.isArray(value) ? '[Array]' : `[${name}]`
  const inside = [...above, value]
  if (Array.isArray(value))
    return list(
      '[',
      value.map((item) => show(item, inside)),
      ']',
    )
  if (value instanceof Map) {
    const entries = [...value].slice(0, MAX_ENTRIES + 1).map(([key, item]) => `${show(key, inside)} => ${show(item, inside)}`)
    return `${name}(${value.size}) ${list('{', entries, '}')}`
  }
  if (value instanceof Set)
    return `${name}(${value.size}) ${list(
      '{',
      [...value].slice(0, MAX_ENTRIES + 1).map((item) => show(item, inside)),
      '}',
    )}`
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const items = Array.from(value as Uint8Array).slice(0, MAX_ENTRIES + 1) // every view but DataView is a list of numbers
    return `${name} ${list('[', items.map(String), ']')}`
  }
  const prefix = name === 'Object' ? '' : `${name} `
  return prefix + list('{', propertiesOf(value, inside), '}')
}

function propertiesOf(value: object, inside: readonly object[]): string[] {
  const keys = Object.keys(value).slice(0, MAX_ENTRIES + 1)
  return keys.map((key) => {
    const property = Object.getOwnPropertyDescriptor(value, key)
    const shown = property?.get === undefined ? show(property?.value, inside) : '[Getter]'
    return `${IDENTIFIER.test(key) ? key : quote(key)}: ${shown}`
  })
}

function nameOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null) return '[Object: null prototype]'
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return typeof constructor === 'function' ? constructor.name : 'Object'
}

function list(open: string, items: readonly string[], close: string): string {
  if (items.length === 0) return open + close
  const more = items.length > MAX_ENTRIES ? [...items.slice(0, MAX_ENTRIES), '… more'] : items
  return `${open} ${more.join(', ')} ${close}`
}

function quote(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… ${text.length - MAX_TEXT} more characters` : text
  return `'${short.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
}

const DIRECTIVE = /%[sdifjoOc%]/g

/** What `console.log(...values)` says: `%s`, `%d`, `%o` and their siblings filled in, the rest after it. */
export function formatPrint(values: readonly unknown[]): string {
  const [first, ...rest] = values
  if (typeof first !== 'string' || rest.length === 0) return values.map(inspect).join(' ')
  let used = 0
  const filled = first.replace(DIRECTIVE, (directive) => {
    if (directive === '%%') return '%'
    if (used >= rest.length) return directive
    return fill(directive, rest[used++])
  })
  return [filled, ...rest.slice(used).map(inspect)].join(' ')
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
