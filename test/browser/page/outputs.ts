/**
 * Outputs in a page of their own: the kernel's displays on one side, the elements on the other, nothing between but what crosses between the two
 * in a notebook as well: plain JSON. Tests run code in it as cells would.
 */
import { foldOutputs } from '#sdk/notebook/outputs.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { newDisplay } from '../../../web/kernel/display/display.ts'
import { OutputLog } from '../../../web/kernel/display/output-log.ts'
import { closedContext, type OutputContext } from '../../../web/notebook/outputs/context.ts'
import { FcOutputs } from '../../../web/notebook/outputs/fc-outputs.ts'
import '../../../web/ui/toasts.ts'

const CELL = 'cell1'
const calls: unknown[] = []
let outputs: readonly CellOutput[] = []
let omitted = { outputs: 0, bytes: 0 }
let messages = 0
const element = document.querySelector<FcOutputs>('fc-outputs') ?? new FcOutputs()

const log = new OutputLog({
  send: (message) => {
    messages++
    const crossed: typeof message = structuredClone(JSON.parse(JSON.stringify(message)))
    outputs = foldOutputs(crossed.clear ? [] : outputs, crossed.outputs).outputs
    omitted = crossed.omitted
    draw()
  },
  later: (ms, work) => setTimeout(work, ms),
})
const display = newDisplay({
  currentCell: () => CELL,
  put: (cell, output) => log.put(cell, output),
  clear: (cell) => log.clear(cell),
  inputChanged: (...change) => void calls.push(['changed', ...change]),
  now: () => Date.now(),
  later: (ms, work) => setTimeout(work, ms),
  placesOf: (error) => ({
    stack: (error.stack ?? '').split('\n').slice(1),
    places: [{ cell: 'cell1', line: 3, column: 7, name: 'load' }] as never,
  }),
  flowOf: (value) =>
    typeof value === 'function' && value.name === 'pipeline'
      ? { flow: 'pipeline', name: 'pipeline', cell: CELL, schema: Reflect.get(value, 'schema') }
      : undefined,
  flowRunOf: () => undefined,
})

const live: OutputContext = {
  cell: CELL,
  isLive: true,
  network: 'none',
  expand: async (...query) => structuredClone(display.expand(...query)),
  table: async (handle, query) => structuredClone(display.table(handle, query)),
  setInput: (id, value) => {
    calls.push(['set', id, value])
    display.setInput(id, value)
  },
  callFlow: async (...call) => void calls.push(['call', ...call]),
  jumpTo: (...place) => void calls.push(['jump', ...place]),
  cellName: () => 'Load',
}
let context: OutputContext = live

function draw(): void {
  element.outputs = outputs
  element.omitted = omitted
  element.context = context
}
draw()

/** What tests call. */
const bench = {
  CELL,
  calls,
  display,
  log,
  get messages() {
    return messages
  },
  /** A new run of the cell; what it answers is shown as its last line. */
  async run(cell: (globals: typeof display.globals) => unknown, kind: 'display' | 'result' = 'result'): Promise<void> {
    outputs = []
    omitted = { outputs: 0, bytes: 0 }
    display.begin(CELL)
    log.begin(CELL, 1)
    try {
      display.show(CELL, await cell(display.globals), kind)
    } catch (error) {
      log.put(CELL, display.errorOf(error))
    }
    await display.settled(CELL)
    log.flush(CELL)
    draw()
    await bench.drawn()
  },
  /** Outputs as they would come from storage. */
  async stored(given: readonly CellOutput[], closedBecause = 'This ran in another tab. Run the cell to open it here.'): Promise<void> {
    outputs = given
    context = closedContext(CELL, closedBecause)
    draw()
    await bench.drawn()
  },
  async close(closedBecause: string): Promise<void> {
    context = closedContext(CELL, closedBecause)
    draw()
    await bench.drawn()
  },
  open(changes: Partial<OutputContext> = {}): void {
    context = { ...live, ...changes }
    draw()
  },
  async drawn(): Promise<void> {
    await element.updateComplete
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  },
}
export type Bench = typeof bench
Object.assign(globalThis, { bench })
