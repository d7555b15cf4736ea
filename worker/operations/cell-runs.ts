/** What cells show: stored, and read with their notebook as far as it is little. */
import type { CellRun } from '#sdk/protocol/cell-output.ts'
import { ProblemError } from '#sdk/protocol/errors.ts'
import { MAX_CELL_RUN_BYTES, MAX_SNAPSHOT_RUN_CHARACTERS } from '#sdk/protocol/limits.ts'
import type { CellId, Notebook, NotebookId } from '#sdk/protocol/notebook.ts'
import type { Store } from '../storage/store.ts'
import { notebookOrProblem } from './notebook-row.ts'
import { requireRoom } from './require-room.ts'
import { requireSaneTime } from './sane-times.ts'
import { textBytes } from './sizes.ts'
import type { Handler, Unit } from './unit.ts'

/**
 * Stores what a cell shows. Of two runs the one that began later counts: what an older one still reports changes nothing. A clock that is
 * ahead wins nothing by it.
 *
 * @throws ProblemError for a cell that the notebook does not have, or too large a run.
 */
export function storeCellRun(unit: Unit, id: NotebookId, run: CellRun): void {
  const { store, changes, now } = unit
  const row = notebookOrProblem(store, id)
  requireRoom(unit)
  requireSaneTime(unit, 'started', run.started)
  const json = JSON.stringify(run)
  if (textBytes(json, MAX_CELL_RUN_BYTES) > MAX_CELL_RUN_BYTES) {
    const detail = `What cell ${run.cell} shows is larger than the ${MAX_CELL_RUN_BYTES} bytes that are kept of one cell (MAX_CELL_RUN_BYTES). Show less, or leave outputs out.`
    throw new ProblemError('too_large', detail)
  }
  const { cells, bin } = store.notebooks.load(row)
  if (![...cells, ...bin.map(({ cell }) => cell)].some((cell) => cell.id === run.cell))
    throw new ProblemError('not_found', `The notebook has no cell ${run.cell}.`)
  const started = Math.min(run.started, now)
  const stored = store.cellRuns.stored(id, run.cell)
  const isOlder = stored !== undefined && stored.started > started
  if (isOlder) return
  store.cellRuns.save(id, { cell: run.cell, kernel: run.kernel, started }, json)
  changes.cellRun(id, run.cell)
}

/** The newest runs of the cells that a notebook shows, and the names of those that are too much. */
export function runsWithin(
  store: Store,
  id: NotebookId,
  { cells }: Notebook,
): { readonly cell_runs: CellRun[]; readonly more_runs: CellId[] } {
  const shown = new Set(cells.map((cell) => cell.id))
  let size = 0
  const runs: CellRun[] = []
  const more: CellId[] = []
  for (const stored of store.cellRuns.ofNotebook(id).toSorted((one, other) => other.started - one.started)) {
    if (!shown.has(stored.cell)) continue
    const isRoom = size + stored.size <= MAX_SNAPSHOT_RUN_CHARACTERS
    const run = isRoom ? store.cellRuns.find(id, stored.cell) : undefined
    if (run === undefined) more.push(stored.cell)
    else {
      size += stored.size
      runs.push(run)
    }
  }
  return { cell_runs: runs, more_runs: more }
}

export const reportCellRun: Handler<'notebooks.report_run'> = (unit, { params, body }) => {
  storeCellRun(unit, params.id, body)
  return {}
}

export const readCellRun: Handler<'notebooks.read_run'> = ({ store }, { params }) => {
  notebookOrProblem(store, params.id)
  const run = store.cellRuns.find(params.id, params.cell)
  if (run === undefined) throw new ProblemError('not_found', `Cell ${params.cell} has not been run, or the notebook does not have it.`)
  return { output: run }
}
