/**
 * The orchestrator of a kernel: the workspace over the page's socket, or memory where the link may not record. It knows which cell began a run,
 * so that the page can show it there and stop it with its cell.
 */
import { MemoryOrchestrator } from '#sdk/engine/memory.ts'
import type { Host, Orchestrator } from '#sdk/engine/ports.ts'
import type { OpenLink } from '#sdk/client/link.ts'
import { connectionWords, type Say } from '#sdk/hosts/connection-words.ts'
import { liveOrchestrator } from '#sdk/hosts/orchestrator.ts'
import type { FlowRunId } from '#sdk/protocol/ids.ts'
import { isTerminal } from '#sdk/protocol/state-types.ts'
import { LABELS } from './kernel-items.ts'
import type { FlowRunOutput } from './media.ts'
import type { FromKernel, KernelSetup } from './messages.ts'

type Stop = Parameters<Orchestrator['onStop']>[1]

export interface OrchestratorPorts {
  readonly setup: KernelSetup
  readonly open: OpenLink
  readonly now: Host['now']
  readonly random: Host['random']
  readonly say: Say
  /** The cell whose code begins a run. */
  readonly currentCell: () => string | undefined
  readonly send: (message: FromKernel) => void
  /** The platform's own timer, which carries no context. */
  readonly later: (ms: number, work: () => void) => void
}

/** Runs whose names are known, for states that cells show. */
const MAX_REMEMBERED = 10_000
const WAITING_MS = 1_000
/** A page that is open waits for its workspace as long as it takes. */
const NEVER_MS = 2 ** 31 - 1
const UNRECORDED = 'Your link lets you run cells in this tab only: runs are neither recorded nor stored.'

/** Runs that cells have begun and that have not ended. */
export class CellRuns {
  readonly #ports: OrchestratorPorts
  readonly #open = new Map<FlowRunId, { readonly cell: string | undefined; readonly stops: Set<Stop> }>()
  readonly #waiting: (() => void)[] = []
  readonly #made = new Map<string, FlowRunOutput>()

  constructor(ports: OrchestratorPorts) {
    this.#ports = ports
  }

  /** A run that was created here. */
  find(id: string): FlowRunOutput | undefined {
    return this.#made.get(id)
  }

  /** Asks the runs of a cell to stop. Resolves when they have ended. */
  async stop(cell: string): Promise<void> {
    for (const run of this.#open.values()) if (run.cell === cell) for (const stop of run.stops) stop({ kind: 'cancel' })
    while ([...this.#open.values()].some((run) => run.cell === cell)) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async connect(): Promise<Orchestrator> {
    const { setup, say, now, random } = this.#ports
    if (setup.isRecorded) return this.#tracked(await this.#live())
    say('INFO', UNRECORDED)
    return this.#tracked(new MemoryOrchestrator({ now, random, keepLogs: false, keepEnded: false }))
  }

  async #live(): Promise<Orchestrator> {
    const { setup, open, say, later } = this.#ports
    let isReady = false
    const orchestrator = liveOrchestrator({
      apiUrl: setup.apiUrl,
      kind: 'page',
      name: 'kernel',
      link: open,
      ...connectionWords(say),
    })
    later(WAITING_MS, () => {
      if (!isReady) say('WARNING', 'Waiting for the workspace: the flow begins when it is there.')
    })
    await orchestrator.live.ready(NEVER_MS)
    isReady = true
    return orchestrator
  }

  #tracked(inner: Orchestrator): Orchestrator {
    const { currentCell, send } = this.#ports
    return {
      runUrl: (run) => inner.runUrl(run),
      create: async (run) => {
        const cell = currentCell()
        this.#open.set(run.id, { cell, stops: new Set() })
        this.#remember({ id: run.id, name: run.name, flow: run.flow.name })
        if (cell !== undefined && run.parent_task_run_id == null)
          send({ type: 'flowRun', cell, id: run.id, name: run.name, flow: run.flow.name })
        try {
          return await inner.create(cell === undefined ? run : { ...run, labels: { ...run.labels, [LABELS.cell]: cell } })
        } catch (error) {
          this.#ended(run.id)
          throw error
        }
      },
      propose: async (proposal) => {
        const verdict = await inner.propose(proposal)
        if (isTerminal(verdict.state.type)) this.#ended(proposal.run)
        return verdict
      },
      room: () => inner.room(),
      report: (task) => inner.report(task),
      log: (lines) => inner.log(lines),
      flush: () => inner.flush(),
      onStop: (run, stop) => {
        const stops = this.#open.get(run)?.stops
        stops?.add(stop)
        const unlisten = inner.onStop(run, (why) => {
          if (why.kind === 'lost') this.#ended(run)
          stop(why)
        })
        return () => {
          stops?.delete(stop)
          unlisten()
        }
      },
    }
  }

  #remember(run: FlowRunOutput): void {
    this.#made.set(run.id, run)
    const [oldest] = this.#made.keys()
    if (this.#made.size > MAX_REMEMBERED && oldest !== undefined) this.#made.delete(oldest)
  }

  #ended(run: FlowRunId): void {
    this.#open.delete(run)
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
