/**
 * The whole table: every type from which and to which a run may go, under each circumstance that matters.
 * In a cell stands what becomes of the proposal: a name when it is accepted, `= keep` when the state stays, `→ Name` when another state is
 * recorded in its place, `wait`, `abort`.
 */
import { expect, test } from 'vitest'
import type { Transition } from '#sdk/machine/transition.ts'
import type { FlowRun } from '#sdk/protocol/flow-run.ts'
import type { State, StateProposal, StateType } from '#sdk/protocol/states.ts'
import { STATE_TYPES } from '#sdk/protocol/state-types.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import { at, flowRun, inState, proposeFlow, proposeTask, SESSION_ID, taskRun, transitionId } from './fixtures.ts'

const KEPT = { kind: 'inline', serializer: 'devalue', value: '[1]' } as const
const FROM = [null, ...STATE_TYPES] as const

interface Circumstance<R> {
  readonly run?: R
  readonly state?: Partial<Omit<State, 'id' | 'type'>>
  readonly proposal?: Partial<StateProposal>
}

function tableOf<R extends FlowRun | TaskRun>(
  bare: R,
  { run = bare, state = {}, proposal = {} }: Circumstance<R>,
  propose: (run: R, proposal: StateProposal) => Transition<R>,
) {
  const cell = (from: StateType | null, to: StateType) => {
    const start = from === null ? run : inState(run, from, state)
    const transition = propose(start, { type: to, ...proposal })
    return wordOf(transition, start)
  }
  const rows = FROM.map((from) => [from ?? 'null', ...STATE_TYPES.map((to) => cell(from, to))])
  const table = [['from \\ to', ...STATE_TYPES], ...rows]
  const widths = STATE_TYPES.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)) + 2)
  return `\n${table
    .map((row) =>
      row
        .map((word, column) => word.padEnd(widths[column] ?? 0))
        .join('')
        .trimEnd(),
    )
    .join('\n')}\n`
}

function wordOf<R extends FlowRun | TaskRun>(transition: Transition<R>, start: R): string {
  const { status, run, state } = transition
  expect(transition.changed).toBe(run !== start)
  expect(state).toEqual(run.states.at(-1) ?? null)
  if (status === 'ACCEPT') return transition.state.name
  if (status === 'REJECT') return transition.changed ? `→ ${transition.state.name}` : '= keep'
  return status.toLowerCase()
}

const flowTable = (circumstance: Circumstance<FlowRun>, force = false) =>
  tableOf(flowRun(), circumstance, (run, proposal) => proposeFlow(run, proposal, 10, { force }))
const taskTable = (circumstance: Circumstance<TaskRun>, type: StateType | null = 'RUNNING', force = false) =>
  tableOf(taskRun(), circumstance, (run, proposal) => proposeTask(run, proposal, 10, { force, flowRun: { run_count: 1, type } }))

test('[SM1] every step of a flow run that nobody executes is decided as the table says', () => {
  expect(flowTable({})).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING  COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   → Cancelled
    SCHEDULED   Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   → Cancelled
    PENDING     Scheduled  abort    Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  abort    Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    COMPLETED   abort      Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    FAILED      abort      Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    CANCELLED   abort      abort    Running  Completed  Failed  Cancelled  abort    abort   abort
    CRASHED     abort      Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    PAUSED      Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLING  = keep     = keep   = keep   = keep     = keep  Cancelled  = keep   abort   = keep
    "
  `)
})

test('[SM2] a flow run that a session holds becomes Cancelling, not Cancelled, while it is scheduled', () => {
  expect(flowTable({ run: flowRun({ session_id: SESSION_ID }) })).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING  COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    SCHEDULED   Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    PENDING     Scheduled  abort    Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  abort    Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    COMPLETED   abort      Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    FAILED      abort      Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    CANCELLED   abort      abort    Running  Completed  Failed  Cancelled  abort    abort   abort
    CRASHED     abort      Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    PAUSED      Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLING  = keep     = keep   = keep   = keep     = keep  Cancelled  = keep   abort   = keep
    "
  `)
  expect(flowTable({ run: flowRun({ infrastructure_pid: '4711' }) })).toBe(flowTable({ run: flowRun({ session_id: SESSION_ID }) }))
})

test('[SM3] a flow run of a deployment may be scheduled again after its end', () => {
  expect(flowTable({ run: flowRun({ deployment_id: 'a-deployment' }) })).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING  COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   → Cancelled
    SCHEDULED   Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   → Cancelled
    PENDING     Scheduled  abort    Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  abort    Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    COMPLETED   Scheduled  Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    FAILED      Scheduled  Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    CANCELLED   Scheduled  abort    Running  Completed  Failed  Cancelled  abort    abort   abort
    CRASHED     Scheduled  Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    PAUSED      Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLING  = keep     = keep   = keep   = keep     = keep  Cancelled  = keep   abort   = keep
    "
  `)
})

test('[SM4] a completed flow run with a kept result is not run again, nor completed without it', () => {
  expect(flowTable({ state: { data: KEPT } })).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING  COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   → Cancelled
    SCHEDULED   Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   → Cancelled
    PENDING     Scheduled  abort    Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  abort    Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    COMPLETED   = keep     = keep   = keep   = keep     Failed  Cancelled  abort    abort   abort
    FAILED      abort      Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    CANCELLED   abort      abort    Running  Completed  Failed  Cancelled  abort    abort   abort
    CRASHED     abort      Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    PAUSED      Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLING  = keep     = keep   = keep   = keep     = keep  Cancelled  = keep   abort   = keep
    "
  `)
  expect(proposeFlow(inState(flowRun(), 'COMPLETED', { data: KEPT }), { type: 'COMPLETED', data: KEPT }).status).toBe('ACCEPT')
})

test('[SM5] a proposal with a transition id that the run knows keeps its state, whatever it proposes', () => {
  const known = { state_details: { transition_id: transitionId(7) } }
  expect(flowTable({ state: known, proposal: known })).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING  COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   → Cancelled
    SCHEDULED   = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    PENDING     = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    RUNNING     = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    COMPLETED   = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    FAILED      = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    CANCELLED   = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    CRASHED     = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    PAUSED      = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    CANCELLING  = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    "
  `)
  expect(taskTable({ state: known, proposal: known })).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING  COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    SCHEDULED   = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    PENDING     = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    RUNNING     = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    COMPLETED   = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    FAILED      = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    CANCELLED   = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    CRASHED     = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    PAUSED      = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    CANCELLING  = keep     = keep   = keep   = keep     = keep  = keep     = keep   = keep  = keep
    "
  `)
})

test('[SM6] a flow run whose time has not come waits before it runs', () => {
  expect(flowTable({ state: { state_details: { scheduled_time: at(60) } } })).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING  COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   → Cancelled
    SCHEDULED   Scheduled  Pending  wait     Completed  Failed  Cancelled  Crashed  abort   → Cancelled
    PENDING     Scheduled  abort    wait     Completed  Failed  Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  abort    Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    COMPLETED   abort      Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    FAILED      abort      Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    CANCELLED   abort      abort    Running  Completed  Failed  Cancelled  abort    abort   abort
    CRASHED     abort      Pending  Running  Completed  Failed  Cancelled  abort    abort   abort
    PAUSED      Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLING  = keep     = keep   = keep   = keep     = keep  Cancelled  = keep   abort   = keep
    "
  `)
})

test('[SM7] a flow run with retries left becomes AwaitingRetry instead of Failed, out of Running only', () => {
  expect(flowTable({ run: flowRun({ empirical_policy: { retries: 1 } }) })).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING  COMPLETED  FAILED           CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running  Completed  Failed           Cancelled  Crashed  abort   → Cancelled
    SCHEDULED   Scheduled  Pending  Running  Completed  Failed           Cancelled  Crashed  abort   → Cancelled
    PENDING     Scheduled  abort    Running  Completed  Failed           Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  abort    Running  Completed  → AwaitingRetry  Cancelled  Crashed  abort   Cancelling
    COMPLETED   abort      Pending  Running  Completed  Failed           Cancelled  abort    abort   abort
    FAILED      abort      Pending  Running  Completed  Failed           Cancelled  abort    abort   abort
    CANCELLED   abort      abort    Running  Completed  Failed           Cancelled  abort    abort   abort
    CRASHED     abort      Pending  Running  Completed  Failed           Cancelled  abort    abort   abort
    PAUSED      Scheduled  Pending  Running  Completed  Failed           Cancelled  Crashed  abort   Cancelling
    CANCELLING  = keep     = keep   = keep   = keep     = keep           Cancelled  = keep   abort   = keep
    "
  `)
})

test('[SM8] force asks only the rules that protect data', () => {
  expect(flowTable({ run: flowRun({ session_id: SESSION_ID }), state: { data: KEPT } }, true)).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING  COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    SCHEDULED   Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    PENDING     Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    COMPLETED   Scheduled  Pending  Running  = keep     Failed  Cancelled  Crashed  abort   Cancelling
    FAILED      Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLED   Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CRASHED     Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    PAUSED      Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLING  Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    "
  `)
  expect(taskTable({ state: { data: KEPT } }, 'CANCELLED', true)).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING  COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    SCHEDULED   Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    PENDING     Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    COMPLETED   Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    FAILED      Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLED   Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CRASHED     Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    PAUSED      Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLING  Scheduled  Pending  Running  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    "
  `)
})

test('[SM9] every step of a task run inside a running flow run is decided as the table says', () => {
  expect(taskTable({})).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING    COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    SCHEDULED   Scheduled  Pending  Running    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    PENDING     Scheduled  Pending  Running    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  Pending  Rerunning  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    COMPLETED   Scheduled  Pending  Running    Completed  Failed  Cancelled  abort    abort   abort
    FAILED      Scheduled  Pending  Running    Completed  Failed  Cancelled  abort    abort   abort
    CANCELLED   Scheduled  Pending  Running    Completed  Failed  Cancelled  abort    abort   abort
    CRASHED     Scheduled  Pending  Running    Completed  Failed  Cancelled  abort    abort   abort
    PAUSED      Scheduled  Pending  Running    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLING  = keep     = keep   = keep     = keep     = keep  Cancelled  = keep   abort   = keep
    "
  `)
})

test('[SM10] a task run outside flows goes the same ways', () => {
  const outside = tableOf(taskRun({ flow_run_id: null }), {}, (run, proposal) => proposeTask(run, proposal, 10, { flowRun: null }))
  expect(outside).toBe(taskTable({}))
})

test('[SM11] a task run does not run while its flow run does not', () => {
  expect(taskTable({}, 'CANCELLING')).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING  COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  abort    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    SCHEDULED   Scheduled  Pending  abort    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    PENDING     Scheduled  Pending  abort    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  Pending  abort    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    COMPLETED   Scheduled  Pending  abort    Completed  Failed  Cancelled  abort    abort   abort
    FAILED      Scheduled  Pending  abort    Completed  Failed  Cancelled  abort    abort   abort
    CANCELLED   Scheduled  Pending  abort    Completed  Failed  Cancelled  abort    abort   abort
    CRASHED     Scheduled  Pending  abort    Completed  Failed  Cancelled  abort    abort   abort
    PAUSED      Scheduled  Pending  abort    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLING  = keep     = keep   = keep   = keep     = keep  Cancelled  = keep   abort   = keep
    "
  `)
  expect(taskTable({}, null)).toBe(taskTable({}, 'CANCELLING'))
  expect(taskTable({}, 'PAUSED')).toBe(taskTable({}, 'CANCELLING'))
})

test('[SM12] a completed task run with a kept result stays as it is', () => {
  expect(taskTable({ state: { data: KEPT } })).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING    COMPLETED  FAILED  CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    SCHEDULED   Scheduled  Pending  Running    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    PENDING     Scheduled  Pending  Running    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  Pending  Rerunning  Completed  Failed  Cancelled  Crashed  abort   Cancelling
    COMPLETED   = keep     = keep   = keep     = keep     = keep  = keep     abort    abort   abort
    FAILED      Scheduled  Pending  Running    Completed  Failed  Cancelled  abort    abort   abort
    CANCELLED   Scheduled  Pending  Running    Completed  Failed  Cancelled  abort    abort   abort
    CRASHED     Scheduled  Pending  Running    Completed  Failed  Cancelled  abort    abort   abort
    PAUSED      Scheduled  Pending  Running    Completed  Failed  Cancelled  Crashed  abort   Cancelling
    CANCELLING  = keep     = keep   = keep     = keep     = keep  Cancelled  = keep   abort   = keep
    "
  `)
})

test('[SM13] a task run with retries left is retried: at once without a delay, else by way of AwaitingRetry', () => {
  expect(taskTable({ run: taskRun({ empirical_policy: { retries: 1 } }) })).toMatchInlineSnapshot(`
    "
    from \\ to   SCHEDULED  PENDING  RUNNING    COMPLETED  FAILED      CANCELLED  CRASHED  PAUSED  CANCELLING
    null        Scheduled  Pending  Running    Completed  Failed      Cancelled  Crashed  abort   Cancelling
    SCHEDULED   Scheduled  Pending  Running    Completed  Failed      Cancelled  Crashed  abort   Cancelling
    PENDING     Scheduled  Pending  Running    Completed  Failed      Cancelled  Crashed  abort   Cancelling
    RUNNING     Scheduled  Pending  Rerunning  Completed  → Retrying  Cancelled  Crashed  abort   Cancelling
    COMPLETED   Scheduled  Pending  Running    Completed  Failed      Cancelled  abort    abort   abort
    FAILED      Scheduled  Pending  Running    Completed  Failed      Cancelled  abort    abort   abort
    CANCELLED   Scheduled  Pending  Running    Completed  Failed      Cancelled  abort    abort   abort
    CRASHED     Scheduled  Pending  Running    Completed  Failed      Cancelled  abort    abort   abort
    PAUSED      Scheduled  Pending  Running    Completed  Failed      Cancelled  Crashed  abort   Cancelling
    CANCELLING  = keep     = keep   = keep     = keep     = keep      Cancelled  = keep   abort   = keep
    "
  `)
  const delayed = taskRun({ empirical_policy: { retries: 1, retry_delay: 3 } })
  expect(proposeTask(inState(delayed, 'RUNNING'), 'FAILED', 10).state?.name).toBe('AwaitingRetry')
  expect(proposeTask(inState(delayed, 'RUNNING'), 'FAILED', 10, { flowRun: { run_count: 1, type: 'CANCELLING' } }).state?.name).toBe(
    'Failed',
  )
})
