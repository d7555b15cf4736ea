/** The run of a cell that is shown under it: of all that are known the newest, with whose it is. */
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
 * Outputs with the flow runs that the cell has made, each where it began. A run that the cell shows itself is not shown twice.
 *
 * @param media The media type of flow runs.
 */
export function withFlowRuns(outputs: readonly CellOutput[], made: readonly FlowRunMade[], media: string): readonly CellOutput[] {
  if (made.length === 0) return outputs
  const own = new Set(outputs.map((output) => flowRunIdIn(output, media)))
  const wanted = made.filter(({ id }) => !own.has(id))
  const shown: CellOutput[] = []
  for (let index = 0; index <= outputs.length; index++) {
    for (const run of wanted) if (Math.min(run.at, outputs.length) === index) shown.push(outputOf(run, media))
    const output = outputs[index]
    if (output !== undefined) shown.push(output)
  }
  return shown
}

function flowRunIdIn(output: CellOutput, media: string): unknown {
  if (output.kind !== 'display' && output.kind !== 'result') return undefined
  const value = output.data[media]
  return typeof value === 'object' && value !== null && 'id' in value ? value['id'] : undefined
}

function outputOf({ id, name, flow }: FlowRunMade, media: string): CellOutput {
  return { kind: 'display', id: `flow-run-${id}`, data: { [media]: { id, name, flow }, 'text/plain': `Flow run '${name}' of '${flow}'` } }
}
