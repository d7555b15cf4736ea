import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { clampedPoissonBounds, retriesAtOnce, retryDelaySeconds, willRetry } from '#sdk/machine/retry.ts'
import type { FlowRun, RetryPolicy } from '#sdk/protocol/flow-run.ts'
import { RetryPolicy as RetryPolicySchema } from '#sdk/protocol/flow-run.ts'
import { always, at, flowRun, namesOf, proposeFlow, proposeTask, seeded, taskRun, type Propose } from './fixtures.ts'

/** Runs a task that fails `failures` times; time passes as its AwaitingRetry asks. Answers the run, its calls and its waits in seconds. */
function runTask(empirical_policy: RetryPolicy, failures: number, failure: Propose = 'FAILED') {
  let transition = proposeTask(taskRun({ empirical_policy }), 'PENDING')
  const waits: number[] = []
  let seconds = 0
  let calls = 0
  const propose = (state: Propose) => (transition = proposeTask(transition.run, state, seconds))
  propose('RUNNING')
  for (;;) {
    calls += 1
    seconds += 10
    propose(calls <= failures ? failure : 'COMPLETED')
    if (transition.status === 'ACCEPT') return { run: transition.run, calls, waits }
    if (transition.state?.type === 'SCHEDULED') {
      const due = transition.state.state_details.scheduled_time ?? 0
      waits.push((due - at(seconds)) / 1_000_000)
      seconds += (due - at(seconds)) / 1_000_000
      propose('RUNNING')
    }
  }
}

describe('attempts', () => {
  test('[RT1] a task with three retries that always fails is called four times: Pending, Running, three times Retrying, Failed', () => {
    const { run, calls, waits } = runTask({ retries: 3 }, Infinity)
    expect({ names: namesOf(run), calls, waits, run_count: run.run_count }).toEqual({
      names: ['Pending', 'Running', 'Retrying', 'Retrying', 'Retrying', 'Failed'],
      calls: 4,
      waits: [],
      run_count: 4,
    })
  })

  test('[RT2] a task with three retries that fails twice is called three times and completes', () => {
    const { run, calls } = runTask({ retries: 3 }, 2)
    expect({ names: namesOf(run), calls }).toEqual({ names: ['Pending', 'Running', 'Retrying', 'Retrying', 'Completed'], calls: 3 })
  })

  test('[RT3] a flow with one retry: the first failure becomes AwaitingRetry, the second is Failed and the run no longer waits in process', () => {
    const policy = { retries: 1, retry_delay: 5 }
    const propose = (run: FlowRun, to: Propose, seconds: number) => proposeFlow(run, to, seconds)
    const running = propose(flowRun({ empirical_policy: policy }), 'RUNNING', 0).run
    const first = propose(running, { type: 'FAILED', message: 'Flow run encountered an exception: Error: no' }, 1)
    expect(first).toMatchObject({ status: 'REJECT', changed: true, reason: 'Retrying' })
    expect(first.state).toMatchObject({
      type: 'SCHEDULED',
      name: 'AwaitingRetry',
      message: 'Flow run encountered an exception: Error: no',
      state_details: { scheduled_time: at(6) },
    })
    expect(first.run.empirical_policy).toEqual({ ...policy, retry_type: 'in_process', resuming: false, pause_keys: [] })
    expect(propose(first.run, 'RUNNING', 2)).toMatchObject({ status: 'WAIT', delaySeconds: 4 })
    const again = propose(first.run, 'RUNNING', 6)
    expect(again).toMatchObject({ status: 'ACCEPT', state: { name: 'Retrying' }, run: { run_count: 2 } })
    const second = propose(again.run, 'FAILED', 7)
    expect(second).toMatchObject({ status: 'ACCEPT', state: { name: 'Failed' } })
    expect(second.run.empirical_policy.retry_type).toBe(null)
    expect(namesOf(second.run)).toEqual(['Running', 'AwaitingRetry', 'Retrying', 'Failed'])
  })

  test('[RT8] R retries give R + 1 attempts; none, null and absent mean no retry; retriable false ends it', () => {
    const failed = { type: 'FAILED' } as const
    expect([1, 2, 3, 4].map((runCount) => willRetry({ retries: 2 }, runCount, failed))).toEqual([true, true, false, false])
    expect([{ retries: 0 }, { retries: null }, {}].map((policy) => willRetry(policy, 1, failed))).toEqual([false, false, false])
    expect(willRetry({ retries: 2 }, 1, { ...failed, state_details: { retriable: false } })).toBe(false)
    expect(willRetry({ retries: 2 }, 1, { ...failed, state_details: { retriable: true } })).toBe(true)
  })

  test('[RT9] a failure that says it is not retriable fails at the first attempt', () => {
    const { run, calls } = runTask({ retries: 3 }, Infinity, { type: 'FAILED', state_details: { retriable: false } })
    expect({ names: namesOf(run), calls }).toEqual({ names: ['Pending', 'Running', 'Failed'], calls: 1 })
  })

  test('[RT10] a timeout counts as a failure; the end is named TimedOut', () => {
    const { run } = runTask({ retries: 1, retry_delay: 1 }, Infinity, { type: 'FAILED', name: 'TimedOut' })
    expect(namesOf(run)).toEqual(['Pending', 'Running', 'AwaitingRetry', 'Retrying', 'TimedOut'])
  })

  test('[RT11] what crashed or was cancelled is not retried, nor what failed before it ran', () => {
    const policy = { empirical_policy: { retries: 3 } }
    const running = proposeFlow(flowRun(policy), 'RUNNING').run
    expect(proposeFlow(running, 'CRASHED').status).toBe('ACCEPT')
    expect(proposeFlow(running, 'CANCELLED').status).toBe('ACCEPT')
    const pending = proposeFlow(flowRun(policy), 'PENDING').run
    expect(proposeFlow(pending, { type: 'FAILED', message: 'Validation of flow parameters failed' })).toMatchObject({
      status: 'ACCEPT',
      state: { name: 'Failed' },
    })
  })
})

describe('delays', () => {
  test('[RT4] delays [3,1] with four retries wait 3, 1, 1, 1', () => {
    expect(runTask({ retries: 4, retry_delays: [3, 1] }, Infinity).waits).toEqual([3, 1, 1, 1])
  })

  test('[RT5] a list longer than the retries has entries left over; one with more than 50 is refused', () => {
    expect(runTask({ retries: 1, retry_delays: [3, 2, 1] }, Infinity).waits).toEqual([3])
    expect(RetryPolicySchema.safeParse({ retry_delays: Array.from({ length: 50 }, () => 1) }).success).toBe(true)
    expect(RetryPolicySchema.safeParse({ retry_delays: Array.from({ length: 51 }, () => 1) }).success).toBe(false)
    expect(RetryPolicySchema.safeParse({ retry_delays: [] }).success).toBe(false)
  })

  test('[RT6] a delay of 0 is no AwaitingRetry; [0] is one that is due now', () => {
    expect(namesOf(runTask({ retries: 1, retry_delay: 0 }, 1).run)).toEqual(['Pending', 'Running', 'Retrying', 'Completed'])
    const { run, waits } = runTask({ retries: 1, retry_delays: [0] }, 1)
    expect({ names: namesOf(run), waits }).toEqual({ names: ['Pending', 'Running', 'AwaitingRetry', 'Retrying', 'Completed'], waits: [0] })
    expect(
      [{}, { retry_delay: 0 }, { retry_delay: null }, { retry_delays: null }, { retry_delay: 1 }, { retry_delays: [0] }].map(retriesAtOnce),
    ).toEqual([true, true, true, true, false, false])
  })

  test('[RT12] a flow waits in AwaitingRetry also without a delay, due now', () => {
    const running = proposeFlow(flowRun({ empirical_policy: { retries: 1 } }), 'RUNNING').run
    expect(proposeFlow(running, 'FAILED', 3).state).toMatchObject({ name: 'AwaitingRetry', state_details: { scheduled_time: at(3) } })
  })

  test('[RT13] flows take lists and jitter too, and fractions of seconds', () => {
    const failAt = (policy: RetryPolicy, value: number) => {
      const running = proposeFlow(flowRun({ empirical_policy: { retries: 3, ...policy } }), 'RUNNING').run
      const due = proposeFlow(running, 'FAILED', 0, { random: always(value) }).state?.state_details.scheduled_time
      return typeof due === 'number' ? due - at(0) : undefined
    }
    expect(failAt({ retry_delays: [0.25, 9] }, 0)).toBe(250_000)
    const { lower } = clampedPoissonBounds(10, 0.5)
    expect(failAt({ retry_delay: 10, retry_jitter_factor: 0.5 }, 0)).toBe(Math.round(lower * 1_000_000))
  })

  test('[RT7] jitter 0.5 of 10 s stays within 6.3 and 15 s and keeps its mean; no delay stays none; a negative factor is refused', () => {
    const { lower, upper } = clampedPoissonBounds(10, 0.5)
    expect([lower.toFixed(3), upper]).toEqual(['6.294', 15])
    const random = seeded(1)
    const delays = Array.from({ length: 5_000 }, () => retryDelaySeconds({ retry_delay: 10, retry_jitter_factor: 0.5 }, 0, random))
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(lower)
    expect(Math.max(...delays)).toBeLessThanOrEqual(upper)
    expect(new Set(delays).size).toBeGreaterThan(4_900)
    expect(Math.abs(delays.reduce((sum, delay) => sum + delay, 0) / delays.length - 10)).toBeLessThan(0.15)
    expect(retryDelaySeconds({ retry_delay: 0, retry_jitter_factor: 0.5 }, 0, random)).toBe(0)
    expect(retryDelaySeconds({ retry_delay: 10, retry_jitter_factor: 0 }, 0, random)).toBe(10)
    expect(RetryPolicySchema.safeParse({ retry_jitter_factor: -0.1 }).success).toBe(false)
  })

  test('[RT14] whatever the factor and the chance, a delay is between its bounds and finite', () => {
    const factor = fc.double({ min: 0.001, max: 100, noNaN: true })
    const delay = fc.double({ min: 0.001, max: 1e6, noNaN: true })
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(factor, delay, chance, (retry_jitter_factor, retry_delay, value) => {
        const { lower, upper } = clampedPoissonBounds(retry_delay, retry_jitter_factor)
        const seconds = retryDelaySeconds({ retry_delay, retry_jitter_factor }, 0, always(value))
        expect(lower <= seconds && seconds <= upper).toBe(true)
      }),
    )
  })
})
