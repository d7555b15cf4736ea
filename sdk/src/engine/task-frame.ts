/**
 * One task run while this process executes it: its record, what it waits for, who waits for it.
 *
 * 1. States are decided by the machine and reported once each, in order; PENDING travels with what follows at once.
 * 2. A settled frame never changes again: what its code does later is not seen.
 * 3. When it settles it lets go of arguments, value and history, unless another attempt of the flow run may need the history.
 */
import { transitionTaskRun, type Transition } from '../machine/transition.ts'
import type { FlowRunId, TaskRunId } from '../protocol/ids.ts'
import type { State, StateProposal } from '../protocol/states.ts'
import type { TaskRun } from '../protocol/task-run.ts'
import type { RunContext } from './context.ts'
import type { Core, LogTarget } from './core.ts'
import { bindParameters, type Parameters } from './parameters.ts'
import type { ParameterInfo } from '../protocol/parameters.ts'
import { CancelledError } from './errors.ts'
import type { Attempt, FlowScope } from './flow-scope.ts'
import { TaskFuture } from './futures.ts'
import type { Inputs } from './inputs.ts'
import type { Orchestrator, Signal } from './ports.ts'
import type { Outcome } from './run-state.ts'
import { reportsOf } from './task-report.ts'

export interface FrameFacts {
  readonly core: Core
  readonly taskName: string
  readonly run: TaskRun
  /** How many of the run's states were reported in an earlier attempt. */
  readonly reported: number
  readonly isNew: boolean
  readonly flow: FlowScope | null
  readonly attempt: Attempt | null
  readonly caller: RunContext | undefined
  readonly context: Omit<RunContext, 'task'>
  readonly args: readonly unknown[]
  readonly inputs: Inputs | undefined
  readonly isSubmitted: boolean
  /** Names of the arguments, once they are known. */
  readonly names: () => readonly ParameterInfo[] | undefined
}

export class TaskFrame implements LogTarget {
  readonly core: Core
  readonly id: TaskRunId
  readonly taskName: string
  readonly flow: FlowScope | null
  readonly attempt: Attempt | null
  readonly caller: RunContext | undefined
  readonly context: RunContext
  readonly isSubmitted: boolean
  args: readonly unknown[]
  inputs: Inputs | undefined
  name: string
  run: TaskRun | undefined
  /** The latest state; stays when `run` is let go. */
  state: State
  /** The error of a run that settled without a value. */
  failure: unknown
  /** Task runs whose failure shows in this one's. */
  upstream: readonly TaskFrame[] = []
  isSettled = false
  isObserved: boolean
  /** Aborts when this run alone shall stop, see `timeoutSeconds`. */
  signal: Signal | null
  runCount = 0
  readonly tags: readonly string[]
  readonly future: TaskFuture<unknown>
  readonly #names: FrameFacts['names']
  /** Of a task outside flows, once it is on its way. */
  outside: Orchestrator | undefined
  readonly #key: string
  #reported: number
  #isNew: boolean
  #nameChanged = false
  #hasTurn = false
  #yields = 0

  constructor(facts: FrameFacts, first: State) {
    const { run, flow, isSubmitted } = facts
    this.core = facts.core
    this.id = run.id
    this.taskName = facts.taskName
    this.name = run.name
    this.tags = run.tags
    this.run = run
    this.#key = `${run.task_key}-${run.dynamic_key}`
    this.state = first
    this.flow = flow
    this.attempt = facts.attempt
    this.caller = facts.caller
    this.signal = facts.context.signal
    this.context = { ...facts.context, task: this }
    this.args = facts.args
    this.inputs = facts.inputs
    this.isSubmitted = isSubmitted
    this.isObserved = !isSubmitted
    this.#reported = facts.reported
    this.#isNew = facts.isNew
    this.#names = facts.names
    this.future = new TaskFuture(this)
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
    return bindParameters(this.#names(), this.args)
  }
  /** Its place among the calls of its flow run. */
  get key(): string {
    return this.#key
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
    this.name = name
    if (this.run !== undefined) this.run = { ...this.run, name }
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
      this.run = transition.run
      this.state = transition.state
      this.runCount = transition.run.run_count
    }
    return transition
  }

  /** Sends the states that were not sent yet. Called where something follows that takes time. */
  report(): void {
    const { run, flow, orchestrator } = this
    if (run === undefined || orchestrator === undefined || this.#reported === run.states.length) return
    const news = { epoch: this.epoch, from: this.#reported, isNew: this.#isNew, isRenamed: this.#nameChanged, isInFlow: flow !== null }
    for (const item of reportsOf(run, news)) orchestrator.report(item)
    this.#reported = run.states.length
    this.#isNew = false
    this.#nameChanged = false
  }

  settle(outcome: Outcome): void {
    if (this.isSettled) return
    this.isSettled = true
    this.report()
    if (!outcome.ok) this.failure = outcome.error
    this.args = []
    this.inputs = undefined
    if (this.flow?.mayRetry !== true) {
      this.run = undefined
      const { data: _, ...state } = this.state
      this.state = state
    }
    this.returnTurn()
    this.attempt?.ended()
    TaskFuture.settle(this.future, outcome)
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
