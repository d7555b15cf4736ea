/** `flowcell` as cells see it: the public face of the SDK over the kernel's engine, name for name (test/browser/kernel.test.ts compares). */
import { asCompleted, wait } from '#sdk/engine/as-completed.ts'
import type { Engine } from '#sdk/engine/engine.ts'
import {
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
} from '#sdk/engine/errors.ts'
import { allowFailure, quote, unmapped } from '#sdk/engine/inputs.ts'
import { exponentialBackoff } from '#sdk/engine/options.ts'
import { OrchestratorError } from '#sdk/engine/ports.ts'
import { Cancelled, Completed, Failed } from '#sdk/engine/run-state.ts'
import { ConcurrentTaskRunner, SequentialTaskRunner } from '#sdk/engine/task-runners.ts'
import type { DisplayFace } from '#sdk/hosts/display-face.ts'

export function flowcellModule({ flow, task, getRunLogger, runtime, tags }: Engine, face: DisplayFace): Readonly<Record<string, unknown>> {
  const { display, input, progress, html, md, svg, latex } = face
  return named({
    flow,
    task,
    getRunLogger,
    runtime,
    tags,
    display,
    input,
    progress,
    html,
    md,
    svg,
    latex,
    asCompleted,
    wait,
    allowFailure,
    quote,
    unmapped,
    exponentialBackoff,
    Cancelled,
    Completed,
    Failed,
    ConcurrentTaskRunner,
    SequentialTaskRunner,
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
    OrchestratorError,
  })
}

/** The build has shortened the names of our own functions; people see them in their values. */
function named(module: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  for (const [name, value] of Object.entries(module)) {
    if (typeof value === 'function') Object.defineProperty(value, 'name', { value: name, configurable: true })
  }
  return Object.freeze(module)
}
