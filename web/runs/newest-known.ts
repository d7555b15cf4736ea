/** The newest flow runs of the workspace, as flow-runs-store.ts tells them, against what a list holds. */
import { MAX_SNAPSHOT_RUNS } from '#sdk/protocol/limits.ts'

interface Row {
  readonly id: string
}

export interface NewestKnown {
  /** Older than what is told: nothing is known of it. */
  readonly isOlder: (run: Row) => boolean
  /** It would be told if it were still there. */
  readonly isGone: (run: Row) => boolean
}

/** @param rows Newest first; fewer than a snapshot holds are all that there are. */
export function newestKnown(rows: readonly Row[]): NewestKnown {
  const here = new Set(rows.map(({ id }) => id))
  const oldest = rows.length < MAX_SNAPSHOT_RUNS ? '' : (rows.at(-1)?.id ?? '')
  return {
    isOlder: ({ id }) => id < oldest,
    isGone: ({ id }) => id >= oldest && !here.has(id),
  }
}
