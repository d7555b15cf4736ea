/** A workspace that is full: what is new is refused, what is begun can end. */
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { Unit } from './unit.ts'

/** New runs need room; those that exist may end. */
export function requireRoom({ sizeBytes, maxBytes }: Unit): void {
  if (sizeBytes() < maxBytes) return
  const limit = `${maxBytes} bytes, FLOWCELL_MAX_WORKSPACE_BYTES`
  const detail = `The workspace is full (${limit}): new runs, notebooks and outputs of cells are refused, running ones can end. Delete old flow runs.`
  throw new ProblemError('storage_full', detail)
}
