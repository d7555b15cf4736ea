/** The time that a timeline is about. Instants are microseconds. */
import { isTerminal } from '#sdk/protocol/state-types.ts'
import { growingView, wholeView, type View } from './axis.ts'
import { instantOf, instantOrNull } from './instant.ts'
import type { RunStore } from './run-store.ts'
import { bornAt, stateOf } from './task-row.ts'

type Store = Pick<RunStore, 'run' | 'tasks'>

/** Something still runs or waits. */
export function isLive({ run, tasks }: Store): boolean {
  const type = run.value?.state_type
  return (type != null && !isTerminal(type)) || tasks.live > 0
}

/** When it began: the run, or a task run that is older. */
export function originOf({ run: { value: run }, tasks }: Store): number {
  const [first] = tasks.rows
  const start = instantOrNull(run?.start_time ?? null) ?? (run === undefined ? undefined : instantOf(run.created))
  const born = first === undefined ? undefined : bornAt(first)
  return Math.min(start ?? born ?? 0, born ?? start ?? 0)
}

/** All of it; what lives has room for what comes. */
export function viewOfAll(store: Store, now: number): View {
  const from = originOf(store)
  if (isLive(store)) return growingView(from, now)
  const end = instantOrNull(store.run.value?.end_time ?? null) ?? 0
  return wholeView(
    from,
    store.tasks.rows.reduce((last, row) => Math.max(last, stateOf(row).at), end),
  )
}
