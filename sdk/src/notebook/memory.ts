/**
 * What a kernel has run: of each cell the newest run that began and the newest that ended, with the code and the inputs it had.
 *
 * 1. A run counts from 1 in its cell. What ends after a newer run began is superseded and changes nothing.
 * 2. Code and inputs are those of the beginning: an edit during a run leaves the cell stale.
 * 3. A run whose value is equal to the one before keeps its version: what used it stays fresh.
 */
import type { CellId } from '../protocol/notebook.ts'
import type { CellGraph } from './graph.ts'

export type Outcome = 'done' | 'failed' | 'interrupted'

/** Versions of what a run used, by the cell that it came from. */
type Inputs = ReadonlyMap<CellId, number>

export interface Ran {
  readonly run: number
  readonly session: number
  readonly code: string
  readonly inputs: Inputs
  readonly outcome: Outcome
  /** The run that made the values that the cell has now. */
  readonly version: number
  /** A person changed an input of the cell since. */
  readonly isInputSet?: boolean
}

interface Begun {
  readonly run: number
  readonly session: number
  readonly code: string
  readonly inputs: Inputs
  readonly isInputSet?: boolean
}

interface CellMemory {
  readonly begun?: Begun
  readonly ran?: Ran
}

export interface KernelMemory {
  readonly session: number
  readonly cells: ReadonlyMap<CellId, CellMemory>
}

export const NO_MEMORY: KernelMemory = { session: 1, cells: new Map() }

/** The values of a cell as they are now; undefined where it has none. */
export function versionOf({ session, cells }: KernelMemory, id: CellId): number | undefined {
  const ran = cells.get(id)?.ran
  return ran?.session === session && ran.outcome === 'done' ? ran.version : undefined
}

/** The cell begins to run; whatever it ran before that has not ended is superseded. */
export function beginRun(memory: KernelMemory, graph: CellGraph, id: CellId): { readonly memory: KernelMemory; readonly run: number } {
  const before = memory.cells.get(id) ?? {}
  const run = (before.begun?.run ?? 0) + 1
  const inputs = new Map((graph.needs.get(id) ?? []).map(({ from }) => [from, versionOf(memory, from) ?? 0]))
  const begun = { run, session: memory.session, code: graph.cells.get(id)?.code ?? '', inputs }
  return { memory: withCell(memory, id, { ...before, begun }), run }
}

/** The run ends. `isSame`: its values are equal to those that the cell had. */
export function endRun(
  memory: KernelMemory,
  id: CellId,
  { run, outcome, isSame = false }: { readonly run: number; readonly outcome: Outcome; readonly isSame?: boolean },
): { readonly memory: KernelMemory; readonly isSuperseded: boolean } {
  const { begun, ran } = memory.cells.get(id) ?? {}
  if (begun === undefined || begun.run !== run || begun.session !== memory.session || ran?.run === run)
    return { memory, isSuperseded: true }
  const version = isSame && outcome === 'done' ? (versionOf(memory, id) ?? run) : run
  return { memory: withCell(memory, id, { begun, ran: { ...begun, outcome, version } }), isSuperseded: false }
}

/** A person changed an input that the cell shows: it is stale until it runs again. */
export function setInput(memory: KernelMemory, id: CellId): KernelMemory {
  const { begun, ran } = memory.cells.get(id) ?? {}
  if (begun === undefined) return memory
  // A run that goes on may have read the value before.
  return withCell(memory, id, { begun: { ...begun, isInputSet: true }, ...(ran !== undefined && { ran: { ...ran, isInputSet: true } }) })
}

/** A new kernel: it has no values. What ran in the old one is superseded. */
export function restarted(memory: KernelMemory): KernelMemory {
  return { ...memory, session: memory.session + 1 }
}

export function isRunning({ session, cells }: KernelMemory, id: CellId): boolean {
  const { begun, ran } = cells.get(id) ?? {}
  return begun !== undefined && begun.session === session && ran?.run !== begun.run
}

function withCell(memory: KernelMemory, id: CellId, cell: CellMemory): KernelMemory {
  return { ...memory, cells: new Map(memory.cells).set(id, cell) }
}
