/** Rules for flow runs and task runs alike. */
import { MICROS_PER_SECOND } from '../../protocol/instants.ts'
import { MAX_STATES_PER_RUN } from '../../protocol/limits.ts'
import { isTerminal } from '../../protocol/state-types.ts'
import type { SharedRule } from './rule.ts'

/** A proposal that was decided before is not decided again, however much happened since: clients may send everything twice. */
export const refuseDuplicates: SharedRule = ({ run, to }) => {
  const id = to.state_details?.transition_id
  const isKnown = id !== undefined && id !== null && run.states.some(({ state_details }) => state_details.transition_id === id)
  return isKnown ? { kind: 'keep', reason: 'This run has already made this state transition.' } : undefined
}

export const refusePauses: SharedRule = ({ to }) =>
  to.type === 'PAUSED' ? { kind: 'abort', reason: 'Runs cannot be paused in this version: nothing could resume them.' } : undefined

/** A run that has not ended may always be cancelled and may always end. */
export const boundHistory: SharedRule = ({ run, from, to }) => {
  if (run.states.length < MAX_STATES_PER_RUN) return undefined
  const isWayOut = isTerminal(to.type) || to.type === 'CANCELLING'
  const isOpen = from !== null && !isTerminal(from.type)
  if (isWayOut && isOpen) return undefined
  return { kind: 'abort', reason: `The run has ${run.states.length} states; a run may have ${MAX_STATES_PER_RUN}.` }
}

export const leaveCancellingOnlyAsCancelled: SharedRule = ({ from, to }) =>
  from?.type === 'CANCELLING' && to.type !== 'CANCELLED'
    ? { kind: 'keep', reason: 'A run that is being cancelled can only become Cancelled.' }
    : undefined

/** The scheduled time goes along from SCHEDULED to PENDING and between names of PENDING, unless the proposal brings its own. */
export const copyScheduledTime: SharedRule = ({ from, to }) => {
  const scheduled_time = from?.state_details.scheduled_time
  const takesOver = (from?.type === 'SCHEDULED' || from?.type === 'PENDING') && to.type === 'PENDING'
  const bringsItsOwn = typeof to.state_details?.scheduled_time === 'number'
  if (!takesOver || typeof scheduled_time !== 'number' || bringsItsOwn) return undefined
  return { kind: 'amend', to: { ...to, state_details: { ...to.state_details, scheduled_time } } }
}

/** Exact to the microsecond: who waits so long and proposes again is accepted. REST rounds up to whole seconds. */
export const waitForScheduledTime: SharedRule = ({ from, to, context }) => {
  const waits = (from?.type === 'SCHEDULED' || from?.type === 'PENDING') && to.type === 'RUNNING'
  const early = (from?.state_details.scheduled_time ?? 0) - context.now
  if (!waits || early <= 0) return undefined
  return { kind: 'wait', delaySeconds: early / MICROS_PER_SECOND, reason: 'Scheduled time is in the future' }
}
