/** What is due, by kind: each a bounded step that answers whether everything of its kind is done. One kind's trouble does not stop another. */
import { overdueCancellation } from '#sdk/machine/cancel-deadline.ts'
import type { SessionId } from '#sdk/protocol/ids.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import { stepChore } from './delete.ts'
import { stepLeases } from './leases.ts'
import { proposeFlowRunState } from './propose.ts'
import type { Unit } from './unit.ts'

const RUNS_AT_ONCE = 100

function stepCancellations(unit: Unit): boolean {
  const due = unit.store.flowRuns.due(unit.now, RUNS_AT_ONCE)
  for (const run of due) {
    const end = overdueCancellation(run, unit.now)
    if (end !== null) proposeFlowRunState(unit, run, end, { force: true })
  }
  return due.length < RUNS_AT_ONCE
}

function stepChores(unit: Unit): boolean {
  const chore = unit.store.chores.first()
  if (chore === undefined) return true
  if (stepChore(unit, chore)) unit.store.chores.done(chore)
  return unit.store.chores.isEmpty()
}

export type AlarmStep = (unit: Unit, lastSignOf: (session: SessionId) => Instant | null) => boolean
export const ALARM_STEPS: readonly AlarmStep[] = [stepLeases, stepCancellations, stepChores]
