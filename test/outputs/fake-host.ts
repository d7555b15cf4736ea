/** The kernel's side of displays, with a clock and timers of its own. What was put is folded as the page folds it. */
import { foldOutputs } from '#sdk/notebook/outputs.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { newDisplay } from '../../web/kernel/display/display.ts'
import type { Display, DisplayHost } from '../../web/kernel/display-port.ts'

export interface Shown {
  readonly display: Display
  readonly host: DisplayHost
  /** What the cell shows now. */
  outputs(): readonly CellOutput[]
  /** Inputs that changed, as `cell input runs`. */
  readonly changes: string[]
  /** Runs what waits for a time that has come. */
  advance(ms: number): Promise<void>
}

export const CELL = 'cell1'

export function newShown(overrides: Partial<DisplayHost> = {}): Shown {
  let outputs: readonly CellOutput[] = []
  let now = 1_000
  const timers: { readonly at: number; readonly work: () => void }[] = []
  const changes: string[] = []
  const host: DisplayHost = {
    currentCell: () => CELL,
    put: (_cell, output) => {
      outputs = foldOutputs(outputs, [output]).outputs
    },
    clear: () => {
      outputs = []
    },
    inputChanged: (cell, input, runs) => void changes.push(`${cell} ${input} ${runs}`),
    now: () => now,
    later: (ms, work) => void timers.push({ at: now + ms, work }),
    placesOf: (error) => ({ stack: (error.stack ?? '').split('\n').slice(1) }),
    flowOf: () => undefined,
    flowRunOf: () => undefined,
    ...overrides,
  }
  const display = newDisplay(host)
  const begin = display.begin
  const wrapped: Display = {
    ...display,
    begin: (cell) => {
      outputs = []
      begin(cell)
    },
  }
  wrapped.begin(CELL)
  return {
    display: wrapped,
    host,
    outputs: () => outputs,
    changes,
    advance: async (ms) => {
      now += ms
      for (const timer of timers.splice(0)) {
        if (timer.at > now) timers.push(timer)
        else timer.work()
      }
      // Whatever settles now has settled before the next thing happens.
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    },
  }
}

/** The media of the one output that there is. */
export function mediaOf(shown: Shown): Readonly<Record<string, unknown>> {
  const [output, ...others] = shown.outputs()
  if (others.length > 0 || output === undefined || !('data' in output))
    throw new Error(`no single display: ${JSON.stringify(shown.outputs())}`)
  return output.data
}
