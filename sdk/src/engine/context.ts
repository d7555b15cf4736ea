/** Where a piece of user code is running: what the context store carries. */
import type { FlowScope, Attempt } from './flow-scope.ts'
import type { TaskFrame } from './task-frame.ts'
import type { Signal } from './ports.ts'

export interface RunContext {
  /** The enclosing flow run and its present attempt; null outside flows. */
  readonly flow: FlowScope | null
  readonly attempt: Attempt | null
  /** The innermost task run; null in the flow's own code. */
  readonly task: TaskFrame | null
  /** Tags for every run that begins here. */
  readonly tags: readonly string[]
  readonly logPrints: boolean
  readonly persistResult: boolean
  /** Aborts when the run shall stop. Null where nothing can be stopped. */
  readonly signal: Signal | null
}

export const NO_TAGS: readonly string[] = []
