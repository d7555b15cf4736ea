/** The types and names of states, free of schemas. Source: Prefect 3 `server/schemas/states.py`. */

export const STATE_TYPES = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING',
] as const
export type StateType = (typeof STATE_TYPES)[number]

export const TERMINAL_STATE_TYPES = ['COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED'] as const satisfies readonly StateType[]
export const isTerminal = (type: StateType): boolean =>
  type === 'COMPLETED' || type === 'CANCELLED' || type === 'FAILED' || type === 'CRASHED'

/** The names that this system gives; clients may use others. */
export const STATE_NAMES = {
  Scheduled: 'SCHEDULED',
  Late: 'SCHEDULED',
  AwaitingRetry: 'SCHEDULED',
  AwaitingConcurrencySlot: 'SCHEDULED',
  Resuming: 'SCHEDULED',
  Pending: 'PENDING',
  Submitting: 'PENDING',
  InfrastructurePending: 'PENDING',
  NotReady: 'PENDING',
  Running: 'RUNNING',
  Retrying: 'RUNNING',
  Rerunning: 'RUNNING',
  Paused: 'PAUSED',
  Suspended: 'PAUSED',
  Cancelling: 'CANCELLING',
  Cancelled: 'CANCELLED',
  Completed: 'COMPLETED',
  Cached: 'COMPLETED',
  RolledBack: 'COMPLETED',
  Failed: 'FAILED',
  TimedOut: 'FAILED',
  Crashed: 'CRASHED',
} as const satisfies Record<string, StateType>
export type StateName = keyof typeof STATE_NAMES

/** The name that a state gets when none is given. */
export const DEFAULT_STATE_NAME: Readonly<Record<StateType, StateName>> = {
  SCHEDULED: 'Scheduled',
  PENDING: 'Pending',
  RUNNING: 'Running',
  COMPLETED: 'Completed',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
  CRASHED: 'Crashed',
  PAUSED: 'Paused',
  CANCELLING: 'Cancelling',
}
