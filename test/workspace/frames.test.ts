/** Frames: judged item by item, sent twice without effect, and never the cause of an exception whatever they hold. */
import fc from 'fast-check'
import { evictDurableObject, reset } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Item, ItemAnswer, LogItem } from '#sdk/protocol/frames.ts'
import { FlowRunId, StateId, TaskRunId } from '#sdk/protocol/ids.ts'
import { mintFlowRunId, mintTaskRunId, mintTransitionId } from '#sdk/protocol/mint.ts'
import { MAX_FRAME_BYTES, MAX_LAST_LOG_LINES, MAX_LOG_LINES_PER_RUN, MAX_LOG_SEGMENT_BYTES } from '#sdk/protocol/limits.ts'
import { firstLineOf } from '#sdk/protocol/log-levels.ts'
import { newWorkspace, openSocket, type TestSocket, type TestWorkspace } from './harness.ts'
import { requireInvariants } from './invariants.ts'
import { flowRunId, log, propose, runCreate, task, taskRunId, taskStates } from './speakers.ts'

let workspace: TestWorkspace
let socket: TestSocket
const noted: unknown[] = []

beforeEach(async () => {
  noted.length = 0
  vi.spyOn(console, 'error').mockImplementation((text) => void noted.push(text))
  workspace = await newWorkspace()
  socket = await workspace.connect()
})
afterEach(async () => {
  vi.restoreAllMocks()
  if (noted.length > 0) throw new Error(noted.join('\n'))
  await requireInvariants(workspace.stub)
  await reset()
})

const codes = (answers: readonly ItemAnswer[]): readonly string[] =>
  answers.map((answer) => (answer.type === 'refused' ? answer.code : answer.type))
const dump = async (): Promise<unknown> =>
  Promise.all(['flow', 'flow_run', 'task_run', 'log_segment'].map((table) => workspace.sql(`SELECT * FROM ${table}`)))

describe('items', () => {
  test('[WS8] a run is created in PENDING with epoch 1, and its flow with it', async () => {
    const run = flowRunId()
    const [created] = await socket.send(
      runCreate(run, {
        parameters: { a: 1 },
        tags: ['t'],
        flow: { name: 'pipeline', tags: ['f'], parameter_openapi_schema: { type: 'object' } },
      }),
    )
    const flow = await workspace.ok<{ id: string }>('flows.read_by_name', { params: { name: 'pipeline' } })
    expect(flow).toMatchObject({ name: 'pipeline', tags: ['f'], parameter_openapi_schema: { type: 'object' } })
    expect(created).toEqual({
      type: 'created',
      epoch: 1,
      flow_id: flow.id,
      name: 'thundering-goshawk',
      state: expect.objectContaining({ type: 'PENDING' }),
    })
    expect(await workspace.ok('flow_runs.read', { params: { id: run } })).toMatchObject({
      id: run,
      flow_id: flow.id,
      flow_name: 'pipeline',
      parameters: { a: 1 },
      tags: ['t'],
      state_type: 'PENDING',
    })
  })

  test('[WS9] a bad item is refused with its reason and does not take the others with it', async () => {
    const [run, unknown, id] = [flowRunId(), flowRunId(), taskRunId()]
    const answers = await socket.send(
      runCreate(run),
      propose(unknown, 'RUNNING'),
      propose(run, 'RUNNING', { epoch: 7 }),
      { type: 'dance' } as unknown as Item,
      { ...runCreate(flowRunId()), flow: { name: 'a/b' } },
      task(run, id, ['RUNNING'], { from: 1 }),
      task(run, id),
      task(run, id, ['FAILED'], { from: 9 }),
      task(flowRunId(), id, ['FAILED'], { from: 3 }),
      log(null, 1),
      log(null, 1, { task: taskRunId() }),
      log(run, 1, { first: 3 }),
      log(run, 1),
      propose(run, 'PAUSED'),
      propose(run, 'RUNNING'),
    )
    expect(codes(answers)).toEqual([
      'created',
      'not_found',
      'stale_lease',
      'malformed_frame',
      'malformed_frame',
      'not_found',
      'done',
      'frame_out_of_order',
      'not_found',
      'malformed_frame',
      'not_found',
      'malformed_frame',
      'done',
      'verdict',
      'verdict',
    ])
    expect(answers.slice(-2)).toMatchObject([{ status: 'ABORT' }, { status: 'ACCEPT', run_count: 1 }])
    expect([await workspace.ok('flow_runs.count'), await workspace.ok('task_runs.count'), await workspace.ok('flows.count')]).toEqual([
      1, 1, 1,
    ])
  })

  test('[WS10] a proposal sent again is answered alike and counted once; a failed one is answered with its retry', async () => {
    const run = flowRunId()
    await socket.send(runCreate(run, { empirical_policy: { retries: 1, retry_delay: 5 } }))
    const [running, failed] = [propose(run, 'RUNNING'), propose(run, 'FAILED')]
    const first = await socket.send(running)
    expect(await socket.send(running)).toEqual(first)
    const rejected = await socket.send(failed)
    expect(rejected).toMatchObject([{ status: 'REJECT', state: { name: 'AwaitingRetry' }, run_count: 1 }])
    expect(await socket.send(failed)).toMatchObject([{ status: 'REJECT', state: { name: 'AwaitingRetry' }, run_count: 1 }])
    expect(await socket.send(propose(run, 'RUNNING'))).toMatchObject([{ status: 'WAIT', delay_seconds: expect.closeTo(5, 0) }])
  })

  test('[WS11] states of a task are recorded once and in order, however they are cut into frames', async () => {
    const [run, id] = [flowRunId(), taskRunId()]
    await socket.send(runCreate(run))
    const whole = task(run, id)
    await socket.send({ ...whole, states: whole.states.slice(0, 1) })
    await socket.send({ ...whole, states: whole.states.slice(0, 2) })
    await socket.send({ ...whole, from: 1, states: whole.states.slice(1) })
    await socket.send(whole)
    expect(await workspace.ok('task_run_states.list', { query: { task_run_id: id } })).toMatchObject(
      whole.states.map(({ id: state, type }) => ({ id: state, type })),
    )
    expect(await workspace.ok('task_runs.read', { params: { id } })).toMatchObject({ run_count: 1, state_type: 'COMPLETED' })
  })

  test('[KN34] an executor that says that its run has crashed leaves no task run behind', async () => {
    const [run, one] = [flowRunId(), taskRunId()]
    await socket.send(runCreate(run), propose(run, 'RUNNING'), task(run, one, ['PENDING', 'RUNNING']))
    await socket.send(propose(run, 'CRASHED'))
    expect(await workspace.ok('task_runs.read', { params: { id: one } })).toMatchObject({
      state_type: 'CRASHED',
      state: { message: 'Its flow run crashed.' },
    })
  })

  test('[WS12] lines of a log are kept once, whatever overlaps, and long segments are cut', async () => {
    const run = flowRunId()
    await socket.send(runCreate(run))
    const { lines } = log(run, 10)
    const part = (from: number, to: number) => log(run, 1, { first: firstLineOf(1) + from, lines: lines.slice(from, to) })
    await socket.send(part(0, 3), part(5, 8))
    await socket.send(part(2, 6), part(0, 10), part(0, 10), part(8, 10))
    const messages = (await workspace.ok<{ message: string }[]>('logs.filter', { body: {} })).map(({ message }) => message)
    expect(messages).toEqual(['line 0', 'line 1', 'line 2', 'line 3', 'line 4', 'line 5', 'line 6', 'line 7', 'line 8', 'line 9'])
    const long = Array.from({ length: 10 }, () => ({ t: 1, l: 20, m: 'x'.repeat(60_000), n: 'log' }))
    await socket.send(log(run, 1, { first: firstLineOf(1) + 10, lines: long }))
    const sizes = await workspace.sql('SELECT length(lines) AS size FROM log_segment')
    expect(Math.max(...sizes.map(({ size }) => Number(size)))).toBeLessThanOrEqual(MAX_LOG_SEGMENT_BYTES)
    expect((await workspace.ok<unknown[]>('logs.filter', { body: {} })).length).toBe(20)
  })

  test('[WS13] a run keeps a million lines, and the last ones beyond them', async () => {
    const run = flowRunId()
    await socket.send(runCreate(run))
    const at = (first: number, count: number) => log(run, count, { first: firstLineOf(1) + first })
    await socket.send(at(MAX_LOG_LINES_PER_RUN - 2, 5), at(MAX_LOG_LINES_PER_RUN + 3, 4), at(MAX_LOG_LINES_PER_RUN + 3, 4))
    const messages = (await workspace.ok<{ message: string }[]>('logs.filter', { body: {} })).map(({ message }) => message)
    expect(messages).toEqual(['line 0', 'line 1', 'line 2', 'line 3', 'line 4', 'line 0', 'line 1', 'line 2', 'line 3'])
  })

  test('[WS38] the last lines of a run are kept beyond its million, whatever it wrote before; the note counts the lines between', async () => {
    const run = flowRunId()
    await socket.send(runCreate(run))
    const at = (first: number, count: number) => log(run, count, { first: firstLineOf(1) + MAX_LOG_LINES_PER_RUN + first })
    const words: LogItem = { ...at(2_050, 1), lines: [{ t: 1, l: 20, m: 'Finished in state Completed()', n: 'flowcell.flow_runs' }] }
    for (const item of [at(-1, 1), at(0, 50), at(50, 2_000), at(50, 2_000), words, at(0, 50), words]) await socket.send(item)
    const body = { limit: 200 }
    const messages = (await workspace.ok<{ message: string }[]>('logs.filter', { body })).map(({ message }) => message)
    const kept = Array.from({ length: MAX_LAST_LOG_LINES - 1 }, (_, index) => `line ${2_000 - MAX_LAST_LOG_LINES + 1 + index}`)
    const note = `${2_051 - MAX_LAST_LOG_LINES} lines were not kept here: a run keeps ${MAX_LOG_LINES_PER_RUN} lines and its last ${MAX_LAST_LOG_LINES}.`
    expect(messages).toEqual(['line 0', note, ...kept, 'Finished in state Completed()'])
  })

  test("[WS32] an id or a time that is nobody's clock is refused: ids of new runs are UUIDv7 of these years, and so are all times", async () => {
    const [run, id] = [flowRunId(), taskRunId()]
    await socket.send(runCreate(run))
    const years = (count: number): number => (Date.now() + count * 365 * 86_400_000) * 1_000
    const states = taskStates(id, ['COMPLETED', 'PENDING'])
    const old = states.map((state, index) => (index === 0 ? { ...state, timestamp: 0 } : state))
    const answers = await socket.send(
      runCreate(FlowRunId.parse(crypto.randomUUID())),
      runCreate(mintFlowRunId(years(20), Math.random)),
      runCreate(mintFlowRunId(0, Math.random)),
      runCreate(flowRunId(), { created: 0 }),
      runCreate(flowRunId(), { created: years(11) }),
      { ...task(run, id), states: old },
      task(run, TaskRunId.parse(crypto.randomUUID())),
      task(run, mintTaskRunId(years(-20), Math.random)),
      task(run, taskRunId(), ['PENDING'], { create: { created: 5, name: 'a', task_key: 'a', dynamic_key: 'b' } }),
      runCreate(mintFlowRunId(years(1), Math.random)),
      task(run, id),
    )
    expect(codes(answers)).toEqual([...Array.from({ length: 9 }, () => 'invalid_request'), 'created', 'done'])
    expect(answers[0]).toMatchObject({ detail: expect.stringMatching(/^id: expected a UUID of version 7/) })
    expect(answers[3]).toMatchObject({ detail: expect.stringMatching(/^created: 1970-01-01T00:00:00.000000Z is more than 10 years/) })
  })

  test('[WS14] tasks outside flows are recorded with their own log', async () => {
    const id = taskRunId()
    expect(codes(await socket.send(task(null, id), log(null, 2, { task: id })))).toEqual(['done', 'done'])
    expect(await workspace.ok('task_runs.read', { params: { id } })).toMatchObject({ flow_run_id: null, state_type: 'COMPLETED' })
    expect(await workspace.ok('logs.filter', { body: { logs: { task_run_id: { any_: [id] } } } })).toMatchObject([
      { task_run_id: id, flow_run_id: null },
      { message: 'line 1' },
    ])
  })

  test('[WS15] states of runs whose ids others minted are found by their own ids', async () => {
    const [run, id] = [FlowRunId.parse(`${flowRunId().slice(0, -4)}beef`), TaskRunId.parse(`${taskRunId().slice(0, -4)}beef`)]
    const states = taskStates(id, ['PENDING', 'RUNNING'])
    const answers = await socket.send(runCreate(run), propose(run, 'RUNNING'), { ...task(run, id), states })
    const state = answers[1]?.type === 'verdict' ? answers[1].state.id : StateId.parse(run)
    expect(await workspace.ok('flow_run_states.read', { params: { id: state } })).toMatchObject({
      id: state,
      type: 'RUNNING',
      state_details: { flow_run_id: run },
    })
    expect(await workspace.ok('task_run_states.read', { params: { id: states[1]?.id ?? state } })).toMatchObject({
      type: 'RUNNING',
      state_details: { task_run_id: id },
    })
  })
})

describe('frames', () => {
  const problem = async (text: string | ArrayBuffer): Promise<unknown> => {
    socket.raw(text)
    const { n, code } = await socket.next('problem')
    return [n, code]
  }
  const frame = (n: number, ...items: unknown[]): string => JSON.stringify({ type: 'frame', n, items })

  test('[WS16] what cannot be understood is answered with a problem, and the socket stays open', async () => {
    expect(await problem('{')).toEqual([null, 'malformed_json'])
    expect(await problem('null')).toEqual([null, 'malformed_frame'])
    expect(await problem('[]')).toEqual([null, 'malformed_frame'])
    expect(await problem('{"type":"frame","n":1,"items":[]}')).toEqual([1, 'malformed_frame'])
    expect(await problem('{"type":"frame","n":1,"items":[{}],"more":1}')).toEqual([1, 'malformed_frame'])
    expect(await problem('{"type":"hello","protocol":1,"kind":"script","name":"x"}')).toEqual([null, 'malformed_frame'])
    expect(await problem(new Uint8Array([1, 2]).buffer)).toEqual([null, 'malformed_frame'])
    expect(await problem(`"${'x'.repeat(MAX_FRAME_BYTES)}"`)).toEqual([null, 'too_large'])
    expect(await problem('['.repeat(200_000))).toEqual([null, 'malformed_frame'])
    expect(codes(await socket.send(runCreate(flowRunId())))).toEqual(['created'])
  })

  test('[WS17] a frame that skips a number is refused whole; one that was acked is acked again', async () => {
    await socket.send(runCreate(flowRunId()))
    const [second, third] = [runCreate(flowRunId()), runCreate(flowRunId())]
    expect(await problem(frame(3, third))).toEqual([3, 'frame_out_of_order'])
    expect(await workspace.ok('flow_runs.count')).toBe(1)
    for (let time = 0; time < 2; time++) {
      socket.raw(frame(2, second))
      expect(await socket.next('ack')).toMatchObject({ n: 2, answers: [{ type: 'created' }] })
    }
    await evictDurableObject(workspace.stub)
    expect(await problem(frame(4, third))).toEqual([4, 'frame_out_of_order'])
    socket.raw(frame(3, third))
    expect(await socket.next('ack')).toMatchObject({ n: 3 })
    expect(await workspace.ok('flow_runs.count')).toBe(3)
  })

  test('[WS33] a frame that cannot be read is named by its number, which is used up: the next frame is taken', async () => {
    await socket.send(runCreate(flowRunId()))
    const unreadable = [
      [2, '{"type":"frame","n":2,"items":[{"type":"run.create",}]}', 'malformed_json'],
      [3, `{ "type": "frame", "n": 3, "items": [${'['.repeat(200)}${']'.repeat(200)}]}`, 'malformed_frame'],
      [4, `{"type":"frame","n":4,"items":["${'x'.repeat(MAX_FRAME_BYTES)}"]}`, 'too_large'],
      [5, '{"type":"frame","n":5,"items":[]}', 'malformed_frame'],
    ] as const
    for (const [n, text, code] of unreadable) expect(await problem(text)).toEqual([n, code])
    socket.raw(frame(6, runCreate(flowRunId())))
    expect(await socket.next('ack')).toMatchObject({ n: 6, answers: [{ type: 'created' }] })
    expect(await problem('{"type":"frame","n":9,"items":[}')).toEqual([9, 'frame_out_of_order'])
    socket.raw(frame(7, runCreate(flowRunId())))
    expect(await socket.next('ack')).toMatchObject({ n: 7 })
  })

  test('[WS18] a session begins where its sender is: the first frame of a connection may have any number', async () => {
    const again = await workspace.connect({ hello: { session: socket.welcome.session } })
    again.raw(frame(41, runCreate(flowRunId())))
    expect(await again.next('ack')).toMatchObject({ n: 41, answers: [{ type: 'created' }] })
  })

  test('[WS19] resent frames change nothing and are answered alike, in any order in which connections break', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 12 }), async (breaks) => {
        const [run, id] = [flowRunId(), taskRunId()]
        const frames = [runCreate(run), propose(run, 'RUNNING'), task(run, id), log(run, 3), propose(run, 'COMPLETED')].map((item, index) =>
          frame(index + 1, item),
        )
        let current = await workspace.connect()
        const { session } = current.welcome
        const expected: unknown[] = []
        for (const text of frames) {
          current.raw(text)
          expected.push((await current.next('ack')).answers.map(({ type }) => type))
        }
        const before = await dump()
        for (const from of breaks) {
          current = await workspace.connect({ hello: { session } })
          for (const [index, text] of frames.entries()) {
            if (index < from) continue
            current.raw(text)
            expect((await current.next('ack')).answers.map(({ type }) => type)).toEqual(expected[index])
          }
        }
        expect(await dump()).toEqual(before)
        current.close()
      }),
      { numRuns: 8 },
    )
  })

  test('[WS20] random frames never cause an exception, and every one is answered', async () => {
    const [run, id] = [flowRunId(), taskRunId()]
    await socket.send(runCreate(run), propose(run, 'RUNNING'), task(run, id, ['PENDING']))
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('', 'a\u0000b', '\ud800', '__proto__', 'constructor', -1, 2 ** 53, Number.MAX_VALUE, null, run, id),
    )
    const samples = [
      runCreate(run),
      propose(run, 'COMPLETED'),
      task(run, id, ['RUNNING'], { from: 1 }),
      log(run, 2),
      { type: 'subscribe', topic: 'flow_runs' },
    ]
    const item = fc
      .tuple(
        fc.constantFrom(...samples),
        fc.dictionary(
          fc.constantFrom(
            'type',
            'run',
            'id',
            'epoch',
            'from',
            'first',
            'states',
            'state',
            'lines',
            'name',
            'create',
            'flow',
            'parameters',
            'topic',
            'transition_id',
            'zzz',
          ),
          value,
          { maxKeys: 2 },
        ),
      )
      .map(([sample, changes]): unknown => ({ ...sample, ...changes }))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof({ weight: 5, arbitrary: item }, value), { minLength: 1, maxLength: 6 }), async (items) => {
        const fresh = await workspace.connect({ hello: { session: socket.welcome.session } })
        fresh.raw(JSON.stringify({ type: 'frame', n: 1, items }))
        const { answers } = await fresh.next('ack')
        expect(answers.length).toBe(items.length)
        expect(codes(answers)).not.toContain('unexpected')
        fresh.close()
      }),
      { numRuns: 150 },
    )
  })

  test('[WS21] random text never causes an exception either, before the hello or after', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((value) => JSON.stringify({ type: 'frame', ...value })),
        ),
        async (text) => {
          if (text === 'ping') return
          socket.raw(text)
          expect((await socket.next('problem')).code).toMatch(/^malformed_/)
          const silent = await openSocket(workspace.stub)
          silent.raw(text)
          expect((await silent.closed).code).toBe(4400)
        },
      ),
      { numRuns: 60 },
    )
  })
})

test('[WS22] items of one proposal with the same id but another type are the first one still', async () => {
  const run = flowRunId()
  await socket.send(runCreate(run))
  const transition_id = mintTransitionId(Date.now() * 1_000, Math.random)
  await socket.send(propose(run, 'RUNNING', { transition_id }))
  expect(await socket.send(propose(run, 'COMPLETED', { transition_id }))).toMatchObject([{ status: 'REJECT', state: { type: 'RUNNING' } }])
})
