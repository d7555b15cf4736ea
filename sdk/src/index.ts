/** The public face: what flows, tasks and scripts import. */
import { createEngine } from './engine/engine.ts'
import { nodeHost } from './hosts/node.ts'

export const { flow, task, getRunLogger, runtime, tags } = createEngine(nodeHost())

export { display, input } from './hosts/node-display.ts'
export { asCompleted, wait } from './engine/as-completed.ts'
export { allowFailure, quote, unmapped } from './engine/inputs.ts'
export { exponentialBackoff } from './engine/options.ts'
export { Cancelled, Completed, Failed } from './engine/run-state.ts'
export { ConcurrentTaskRunner, SequentialTaskRunner } from './engine/task-runners.ts'
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
} from './engine/errors.ts'
export { OrchestratorError } from './engine/ports.ts'

export type { Flow } from './engine/flow.ts'
export type { DoneAndNotDone } from './engine/as-completed.ts'
export type { FutureList } from './engine/future-list.ts'
export type { TaskFuture } from './engine/futures.ts'
export type { ResultOptions, WaitOptions } from './engine/waiting.ts'
export type { RunLogger } from './engine/logger.ts'
export type { Backoff, FailedAttempt, FlowOptions, NameTemplate, TaskCallOptions, TaskOptions } from './engine/options.ts'
export type { RunState } from './engine/run-state.ts'
export type { Runtime } from './engine/runtime.ts'
export type { Task } from './engine/task.ts'
export type { TaskRunner } from './engine/task-runners.ts'
