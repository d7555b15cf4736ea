/** What the table of types cannot say: names, details, policies, chains of states. */
import { describe, expect, test } from 'vitest'
import { MAX_STATES_PER_RUN } from '#sdk/protocol/limits.ts'
import { runIdOf } from '#sdk/protocol/mint.ts'
import type { JsonValue } from '#sdk/protocol/json.ts'
import type { StateProposal, StateType } from '#sdk/protocol/states.ts'
import {
  at,
  FLOW_RUN_ID,
  flowRun,
  inState,
  namesOf,
  proposeFlow,
  proposeTask,
  SESSION_ID,
  T0,
  taskRun,
  transitionId,
  walkFlow,
  walkTask,
} from './fixtures.ts'

describe('a state', () => {
  test('[SM20] an accepted proposal becomes a whole state: id with its ordinal, name, time, only the details that are set', () => {
    const proposal: StateProposal = {
      type: 'COMPLETED',
      message: 'done',
      data: { kind: 'unkept', reason: 'not asked for' },
      state_details: { cache_key: null, retriable: false },
    }
    const { run, state } = proposeFlow(inState(flowRun(), 'RUNNING'), proposal, 2)
    expect(state).toEqual({
      id: '019aa000-0000-7000-8000-00000f100002',
      type: 'COMPLETED',
      name: 'Completed',
      timestamp: at(2),
      message: 'done',
      data: { kind: 'unkept', reason: 'not asked for' },
      state_details: { retriable: false },
    })
    expect(run.states.map(({ id }) => runIdOf(id))).toEqual([FLOW_RUN_ID, FLOW_RUN_ID])
    expect(run.updated).toBe(at(2))
  })

  test('[SM21] data of null is no data; a scheduled state without a time is due now', () => {
    expect(proposeFlow(flowRun(), { type: 'SCHEDULED', data: null }, 3).state).toEqual({
      id: '019aa000-0000-7000-8000-00000f100001',
      type: 'SCHEDULED',
      name: 'Scheduled',
      timestamp: at(3),
      message: null,
      state_details: { scheduled_time: at(3) },
    })
  })

  test('[SM22] names that a client gives are kept; types decide', () => {
    const { run, verdicts } = walkFlow(
      flowRun(),
      { type: 'RUNNING', name: 'Warming up' },
      { type: 'FAILED', name: 'TimedOut' },
      { type: 'RUNNING', name: 'Again' },
    )
    expect(verdicts).toEqual(['ACCEPT Warming up', 'ACCEPT TimedOut', 'ACCEPT Again'])
    expect(run.end_time).toBe(null)
  })
})

describe('duplicates', () => {
  const proposal = (type: StateType, n: number): StateProposal => ({ type, state_details: { transition_id: transitionId(n) } })

  test('[SM23] the same transition id twice: the second changes nothing and answers the state', () => {
    const first = proposeFlow(inState(flowRun(), 'PENDING'), proposal('RUNNING', 1), 1)
    const second = proposeFlow(first.run, proposal('RUNNING', 1), 2)
    expect(second).toEqual({
      status: 'REJECT',
      changed: false,
      run: first.run,
      state: first.state,
      reason: 'This run has already made this state transition.',
    })
    expect(second.run).toBe(first.run)
    expect(second.run.run_count).toBe(1)
  })

  test('[SM24] a transition id is known for the whole life of the run, not only until the next state', () => {
    const { run } = walkFlow(flowRun(), proposal('PENDING', 1), proposal('RUNNING', 2), proposal('COMPLETED', 3))
    expect(proposeFlow(run, proposal('RUNNING', 2), 9)).toMatchObject({ status: 'REJECT', changed: false, state: { name: 'Completed' } })
    expect(proposeFlow(run, proposal('RUNNING', 4), 9)).toMatchObject({ status: 'ACCEPT' })
  })

  test('[SM25] a failure that became AwaitingRetry is known too: sent again it does not end the run', () => {
    const running = inState(flowRun({ empirical_policy: { retries: 1 } }), 'RUNNING')
    const retry = proposeFlow(running, proposal('FAILED', 1), 1)
    expect(retry.state?.state_details).toEqual({ scheduled_time: at(1), transition_id: transitionId(1) })
    expect(proposeFlow(retry.run, proposal('FAILED', 1), 2)).toMatchObject({
      status: 'REJECT',
      changed: false,
      state: { name: 'AwaitingRetry' },
    })
  })

  test('[SM26] force does not make a duplicate new', () => {
    const { run } = walkFlow(flowRun(), proposal('RUNNING', 1))
    expect(proposeFlow(run, proposal('RUNNING', 1), 9, { force: true }).changed).toBe(false)
  })
})

describe('claims', () => {
  test('[SM27] PENDING on PENDING, RUNNING, CANCELLED is aborted, on CANCELLING it is refused', () => {
    const word = (type: StateType) => proposeFlow(inState(flowRun(), type), 'PENDING').status
    expect((['PENDING', 'RUNNING', 'CANCELLED', 'CANCELLING'] as const).map(word)).toEqual(['ABORT', 'ABORT', 'ABORT', 'REJECT'])
    expect(proposeFlow(inState(flowRun(), 'RUNNING'), 'PENDING')).toMatchObject({
      reason: 'This run is in a RUNNING state and cannot transition to a PENDING state.',
    })
  })

  test('[SM28] PENDING may tell its progress by name, but not go back to Pending nor repeat itself', () => {
    const submitting = { type: 'PENDING', name: 'Submitting' } as const
    const { verdicts } = walkFlow(
      flowRun(),
      'PENDING',
      submitting,
      submitting,
      { type: 'PENDING', name: 'InfrastructurePending' },
      'PENDING',
      'RUNNING',
    )
    expect(verdicts).toEqual([
      'ACCEPT Pending',
      'ACCEPT Submitting',
      'ABORT Submitting',
      'ACCEPT InfrastructurePending',
      'ABORT InfrastructurePending',
      'ACCEPT Running',
    ])
  })
})

describe('kept results', () => {
  const KEPT: readonly JsonValue[] = [
    { kind: 'inline', serializer: 'devalue', value: '[1]' },
    { storage_key: 'a', expiration: null },
    'text',
    0,
    false,
    ['x'],
  ]
  const LOST: readonly JsonValue[] = [
    null,
    { kind: 'unkept', reason: 'too large' },
    { type: 'unpersisted' },
    { kind: 'error', error: { name: 'E', message: 'm' } },
  ]

  test('[SM29] results that can be read again protect a completed run, others do not', () => {
    const rerun = (data: JsonValue) => proposeFlow(inState(flowRun(), 'COMPLETED', { data }), 'RUNNING').status
    expect(KEPT.map(rerun)).toEqual(KEPT.map(() => 'REJECT'))
    expect(LOST.map(rerun)).toEqual(LOST.map(() => 'ACCEPT'))
    const rerunTask = (data: JsonValue) => proposeTask(inState(taskRun(), 'COMPLETED', { data }), 'RUNNING').status
    expect(KEPT.map(rerunTask)).toEqual(KEPT.map(() => 'REJECT'))
    expect(LOST.map(rerunTask)).toEqual(LOST.map(() => 'ACCEPT'))
  })
})

describe('scheduled time', () => {
  test('[SM30] 5.4 s early means WAIT 5.4 s, to the microsecond; then it is accepted, and also when it is past', () => {
    const run = inState(flowRun(), 'SCHEDULED', { state_details: { scheduled_time: at(5.4) } })
    expect(proposeFlow(run, 'RUNNING')).toEqual({
      status: 'WAIT',
      changed: false,
      run,
      state: run.states[0],
      delaySeconds: 5.4,
      reason: 'Scheduled time is in the future',
    })
    expect(proposeFlow(run, 'RUNNING', 5.399999)).toMatchObject({ status: 'WAIT', delaySeconds: 0.000001 })
    expect(proposeFlow(run, 'RUNNING', 5.4).status).toBe('ACCEPT')
    expect(proposeFlow(run, 'RUNNING', 99).status).toBe('ACCEPT')
  })

  test('[SM31] the time goes along to PENDING and its names, unless the proposal brings its own', () => {
    const submitting = { type: 'PENDING', name: 'Submitting' } as const
    const { run } = walkFlow(flowRun(), { type: 'SCHEDULED', state_details: { scheduled_time: at(60) } }, 'PENDING', submitting, 'RUNNING')
    expect(run.states.map(({ state_details }) => state_details.scheduled_time)).toEqual([at(60), at(60), at(60)])
    const own = walkFlow(flowRun(), 'SCHEDULED', { type: 'PENDING', state_details: { scheduled_time: at(7) } })
    expect(own.run.states[1]?.state_details).toEqual({ scheduled_time: at(7) })
    expect(walkFlow(flowRun(), 'PENDING').run.states[0]?.state_details).toEqual({})
  })

  test('[SM32] a task run waits too', () => {
    const run = inState(taskRun(), 'PENDING', { state_details: { scheduled_time: at(2) } })
    expect(proposeTask(run, 'RUNNING', 0.5)).toMatchObject({ status: 'WAIT', delaySeconds: 1.5 })
  })
})

describe('late', () => {
  const late = { type: 'SCHEDULED', name: 'Late', state_details: { scheduled_time: T0 } } as const
  test('[SM33] only a scheduled run becomes Late, and once', () => {
    const { run, verdicts } = walkFlow(flowRun(), 'SCHEDULED', late, late)
    expect(verdicts).toEqual(['ACCEPT Scheduled', 'ACCEPT Late', 'REJECT Late'])
    expect(namesOf(run)).toEqual(['Scheduled', 'Late'])
    expect(proposeFlow(inState(flowRun(), 'RUNNING'), late)).toMatchObject({
      status: 'REJECT',
      changed: false,
      reason: 'Only scheduled runs can be marked late.',
    })
  })

  test('[SM34] a run that is late starts like any other', () => {
    expect(walkFlow(flowRun(), 'SCHEDULED', late, 'PENDING', 'RUNNING').verdicts).toEqual([
      'ACCEPT Scheduled',
      'ACCEPT Late',
      'ACCEPT Pending',
      'ACCEPT Running',
    ])
  })
})

describe('cancelling', () => {
  test('[SM35] from Cancelling only Cancelled is accepted, and that ends the run', () => {
    const { run, verdicts } = walkFlow(
      flowRun(),
      'RUNNING',
      'CANCELLING',
      'COMPLETED',
      'FAILED',
      'RUNNING',
      'CANCELLING',
      'CRASHED',
      'CANCELLED',
    )
    expect(verdicts).toEqual([
      'ACCEPT Running',
      'ACCEPT Cancelling',
      ...Array.from({ length: 5 }, () => 'REJECT Cancelling'),
      'ACCEPT Cancelled',
    ])
    expect(run.end_time).toBe(at(8))
    expect(run.total_run_micros).toBe(1_000_000)
  })

  test('[SM36] a scheduled run that nobody executes is Cancelled at once, with the words of who cancelled; AwaitingRetry with an executor is not', () => {
    const cancel = { type: 'CANCELLING', message: 'not needed', state_details: { transition_id: transitionId(1) } } as const
    expect(proposeFlow(inState(flowRun(), 'SCHEDULED'), cancel, 1)).toMatchObject({
      status: 'REJECT',
      changed: true,
      state: { type: 'CANCELLED', name: 'Cancelled', message: 'not needed', state_details: { transition_id: transitionId(1) } },
      run: { end_time: at(1) },
      reason: 'No executor has the run yet, so it is Cancelled at once.',
    })
    const waiting = inState(flowRun({ session_id: SESSION_ID }), 'SCHEDULED', { name: 'AwaitingRetry' })
    expect(proposeFlow(waiting, cancel)).toMatchObject({ status: 'ACCEPT', state: { type: 'CANCELLING' } })
  })

  test('[SM37] cancelling a run that has ended is aborted and says so', () => {
    expect(proposeFlow(inState(flowRun(), 'FAILED'), 'CANCELLING')).toMatchObject({
      status: 'ABORT',
      reason: 'Run is already in terminal state FAILED.',
    })
    expect(proposeTask(inState(taskRun(), 'FAILED'), 'CANCELLING')).toMatchObject({ status: 'ABORT', reason: 'Run is already FAILED.' })
  })
})

describe('reruns', () => {
  test('[SM38] pauses are refused with words', () => {
    expect(proposeFlow(inState(flowRun(), 'RUNNING'), 'PAUSED')).toMatchObject({
      status: 'ABORT',
      reason: 'Runs cannot be paused in this version: nothing could resume them.',
    })
  })

  test('[SM39] an ended flow run is scheduled again only when it has a deployment; then any executor may take it', () => {
    const ended = { retry_type: 'in_process', pause_keys: ['a'], resuming: true, retries: 2 } as const
    const run = inState(flowRun({ deployment_id: 'd', empirical_policy: ended }), 'FAILED')
    const again = proposeFlow(run, 'SCHEDULED', 1)
    expect(again).toMatchObject({ status: 'ACCEPT', state: { name: 'Scheduled' } })
    expect(again.run.empirical_policy).toEqual({ retries: 2, retry_type: 'reschedule', pause_keys: [], resuming: false })
    expect(proposeFlow(run, 'RUNNING', 1).run.empirical_policy).toEqual({ retries: 2, retry_type: null, pause_keys: [], resuming: false })
    expect(proposeFlow({ ...run, deployment_id: null }, 'SCHEDULED', 1).status).toBe('ABORT')
  })

  test('[SM40] a flow run in AwaitingRetry that is scheduled anew no longer waits for its own executor; one that ends forgets it', () => {
    const waiting = inState(flowRun({ empirical_policy: { retry_type: 'in_process' } }), 'SCHEDULED', { name: 'AwaitingRetry' })
    expect(proposeFlow(waiting, 'SCHEDULED').run.empirical_policy).toEqual({ retry_type: 'reschedule' })
    expect(proposeFlow(waiting, 'CRASHED').run.empirical_policy).toEqual({ retry_type: null })
    expect(proposeFlow(waiting, 'RUNNING').run.empirical_policy).toEqual({ retry_type: 'in_process' })
  })

  test('[SM41] a task run that leaves its end counts its attempts anew', () => {
    const { run } = walkTask(
      taskRun({ empirical_policy: { retries: 1 } }),
      'RUNNING',
      'FAILED',
      'FAILED',
      'PENDING',
      'RUNNING',
      'FAILED',
      'FAILED',
    )
    expect(namesOf(run)).toEqual(['Running', 'Retrying', 'Failed', 'Pending', 'Running', 'Retrying', 'Failed'])
    expect(run.run_count).toBe(2)
  })

  test('[SM42] a flow run keeps counting', () => {
    expect(walkFlow(flowRun(), 'RUNNING', 'FAILED', 'RUNNING').run.run_count).toBe(2)
  })

  test('[SM43] a task run that runs again for no failure is Rerunning, after AwaitingRetry Retrying', () => {
    expect(walkTask(taskRun(), 'RUNNING', 'PENDING', 'RUNNING').verdicts).toEqual(['ACCEPT Running', 'ACCEPT Pending', 'ACCEPT Rerunning'])
    const retry = walkTask(taskRun({ empirical_policy: { retries: 1, retry_delay: 1 } }), 'RUNNING', 'FAILED', 'RUNNING')
    expect(retry.verdicts).toEqual(['ACCEPT Running', 'REJECT AwaitingRetry', 'ACCEPT Retrying'])
  })

  test('[SM44] a task run that runs in a later attempt of its flow run is Retrying and remembers that attempt', () => {
    const first = proposeTask(taskRun(), 'RUNNING', 1, { flowRun: { run_count: 1, type: 'RUNNING' } }).run
    const failed = proposeTask(first, 'FAILED', 2).run
    const second = { flowRun: { run_count: 2, type: 'RUNNING' } } as const
    expect(first.flow_run_run_count).toBe(1)
    expect(proposeTask(failed, 'RUNNING', 3, second)).toMatchObject({
      state: { name: 'Retrying' },
      run: { flow_run_run_count: 2, run_count: 1 },
    })
    const pending = proposeTask(failed, 'PENDING', 3, second).run
    expect(proposeTask(pending, 'RUNNING', 4, second)).toMatchObject({
      state: { name: 'Retrying' },
      run: { flow_run_run_count: 2, run_count: 1 },
    })
    expect(proposeTask(failed, 'RUNNING', 3)).toMatchObject({ state: { name: 'Running' }, run: { flow_run_run_count: 1 } })
    const left = inState(taskRun({ empirical_policy: { retries: 1 }, flow_run_run_count: 1 }), 'RUNNING')
    expect(proposeTask(left, 'FAILED', 3, second)).toMatchObject({ state: { name: 'Retrying' }, run: { flow_run_run_count: 2 } })
  })
})

describe('the bound', () => {
  const full = (type: StateType, policy = {}) => {
    const run = inState(flowRun({ empirical_policy: policy }), type)
    const state = run.states[0]
    return { ...run, states: state === undefined ? [] : Array.from({ length: MAX_STATES_PER_RUN }, () => state) }
  }

  test('[SM45] a run has at most MAX_STATES_PER_RUN states; then it can only be cancelled and end', () => {
    const word = (to: StateType) => `${to} ${proposeFlow(full('RUNNING'), to).status}`
    expect((['RUNNING', 'SCHEDULED', 'CANCELLING', 'COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'] as const).map(word)).toEqual([
      'RUNNING ABORT',
      'SCHEDULED ABORT',
      'CANCELLING ACCEPT',
      'COMPLETED ACCEPT',
      'FAILED ACCEPT',
      'CRASHED ACCEPT',
      'CANCELLED ACCEPT',
    ])
    expect(proposeFlow(full('RUNNING'), 'RUNNING')).toMatchObject({ reason: 'The run has 1000 states; a run may have 1000.' })
    expect(proposeFlow(full('FAILED'), 'COMPLETED').status).toBe('ABORT')
    expect(proposeFlow(full('RUNNING'), 'RUNNING', 0, { force: true }).status).toBe('ABORT')
  })

  test('[SM46] a run without room for another attempt fails instead of waiting for it', () => {
    const run = full('RUNNING', { retries: 5_000 })
    expect(proposeFlow({ ...run, states: run.states.slice(1) }, 'FAILED')).toMatchObject({ status: 'ACCEPT', state: { name: 'Failed' } })
    expect(proposeFlow({ ...run, states: run.states.slice(2) }, 'FAILED')).toMatchObject({
      status: 'REJECT',
      state: { name: 'AwaitingRetry' },
    })
  })
})
