/**
 * The engine's orchestrator over the live socket of a workspace.
 *
 * 1. A flow run costs three control items; states of a task run are merged on the way; log lines go in bundles.
 * 2. It knows which runs it holds (created, not yet ended), so that a process that dies can say so.
 * 3. A write that the workspace refuses because the run's lease has ended stops the run, whoever made the write.
 */
import { OrchestratorError, type Created, type Orchestrator, type Verdict } from '../engine/ports.ts'
import { ApiError } from '../client/errors.ts'
import { Live, type LiveOptions, type ReportRefused } from '../client/live.ts'
import type { ControlItem } from '../client/outbox.ts'
import type { Cancel, ItemAnswer, Lost, RunProposeItem } from '../protocol/frames.ts'
import { TransitionId, type FlowRunId } from '../protocol/ids.ts'
import { isTerminal } from '../protocol/states.ts'

type Stop = Parameters<Parameters<Orchestrator['onStop']>[1]>[0]
type Proposal = Omit<RunProposeItem, 'type'>

interface Held {
  readonly epoch: number
  readonly listeners: Set<(stop: Stop) => void>
  /** What was said before anybody listened, or to those who come later. */
  stop: Stop | undefined
}

export interface LiveOrchestrator extends Orchestrator {
  readonly live: Live
  /** Runs that are neither ended nor lost. */
  readonly heldRuns: number
  /** Proposes CRASHED for every held run, stops them, and hands everything over; nobody waits for the answers. */
  abandon(message: string): void
}

export type LiveOrchestratorOptions = Omit<LiveOptions, 'onStop' | 'onReportRefused'> & {
  /** A report that the workspace did not take, as a sentence. */
  readonly onTrouble: (failure: { readonly code: string; readonly detail: string }) => void
}

export function liveOrchestrator(options: LiveOrchestratorOptions): LiveOrchestrator {
  const held = new Map<FlowRunId, Held>()
  const { apiUrl, onTrouble } = options

  const stop = (run: FlowRunId, why: Stop): void => {
    const holding = held.get(run)
    if (holding === undefined || holding.stop?.kind === 'lost' || holding.stop?.kind === why.kind) return
    holding.stop = why
    for (const listener of holding.listeners) listener(why)
    if (why.kind === 'lost') held.delete(run)
  }
  const told = (frame: Cancel | Lost): void => {
    if (held.get(frame.run)?.epoch !== frame.epoch) return
    stop(frame.run, frame.type === 'cancel' ? { kind: 'cancel' } : { kind: 'lost', reason: frame.reason })
  }
  const refused = ({ run, what, failure }: ReportRefused): void => {
    const holding = run === null ? undefined : [...held.keys()].find((id) => id === run)
    if (failure.code === 'stale_lease' && holding !== undefined) return stop(holding, { kind: 'lost', reason: failure.detail })
    onTrouble({
      code: failure.code,
      detail: `The workspace did not take ${what === 'log' ? 'log lines' : 'states of a task run'}: ${failure.detail}`,
    })
  }
  const live = new Live({ ...options, onStop: told, onReportRefused: refused })

  return {
    live,
    get heldRuns() {
      return held.size
    },
    runUrl: (run) => `${pageUrl(apiUrl)}/runs/flow-run/${run}`,
    create: async (run) => {
      held.set(run.id, { epoch: 1, listeners: new Set(), stop: undefined })
      try {
        return expectAnswer(await ask(live, { type: 'run.create', ...run }), 'created')
      } catch (error) {
        held.delete(run.id)
        throw error
      }
    },
    propose: async (proposal) => {
      const answer = await ask(live, { type: 'run.propose', ...proposal })
      if (answer.type === 'refused' && answer.code === 'stale_lease') stop(proposal.run, { kind: 'lost', reason: answer.detail })
      const verdict = expectAnswer(answer, 'verdict')
      if (isTerminal(verdict.state.type)) held.delete(proposal.run)
      return verdict
    },
    report: (task) => live.task({ type: 'task', ...task }),
    log: (lines) => live.log(lines),
    flush: () => live.flush().catch(rethrow),
    onStop: (run, listener) => {
      const holding = held.get(run)
      if (holding === undefined) return () => undefined
      holding.listeners.add(listener)
      if (holding.stop !== undefined) listener(holding.stop)
      return () => holding.listeners.delete(listener)
    },
    abandon: (message) => {
      for (const [run, { epoch }] of held) {
        void live.request({ type: 'run.propose', ...crash(run, epoch, message) }).catch(() => undefined) // the process ends: nobody could be told
        stop(run, { kind: 'lost', reason: message })
      }
      live.handOver()
    },
  }
}

function crash(run: FlowRunId, epoch: number, message: string): Proposal {
  return { run, epoch, transition_id: TransitionId.parse(crypto.randomUUID()), state: { type: 'CRASHED', name: 'Crashed', message } }
}

const ask = (live: Live, item: ControlItem): Promise<ItemAnswer> => live.request(item).catch(rethrow)

function rethrow(error: unknown): never {
  if (error instanceof ApiError) throw new OrchestratorError(error.code, error.detail, { cause: error })
  throw error
}

function expectAnswer(answer: ItemAnswer, type: 'created'): Created
function expectAnswer(answer: ItemAnswer, type: 'verdict'): Verdict
function expectAnswer(answer: ItemAnswer, type: 'created' | 'verdict'): Created | Verdict {
  if (answer.type === 'refused') throw new OrchestratorError(answer.code, answer.detail)
  if (answer.type === type && (answer.type === 'created' || answer.type === 'verdict')) return answer
  throw new OrchestratorError(
    'unexpected_answer',
    `The workspace answered "${answer.type}" where "${type}" was expected. Are server and SDK of one version?`,
  )
}

/** `{origin}/w/{workspace}` of `{origin}/w/{workspace}/api`. */
const pageUrl = (apiUrl: string): string => apiUrl.replace(/\/+$/, '').replace(/\/api$/, '')
