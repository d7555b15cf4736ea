/**
 * One task run while this process executes it: its record, what it waits for, who waits for it.
 *
 * 1. States are decided by the machine and reported once each, in order; PENDING travels with what follows at once.
 * 2. A settled frame never changes again: what its code does later is not seen.
 * 3. Before anything of it runs it has no record, and when it has settled it lets go of arguments and history, unless another attempt of the
 *    flow run may need the history. So 10,000 mapped tasks hold 5 MB before they start and 6 when they have ended (measured).
 */
import { transitionTaskRun, type Transition } from '../machine/transition.ts'
import type { FlowRunId, TaskRunId } from '../protocol/ids.ts'
import type { Instant } from '../protocol/instants.ts'
import type { State, StateProposal } from '../protocol/states.ts'
import type { TaskRun } from '../protocol/task-run.ts'
import type { RunContext } from './context.ts'
import type { Core, LogTarget } from './core.ts'
import { bindParameters, type Parameters } from './parameters.ts'
import { CancelledError } from './errors.ts'
import type { Attempt, FlowScope } from './flow-scope.ts'
import { TaskFuture } from './futures.ts'
import type { Inputs } from './inputs.ts'
import type { Orchestrator, Signal } from './ports.ts'
import type { Outcome } from './run-state.ts'
import { recordOf, runNameOf, type TaskKind } from './task-record.ts'
import { reportsOf } from './task-report.ts'

interface FrameFacts {
  readonly core: Core
  readonly kind: TaskKind
  readonly id: TaskRunId
  /** The task's name, and how many calls of that name there were before. */
  readonly name: string
  readonly index: number
  /** When it was called. */
  readonly at: Instant
  readonly caller: RunContext | undefined
  readonly tags: readonly string[]
  readonly signal: Signal | null
  readonly args: readonly unknown[]
  readonly inputs: Inputs | undefined
  readonly isSubmitted: boolean
  /** Its record when an earlier attempt of the flow run made one. */
  readonly known: TaskRun | undefined
}

export class TaskFrame implements LogTarget {
  readonly core: Core
  readonly id: TaskRunId
  readonly taskName: string
  readonly caller: RunContext | undefined
  readonly tags: readonly string[]
  readonly isSubmitted: boolean
  readonly future: TaskFuture<unknown>
  /** Aborts when whatever called it shall stop. */
  readonly outerSignal: Signal | null
  /** Aborts when this run alone shall stop, see `timeoutSeconds`. */
  signal: Signal | null
  args: readonly unknown[]
  inputs: Inputs | undefined
  /** How it ended, once it has. */
  outcome: Outcome | undefined
  /** Task runs whose failure shows in this one's. */
  upstream: readonly TaskFrame[] = NO_FRAMES
  isObserved: boolean
  runCount = 0
  /** Of a task outside flows, once it is on its way. */
  outside: Orchestrator | undefined
  readonly #kind: TaskKind
  readonly #index: number
  readonly #at: Instant
  #name: string | undefined
  #run: TaskRun | undefined
  /** The last state; stays when the record is let go. */
  #last: State | undefined
  /** So many states were reported, in this attempt of the flow run or an earlier one. */
  #reported: number
  #nameChanged = false
  #hasTurn = false
  #yields = 0

  constructor({ core, kind, id, name, index, at, caller, tags, signal, args, inputs, isSubmitted, known }: FrameFacts) {
    this.core = core
    this.#kind = kind
    this.id = id
    this.taskName = name
    this.#index = index
    this.#at = at
    this.caller = caller
    this.tags = tags
    this.outerSignal = signal
    this.signal = signal
    this.args = args
    this.inputs = inputs
    this.isSubmitted = isSubmitted
    this.isObserved = !isSubmitted
    this.#name = known?.name
    this.#run = known
    this.#reported = known?.states.length ?? 0
    this.future = new TaskFuture(this)
  }

  /** The record; undefined once it was let go. */
  get run(): TaskRun | undefined {
    return this.#run ?? (this.isSettled ? undefined : (this.#run = this.#begin()))
  }
  #begin(): TaskRun {
    const { id, taskName, tags, inputs, core } = this
    const facts = { kind: this.#kind, index: this.#index, flowRunId: this.runId, at: this.#at, random: core.random }
    return recordOf({ ...facts, id, taskName, tags, inputs })
  }
  /** The latest state. */
  get state(): State {
    const state = this.#last ?? this.run?.states.at(-1)
    if (state === undefined) throw new Error(`Task run '${this.name}' has no state.`)
    return state
  }
  get isSettled(): boolean {
    return this.outcome !== undefined
  }
  /** The error of a run that settled without a value. */
  get failure(): unknown {
    return this.outcome?.ok === false ? this.outcome.error : undefined
  }
  get name(): string {
    return this.#name ?? runNameOf(this.taskName, this.#index)
  }
  get flow(): FlowScope | null {
    return this.caller?.flow ?? null
  }
  get attempt(): Attempt | null {
    return this.caller?.attempt ?? null
  }
  get logPrints(): boolean {
    return this.#kind.logPrints ?? this.caller?.logPrints ?? this.core.settings().logPrints
  }
  get persistResult(): boolean {
    return this.#kind.persistResult ?? this.caller?.persistResult ?? this.core.settings().persistResults
  }
  /** Of the code of this run. */
  get context(): RunContext {
    const { flow, attempt, tags, logPrints, persistResult, outerSignal } = this
    return { flow, attempt, task: this, tags, logPrints, persistResult, signal: outerSignal }
  }

  // What a line of this run's log is written to.
  get orchestrator(): Orchestrator | undefined {
    return this.flow === null ? this.outside : this.flow.orchestrator
  }
  get source(): string {
    return `Task run '${this.name}'`
  }
  get runId(): FlowRunId | null {
    return this.flow?.id ?? null
  }
  get taskId(): TaskRunId {
    return this.id
  }
  /** The same in every attempt of its flow run. */
  get idempotencyKey(): string {
    return this.flow === null ? this.id : `${this.flow.id}/${this.key}`
  }
  /** Arguments by name. */
  get parameters(): Parameters {
    return bindParameters(this.#kind.parameters, this.args)
  }
  /** Its place among the calls of its flow run. */
  get key(): string {
    return `${this.taskName}-${this.#index}`
  }
  get epoch(): number {
    return this.flow?.epoch ?? 0
  }

  /** Somebody looked at how this ended, and thereby at all that it depends on. */
  observe(): void {
    const open: TaskFrame[] = [this]
    for (let frame = open.pop(); frame !== undefined; frame = open.pop()) {
      if (frame.isObserved && frame !== this) continue
      frame.isObserved = true
      for (const upstream of frame.upstream) if (!upstream.isObserved) open.push(upstream)
    }
  }

  /** True for `ancestor` itself and for everything that it called. */
  isInside(ancestor: TaskFrame): boolean {
    return this === ancestor || this.#parent?.isInside(ancestor) === true
  }

  /** The task run that called this one. */
  get #parent(): TaskFrame | undefined {
    return this.caller?.task ?? undefined
  }

  rename(name: string): void {
    this.#name = name
    if (this.run !== undefined) this.#run = { ...this.run, name }
    this.#nameChanged = true
  }

  /** Asks the machine for the next state, and keeps what it says. */
  propose(proposal: StateProposal, force = false): Transition<TaskRun> {
    const { core, flow } = this
    const { run } = this
    if (run === undefined) throw new Error(`Task run '${this.name}' has ended already.`)
    const transition = transitionTaskRun(run, proposal, {
      now: core.host.now(),
      random: core.random,
      flowRun: flow === null ? null : { run_count: flow.runCount, type: 'RUNNING' },
      ...(force && { force }),
    })
    if (transition.changed) {
      this.#run = transition.run
      this.runCount = transition.run.run_count
    }
    return transition
  }

  /** Sends the states that were not sent yet. Called where something follows that takes time. */
  report(): void {
    const { run, flow, orchestrator } = this
    if (run === undefined || orchestrator === undefined || this.#reported === run.states.length) return
    const news = {
      epoch: this.epoch,
      from: this.#reported,
      isNew: this.#reported === 0,
      isRenamed: this.#nameChanged,
      isInFlow: flow !== null,
    }
    for (const item of reportsOf(run, news)) orchestrator.report(item)
    this.#reported = run.states.length
    this.#nameChanged = false
  }

  settle(outcome: Outcome): void {
    if (this.isSettled) return
    const { id, type, name, timestamp, message, state_details } = this.state
    this.outcome = outcome
    this.report()
    this.args = NO_ARGS
    this.inputs = undefined
    if (this.flow?.mayRetry !== true) {
      this.#run = undefined
      this.#last = { id, type, name, timestamp, message, state_details }
    }
    this.returnTurn()
    this.attempt?.ended()
    TaskFuture.tell(this.future, outcome)
  }

  /** Ends a run that would not end by itself, because its flow run's attempt is over. */
  abandon(message: string): void {
    if (this.isSettled) return
    if (this.flow?.isLost !== true && this.state.name !== 'NotReady') this.propose({ type: 'CANCELLED', message })
    this.settle({ ok: false, error: this.attempt?.over ?? new CancelledError(message) })
  }

  // Turns. A task that was called directly runs inside the turn of its caller.

  async takeTurn(): Promise<void> {
    const { attempt } = this
    if (attempt === null || !this.isSubmitted) return
    if (!attempt.slots.tryTake()) {
      this.report()
      await attempt.slots.take()
    }
    if (this.isSettled) attempt.slots.give()
    else this.#hasTurn = true
  }

  returnTurn(): void {
    if (!this.#hasTurn) return
    this.#hasTurn = false
    this.attempt?.slots.give()
  }

  /** Whose turn this run is part of. */
  get turnHolder(): TaskFrame | null {
    return this.#hasTurn || this.#yields > 0 ? this : (this.#parent?.turnHolder ?? null)
  }

  /** While this waits for other tasks, they may have its turn. */
  yieldTurn(): void {
    if (this.#yields++ === 0) this.returnTurn()
  }
  async retakeTurn(): Promise<void> {
    if (--this.#yields === 0 && !this.isSettled) await this.takeTurn()
  }
}

const NO_FRAMES: readonly TaskFrame[] = []
const NO_ARGS: readonly unknown[] = []
