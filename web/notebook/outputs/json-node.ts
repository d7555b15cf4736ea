/** JSON as a tree of values, whole: it has come along already, and is of bounded size. */
import type { ValueNode } from '../../kernel/media.ts'

const MAX_LINE = 80

export function jsonNode(value: unknown, key?: string): ValueNode {
  const named = key === undefined ? {} : { key }
  if (typeof value !== 'object' || value === null) return { ...named, type: value === null ? 'null' : typeof value, preview: lineOf(value) }
  const isList = Array.isArray(value)
  const entries: [string, unknown][] = Object.entries(value)
  const preview = isList ? `Array(${entries.length}) ${lineOf(value)}` : lineOf(value)
  return {
    ...named,
    type: isList ? 'array' : 'object',
    preview,
    size: entries.length,
    children: entries.map(([name, child]) => jsonNode(child, name)),
  }
}

function lineOf(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text
}
