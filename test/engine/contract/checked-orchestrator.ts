/** Takes only what a workspace would take: every item is held against the schema of frames, and against what one frame may hold. */
import type { Orchestrator } from '#sdk/engine/ports.ts'
import { Item } from '#sdk/protocol/frames.ts'
import type { FlowRunId } from '#sdk/protocol/ids.ts'
import { MAX_FRAME_BYTES, MAX_JSON_DEPTH, MAX_LOG_SEGMENT_BYTES, MAX_PARAMETERS_BYTES, MAX_STATE_DATA_BYTES } from '#sdk/protocol/limits.ts'

/** What lies around an item: the frame, its list; and room for what a workspace shows a run in. */
const OUTER_LEVELS = 10
const OUTER_BYTES = 1_024

const ENCODER = new TextEncoder()
const bytesOf = (value: unknown): number => ENCODER.encode(JSON.stringify(value)).length

export function checkedOrchestrator(inner: Orchestrator): Orchestrator {
  const created = new Set<FlowRunId>()
  return {
    runUrl: (run) => inner.runUrl(run),
    create: async (run) => {
      created.add(run.id)
      check({ type: 'run.create', ...run })
      atMost(run.parameters, MAX_PARAMETERS_BYTES, 'parameters')
      return inner.create(run)
    },
    propose: async (proposal) => {
      check({ type: 'run.propose', ...proposal })
      atMost(proposal.state.data ?? null, MAX_STATE_DATA_BYTES, 'data of a state')
      return inner.propose(proposal)
    },
    report: (task) => {
      check({ type: 'task', ...task })
      inner.report(task)
    },
    log: (lines) => {
      check({ type: 'log', first: 0, ...lines })
      for (const line of lines.lines) atMost(line, MAX_LOG_SEGMENT_BYTES, 'line')
      inner.log(lines)
    },
    room: () => inner.room(),
    flush: () => inner.flush(),
    // As over a socket: nobody is told of a run that the workspace was never asked for.
    onStop: (run, stop) => (created.has(run) ? inner.onStop(run, stop) : () => undefined),
  }
}

function check(item: unknown): void {
  Item.parse(item)
  atMost(item, MAX_FRAME_BYTES - OUTER_BYTES, 'item')
  const levels = levelsOf(JSON.stringify(item))
  if (levels > MAX_JSON_DEPTH - OUTER_LEVELS) throw new Error(`An item nests ${levels} levels.`)
}

function atMost(value: unknown, limit: number, what: string): void {
  const bytes = bytesOf(value)
  if (bytes > limit) throw new Error(`The ${what} has ${bytes} bytes; ${limit} are allowed.`)
}

function levelsOf(json: string): number {
  let [depth, deepest] = [0, 0]
  for (const character of json.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')) {
    if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth)
    else if (character === '}' || character === ']') depth--
  }
  return deepest
}
