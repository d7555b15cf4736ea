/**
 * What one flow run keeps in this process while it is executed here.
 *
 * 1. `epoch` and `runCount` are the workspace's words; nothing here guesses them.
 * 2. An attempt that is `over` starts nothing new, and what its tasks still do changes nothing any more.
 * 3. After `lost` nothing of this run is written.
 */
import type { FlowRunId } from '../protocol/ids.ts'
import type { Instant } from '../protocol/instants.ts'
import type { TaskRun } from '../protocol/task-run.ts'
import type { RunContext } from './context.ts'
import type { LogTarget } from './core.ts'
import { AbortedError, CancelledError } from './errors.ts'
import type { Outcome } from './run-state.ts'
import type { Controller, Orchestrator, Signal } from './ports.ts'
import type { TaskFrame } from './task-frame.ts'
import { Slots } from './task-runners.ts'

export type Stop = { readonly kind: 'cancel' } | { readonly kind: 'lost'; readonly reason: string }

/** A task run, or a subflow, as an earlier attempt left it. */
export interface Remembered {
  readonly run: TaskRun
  /** The arguments as text, where a kept result may be used again for the same ones. */
  readonly inputs?: string
  /** The value of a completed subflow. */
  readonly outcome?: Outcome
}

export class FlowScope implements LogTarget {
  readonly id: FlowRunId
  readonly flowName: string
  readonly #orchestrator: Orchestrator
  /** The context in which the flow was called; undefined at the top. */
  readonly caller: RunContext | undefined
  readonly tags: readonly string[]
  readonly version: string | null
  readonly createdAt: Instant
  readonly taskId = null
  name: string
  epoch = 1
  runCount = 0
  parameters: Readonly<Record<string, unknown>> = {}
  stop: Stop | undefined
  /** Whether there may be another attempt, so that this one's task runs must be remembered. */
  readonly mayRetry: boolean
  readonly remembered = new Map<string, Remembered>()

  constructor(facts: {
    readonly id: FlowRunId
    readonly name: string
    readonly flowName: string
    readonly orchestrator: Orchestrator
    readonly caller: RunContext | undefined
    readonly tags: readonly string[]
    readonly version: string | null
    readonly createdAt: Instant
    readonly mayRetry: boolean
  }) {
    this.id = facts.id
    this.name = facts.name
    this.flowName = facts.flowName
    this.#orchestrator = facts.orchestrator
    this.caller = facts.caller
    this.tags = facts.tags
    this.version = facts.version
    this.createdAt = facts.createdAt
    this.mayRetry = facts.mayRetry
  }

  get runId(): FlowRunId {
    return this.id
  }
  /** Undefined once nothing may be written any more. */
  get orchestrator(): Orchestrator | undefined {
    return this.isLost ? undefined : this.#orchestrator
  }
  get source(): string {
    return `Flow run '${this.name}'`
  }
  get rootId(): FlowRunId {
    return this.caller?.flow?.rootId ?? this.id
  }
  get isLost(): boolean {
    return this.stop?.kind === 'lost'
  }
  /** Why it was stopped, for those who are stopped. */
  stopError(): Error {
    if (this.stop?.kind === 'lost') return new AbortedError(`This executor has lost the flow run: ${this.stop.reason}`)
    return new CancelledError('The flow run was cancelled.')
  }
}

/** One attempt of a flow run. */
export class Attempt {
  readonly slots: Slots
  /** Calls so far, by task name: the next call's index. */
  readonly counters = new Map<string, number>()
  /** Every task run of this attempt, in the order of the calls. */
  readonly frames: TaskFrame[] = []
  /** How to stop the subflows that are running. */
  readonly children = new Set<(why: Stop) => void>()
  /** How to end the streams whose readers may have gone. */
  readonly streams = new Set<() => void>()
  readonly #controller: Controller
  #open = 0
  #drained: (() => void) | undefined
  /** Why nothing new may start. */
  over: Error | undefined

  constructor(controller: Controller, maxWorkers: number) {
    this.#controller = controller
    this.slots = new Slots(maxWorkers)
  }

  get signal(): Signal {
    return this.#controller.signal
  }

  began(frame: TaskFrame): void {
    this.frames.push(frame)
    this.hold()
  }

  /** Something of this attempt is on its way; {@link ended} when it is no more. */
  hold(): void {
    this.#open++
  }

  ended(): void {
    if (--this.#open === 0) this.#drained?.()
  }

  /**
   * The flow's own code has ended: resolves when all that it started has, too. A call that is still on its way is one that nobody awaited.
   */
  async complete(): Promise<void> {
    for (const frame of this.frames) if (!frame.isSettled && !frame.isSubmitted && frame.caller?.task == null) frame.isObserved = false
    for (const cancel of this.streams) cancel()
    while (this.#open > 0) await new Promise<void>((done) => (this.#drained = done))
  }

  /** Nothing new may start; what runs is told by its signal. */
  refuse(why: Error): void {
    if (this.over !== undefined) return
    this.over = why
    this.#controller.abort(why)
    this.slots.close()
    for (const stop of this.children) stop({ kind: 'cancel' })
  }

  /** Ends what did not end by itself. */
  close(message: string): void {
    this.refuse(new AbortedError(message))
    for (const frame of this.frames) if (!frame.isSettled) frame.abandon(message)
  }
}
