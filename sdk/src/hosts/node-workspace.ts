/**
 * Which workspace a Node process works with, and the connection to it.
 *
 * FLOWCELL_API_URL with FLOWCELL_API_KEY, else the profile, else the local server that runs with the default data folder, else none: then
 * flows run in this process alone, which is said once. A workspace that is configured and does not answer is an error, never a silent
 * offline run.
 */
import { hostname } from 'node:os'
import { ApiError } from '../client/errors.ts'
import { MemoryOrchestrator } from '../engine/memory.ts'
import { OrchestratorError, type ConsoleLine, type Orchestrator } from '../engine/ports.ts'
import { PROTOCOL_VERSION } from '../protocol/wire.ts'
import type { Instant } from '../protocol/instants.ts'
import { connectionWords, type Say } from './connection-words.ts'
import { findWorkspace, type FoundWorkspace } from './find-workspace.ts'
import { threadLink } from './node-live.ts'
import { crashLine, liveOrchestrator } from './orchestrator.ts'
import { watchProcessEnd } from './process-end.ts'
import { usable, type SettingsReading } from './settings.ts'

export interface Surroundings {
  readonly reading: SettingsReading
  readonly now: () => Instant
  readonly random: () => number
  readonly print: (line: ConsoleLine) => void
}

const SOURCE = 'flowcell.workspace'
const OFFLINE =
  'No workspace: flows run in this process only, and nothing is recorded. Start one with "flowcell server start", or set FLOWCELL_API_URL and FLOWCELL_API_KEY.'

/**
 * Connects to the workspace, or makes one in memory where there is none.
 *
 * @throws OrchestratorError when the workspace does not answer or does not let this program in.
 */
export async function connectWorkspace(surroundings: Surroundings): Promise<Orchestrator> {
  const found = await findWorkspace(usable(surroundings.reading))
  const say: Say = (level, message) => surroundings.print({ at: surroundings.now(), level, source: SOURCE, message })
  if (found !== undefined) return connect(found, surroundings, say)
  say('INFO', OFFLINE)
  return new MemoryOrchestrator({ now: surroundings.now, random: surroundings.random, keepLogs: false, keepEnded: false })
}

async function connect({ apiUrl, token }: FoundWorkspace, { now, print }: Surroundings, say: Say): Promise<Orchestrator> {
  const name = `script on ${hostname()} (process ${process.pid})`.slice(0, 200)
  const thread = threadLink({ apiUrl, token, hello: { protocol: PROTOCOL_VERSION, kind: 'script', name } })
  const orchestrator = liveOrchestrator({
    apiUrl,
    token,
    kind: 'script',
    name,
    link: thread.open,
    ...connectionWords(say, `at ${apiUrl}`),
  })
  try {
    await orchestrator.live.ready()
  } catch (error) {
    if (error instanceof ApiError) throw new OrchestratorError(error.code, error.detail, { cause: error })
    throw error
  }
  watchProcessEnd({
    get heldRuns() {
      return orchestrator.heldRuns
    },
    abandon: (message) => {
      for (const run of orchestrator.abandon(message, now())) {
        print({ at: now(), level: 'ERROR', source: `Flow run '${run}'`, message: crashLine(message) })
      }
    },
    handOver: () => orchestrator.live.handOver(),
    waitSettled: (timeoutMs) => thread.waitSettled(timeoutMs),
  })
  return orchestrator
}
