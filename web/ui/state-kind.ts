/** The one place that says how a state is shown: which of our colours and icons, and in which words. */
import type { StateType } from '#sdk/protocol/states.ts'

export type StateKind =
  | 'completed'
  | 'cached'
  | 'failed'
  | 'crashed'
  | 'running'
  | 'pending'
  | 'scheduled'
  | 'late'
  | 'retrying'
  | 'paused'
  | 'cancelled'
  | 'cancelling'

const NAMED: Readonly<Record<string, StateKind>> = {
  Cached: 'cached',
  Late: 'late',
  AwaitingRetry: 'retrying',
  Retrying: 'retrying',
}
const TYPED: Readonly<Record<StateType, StateKind>> = {
  SCHEDULED: 'scheduled',
  PENDING: 'pending',
  RUNNING: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  CRASHED: 'crashed',
  PAUSED: 'paused',
  CANCELLING: 'cancelling',
}

/** A name may sharpen its type; a run without a state is pending. */
export function stateKind(type: StateType | null | undefined, name?: string | null): StateKind {
  return (name == null ? undefined : NAMED[name]) ?? (type == null ? 'pending' : TYPED[type])
}

/** `AwaitingRetry` → "Awaiting retry"; a type without a name is said as it would be named. */
export function stateWords(type: StateType | null | undefined, name?: string | null): string {
  const text = name ?? type
  if (text == null) return 'No state yet'
  if (/^[A-Z]+$/.test(text)) return text.charAt(0) + text.slice(1).toLowerCase()
  return text.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
