/** What a timeline draws of one task run: its attempts and what it waited for, out of its states. */
import { isTerminal } from '#sdk/protocol/state-types.ts'
import type { Step, TaskRow } from './task-row.ts'

/** How a span looks, by what ended it: an attempt that failed is red also when a later one succeeded. */
export type SpanKind =
  | 'completed'
  | 'cached'
  | 'failed'
  | 'crashed'
  | 'cancelled'
  | 'running'
  | 'cancelling'
  | 'paused'
  /** Waits between attempts. */
  | 'retry'
  | 'pending'
  | 'scheduled'

export interface Span {
  readonly kind: SpanKind
  readonly from: number
  /** Null while it goes on. The same as `from`: a moment. */
  readonly to: number | null
  /** Which attempt; 0 before the first. */
  readonly attempt: number
  /** The state's name. */
  readonly name: string
}

/** A state as a span of its own: it ran, it waited, or it was a moment. */
export function spansOf({ steps }: Pick<TaskRow, 'steps'>): readonly Span[] {
  const spans: Span[] = []
  let attempt = 0
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1]
    if (step.type === 'RUNNING') attempt += 1
    const span = spanOf(step, next, steps[index - 1], attempt)
    if (span !== undefined) spans.push(span)
  }
  return spans
}

function spanOf(step: Step, next: Step | undefined, previous: Step | undefined, attempt: number): Span | undefined {
  const { type, name, at: from } = step
  const to = next?.at ?? null
  const wait = (kind: SpanKind): Span | undefined => (to === null || to > from ? { kind, from, to, attempt, name } : undefined)
  const moment = (kind: SpanKind): Span => ({ kind, from, to: from, attempt, name })
  if (type === 'RUNNING') return { kind: endedAs(next), from, to, attempt, name }
  if (isTerminal(type)) {
    if (name === 'Cached') return moment('cached')
    const wasDrawn = previous?.type === 'RUNNING' || previous?.type === 'CANCELLING'
    return wasDrawn && next === undefined ? undefined : next === undefined ? moment(terminalKind(step)) : undefined
  }
  switch (type) {
    case 'SCHEDULED':
      return wait(name === 'AwaitingRetry' ? 'retry' : 'scheduled')
    case 'PENDING':
      return name === 'NotReady' && next === undefined ? moment('pending') : wait('pending')
    case 'PAUSED':
      return wait('paused')
    case 'CANCELLING':
      return wait('cancelling')
    default:
      return undefined
  }
}

function endedAs(next: Step | undefined): SpanKind {
  if (next === undefined) return 'running'
  if (isTerminal(next.type)) return terminalKind(next)
  if (next.type === 'CANCELLING') return 'cancelled'
  if (next.type === 'PAUSED') return 'paused'
  // AwaitingRetry, or Retrying at once: the attempt before failed.
  return next.type === 'SCHEDULED' || next.type === 'RUNNING' ? 'failed' : 'running'
}

function terminalKind({ type, name }: Step): SpanKind {
  if (type === 'COMPLETED') return name === 'Cached' ? 'cached' : 'completed'
  if (type === 'CRASHED') return 'crashed'
  return type === 'CANCELLED' ? 'cancelled' : 'failed'
}

/** How often it was tried. */
export const attemptsOf = ({ steps }: Pick<TaskRow, 'steps'>): number =>
  steps.reduce((sum, { type }) => sum + (type === 'RUNNING' ? 1 : 0), 0)

/** First start to last end; null where it never ran, `to` null while it runs. */
export function extentOf({ steps }: Pick<TaskRow, 'steps'>): { readonly from: number; readonly to: number | null } | null {
  const start = steps.find(({ type }) => type === 'RUNNING')
  if (start === undefined) return null
  const last = steps.at(-1)
  return { from: start.at, to: last !== undefined && isTerminal(last.type) ? last.at : null }
}
