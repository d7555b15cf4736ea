/** A top-level name of a cell for the panel of values: what it is, in a word, and one line. Never throws. */
import { RunState } from '#sdk/engine/run-state.ts'
import { markupOf } from '#sdk/hosts/markup.ts'
import type { CellValue } from '../messages.ts'
import { describeValue } from './preview.ts'

export function describeName(name: string, value: unknown): CellValue {
  try {
    const { type, preview, name: className } = describeValue(value)
    const kind = kindOf(value, type, className)
    // What `flow` and `task` make takes anything; the bare function says what it wants.
    const isMade = typeof value === 'function' && (kind === 'flow' || kind === 'task')
    return { name, kind, preview: isMade ? describeValue(Object.getOwnPropertyDescriptor(value, 'fn')?.value).preview : preview }
  } catch {
    return { name, kind: typeof value, preview: 'cannot be looked at' }
  }
}

function kindOf(value: unknown, type: string, className: string | undefined): string {
  if (typeof value === 'function') return engineKind(value) ?? type
  if (Array.isArray(value)) return `Array(${value.length})`
  if (value instanceof Map || value instanceof Set) return `${className ?? type}(${value.size})`
  if (value instanceof RunState) return 'state'
  return markupOf(value)?.media ?? className ?? type
}

/** Functions that `flow` and `task` make carry the bare one, and `task`'s can be submitted. */
function engineKind(value: object): 'flow' | 'task' | undefined {
  const has = (key: string): boolean => typeof Object.getOwnPropertyDescriptor(value, key)?.value === 'function'
  if (!has('fn') || !has('state') || !has('withOptions')) return undefined
  return has('submit') ? 'task' : 'flow'
}
