/**
 * The orchestrator of one process: the same machine over Maps. For offline scripts and for tests.
 *
 * 1. It decides flow runs as a workspace does, and only records what is reported of task runs.
 * 2. What was decided is answered in the order in which it was asked.
 * 3. With `keepEnded: false` it holds only what it decides from, so that a process that runs flows for weeks does not grow.
 */
import { applyState } from '../machine/apply-state.ts'
import { currentState, hasEnded } from '../machine/facts.ts'
import { newFlowRun, newTaskRun } from '../machine/new-run.ts'
import { transitionFlowRun, type Transition } from '../machine/transition.ts'
import type { FlowRun } from '../protocol/flow-run.ts'
import type { LogItem, RunCreateItem, RunProposeItem, TaskItem } from '../protocol/frames.ts'
import type { FlowId, FlowRunId, SessionId, TaskRunId } from '../protocol/ids.ts'
import { mintFlowId, mintSessionId, mintTransitionId, type Random } from '../protocol/mint.ts'
import type { Instant } from '../protocol/instants.ts'
import type { LogLine } from '../protocol/log.ts'
import type { TaskRun } from '../protocol/task-run.ts'
import { OrchestratorError, type Created, type Orchestrator, type Verdict } from './ports.ts'
import type { Stop } from './flow-scope.ts'

export interface RecordedLine extends LogLine {
  readonly run: FlowRunId | null
  readonly task: TaskRunId | null
}

export interface MemoryOptions {
  readonly now: () => Instant
  readonly random: Random
  readonly keepLogs?: boolean
  /** False: task runs, and flow runs that have ended, are not held. */
  readonly keepEnded?: boolean
}

export class MemoryOrchestrator implements Orchestrator {
  readonly flowRuns = new Map<FlowRunId, FlowRun>()
  readonly taskRuns = new Map<TaskRunId, TaskRun>()
  readonly flows = new Map<string, FlowId>()
  readonly logs: RecordedLine[] = []
  /** How many items were taken, for those who count messages. */
  readonly counts = { create: 0, propose: 0, report: 0, log: 0 }
  readonly #now: () => Instant
  readonly #random: Random
  readonly #session: SessionId
  readonly #keepLogs: boolean
  readonly #keepEnded: boolean
  readonly #listeners = new Map<FlowRunId, (why: Stop) => void>()

  constructor({ now, random, keepLogs = true, keepEnded = true }: MemoryOptions) {
    this.#now = now
    this.#random = random
    this.#keepLogs = keepLogs
    this.#keepEnded = keepEnded
    this.#session = mintSessionId(now(), random)
  }

  runUrl(): undefined {
    return undefined
  }

  async create({ id, created, flow, ...facts }: Omit<RunCreateItem, 'type'>): Promise<Created> {
    this.counts.create++
    const now = this.#now()
    const known = this.flowRuns.get(id)
    if (known !== undefined) return createdOf(known)
    const flow_id = this.flows.get(flow.name) ?? mintFlowId(now, this.#random)
    this.flows.set(flow.name, flow_id)
    const made = newFlowRun({ id, created, flow_id, session_id: this.#session, epoch: 1, ...facts }, now)
    const { run } = transitionFlowRun(made, { type: 'PENDING' }, { now, random: this.#random })
    this.flowRuns.set(id, run)
    return createdOf(run)
  }

  async propose({ run: id, transition_id, state, name }: Omit<RunProposeItem, 'type'>): Promise<Verdict> {
    this.counts.propose++
    const run = this.#get(id)
    const proposal = { ...state, state_details: { ...state.state_details, transition_id } }
    const transition = transitionFlowRun(name === undefined ? run : { ...run, name }, proposal, { now: this.#now(), random: this.#random })
    if (!this.#keepEnded && hasEnded(transition.run)) this.flowRuns.delete(id)
    else this.flowRuns.set(id, transition.run)
    return verdictOf(transition)
  }

  report({ run, id, from, states, create, name, flow_run_run_count }: Omit<TaskItem, 'type'>): void {
    this.counts.report++
    if (!this.#keepEnded) return
    const known = this.taskRuns.get(id) ?? (create && newTaskRun({ id, flow_run_id: run, ...create }, create.created))
    if (known === undefined || from > known.states.length)
      throw new OrchestratorError('frame_out_of_order', `States of task run ${id} are missing before number ${from}.`)
    const fresh = states.slice(known.states.length - from)
    const next = fresh.reduce(applyState, known)
    const updated = fresh.at(-1)?.timestamp ?? known.updated
    this.taskRuns.set(id, { ...next, updated, name: name ?? next.name, flow_run_run_count: flow_run_run_count ?? next.flow_run_run_count })
  }

  log({ run, task, lines }: Omit<LogItem, 'type' | 'first'>): void {
    this.counts.log++
    if (this.#keepLogs) for (const line of lines) this.logs.push({ ...line, run, task: line.k ?? task ?? null })
  }

  room(): undefined {
    return undefined
  }

  async flush(): Promise<void> {}

  onStop(run: FlowRunId, stop: (why: Stop) => void): () => void {
    this.#listeners.set(run, stop)
    return () => this.#listeners.delete(run)
  }

  /** Asks a run to stop, as somebody who presses Cancel does. */
  cancel(id: FlowRunId): Verdict {
    const transition_id = mintTransitionId(this.#now(), this.#random)
    const transition = transitionFlowRun(
      this.#get(id),
      { type: 'CANCELLING', state_details: { transition_id } },
      { now: this.#now(), random: this.#random },
    )
    this.flowRuns.set(id, transition.run)
    if (transition.state?.type === 'CANCELLING') this.#listeners.get(id)?.({ kind: 'cancel' })
    return verdictOf(transition)
  }

  /** Tells the executor that it has lost a run. */
  lose(id: FlowRunId, reason: string): void {
    this.#listeners.get(id)?.({ kind: 'lost', reason })
  }

  #get(id: FlowRunId): FlowRun {
    const run = this.flowRuns.get(id)
    if (run === undefined) throw new OrchestratorError('not_found', `There is no flow run ${id}.`)
    return run
  }
}

function createdOf(run: FlowRun): Created {
  const state = currentState(run)
  if (state === null) throw new OrchestratorError('unexpected', `Flow run ${run.id} has no state.`)
  return { type: 'created', epoch: run.epoch, flow_id: run.flow_id, name: run.name, state }
}

function verdictOf(transition: Transition<FlowRun>): Verdict {
  const { status, run, state } = transition
  if (state === null) throw new OrchestratorError('unexpected', `Flow run ${run.id} has no state.`)
  return {
    type: 'verdict',
    status,
    state,
    run_count: run.run_count,
    ...(transition.status !== 'ACCEPT' && { reason: transition.reason }),
    ...(transition.status === 'WAIT' && { delay_seconds: transition.delaySeconds }),
  }
}
