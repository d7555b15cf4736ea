/** What `flowcell` gives beside the functions of an engine and its display: the same in scripts (index.ts) and in cells (web/kernel). */
export { asCompleted, wait } from './as-completed.ts'
export {
  AbortedError,
  CancelledError,
  FailedRunError,
  MappingLengthMismatch,
  MappingMissingIterable,
  MissingContextError,
  OptionError,
  ParameterError,
  TimeoutError,
  UpstreamFailedError,
} from './errors.ts'
export { allowFailure, quote, unmapped } from './inputs.ts'
export { exponentialBackoff } from './options.ts'
export { OrchestratorError } from './ports.ts'
export { Cancelled, Completed, Failed } from './run-state.ts'
export { ConcurrentTaskRunner, SequentialTaskRunner } from './task-runners.ts'
