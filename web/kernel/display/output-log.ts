/**
 * What cells show, on its way to the page: gathered for OUTPUT_COALESCE_MS, in order, within bounds.
 *
 * 1. Memory stays bounded however much a cell prints: between two messages no more is held than a cell may keep.
 * 2. What is left out is counted, in lines and characters for prints, one by one for other outputs.
 * 3. `flush` sends what is there at once: before a run's end, and before the kernel asks anything that the page answers with a look.
 *
 * It makes no outputs and knows no values.
 */
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { foldOutputs } from '#sdk/notebook/outputs.ts'
import { KEPT_TEXT_HEAD_CHARACTERS, MAX_CELL_OUTPUTS, MAX_CELL_TEXT_CHARACTERS, OUTPUT_COALESCE_MS } from '#sdk/protocol/limits.ts'
import type { FromKernel } from '../messages.ts'

type OutputsMessage = Extract<FromKernel, { readonly type: 'outputs' }>

export interface OutputLogPorts {
  send(message: OutputsMessage): void
  /** The platform's own timer, which carries no context. */
  later(ms: number, work: () => void): void
}

interface CellLog {
  run: number
  pending: readonly CellOutput[]
  /** Prints that were not joined yet: joining each would cost the square of a loop. */
  open: { readonly name: 'stdout' | 'stderr'; parts: string[]; length: number } | undefined
  isCleared: boolean
  /** Of this run, characters of prints that were sent, and outputs that the page has or will have. */
  sentCharacters: number
  outputs: number
  readonly ids: Set<string>
  omitted: { outputs: number; bytes: number }
}

export class OutputLog {
  readonly #ports: OutputLogPorts
  readonly #cells = new Map<string, CellLog>()
  #isTimed = false

  constructor(ports: OutputLogPorts) {
    this.#ports = ports
  }

  /** A run begins: what the one before has not sent is dropped, and the page takes away what it had shown. */
  begin(cell: string, run: number): void {
    this.#cells.set(cell, newCellLog(run))
  }

  forget(cell: string): void {
    this.#cells.delete(cell)
  }

  print(cell: string, name: 'stdout' | 'stderr', text: string): void {
    const log = this.#logOf(cell)
    if (text === '') return
    if (log.open !== undefined && log.open.name !== name) close(log)
    log.open ??= { name, parts: [], length: 0 }
    log.open.parts.push(text)
    log.open.length += text.length
    if (log.open.length > 2 * MAX_CELL_TEXT_CHARACTERS) close(log)
    this.#soon()
  }

  put(cell: string, output: CellOutput): void {
    if (output.kind === 'stream' && output.omitted === undefined) return this.print(cell, output.name, output.text)
    const log = this.#logOf(cell)
    close(log)
    add(log, output)
    this.#soon()
  }

  clear(cell: string): void {
    const { run } = this.#logOf(cell)
    this.#cells.set(cell, { ...newCellLog(run), isCleared: true })
    this.#soon()
  }

  /** Sends what there is, of one cell or of all. */
  flush(cell?: string): void {
    for (const [id, log] of cell === undefined ? this.#cells : [[cell, this.#logOf(cell)] as const]) {
      close(log)
      if (log.pending.length === 0 && !log.isCleared) continue
      const { pending, isCleared: clear } = log
      log.pending = []
      log.isCleared = false
      log.sentCharacters += pending.reduce((sum, output) => sum + (output.kind === 'stream' ? output.text.length : 0), 0)
      this.#ports.send({ type: 'outputs', cell: id, run: log.run, clear, outputs: pending, omitted: { ...log.omitted } })
    }
  }

  #logOf(cell: string): CellLog {
    const known = this.#cells.get(cell)
    if (known !== undefined) return known
    const log = newCellLog(0)
    this.#cells.set(cell, log)
    return log
  }

  #soon(): void {
    if (this.#isTimed) return
    this.#isTimed = true
    this.#ports.later(OUTPUT_COALESCE_MS, () => {
      this.#isTimed = false
      this.flush()
    })
  }
}

const newCellLog = (run: number): CellLog => ({
  run,
  pending: [],
  open: undefined,
  isCleared: false,
  sentCharacters: 0,
  outputs: 0,
  ids: new Set(),
  omitted: { outputs: 0, bytes: 0 },
})

function add(log: CellLog, output: CellOutput): void {
  // Something new of which there are enough: one loop cannot send more than a page keeps. The result and the error always have room.
  const id = output.kind === 'display' ? output.id : undefined
  const isThere = id !== undefined && log.ids.has(id)
  if (output.kind === 'display' && !isThere && log.outputs >= MAX_CELL_OUTPUTS) return omit(log, output)
  if (!isThere) log.outputs++
  if (id !== undefined) log.ids.add(id)
  foldIn(log, output)
}

function omit(log: CellLog, output: CellOutput): void {
  log.omitted.outputs++
  log.omitted.bytes += JSON.stringify(output).length
}

function close(log: CellLog): void {
  if (log.open === undefined) return
  const { name, parts } = log.open
  log.open = undefined
  foldIn(log, { kind: 'stream', name, text: parts.join('') })
}

function foldIn(log: CellLog, output: CellOutput): void {
  // The page may have the beginning already, or some of it.
  const { outputs, dropped } = foldOutputs(log.pending, [output], Math.max(0, KEPT_TEXT_HEAD_CHARACTERS - log.sentCharacters))
  log.pending = outputs
  if (dropped > 0) omit(log, output)
}
