/** What the engine throws, one class for each thing that a caller may want to tell apart. Errors of user code are passed on as they are. */
import type { TaskRunId } from '../protocol/ids.ts'

/** An option that was given and cannot be used. `field` names it. */
export class OptionError extends TypeError {
  override readonly name = 'OptionError'
  readonly field: string
  constructor(field: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.field = field
  }
}

/** Something was asked for that exists only inside a run. */
export class MissingContextError extends Error {
  override readonly name = 'MissingContextError'
}

/** `map` was given no argument with several elements. */
export class MappingMissingIterable extends TypeError {
  override readonly name = 'MappingMissingIterable'
}

/** `map` was given arguments of different lengths. */
export class MappingLengthMismatch extends TypeError {
  override readonly name = 'MappingLengthMismatch'
}

/** The arguments of a flow do not fit its parameters; its code never ran. */
export class ParameterError extends TypeError {
  override readonly name = 'ParameterError'
}

/** A run took longer than its `timeoutSeconds`, or a wait longer than the caller wanted. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

/** A task run never started because one that it depends on did not complete; `cause` is that one's error. */
export class UpstreamFailedError extends Error {
  override readonly name = 'UpstreamFailedError'
  readonly upstream: TaskRunId
  constructor(upstream: TaskRunId, message: string, options?: ErrorOptions) {
    super(message, options)
    this.upstream = upstream
  }
}

/** A run was cancelled. It is also the reason of `runtime.signal`. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError'
}

/** The workspace does not let this run go on here: its lease has ended, or a rule said ABORT. Nothing was written. */
export class AbortedError extends Error {
  override readonly name = 'AbortedError'
}

/** A run ended badly without an error of its own: a returned Failed state, or task runs that nobody looked at. */
export class FailedRunError extends Error {
  override readonly name = 'FailedRunError'
}
