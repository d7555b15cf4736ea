/** Properties that hold over any history that any mixture of proposals can make. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyState } from '#sdk/machine/apply-state.ts'
import { transitionFlowRun, transitionTaskRun, type Transition } from '#sdk/machine/transition.ts'
import type { FlowRun, RunFacts } from '#sdk/protocol/flow-run.ts'
import type { State, StateProposal, StateType } from '#sdk/protocol/states.ts'
import { isTerminal, STATE_TYPES } from '#sdk/protocol/state-types.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import { deepFreeze, flowRun, seeded, SESSION_ID, T0, taskRun, transitionId } from './fixtures.ts'

interface Move {
  readonly proposal: StateProposal
  /** May be 0 or negative: clocks are not to be trusted. */
  readonly micros: number
  readonly force: boolean
  readonly flowType: StateType
}

const details = fc.record({
  transition_id: fc.option(fc.nat(12).map(transitionId)),
  scheduled_time: fc.option(fc.nat(5_000_000).map((micros) => T0 + micros)),
  retriable: fc.option(fc.boolean()),
})
const proposal = fc.record({
  type: fc.constantFrom(...STATE_TYPES),
  name: fc.constantFrom(null, null, null, 'Late', 'AwaitingRetry', 'Submitting', 'Other'),
  data: fc.constantFrom(null, { kind: 'inline', serializer: 'devalue', value: '[1]' }, { kind: 'unkept', reason: 'too large' }),
  state_details: details,
})
const move = (forced: boolean): fc.Arbitrary<Move> =>
  fc.record({
    proposal,
    micros: fc.oneof(fc.constant(0), fc.integer({ min: -50, max: 2_000_000 })),
    force: forced ? fc.boolean() : fc.constant(false),
    flowType: fc.constantFrom<StateType>('RUNNING', 'RUNNING', 'RUNNING', 'CANCELLING'),
  })
const moves = (forced = false) => fc.array(move(forced), { maxLength: 40 })
const policy = fc.record({
  retries: fc.constantFrom(null, 0, 1, 3),
  retry_delay: fc.constantFrom(null, 0, 0.5),
  retry_delays: fc.constantFrom(null, [0.2, 0]),
  retry_jitter_factor: fc.constantFrom(null, 0.5),
})
const flow = fc
  .record({
    empirical_policy: policy,
    deployment_id: fc.constantFrom(null, 'd'),
    session_id: fc.constantFrom(null, SESSION_ID),
    infrastructure_pid: fc.constantFrom(null, '4711'),
  })
  .map((input) => flowRun(input))
const task = fc.record({ empirical_policy: policy }).map((input) => taskRun(input))

const decideFlow = (run: FlowRun, { proposal: to, force }: Move, now: number) =>
  transitionFlowRun(run, to, { now, random: seeded(now), force })
const decideTask = (run: TaskRun, { proposal: to, force, flowType }: Move, now: number) =>
  transitionTaskRun(run, to, { now, random: seeded(now), force, flowRun: { run_count: 1, type: flowType } })

/** Plays the moves and looks at each step. The runs are frozen, so a step that writes into its input throws. */
function play<R extends FlowRun | TaskRun>(
  start: R,
  all: readonly Move[],
  decide: (run: R, move: Move, now: number) => Transition<R>,
  look: (step: Transition<R>, before: R, move: Move, now: number) => void,
): R {
  let run = deepFreeze(start)
  let now = T0
  for (const one of all) {
    now += one.micros
    const step = decide(run, one, now)
    look(step, run, one, now)
    run = deepFreeze(step.run)
  }
  return run
}

const pairs = (run: RunFacts): (readonly [State, State])[] => run.states.slice(1).map((to, index) => [run.states[index] ?? to, to])

/** What can never stand next to each other in a history that no force touched. */
function isLegalPair([from, to]: readonly [State, State], isFlow: boolean): boolean {
  if (to.type === 'PAUSED') return false
  if (from.type === 'CANCELLING') return to.type === 'CANCELLED'
  if (isTerminal(from.type) && (to.type === 'CANCELLING' || to.type === 'CRASHED')) return false
  if (isFlow && to.type === 'PENDING') {
    if (from.type === 'RUNNING' || from.type === 'CANCELLED') return false
    if (from.type === 'PENDING') return to.name !== from.name && to.name !== 'Pending'
  }
  const due = from.state_details.scheduled_time ?? 0
  return !(to.type === 'RUNNING' && (from.type === 'SCHEDULED' || from.type === 'PENDING') && due > to.timestamp)
}

/** The facts as a person would count them with the history in hand. */
function recount(run: FlowRun | TaskRun): Omit<RunFacts, 'states' | 'expected_start_time' | 'next_scheduled_start_time'> {
  const { states } = run
  const lastExit = 'task_key' in run ? pairs(run).findLastIndex(([from, to]) => isTerminal(from.type) && !isTerminal(to.type)) + 1 : 0
  const last = states.at(-1)
  const firstOfEnd = states[states.findLastIndex(({ type }) => !isTerminal(type)) + 1]
  return {
    run_count: states.slice(lastExit).filter(({ type }) => type === 'RUNNING').length,
    start_time: states.find(({ type }) => type === 'RUNNING' || isTerminal(type))?.timestamp ?? null,
    end_time: last !== undefined && isTerminal(last.type) ? (firstOfEnd?.timestamp ?? null) : null,
    total_run_micros: pairs(run).reduce((sum, [from, to]) => sum + (from.type === 'RUNNING' ? to.timestamp - from.timestamp : 0), 0),
  }
}

function expectWhole(run: FlowRun | TaskRun): void {
  expect(run).toMatchObject(recount(run))
  expect(pairs(run).every(([from, to]) => to.timestamp > from.timestamp)).toBe(true)
  expect(run.states.map(({ id }) => id)).toEqual(
    run.states.map((_, index) => run.id.slice(0, -4) + (index + 1).toString(16).padStart(4, '0')),
  )
  const last = run.states.at(-1)
  expect(run.end_time !== null).toBe(last !== undefined && isTerminal(last.type))
  expect(run.next_scheduled_start_time !== null).toBe(last?.type === 'SCHEDULED')
  expect(run.expected_start_time !== null).toBe(last !== undefined)
}

function expectStep<R extends FlowRun | TaskRun>(step: Transition<R>, before: R): void {
  expect(step.state).toEqual(step.run.states.at(-1) ?? null)
  expect(step.changed).toBe(step.run !== before)
  expect(step.run.states.slice(0, before.states.length)).toEqual(before.states)
  expect(step.run.states).toHaveLength(before.states.length + (step.changed ? 1 : 0))
}

test('[SM70] every history of a flow run is whole: legal path, strict order, ids in order, facts that agree with a recount', () => {
  fc.assert(
    fc.property(flow, moves(), (start, all) => {
      const run = play(start, all, decideFlow, expectStep)
      expectWhole(run)
      expect(pairs(run).filter((pair) => !isLegalPair(pair, true))).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test('[SM71] every history of a task run is whole', () => {
  fc.assert(
    fc.property(task, moves(), (start, all) => {
      const run = play(start, all, decideTask, expectStep)
      expectWhole(run)
      expect(pairs(run).filter((pair) => !isLegalPair(pair, false))).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test('[SM72] with force, too, facts agree with the history and nothing is paused', () => {
  fc.assert(
    fc.property(flow, moves(true), (start, all) => {
      const run = play(start, all, decideFlow, expectStep)
      expectWhole(run)
      expect(run.states.some(({ type }) => type === 'PAUSED')).toBe(false)
    }),
  )
})

test('[SM73] a proposal that was recorded changes nothing when it comes again, whatever came between', () => {
  fc.assert(
    fc.property(flow, moves(true), moves(true), (start, before, after) => {
      const run = play(start, [...before, ...after], decideFlow, (step, _, { proposal: to }, now) => {
        if (!step.changed || typeof to.state_details?.transition_id !== 'string') return
        expect(transitionFlowRun(step.run, to, { now: now + 9, random: seeded(1) })).toMatchObject({ status: 'REJECT', changed: false })
      })
      for (const state of run.states) {
        if (typeof state.state_details.transition_id !== 'string') continue
        const again = { type: state.type, state_details: { transition_id: state.state_details.transition_id } }
        expect(transitionFlowRun(run, again, { now: T0, random: seeded(1) }).run).toBe(run)
      }
    }),
  )
})

test('[SM74] folding the states of a task run over its record gives its facts: what the engine decided is what is recorded', () => {
  fc.assert(
    fc.property(task, moves(), (start, all) => {
      const run = play(start, all, decideTask, expectStep)
      const { flow_run_run_count, updated } = run
      expect({ ...run.states.reduce(applyState<TaskRun>, start), flow_run_run_count, updated }).toEqual(run)
    }),
  )
})

test('[SM75] the same run, proposal, time and chance give the same answer', () => {
  fc.assert(
    fc.property(flow, moves(true), (start, all) => {
      play(start, all, decideFlow, (step, before, one, now) => expect(decideFlow(before, one, now)).toEqual(step))
    }),
    { numRuns: 50 },
  )
})

test('[SM76] with R retries a task run is Retrying at most R times between two ends', () => {
  fc.assert(
    fc.property(fc.nat(4), fc.array(fc.constantFrom<StateType>('PENDING', 'RUNNING', 'FAILED'), { maxLength: 40 }), (retries, types) => {
      const all = types.map((type): Move => ({ proposal: { type }, micros: 1, force: false, flowType: 'RUNNING' }))
      const run = play(taskRun({ empirical_policy: { retries } }), all, decideTask, expectStep)
      const lives = run.states
        .map(({ name }) => (name === 'Failed' ? '|' : name === 'Retrying' ? 'r' : ''))
        .join('')
        .split('|')
      expect(Math.max(...lives.map(({ length }) => length))).toBeLessThanOrEqual(retries)
    }),
  )
})
