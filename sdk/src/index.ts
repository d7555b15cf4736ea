/** The public face: what flows, tasks and scripts import. */
import { createEngine } from './engine/engine.ts'
import { giveToNotebook, newNodeDisplay } from './hosts/node-display.ts'
import { nodeHost } from './hosts/node.ts'

export const { flow, task, getRunLogger, runtime, tags } = createEngine(nodeHost())

const face = newNodeDisplay(process.stdout)
giveToNotebook(face, process.argv[1])
export const { display, input, progress, html, md, svg, latex } = face

export * from './engine/face.ts'

export type {
  Displayed,
  DisplayFunction,
  FormField,
  FormValue,
  InputFile,
  Inputs,
  Markup,
  MarkupTag,
  ProgressBar,
  ProgressFunction,
} from './hosts/display-face.ts'
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
