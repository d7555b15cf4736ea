/** What the edge, the button and the footer of a cell say. Pure. */
import type { CellStatus } from './cell-model.ts'
import type { Mark } from '#sdk/notebook/staleness.ts'
import type { ShownRun } from './shown-run.ts'

export type Edge = 'none' | 'fresh' | 'stale' | 'running' | 'queued' | 'failed' | 'blocked'

export function edgeOf(status: CellStatus, mark: Mark | undefined, shown: ShownRun | undefined): Edge {
  if (status.kind === 'running') return 'running'
  if (status.kind === 'queued') return 'queued'
  if (status.kind === 'blocked') return status.isOwn ? 'blocked' : 'stale'
  if (mark?.state === 'fresh') return 'fresh'
  if (mark?.state === 'failed') return 'failed'
  if (mark?.state === 'stale' && mark.reason !== 'never run') return 'stale'
  return shown?.run.state === 'failed' ? 'failed' : 'none'
}

/** For those who do not see the edge. */
export const EDGE_WORDS: Readonly<Record<Edge, string>> = {
  none: '',
  fresh: 'up to date',
  stale: 'stale',
  running: 'running',
  queued: 'waits for its turn',
  failed: 'failed',
  blocked: 'cannot run',
}

/** Whose the output is, where it is not this kernel's. */
export function originWords({ run, origin }: ShownRun): string | undefined {
  if (origin === 'another tab') return run.state === 'running' ? 'runs in another tab' : 'ran in another tab'
  if (origin === 'earlier') return run.state === 'running' ? 'was running when it was last stored' : 'from an earlier session'
  return undefined
}

/** Undefined while the output is of the code that stands there. */
export function versionWords({ run }: ShownRun, code: string | undefined): string | undefined {
  return code === undefined || run.code === '' || run.code === code ? undefined : 'output of an older version'
}

export const isRunnable = (type: string): boolean => type === 'ts'
