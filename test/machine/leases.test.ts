import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cancelDeadline, overdueCancellation } from '#sdk/machine/cancel-deadline.ts'
import { decideLeases, endOfLostFlowRun, endOfLostTaskRun, newLease, type SessionLease } from '#sdk/machine/leases.ts'
import { nextWake } from '#sdk/machine/next-wake.ts'
import { MICROS_PER_SECOND } from '#sdk/protocol/instants.ts'
import { MAX_STATES_PER_RUN } from '#sdk/protocol/limits.ts'
import type { StateType } from '#sdk/protocol/states.ts'
import { at, flowRun, inState, proposeFlow, SESSION_ID, T0, taskRun, present } from './fixtures.ts'

const lease = (lastSign: number, leaseUntil: number, absenceGraceUsed = false): SessionLease => ({
  sessionId: SESSION_ID,
  lastSign: at(lastSign),
  leaseUntil: at(leaseUntil),
  absenceGraceUsed,
})

describe('an alarm', () => {
  test('[LE1] a new lease is due after one lease time', () => {
    expect(newLease(SESSION_ID, T0)).toEqual(lease(0, 30))
    expect(newLease(SESSION_ID, T0, 1)).toEqual(lease(0, 1))
  })

  test('[LE2] leases that are not due are not touched; one is due at its very instant', () => {
    expect(decideLeases([lease(0, 30)], at(29.999999))).toEqual([])
    expect(decideLeases([lease(10, 30)], at(30))).toEqual([{ kind: 'extend', lease: lease(10, 40) }])
  })

  test('[LE3] a sign of life extends to a lease time after it, not after now', () => {
    expect(decideLeases([lease(25.5, 30)], at(30.2))).toEqual([{ kind: 'extend', lease: lease(25.5, 55.5) }])
  })

  test('[LE4] no sign for a whole lease time: dead', () => {
    expect(decideLeases([lease(0, 30)], at(30))).toEqual([{ kind: 'dead', lease: lease(0, 30) }])
    expect(decideLeases([lease(0, 30)], at(35))).toEqual([{ kind: 'dead', lease: lease(0, 30) }])
  })

  test('[LE5] looked at more than 5 s late, a silent session gets one lease time more, once', () => {
    expect(decideLeases([lease(0, 30)], at(35.000001))).toEqual([{ kind: 'extend', lease: lease(0, 65.000001, true) }])
    expect(decideLeases([lease(0, 65, true)], at(65))).toEqual([{ kind: 'dead', lease: lease(0, 65, true) }])
    expect(decideLeases([lease(0, 65, true)], at(600))).toEqual([{ kind: 'dead', lease: lease(0, 65, true) }])
  })

  test('[LE6] a sign of life after the absence makes the grace new', () => {
    expect(decideLeases([lease(50, 65, true)], at(65))).toEqual([{ kind: 'extend', lease: lease(50, 80) }])
    expect(decideLeases([lease(580, 65, true)], at(600))).toEqual([{ kind: 'extend', lease: lease(580, 610) }])
  })

  test('[LE7] lease time is a parameter', () => {
    expect(decideLeases([lease(0, 1)], at(1), 1)).toEqual([{ kind: 'dead', lease: lease(0, 1) }])
    expect(decideLeases([lease(0.5, 1)], at(1), 1)).toEqual([{ kind: 'extend', lease: lease(0.5, 1.5) }])
  })

  test('[LE8] each lease is decided for itself', () => {
    expect(decideLeases([lease(0, 30), lease(20, 30), lease(20, 50)], at(31)).map(({ kind }) => kind)).toEqual(['dead', 'extend'])
  })

  /** Plays alarms at `due + lateness`; the executor pings every `pingSeconds` until `silentFrom`. Answers when it was declared dead, or null. */
  function diesAt(pingSeconds: number, silentFrom: number, latenesses: readonly number[]): number | null {
    let now = newLease(SESSION_ID, 0)
    for (const lateness of latenesses) {
      const alarm = now.leaseUntil + Math.round(lateness * MICROS_PER_SECOND)
      const heardUntil = Math.min(alarm, silentFrom * MICROS_PER_SECOND)
      const lastSign = Math.floor(heardUntil / (pingSeconds * MICROS_PER_SECOND)) * pingSeconds * MICROS_PER_SECOND
      const decision = decideLeases([{ ...now, lastSign }], alarm)[0]
      if (decision?.kind === 'dead') return alarm / MICROS_PER_SECOND
      if (decision !== undefined) now = decision.lease
      expect(now.leaseUntil).toBeGreaterThan(alarm)
    }
    return null
  }
  const latenesses = fc.array(fc.double({ min: 0, max: 120, noNaN: true }), { minLength: 60, maxLength: 60 })

  test('[LE9] whoever pings every 10 s never dies, however late alarms come', () => {
    fc.assert(
      fc.property(latenesses, (all) => {
        expect(diesAt(10, Infinity, all)).toBe(null)
      }),
    )
  })

  test('[LE10] a session that falls silent is dead within one lease time and 5 s where alarms are punctual', () => {
    const punctual = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 60, maxLength: 60 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), punctual, (silentFrom, all) => {
        expect(diesAt(10, silentFrom, all)).toBeLessThanOrEqual(silentFrom + 35)
      }),
    )
    expect(
      diesAt(
        10,
        0.001,
        Array.from({ length: 9 }, () => 0),
      ),
    ).toBe(30)
  })

  test('[LE11] a session that fell silent is dead in the end, however late alarms come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), latenesses, (silentFrom, all) => {
        expect(diesAt(10, silentFrom, all)).not.toBe(null)
      }),
    )
  })
})

describe('the lost', () => {
  test('[LE12] the run of a dead session crashes and says since when nobody was heard', () => {
    expect(endOfLostFlowRun(inState(flowRun(), 'RUNNING'), at(4.5), at(40))).toEqual({
      type: 'CRASHED',
      message: 'Executor lost: no sign of life since 2026-11-22T05:00:04.500000Z. Run it again to start over.',
    })
  })

  test('[LE13] the run of a deployment goes back to the queue, due now or when it was to be retried', () => {
    const run = flowRun({ deployment_id: 'd' })
    const requeued = (seconds: number) => ({
      type: 'SCHEDULED',
      message: 'Executor lost: no sign of life since 2026-11-22T05:00:00.000000Z. The run is back in the queue.',
      state_details: { scheduled_time: at(seconds) },
    })
    expect(endOfLostFlowRun(inState(run, 'RUNNING'), T0, at(40))).toEqual(requeued(40))
    const waiting = inState(run, 'SCHEDULED', { name: 'AwaitingRetry', state_details: { scheduled_time: at(100) } })
    expect(endOfLostFlowRun(waiting, T0, at(40))).toEqual(requeued(100))
    const full = { ...waiting, states: Array.from({ length: MAX_STATES_PER_RUN }, () => present(waiting.states[0])) }
    expect(endOfLostFlowRun(full, T0, at(40))).toMatchObject({ type: 'CRASHED' })
  })

  test('[LE14] a run that was being cancelled is Cancelled, one that has ended stays', () => {
    expect(endOfLostFlowRun(inState(flowRun({ deployment_id: 'd' }), 'CANCELLING'), T0, at(40))).toEqual({
      type: 'CANCELLED',
      message: 'Executor lost: no sign of life since 2026-11-22T05:00:00.000000Z. The run was being cancelled.',
    })
    expect(endOfLostFlowRun(inState(flowRun(), 'FAILED'), T0, at(40))).toBe(null)
  })

  test('[LE15] what becomes of a lost run is always accepted', () => {
    const held: readonly StateType[] = ['SCHEDULED', 'PENDING', 'RUNNING', 'CANCELLING']
    for (const deployment_id of [null, 'd']) {
      const verdicts = held.map((type) => {
        const run = inState(flowRun({ deployment_id, session_id: SESSION_ID }), type)
        return proposeFlow(run, present(endOfLostFlowRun(run, T0, at(40))), 40).status
      })
      expect(verdicts).toEqual(['ACCEPT', 'ACCEPT', 'ACCEPT', 'ACCEPT'])
    }
  })

  test('[LE16] task runs left behind end with their flow run; ended ones and those that never became ready stay', () => {
    expect(endOfLostTaskRun(inState(taskRun(), 'RUNNING'), false)).toEqual({ type: 'CRASHED', message: 'Its flow run crashed.' })
    expect(endOfLostTaskRun(inState(taskRun(), 'SCHEDULED'), true)).toEqual({ type: 'CANCELLED', message: 'Its flow run was cancelled.' })
    expect(endOfLostTaskRun(inState(taskRun(), 'PENDING', { name: 'NotReady' }), false)).toBe(null)
    expect(endOfLostTaskRun(inState(taskRun(), 'COMPLETED'), true)).toBe(null)
  })
})

describe('cancel deadlines and the alarm', () => {
  test('[LE17] a run that stays Cancelling for its grace is Cancelled by the workspace, not before', () => {
    const run = inState(flowRun(), 'CANCELLING')
    expect(cancelDeadline(run)).toBe(at(300))
    expect(overdueCancellation(run, at(299.999999))).toBe(null)
    const end = overdueCancellation(run, at(300))
    expect(end).toEqual({ type: 'CANCELLED', message: 'Cancelled by the workspace: the executor did not end the run within 300 s.' })
    expect(proposeFlow(run, present(end), 300).status).toBe('ACCEPT')
    expect(cancelDeadline(run, 1)).toBe(at(1))
    expect([cancelDeadline(inState(flowRun(), 'RUNNING')), overdueCancellation(inState(flowRun(), 'CANCELLED'), at(999))]).toEqual([
      null,
      null,
    ])
  })

  test('[LE18] the next alarm is the earliest of all dues, or none', () => {
    expect(nextWake({ lease: null, cancelDeadline: null })).toBe(null)
    expect(nextWake({ lease: at(3), cancelDeadline: null })).toBe(at(3))
    expect(nextWake({ lease: at(3), cancelDeadline: at(2) })).toBe(at(2))
  })
})
