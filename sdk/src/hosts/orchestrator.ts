/**
 * The engine's orchestrator over the live socket of a workspace.
 *
 * 1. A flow run costs three control items; states of a task run are merged on the way; log lines go in bundles.
 * 2. It knows which runs it holds (created, not yet ended), so that a process that dies can say so.
 * 3. A write that the workspace refuses because the run's lease has ended stops the run, whoever made the write.
 */
import { OrchestratorError, type Created, type Orchestrator, type Verdict } from '../engine/ports.ts'
import { ApiError } from '../client/errors.ts'
import { Live } from '../client/live.ts'
import type { LiveOptions, ReportRefused } from '../client/live-options.ts'
import type { ControlItem } from '../client/outbox.ts'
import type { Cancel, ItemAnswer, Lost, RunProposeItem } from '../protocol/frames.ts'
import { mintTransitionId, type FlowRunId } from '../protocol/ids.ts'
import type { Instant } from '../protocol/instants.ts'
import { LOG_LEVELS } from '../protocol/log-levels.ts'
import { isTerminal } from '../protocol/state-types.ts'

type Stop = Parameters<Parameters<Orchestrator['onStop']>[1]>[0]
type Proposal = Omit<RunProposeItem, 'type'>

const LOST_SESSION = "The workspace was without a sign of life for too long and has given this program's runs up."

interface Held {
  readonly epoch: number
  name: string
  /** The workspace has said that this session holds it. */
  isCreated: boolean
  readonly listeners: Set<(stop: Stop) => void>
  /** What was said before anybody listened, or to those who come later. */
  stop: Stop | undefined
}

export interface LiveOrchestrator extends Orchestrator {
  readonly live: Live
  /** Runs that are neither ended nor lost. */
  readonly heldRuns: number
  /**
   * Says for every held run that it crashed, and hands everything over; nobody waits for the answers, nor tells the runs: the process ends. Answers
   * their names.
   */
  abandon(message: string, now: Instant): readonly string[]
}

export type LiveOrchestratorOptions = Omit<LiveOptions, 'onStop' | 'onReportRefused'> & {
  /** A report that the workspace did not take, as a sentence. */
  readonly onRefused: (sentence: string) => void
}

export function liveOrchestrator(options: LiveOrchestratorOptions): LiveOrchestrator {
  const held = new Map<FlowRunId, Held>()
  const { apiUrl, onRefused } = options

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
    if (failure.code === 'stale_lease') {
      if (holding !== undefined) stop(holding, { kind: 'lost', reason: failure.detail })
      return // the run has told that it is lost, and once is enough
    }
    onRefused(`The workspace did not take ${what === 'log' ? 'log lines' : 'states of a task run'}: ${failure.detail}`)
  }
  let wasGreeted = false
  const greeted: LiveOptions['onWelcome'] = (welcome, resumed) => {
    const isOther = wasGreeted && !resumed
    wasGreeted = true
    if (isOther) for (const [run, { isCreated }] of held) if (isCreated) stop(run, { kind: 'lost', reason: LOST_SESSION })
    options.onWelcome?.(welcome, resumed)
  }
  const live = new Live({ ...options, onStop: told, onReportRefused: refused, onWelcome: greeted })

  return {
    live,
    get heldRuns() {
      return held.size
    },
    runUrl: (run) => `${pageUrl(apiUrl)}/runs/flow-run/${run}`,
    create: async (run) => {
      const holding: Held = { epoch: 1, name: run.name, isCreated: false, listeners: new Set(), stop: undefined }
      held.set(run.id, holding)
      try {
        const created = expectAnswer(await ask(live, { type: 'run.create', ...run }), 'created')
        holding.isCreated = true
        return created
      } catch (error) {
        held.delete(run.id)
        throw error
      }
    },
    propose: async (proposal) => {
      const holding = held.get(proposal.run)
      if (holding !== undefined && proposal.name !== undefined) holding.name = proposal.name
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
    abandon: (message, now) => {
      const names: string[] = []
      for (const [run, { epoch, name }] of held) {
        names.push(name)
        live.log({ run, epoch, lines: [{ t: now, l: LOG_LEVELS.ERROR, m: crashLine(message), n: 'flowcell.flow_runs' }] })
        live.request({ type: 'run.propose', ...crash(run, epoch, message, now) }).catch(() => undefined) // the process ends: nobody could be told
        held.delete(run)
      }
      live.handOver()
      return names
    },
  }
}

export const crashLine = (message: string): string => `Crash detected! ${message}`

function crash(run: FlowRunId, epoch: number, message: string, now: Instant): Proposal {
  return { run, epoch, transition_id: mintTransitionId(now, Math.random), state: { type: 'CRASHED', name: 'Crashed', message } }
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
