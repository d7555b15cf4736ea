/** What showing costs the kernel: a cell shall stay warm whatever it shows. The page's side is looked at in Chromium (test/browser/outputs.test.ts). */
import { foldOutputs } from '#sdk/notebook/outputs.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { newDisplay } from '../../web/kernel/display/display.ts'
import { OutputLog } from '../../web/kernel/display/output-log.ts'
import type { Bench, Row } from './row.ts'

const CELL = 'cell'

function shower() {
  let outputs: readonly CellOutput[] = []
  const log = new OutputLog({
    send: (message) => {
      outputs = foldOutputs(outputs, message.outputs).outputs
    },
    later: () => undefined,
  })
  const display = newDisplay({
    currentCell: () => CELL,
    put: (cell, output) => log.put(cell, output),
    clear: (cell) => log.clear(cell),
    inputChanged: () => undefined,
    now: () => performance.now(),
    later: () => undefined,
    placesOf: () => ({ stack: [] }),
    flowOf: () => undefined,
    flowRunOf: () => undefined,
  })
  const begin = (): void => {
    outputs = []
    log.begin(CELL, 1)
    display.begin(CELL)
  }
  begin()
  return { display, log, begin, outputs: () => outputs }
}

function timeOf(work: () => void): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

/** What a person does not notice, or hardly: the limits are ours. */
const row = (what: string, ours: number, reference: number, unit = 'ms'): Row => ({
  what,
  ours,
  beside: 'limit',
  reference,
  unit,
  better: 'less',
})

export const bench: Bench = {
  title: 'values, tables and prints of the kernel',
  run: async () => {
    const rows: Row[] = []
    const shown = shower()
    const show = (value: unknown): number => {
      shown.begin()
      return timeOf(() => {
        shown.display.show(CELL, value, 'result')
        shown.log.flush()
      })
    }
    show([{ warm: 1 }])
    const table = Array.from({ length: 100_000 }, (_, i) => ({
      run: `run-${i}`,
      state: i % 2 === 0 ? 'Completed' : 'Failed',
      seconds: (i * 7_919) % 1_000,
    }))
    rows.push(row('a table of 100,000 rows is shown', show(table), 200))
    const [output] = shown.outputs()
    const data = output !== undefined && 'data' in output ? Object.values(output.data)[0] : undefined
    const handle = typeof data === 'object' && data !== null && 'handle' in data && typeof data.handle === 'string' ? data.handle : ''
    const sort = { column: 2, isDescending: true }
    rows.push(
      row(
        'it is sorted, the first page',
        timeOf(() => shown.display.table(handle, { from: 0, count: 200, sort })),
        500,
      ),
    )
    rows.push(
      row(
        'its next page',
        timeOf(() => shown.display.table(handle, { from: 200, count: 200, sort })),
        20,
      ),
    )
    rows.push(
      row(
        'it is searched',
        timeOf(() => shown.display.table(handle, { from: 0, count: 200, search: 'run-9999' })),
        500,
      ),
    )
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, { i, list: [i] }]))
    rows.push(row('an object of 10,000 objects is shown', show(wide), 100))
    const before = process.memoryUsage().heapUsed
    shown.begin()
    const printed = timeOf(() => {
      for (let i = 0; i < 1_000_000; i++) shown.log.print(CELL, 'stdout', `line ${i}\n`)
      shown.log.flush()
    })
    const held = (process.memoryUsage().heapUsed - before) / 1024 / 1024
    rows.push(row('a million printed lines', printed, 2_000), row('memory that they hold', held, 64, 'MB'))
    return rows
  },
}
