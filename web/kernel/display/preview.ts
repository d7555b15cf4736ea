/**
 * A value as a tree of the page, as deep as it is shown at first, with a handle wherever more can be opened. Never throws, runs no getter
 * that nobody asked for, and stays within bounds however much hangs on the value.
 */
import { inspectQuoted, isClass, nameOf, ownNameOf } from '#sdk/hosts/inspect.ts'
import { MAX_PREVIEW_ENTRIES, PREVIEW_DEPTH } from '#sdk/protocol/limits.ts'
import type { ValueNode } from '../media.ts'
import { insideOf, type Entry, type Inside } from './entries.ts'
import type { Handles } from './handles.ts'

/** What a handle of a value opens: the value, or the getter that gives it. */
export type Opened = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'getter'; readonly get: () => unknown }

/** Nodes of one preview, all levels together. */
const MAX_NODES = 1_000
const MAX_KEY = 200
const LINE = { depth: 1, entries: 5, characters: 100 } as const

export class Previews {
  readonly #handles: Handles<Opened>

  constructor(handles: Handles<Opened>) {
    this.#handles = handles
  }

  /** The value itself, with its first entries. */
  preview(cell: string, value: unknown): ValueNode {
    return this.#node(cell, value, undefined, PREVIEW_DEPTH, { left: MAX_NODES })
  }

  /** Entries of an opened value; of a getter the value that it gives now, or the error that it throws. */
  entries(cell: string, opened: Opened, from: number, count: number): readonly ValueNode[] {
    const budget = { left: MAX_NODES }
    if (opened.kind === 'getter') return [this.#node(cell, valueOf(opened.get), undefined, 1, budget)]
    try {
      const inside = insideOf(opened.value)
      return inside === undefined ? [] : this.#entries(cell, inside, Math.max(0, from), Math.min(count, MAX_PREVIEW_ENTRIES), 0, budget)
    } catch (error) {
      return [{ type: 'error', preview: `cannot be looked into: ${inspectQuoted(error, LINE)}` }]
    }
  }

  #node(cell: string, value: unknown, key: string | undefined, depth: number, budget: { left: number }): ValueNode {
    budget.left--
    const named = key === undefined ? {} : { key: key.length > MAX_KEY ? `${key.slice(0, MAX_KEY)}…` : key }
    try {
      const description = describeValue(value)
      const inside = insideOf(value)
      if (inside === undefined || inside.size === 0) return { ...named, ...description }
      const handle = this.#handles.open(cell, { kind: 'value', value })
      const count = depth > 0 && budget.left > 0 ? Math.min(MAX_PREVIEW_ENTRIES, budget.left) : 0
      const children = count === 0 ? undefined : this.#entries(cell, inside, 0, count, depth - 1, budget)
      return {
        ...named,
        ...description,
        size: inside.size,
        ...(handle !== undefined && { handle }),
        ...(children !== undefined && { children }),
      }
    } catch {
      // A revoked proxy, or one whose traps throw.
      return { ...named, type: 'proxy', preview: `${typeof value} that cannot be looked at` }
    }
  }

  #entries(cell: string, inside: Inside, from: number, count: number, depth: number, budget: { left: number }): readonly ValueNode[] {
    return inside.entries(from, count).map((entry) => this.#entry(cell, entry, depth, budget))
  }

  #entry(cell: string, { key, content }: Entry, depth: number, budget: { left: number }): ValueNode {
    if (content === 'hole') return { key, type: 'empty', preview: 'empty' }
    if ('value' in content) return this.#node(cell, content.value, key, depth, budget)
    const handle = this.#handles.open(cell, { kind: 'getter', get: content.getter })
    return { key, type: 'getter', preview: '(…)', ...(handle !== undefined && { handle, size: 1 }) }
  }
}

function valueOf(get: () => unknown): unknown {
  try {
    return get()
  } catch (error) {
    return error
  }
}

type Description = Pick<ValueNode, 'type' | 'preview' | 'name'>

/** Its type and one line. May throw what a proxy throws. */
export function describeValue(value: unknown): Description {
  if (value === null) return { type: 'null', preview: 'null' }
  if (typeof value === 'function') return describeFunction(value)
  if (typeof value !== 'object') return { type: typeof value, preview: linePreview(value) }
  const type = typeOf(value)
  const name = nameOf(value)
  const preview =
    type === 'array' || type === 'list' ? `${name}(${lengthOf(value)}) ${linePreview(value)}` : (wordOf(value, type) ?? linePreview(value))
  return { type, preview: cutLine(preview), ...(name !== 'Object' && name !== 'Array' && { name }) }
}

function describeFunction(value: object): Description {
  const name = ownNameOf(value)
  if (isClass(value)) return { type: 'class', preview: `class ${name || '(anonymous)'}` }
  const source = Function.prototype.toString.call(value)
  const parameters = /^(?:async\s*)?(?:function\s*\*?\s*)?[\w$]*\s*\(([^()]{0,80})\)/.exec(source)?.[1]
  return { type: 'function', preview: `ƒ ${name || 'anonymous'}(${parameters ?? '…'})` }
}

function typeOf(value: object): string {
  if (Array.isArray(value)) return 'array'
  if (value instanceof Map) return 'map'
  if (value instanceof Set) return 'set'
  if (value instanceof Date) return 'date'
  if (value instanceof Error) return 'error'
  if (value instanceof RegExp) return 'regexp'
  if (value instanceof Promise) return 'promise'
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? 'bytes' : 'list'
  if (value instanceof ArrayBuffer || value instanceof Blob) return 'bytes'
  return 'object'
}

/** One word for what has nothing to enumerate. */
function wordOf(value: object, type: string): string | undefined {
  if (type === 'error') return firstLine(value as Error)
  if (value instanceof ArrayBuffer) return value.detached ? 'ArrayBuffer (detached)' : `ArrayBuffer(${value.byteLength})`
  if (value instanceof DataView)
    return value.buffer instanceof ArrayBuffer && value.buffer.detached ? 'DataView (detached)' : `DataView(${value.byteLength})`
  if (value instanceof Blob) return `${nameOf(value)}(${value.size} bytes${value.type === '' ? '' : `, ${value.type}`})`
  return undefined
}

function firstLine(error: Error): string {
  const message: unknown = Object.getOwnPropertyDescriptor(error, 'message')?.value
  const name = nameOf(error)
  return typeof message === 'string' && message !== '' ? `${name}: ${message.split('\n', 1)[0] ?? ''}` : name
}

const lengthOf = (value: object): number => (value as { readonly length: number }).length // lists have one

function linePreview(value: unknown): string {
  return cutLine(inspectQuoted(value, LINE))
}

const MAX_LINE = 200
function cutLine(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ')
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line
}
