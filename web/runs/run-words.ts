/** What pages say of a run in one sentence. Instants are microseconds. */
import { isTerminal } from '#sdk/protocol/state-types.ts'
import type { FlowRunOutput } from '#sdk/protocol/flow-run.ts'
import { stateWords } from '../ui/state-kind.ts'
import { durationWords } from '../ui/time-words.ts'
import { instantOf } from './instant.ts'
import { attemptsOf } from './spans.ts'
import { stateOf, type TaskRow } from './task-row.ts'
import type { TaskTable } from './task-table.ts'

type Row = Pick<FlowRunOutput, 'state_type' | 'state_name' | 'state' | 'next_scheduled_start_time'>

/** What a run waits for; undefined while it does not. */
export function waitingWords(run: Row, now: number): string | undefined {
  const { state_type, state_name, state, next_scheduled_start_time } = run
  const due = state?.state_details.scheduled_time ?? next_scheduled_start_time
  const seconds = due == null ? undefined : (instantOf(due) - now) / 1_000_000
  switch (state_type) {
    case 'SCHEDULED':
      if (state_name === 'AwaitingRetry') return seconds === undefined ? 'waits for its next attempt' : `retries ${inWords(seconds)}`
      if (state_name === 'AwaitingConcurrencySlot') return 'waits for a slot of its limit'
      if (seconds === undefined) return 'waits for somebody to run it'
      if (state_name === 'Late' || seconds < -1)
        return `was due ${durationWords(-seconds)} ago: nobody has taken it. Start it from the notebook or script that holds its flow`
      return `starts ${inWords(seconds)}`
    case 'PENDING':
      return 'is handed out and about to start'
    case 'PAUSED':
      return 'is paused until somebody resumes it'
    case 'CANCELLING':
      return 'stops: its code is asked to end'
    default:
      return undefined
  }
}

/** Why it went wrong: the first line of what its state says; undefined where it did not. */
export function problemOf({ state_type, state_name, state }: Pick<Row, 'state_type' | 'state_name' | 'state'>): string | undefined {
  const isWrong = state_type === 'FAILED' || state_type === 'CRASHED' || state_name === 'NotReady'
  return isWrong ? state?.message?.split('\n', 1)[0] : undefined
}

const inWords = (seconds: number): string => (seconds <= 0 ? 'now' : `in ${durationWords(seconds)}`)

/** "2 task runs wait for a retry, 1 has not started": what task runs of a live flow run wait for. */
export function taskWaits(tasks: TaskTable): string | undefined {
  const counts = new Map<string, number>()
  for (const { type, name, count } of tasks.tallies) {
    const why = waitOf(type, name)
    if (why !== undefined) counts.set(why, (counts.get(why) ?? 0) + count)
  }
  if (counts.size === 0) return undefined
  return [...counts].map(([why, count]) => `${count} task ${count === 1 ? 'run waits' : 'runs wait'} ${why}`).join(', ')
}

function waitOf(type: TaskRow['steps'][number]['type'], name: string): string | undefined {
  if (name === 'NotReady') return undefined
  if (name === 'AwaitingRetry') return 'for a retry'
  if (type === 'SCHEDULED') return 'for a time'
  return type === 'PENDING' ? 'to start' : undefined
}

/** The words right of a task run's lane in a card: "retry 3 in 1.1 s", "waits for load", "not started". */
export function laneWords(row: TaskRow, tasks: TaskTable, now: number): string {
  const state = stateOf(row)
  if (state.name === 'AwaitingRetry') return retryWords(row, now)
  if (state.name === 'NotReady') return 'did not run'
  if (state.type === 'PENDING') {
    const waited = row.parents.flatMap((id) => tasks.get(id) ?? []).find((parent) => !isTerminal(stateOf(parent).type))
    return waited === undefined ? 'not started' : `waits for ${waited.name}`
  }
  const start = row.steps.find(({ type }) => type === 'RUNNING')
  if (state.type === 'RUNNING') {
    const attempt = attemptsOf(row)
    const seconds = durationWords(Math.max(0, now - state.at) / 1_000_000)
    return attempt > 1 ? `attempt ${attempt}, ${seconds}` : seconds
  }
  if (!isTerminal(state.type)) return stateWords(state.type, state.name).toLowerCase()
  if (start === undefined) return stateWords(state.type, state.name).toLowerCase()
  const attempts = attemptsOf(row)
  const took = durationWords((state.at - start.at) / 1_000_000)
  return attempts > 1 ? `${took}, ${attempts} attempts` : took
}

/** "retry 3 of 4 in 1.1 s", as far as it is known. */
function retryWords(row: TaskRow, now: number): string {
  const which = `retry ${attemptsOf(row)}${row.retries === undefined ? '' : ` of ${row.retries}`}`
  return row.due === undefined ? `${which} comes next` : `${which} ${inWords((row.due - now) / 1_000_000)}`
}

/** Seconds that a run has been in RUNNING, also now. */
export function ranSeconds(
  run: Pick<FlowRunOutput, 'state_type' | 'state' | 'start_time' | 'total_run_time'>,
  now: number,
): number | undefined {
  if (run.start_time === null) return undefined
  const isRunning = run.state_type === 'RUNNING' && run.state !== null
  return run.total_run_time + (isRunning ? Math.max(0, now - instantOf(run.state?.timestamp ?? run.start_time)) / 1_000_000 : 0)
}

export interface NotebookLink {
  readonly notebook: string
  readonly cell: string | undefined
}

/** Where a run came from, when its labels say so. */
export function notebookOf(labels: Readonly<Record<string, unknown>>): NotebookLink | undefined {
  const notebook = labels['flowcell.notebook']
  const cell = labels['flowcell.cell']
  return typeof notebook === 'string' ? { notebook, cell: typeof cell === 'string' ? cell : undefined } : undefined
}
