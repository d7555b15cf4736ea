import { expect, test } from 'vitest'
import { OrchestratorError } from '#sdk/engine/ports.ts'
import { liveOrchestrator } from '#sdk/hosts/orchestrator.ts'
import type { ItemAnswer } from '#sdk/protocol/frames.ts'
import { FlowId, FlowRunId, StateId, TaskRunId, TransitionId } from '#sdk/protocol/ids.ts'
import type { State, StateType } from '#sdk/protocol/states.ts'
import { done, fakeSockets, FakeClock, OTHER_SESSION, SESSION, welcome } from '../client/fake-workspace.ts'

const RUN = FlowRunId.parse('0198c0de-0000-7000-8000-000000010000')
const TASK = TaskRunId.parse('0198c0de-0000-7000-8000-000000020000')
const FLOW = FlowId.parse('0198c0de-0000-7000-8000-0000000f0000')

function state(type: StateType): State {
  return { id: StateId.parse('0198c0de-0000-7000-8000-000000010001'), type, name: type, timestamp: 1, message: null, state_details: {} }
}
const created: ItemAnswer = { type: 'created', epoch: 1, flow_id: FLOW, name: 'calm-otter', state: state('PENDING') }
const verdict = (type: StateType): ItemAnswer => ({ type: 'verdict', status: 'ACCEPT', state: state(type), run_count: 1 })
const stale: ItemAnswer = { type: 'refused', code: 'stale_lease', detail: 'The lease has ended.' }
const transition = (number: number) => TransitionId.parse(`0198c0de-0000-4000-8000-${String(number).padStart(12, '0')}`)
const proposal = (type: StateType) => ({ run: RUN, epoch: 1, transition_id: transition(1), state: { type } })

async function start() {
  const clock = new FakeClock()
  const { last, constructor } = fakeSockets()
  const refused: string[] = []
  const orchestrator = liveOrchestrator({
    apiUrl: 'http://127.0.0.1:1/w/abc/api/',
    kind: 'script',
    name: 'test',
    clock,
    socket: constructor,
    probe: async () => undefined,
    onRefused: (sentence) => refused.push(sentence),
  })
  let acked = 0
  /** Answers the next frame. */
  const answer = async (...answers: ItemAnswer[]) => {
    await clock.pass(2)
    last().say({ type: 'ack', n: ++acked, answers })
    await clock.pass()
  }
  const greet = async (session = SESSION) => {
    if (session !== SESSION) acked = 0
    last().open()
    last().say(welcome(session))
    await clock.pass()
  }
  await greet()
  const create = async () => {
    const asked = orchestrator.create({ id: RUN, created: 1, flow: { name: 'f' }, name: 'calm-otter', parameters: {} })
    await answer(created)
    return asked
  }
  const stops: unknown[] = []
  const listen = () => orchestrator.onStop(RUN, (why) => stops.push(why))
  return { orchestrator, clock, last, answer, greet, create, listen, stops, refused }
}
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

test('[HO20] creating and proposing answer what the workspace decided, and a run is held until it has ended', async () => {
  const { orchestrator, create, answer } = await start()
  expect(await create()).toEqual(created)
  expect(orchestrator.heldRuns).toBe(1)
  const asked = orchestrator.propose(proposal('COMPLETED'))
  await answer(verdict('COMPLETED'))
  expect([await asked, orchestrator.heldRuns]).toEqual([verdict('COMPLETED'), 0])
  expect(orchestrator.runUrl(RUN)).toBe(`http://127.0.0.1:1/w/abc/runs/flow-run/${RUN}`)
})

test('[HO21] a refusal is thrown with its code; a run that was refused is not held', async () => {
  const { orchestrator, answer } = await start()
  const asked = errorOf(orchestrator.create({ id: RUN, created: 1, flow: { name: 'f' }, name: 'x', parameters: {} }))
  await answer({ type: 'refused', code: 'storage_full', detail: 'No room.' })
  const error = await asked
  expect(error instanceof OrchestratorError && [error.code, error.message]).toEqual(['storage_full', 'No room.'])
  expect(orchestrator.heldRuns).toBe(0)
})

test('[HO22] the workspace asks to cancel: told once per run, also to who listens later, and only for the epoch in hand', async () => {
  const { create, last, listen, stops } = await start()
  await create()
  last().say({ type: 'cancel', run: RUN, epoch: 7 })
  last().say({ type: 'cancel', run: RUN, epoch: 1 })
  listen()
  last().say({ type: 'cancel', run: RUN, epoch: 1 })
  expect(stops).toEqual([{ kind: 'cancel' }])
})

test.each(['a lost frame', 'a refused proposal', 'a refused report', 'another session'] as const)(
  '[HO23] a run whose lease has ended is told so once, whoever learns it: %s',
  async (how) => {
    const { orchestrator, create, last, listen, stops, answer, greet, clock, refused } = await start()
    await create()
    const stop = listen()
    if (how === 'a lost frame') last().say({ type: 'lost', run: RUN, epoch: 1, reason: 'The lease has ended.' })
    if (how === 'a refused proposal') {
      const error = errorOf(orchestrator.propose(proposal('RUNNING')))
      await answer(stale)
      expect(await error).toMatchObject({ code: 'stale_lease' })
    }
    if (how === 'a refused report') {
      orchestrator.report({ run: RUN, epoch: 1, id: TASK, from: 0, states: [state('RUNNING')] })
      await answer(stale)
    }
    if (how === 'another session') {
      last().lose()
      await clock.pass(250)
      await greet(OTHER_SESSION)
    }
    last().say({ type: 'lost', run: RUN, epoch: 1, reason: 'again' })
    const reason =
      how === 'another session'
        ? "The workspace was without a sign of life for too long and has given this program's runs up."
        : 'The lease has ended.'
    expect([stops, orchestrator.heldRuns, refused]).toEqual([[{ kind: 'lost', reason }], 0, []])
    stop()
  },
)

test('[HO24] a report that is refused for another reason is told as a sentence', async () => {
  const { orchestrator, create, answer, refused } = await start()
  await create()
  orchestrator.report({ run: RUN, epoch: 1, id: TASK, from: 3, states: [state('RUNNING')] })
  await answer({ type: 'refused', code: 'frame_out_of_order', detail: 'States before 3 are missing.' })
  expect(refused).toEqual(['The workspace did not take states of a task run: States before 3 are missing.'])
})

test('[HO30] what a run reports after it was lost is not worth a word for each report', async () => {
  const { orchestrator, create, answer, last, refused } = await start()
  await create()
  last().say({ type: 'lost', run: RUN, epoch: 1, reason: 'The lease has ended.' })
  for (const from of [0, 1, 2]) {
    orchestrator.report({ run: RUN, epoch: 1, id: TASK, from, states: [state('RUNNING')] })
    await answer(stale)
  }
  expect(refused).toEqual([])
})

test('[HO25] a short run costs three control items, one item per task run and one of log lines, in two frames', async () => {
  const { orchestrator, clock, last, answer } = await start()
  const asked = orchestrator.create({ id: RUN, created: 1, flow: { name: 'f' }, name: 'x', parameters: {} })
  const running = orchestrator.propose(proposal('RUNNING'))
  await answer(created, verdict('RUNNING'))
  await Promise.all([asked, running])
  for (const [from, type] of (['PENDING', 'RUNNING', 'COMPLETED'] as const).entries()) {
    orchestrator.report({ run: RUN, epoch: 1, id: TASK, from, states: [state(type)] })
    orchestrator.log({ run: RUN, epoch: 1, lines: [{ t: 1, l: 20, m: type, n: 'flowcell.task_runs', k: TASK }] })
  }
  const ended = orchestrator.propose({ ...proposal('COMPLETED'), transition_id: transition(2) })
  await answer(done, done, verdict('COMPLETED'))
  await ended
  await clock.pass(1_000)
  expect(last().frames.map(({ items }) => items.map(({ type }) => type))).toEqual([
    ['run.create', 'run.propose'],
    ['task', 'log', 'run.propose'],
  ])
})
