/** What must hold of a workspace's records after every step of every test. */
import { runInDurableObject } from 'cloudflare:test'
import type { State, StateType } from '#sdk/protocol/states.ts'
import { isTerminal, STATE_TYPES } from '#sdk/protocol/state-types.ts'
import type { Stub } from './harness.ts'

type Row = Record<string, string | number | null>

/** `forced`: runs that somebody forced into a state, past the rules. @throws Error that says everything that is wrong. */
export async function requireInvariants(stub: Stub, forced: ReadonlySet<string> = new Set()): Promise<void> {
  const broken = await brokenInvariants(stub, forced)
  if (broken.length > 0) throw new Error(broken.join('\n'))
}

function brokenInvariants(stub: Stub, forced: ReadonlySet<string>): Promise<string[]> {
  return runInDurableObject(stub, async (_, { storage }) => {
    const rows = (sql: string): Row[] => storage.sql.exec<Row>(sql).toArray()
    const flowRuns = rows('SELECT * FROM flow_run')
    const sessions = new Set(rows('SELECT id FROM session WHERE lost IS NULL').map(({ id }) => id))
    const hasAlarm = sessions.size === 0 || (await isArmed(storage))
    return [
      ...flowRuns.flatMap((run) => brokenRun(run, forced)),
      ...rows('SELECT * FROM task_run').flatMap((run) => brokenRun(run, forced)),
      ...flowRuns
        .filter(({ session_id: id }) => id !== null && !sessions.has(id))
        .map(({ id }) => `run ${id} is held by a session without a lease`),
      ...flowRuns.filter(({ session_id: id, epoch }) => id !== null && epoch === 0).map(({ id }) => `run ${id} is held with epoch 0`),
      ...flowRuns
        .filter((run) => (run['state_type'] === 'CANCELLING') !== (run['due_at'] !== null))
        .map(({ id }) => `run ${id} has no deadline for its cancellation, or one without`),
      ...(!hasAlarm ? ['sessions hold runs and no alarm is set'] : []),
      ...overlaps(rows('SELECT stream, first, count, json_array_length(lines) AS length FROM log_segment ORDER BY stream, first')),
      ...rows(
        'SELECT t.id FROM task_run t LEFT JOIN flow_run r ON r.id = t.flow_run_id WHERE t.flow_run_id IS NOT NULL AND r.id IS NULL',
      ).map(({ id }) => `task run ${id} has lost its flow run`),
    ]
  })
}

/** The platform takes an alarm away before its handler runs, which sets the next one: in between there is none, for a moment. */
async function isArmed(storage: DurableObjectStorage): Promise<boolean> {
  for (let look = 0; look < 5; look++) {
    if ((await storage.getAlarm()) !== null) return true
    await scheduler.wait(20)
  }
  return false
}

function brokenRun(row: Row, forced: ReadonlySet<string>): string[] {
  const states: State[] = JSON.parse(String(row['states']))
  const last = states.at(-1)
  const types: readonly string[] = STATE_TYPES
  const runs = states.filter(({ type }) => type === 'RUNNING').length
  const checks: readonly (readonly [boolean, string])[] = [
    [
      last !== undefined && last.type === row['state_type'] && last.name === row['state_name'],
      'its columns name another state than its history ends with',
    ],
    [states.every(({ timestamp }, index) => index === 0 || timestamp > (states[index - 1]?.timestamp ?? 0)), 'its history is not in order'],
    [states.every(({ type }) => types.includes(type)), 'its history has a type that does not exist'],
    [new Set(states.map(({ id }) => id)).size === states.length, 'two of its states have one id'],
    [forced.has(String(row['id'])) || leavesCancelling(states.map(({ type }) => type)), 'it left Cancelling otherwise than as Cancelled'],
    [Number(row['run_count']) <= runs, 'it counts more attempts than it began'],
    [(row['end_time'] !== null) === (last !== undefined && isTerminal(last.type)), 'its end time and its state disagree'],
    [Number(row['total_run_micros']) >= 0, 'it ran for less than no time'],
  ]
  return checks.filter(([holds]) => !holds).map(([, sentence]) => `run ${row['id']}: ${sentence}`)
}

const leavesCancelling = (types: readonly StateType[]): boolean =>
  types.every((type, index) => types[index - 1] !== 'CANCELLING' || type === 'CANCELLED')

function overlaps(segments: readonly Row[]): string[] {
  return segments.flatMap(({ stream, first, count, length }, index) => {
    const next = segments[index + 1]
    const isOverlapping = next?.['stream'] === stream && Number(next?.['first']) < Number(first) + Number(count)
    return [
      ...(isOverlapping ? [`log ${stream}: segments overlap at ${first}`] : []),
      ...(count === length ? [] : [`log ${stream}: segment ${first} counts wrongly`]),
    ]
  })
}
