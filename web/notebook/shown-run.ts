/** The run of a cell that is shown under it: of all that are known the newest, with whose it is. */
import { MEDIA } from '#sdk/protocol/media-types.ts'
import type { CellOutput, CellRun } from '#sdk/protocol/cell-output.ts'

/** `here`: in this tab's kernel, whose values are still there. `earlier`: before this page was opened or its kernel restarted. */
export type RunOrigin = 'here' | 'earlier' | 'another tab'

export interface ShownRun {
  readonly run: CellRun
  readonly origin: RunOrigin
}

export interface FlowRunMade {
  readonly id: string
  readonly name: string
  readonly flow: string
  /** Outputs of the cell before it. */
  readonly at: number
}

/** The newer of two; what runs here wins over what is no newer. */
export function newerOf(known: ShownRun | undefined, told: ShownRun): ShownRun {
  return known === undefined || told.run.started > known.run.started || known.run.kernel === told.run.kernel ? told : known
}

/**
 * Outputs with the flow runs that the cell has made, each where it began, and no run twice: one that the cell shows itself stays where it is
 * shown, and a state that says no more than the card of its run is left out.
 */
export function withFlowRuns(outputs: readonly CellOutput[], made: readonly FlowRunMade[]): readonly CellOutput[] {
  if (made.length === 0) return outputs
  const own = new Set(outputs.map((output) => (stateIn(output) === undefined ? flowRunIdIn(output) : undefined)))
  const wanted = made.filter(({ id }) => !own.has(id))
  const carded = new Set<unknown>(made.map(({ id }) => id))
  const shown: CellOutput[] = []
  for (let index = 0; index <= outputs.length; index++) {
    for (const run of wanted) if (Math.min(run.at, outputs.length) === index) shown.push(outputOf(run))
    const output = outputs[index]
    if (output !== undefined && !(isBareState(output) && carded.has(flowRunIdIn(output)))) shown.push(output)
  }
  return shown
}

function mediaIn(output: CellOutput, media: string): object | undefined {
  if (output.kind !== 'display' && output.kind !== 'result') return undefined
  const value = output.data[media]
  return typeof value === 'object' && value !== null ? value : undefined
}

const stateIn = (output: CellOutput): object | undefined => mediaIn(output, MEDIA.state)

/** A state without a result. */
function isBareState(output: CellOutput): boolean {
  const state = stateIn(output)
  return state !== undefined && !('result' in state)
}

function flowRunIdIn(output: CellOutput): unknown {
  const run = mediaIn(output, MEDIA.flowRun)
  return run !== undefined && 'id' in run ? run.id : undefined
}

function outputOf({ id, name, flow }: FlowRunMade): CellOutput {
  return {
    kind: 'display',
    id: `flow-run-${id}`,
    data: { [MEDIA.flowRun]: { id, name, flow }, 'text/plain': `Flow run '${name}' of '${flow}'` },
  }
}
