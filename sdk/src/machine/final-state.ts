/** The sum of many states: how a flow ends whose end is that of its task runs. */
import type { State, StateProposal } from '../protocol/states.ts'
import { isTerminal } from '../protocol/state-types.ts'

/**
 * The state that a flow ends in when `states` are what counts. In this order: all completed; some cancelled; some failed or crashed; some not
 * final (a task run that never became ready, for example). No states at all: Completed without a message.
 *
 * @example
 * finalStateOf([completed, failed, completed]) // { type: 'FAILED', message: '1/3 states failed.' }
 */
export function finalStateOf(states: readonly Pick<State, 'type'>[]): StateProposal {
  const count = (isCounted: (state: Pick<State, 'type'>) => boolean) => states.filter(isCounted).length
  const share = (counted: number, what: string) => `${counted}/${states.length} states ${what}.`
  if (states.length === 0) return { type: 'COMPLETED' }
  if (states.every(({ type }) => type === 'COMPLETED')) return { type: 'COMPLETED', message: 'All states completed.' }
  const cancelled = count(({ type }) => type === 'CANCELLED')
  if (cancelled > 0) return { type: 'CANCELLED', message: share(cancelled, 'cancelled') }
  const failed = count(({ type }) => type === 'FAILED' || type === 'CRASHED')
  if (failed > 0) return { type: 'FAILED', message: share(failed, 'failed') }
  return {
    type: 'FAILED',
    message: share(
      count(({ type }) => !isTerminal(type)),
      'are not final',
    ),
  }
}
