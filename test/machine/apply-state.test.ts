import { describe, expect, test } from 'vitest'
import { applyState } from '#sdk/machine/apply-state.ts'
import { currentState, currentType, estimatedRunTimeSeconds, estimatedStartDeltaSeconds, hasEnded } from '#sdk/machine/facts.ts'
import type { FlowRun, RunFacts } from '#sdk/protocol/flow-run.ts'
import type { StateType } from '#sdk/protocol/states.ts'
import { at, deepFreeze, flowRun, inState, proposeFlow, SESSION_ID, T0, taskRun, walkFlow, present } from './fixtures.ts'

/** The run with states of these types, at these seconds. */
const history = (...states: readonly (readonly [StateType, number])[]): FlowRun =>
  states.reduce((run, [type, seconds]) => inState(run, type, { timestamp: at(seconds) }), flowRun())

const factsOf = ({ run_count, expected_start_time, next_scheduled_start_time, start_time, end_time, total_run_micros }: RunFacts) => ({
  run_count,
  expected_start_time,
  next_scheduled_start_time,
  start_time,
  end_time,
  total_run_micros,
})

describe('facts', () => {
  test('[SM50] a run without states has no facts', () => {
    expect(factsOf(flowRun())).toEqual({
      run_count: 0,
      expected_start_time: null,
      next_scheduled_start_time: null,
      start_time: null,
      end_time: null,
      total_run_micros: 0,
    })
    expect([currentState(flowRun()), currentType(flowRun()), hasEnded(flowRun())]).toEqual([null, null, false])
  })

  test('[SM51] start is the first Running, end the first final state, both count the attempts between', () => {
    expect(factsOf(history(['PENDING', 1], ['RUNNING', 2], ['SCHEDULED', 5], ['RUNNING', 9], ['FAILED', 10]))).toEqual({
      run_count: 2,
      expected_start_time: at(1),
      next_scheduled_start_time: null,
      start_time: at(2),
      end_time: at(10),
      total_run_micros: 4_000_000,
    })
  })

  test('[SM52] time outside Running is not run time; each way out of Running adds its interval', () => {
    expect(
      history(['RUNNING', 0], ['PAUSED', 3], ['RUNNING', 100], ['RUNNING', 101], ['CANCELLING', 103], ['CANCELLED', 200]).total_run_micros,
    ).toBe(6_000_000)
  })

  test('[SM53] end is kept from one end to another and cleared on the way out', () => {
    expect(history(['RUNNING', 0], ['FAILED', 3], ['CANCELLED', 9]).end_time).toBe(at(3))
    expect(history(['RUNNING', 0], ['FAILED', 3], ['RUNNING', 9]).end_time).toBe(null)
    expect(history(['RUNNING', 0], ['FAILED', 3], ['RUNNING', 9], ['COMPLETED', 10]).end_time).toBe(at(10))
  })

  test('[SM54] a run that ends without having run started when it ended', () => {
    expect(factsOf(history(['PENDING', 1], ['CANCELLED', 4]))).toMatchObject({
      start_time: at(4),
      end_time: at(4),
      run_count: 0,
      total_run_micros: 0,
    })
  })

  test('[SM55] the expected start is that of the first state; a later schedule moves it until the run has started', () => {
    const due = (seconds: number) => ({ state_details: { scheduled_time: at(seconds) } })
    const scheduled = inState(flowRun(), 'SCHEDULED', due(60))
    expect(factsOf(scheduled)).toMatchObject({ expected_start_time: at(60), next_scheduled_start_time: at(60) })
    const later = inState(scheduled, 'SCHEDULED', due(90))
    expect(factsOf(later)).toMatchObject({ expected_start_time: at(90), next_scheduled_start_time: at(90) })
    const retrying = inState(inState(later, 'RUNNING', { timestamp: at(91) }), 'SCHEDULED', { timestamp: at(92), ...due(95) })
    expect(factsOf(retrying)).toMatchObject({ expected_start_time: at(90), next_scheduled_start_time: at(95) })
    expect(factsOf(inState(retrying, 'PENDING', { timestamp: at(96) }))).toMatchObject({ next_scheduled_start_time: null })
  })

  test('[SM56] a task run that leaves its end counts from 0, a flow run goes on counting', () => {
    const ways = ['RUNNING', 'RUNNING', 'FAILED', 'PENDING'] as const
    expect(ways.reduce((run, type) => inState(run, type), taskRun()).run_count).toBe(0)
    expect(ways.reduce((run, type) => inState(run, type), flowRun()).run_count).toBe(2)
  })

  test('[SM57] two states of one microsecond, or a clock that went back: the later state is one microsecond later', () => {
    expect(history(['PENDING', 5], ['RUNNING', 5], ['COMPLETED', 1]).states.map(({ timestamp }) => timestamp - at(5))).toEqual([0, 1, 2])
    const { run } = proposeFlow(history(['RUNNING', 5]), 'COMPLETED', 5)
    expect(run.end_time).toBe(at(5) + 1)
    expect(run.total_run_micros).toBe(1)
  })

  test('[SM58] a state is added to a copy; only facts and history change', () => {
    const run = deepFreeze(inState(flowRun({ session_id: SESSION_ID, tags: ['b', 'a', 'b'] }), 'PENDING'))
    const state = { ...present(currentState(run)), type: 'RUNNING' } as const
    const next = applyState(run, state)
    expect({ ...next, ...factsOf(run), states: run.states, updated: run.updated }).toEqual(run)
    expect(next.tags).toEqual(['b', 'a'])
    expect(next.states).toHaveLength(2)
  })
})

describe('derived', () => {
  test('[SM59] estimated run time counts the present interval only while the run runs', () => {
    const running = history(['RUNNING', 0], ['SCHEDULED', 3], ['RUNNING', 10])
    expect(estimatedRunTimeSeconds(running, at(12.5))).toBe(5.5)
    expect(estimatedRunTimeSeconds(history(['RUNNING', 0], ['COMPLETED', 3]), at(99))).toBe(3)
    expect(estimatedRunTimeSeconds(running, at(1))).toBe(3)
    expect(estimatedRunTimeSeconds(flowRun(), at(1))).toBe(0)
  })

  test('[SM60] lateness: start after expected start; now after it while the run waits; else 0', () => {
    const scheduled = inState(flowRun(), 'SCHEDULED', { state_details: { scheduled_time: at(10) } })
    expect(estimatedStartDeltaSeconds(scheduled, at(5))).toBe(0)
    expect(estimatedStartDeltaSeconds(scheduled, at(15.5))).toBe(5.5)
    expect(estimatedStartDeltaSeconds(inState(scheduled, 'RUNNING', { timestamp: at(12) }), at(99))).toBe(2)
    expect(estimatedStartDeltaSeconds(inState(scheduled, 'RUNNING', { timestamp: at(8) }), at(99))).toBe(0)
    expect(estimatedStartDeltaSeconds(flowRun(), T0)).toBe(0)
    expect(estimatedStartDeltaSeconds({ ...inState(scheduled, 'CANCELLED'), start_time: null }, at(99))).toBe(0)
  })

  test('[SM61] a walk through a whole life', () => {
    const { run } = walkFlow(flowRun(), 'SCHEDULED', 'PENDING', 'RUNNING', 'COMPLETED')
    expect(factsOf(run)).toEqual({
      run_count: 1,
      expected_start_time: at(1),
      next_scheduled_start_time: null,
      start_time: at(3),
      end_time: at(4),
      total_run_micros: 1_000_000,
    })
  })
})
