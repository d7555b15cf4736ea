import { expect, test } from 'vitest'
import { describeProblemIssues, issuesOf, problem, ProblemError, PROBLEM_STATUS } from '#sdk/protocol/errors.ts'
import { FrameEnvelope, Item, ItemsFrame, UpFrame } from '#sdk/protocol/frames.ts'
import { FlowName } from '#sdk/protocol/flow.ts'
import { FlowRunPolicyInput } from '#sdk/protocol/flow-run.ts'
import { Labels, Tags } from '#sdk/protocol/json.ts'
import { firstLineOf, logLevelName } from '#sdk/protocol/log-levels.ts'
import { readResultReference } from '#sdk/protocol/results.ts'
import { StateCreate, StateProposal } from '#sdk/protocol/states.ts'
import { DEFAULT_STATE_NAME, isTerminal, STATE_NAMES, STATE_TYPES, TERMINAL_STATE_TYPES } from '#sdk/protocol/state-types.ts'
import { TaskRunPolicyInput } from '#sdk/protocol/task-run.ts'

const RUN = '019aa000-0000-7000-8000-00000f100000'
const TASK = '019aa000-0000-7000-8000-000007a50000'
const STATE = {
  id: '019aa000-0000-7000-8000-000007a50001',
  type: 'RUNNING',
  name: 'Running',
  timestamp: 1,
  message: null,
  state_details: {},
}
const ITEMS: readonly unknown[] = [
  { type: 'run.create', id: RUN, created: 1, flow: { name: 'pipeline' }, name: 'thundering-goshawk', parameters: { x: [1, null] } },
  { type: 'run.propose', run: RUN, epoch: 1, transition_id: TASK, state: { type: 'RUNNING' } },
  { type: 'task', run: RUN, epoch: 1, id: TASK, from: 0, states: [STATE] },
  { type: 'log', run: RUN, epoch: 1, first: firstLineOf(1), lines: [{ t: 1, l: 20, m: 'hello', n: 'flowcell.flow_runs' }] },
  { type: 'subscribe', topic: 'flow_runs' },
  { type: 'unsubscribe', topic: `flow_run:${RUN}` },
]

test('[PR20] a frame of every kind of item is read as it was written', () => {
  const frame = { type: 'frame', n: 1, items: ITEMS }
  expect(UpFrame.parse(frame)).toEqual(frame)
})

test('[PR21] unknown keys, unknown types, empty and numberless frames are refused', () => {
  const [create, propose, task, log, subscribe] = ITEMS as readonly object[]
  const items = [
    { ...create, colour: 'red' },
    { ...create, flow: { name: 'a/b' } },
    { ...propose, state: {} },
    { ...propose, epoch: -1 },
    { ...task, states: [] },
    { ...task, states: [{ ...STATE, extra: 1 }] },
    { ...log, lines: [{ t: 1.5, l: 20, m: '', n: '' }] },
    { ...subscribe, topic: 'flow_run:x' },
    { type: 'run.delete', run: RUN },
  ]
  expect(items.filter((item) => Item.safeParse(item).success)).toEqual([])
  const frames = [
    { type: 'frame', n: 1, items: [] },
    { type: 'frame', items: ITEMS },
    { type: 'frame', n: 0, items: ITEMS },
  ]
  expect(frames.filter((frame) => ItemsFrame.safeParse(frame).success)).toEqual([])
})

test('[PR22] an envelope is read even when its items are not, so that each is answered for itself', () => {
  expect(FrameEnvelope.parse({ type: 'frame', n: 7, items: [{ type: 'nonsense' }, 4] })).toEqual({
    type: 'frame',
    n: 7,
    items: [{ type: 'nonsense' }, 4],
  })
})

test('[PR23] {} is no state; ids and timestamps are not for clients to give', () => {
  expect(
    [{}, { type: 'running' }, { type: 'RUNNING', id: RUN }, { type: 'RUNNING', timestamp: 1 }, { type: 'RUNNING', name: '' }].filter(
      (state) => StateCreate.safeParse(state).success,
    ),
  ).toEqual([])
  expect(StateProposal.parse({ type: 'RUNNING' })).toEqual({ type: 'RUNNING' })
  expect(StateCreate.parse({ type: 'SCHEDULED', state_details: { scheduled_time: '1970-01-01T00:00:01Z' } })).toEqual({
    type: 'SCHEDULED',
    state_details: { scheduled_time: 1_000_000 },
  })
})

test('[PR24] every type has a default name of that type; four types are final', () => {
  expect(STATE_TYPES.map((type) => STATE_NAMES[DEFAULT_STATE_NAME[type]])).toEqual(STATE_TYPES)
  expect(STATE_TYPES.filter(isTerminal).toSorted()).toEqual([...TERMINAL_STATE_TYPES].toSorted())
})

test('[PR25] a problem has a status, a title, a stable code and words; Prefect clients find their field', () => {
  expect(problem('stale_lease', 'The lease has ended.')).toEqual({
    type: 'urn:flowcell:problem:stale_lease',
    title: 'Stale lease',
    status: 409,
    code: 'stale_lease',
    detail: 'The lease has ended.',
    exception_message: 'The lease has ended.',
  })
  expect(new ProblemError('not_found', 'No such run.')).toMatchObject({ message: 'No such run.', problem: { status: 404 } })
  expect(Object.values(PROBLEM_STATUS).filter((status) => status < 400 || status > 507)).toEqual([])
})

test('[PR26] the issues of a refused body name field and reason, five at most', () => {
  const parsed = Item.safeParse({ type: 'subscribe', topic: 'flow_runs', seq: 'x' })
  const issues = parsed.success ? [] : issuesOf(parsed.error, 'body')
  expect(issues.map(({ loc, type }) => ({ loc, type }))).toEqual([{ loc: ['body', 'seq'], type: 'invalid_type' }])
  const many = Array.from({ length: 7 }, (_, index) => ({ loc: ['body', index], msg: 'no', type: 'x' }))
  expect(describeProblemIssues(many)).toBe('body.0: no; body.1: no; body.2: no; body.3: no; body.4: no; and 2 more')
})

test('[PR27] log levels are named by their floor; each epoch has line numbers of its own', () => {
  expect([0, 10, 19, 20, 30, 39, 40, 50, 99].map(logLevelName)).toEqual([
    'DEBUG',
    'DEBUG',
    'DEBUG',
    'INFO',
    'WARNING',
    'WARNING',
    'ERROR',
    'CRITICAL',
    'CRITICAL',
  ])
  expect([0, 1, 2].map(firstLineOf)).toEqual([0, 4_294_967_296, 8_589_934_592])
})

test('[PR28] a reference to a result is told from what others put there', () => {
  expect(readResultReference({ kind: 'unkept', reason: 'too large' })).toEqual({ kind: 'unkept', reason: 'too large' })
  expect([undefined, null, 'inline', 7, ['kind'], {}, { kind: 'other' }, { type: 'unpersisted' }].map(readResultReference)).toEqual(
    Array.from({ length: 8 }, () => undefined),
  )
})

test("[PR29] retry policies of Prefect's old and new clients are read into one; their numbers are bounded", () => {
  expect(FlowRunPolicyInput.parse({ max_retries: 2, retry_delay_seconds: 3 })).toEqual({ retries: 2, retry_delay: 3 })
  expect(FlowRunPolicyInput.parse({ max_retries: 0, retry_delay_seconds: 0, retries: 1, retry_delay: 4 })).toEqual({
    retries: 1,
    retry_delay: 4,
  })
  expect(TaskRunPolicyInput.parse({ retries: 2, retry_delay: [3, 1] })).toEqual({
    retries: 2,
    retry_delay: null,
    retry_delays: [3, 1],
    retry_jitter_factor: null,
  })
  expect(TaskRunPolicyInput.parse({ max_retries: 1, retry_delay_seconds: 5 })).toEqual({
    retries: 1,
    retry_delay: 5,
    retry_delays: null,
    retry_jitter_factor: null,
  })
  const wrong = [
    { retries: -1 },
    { retries: 1.5 },
    { retry_delay: -1 },
    { retry_delay: 1e300 },
    { retry_delay: Array.from({ length: 51 }, () => 1) },
    { retry_jitter_factor: -1 },
    { retry: 1 },
  ]
  expect(wrong.filter((policy) => TaskRunPolicyInput.safeParse(policy).success)).toEqual([])
})

test('[PR30] names, tags and labels have bounds', () => {
  expect(['a', 'my flow', 'über-flow', 'x'.repeat(255)].every((name) => FlowName.safeParse(name).success)).toBe(true)
  expect(['', 'a/b', 'a%b', 'a&b', 'a<b', 'a>b', 'x'.repeat(256)].filter((name) => FlowName.safeParse(name).success)).toEqual([])
  expect(Tags.safeParse(Array.from({ length: 101 }, (_, index) => `t${index}`)).success).toBe(false)
  expect(Labels.safeParse(Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`l${index}`, true]))).success).toBe(false)
  expect(Labels.safeParse({ a: 'b', c: 1, d: false }).success).toBe(true)
})
