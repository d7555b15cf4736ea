/** A live socket with a workspace of the test's own at its other end, and what goes over it. */
import { ApiError } from '#sdk/client/errors.ts'
import { Live } from '#sdk/client/live.ts'
import type { LiveOptions } from '#sdk/client/live-options.ts'
import type { ItemAnswer, RunProposeItem, TaskItem } from '#sdk/protocol/frames.ts'
import { FlowRunId, StateId, TaskRunId, TransitionId } from '#sdk/protocol/ids.ts'
import { done, fakeSockets, FakeClock, SESSION, welcome, type FakeSocket } from './fake-workspace.ts'

export const API = 'http://127.0.0.1:1/w/abc/api'
export const RUN = FlowRunId.parse('0198c0de-0000-7000-8000-000000010000')
const TASK = TaskRunId.parse('0198c0de-0000-7000-8000-000000020000')

export function start(options: Partial<LiveOptions> = {}) {
  const clock = new FakeClock()
  const { sockets, constructor, last } = fakeSockets()
  // A probe would ask over HTTP; here nobody answers on that port, and the link's own test covers it.
  const live = new Live({
    apiUrl: API,
    token: 'fc_t',
    kind: 'script',
    name: 'test',
    clock,
    socket: constructor,
    probe: async () => undefined,
    ...options,
  })
  const greet = async (session = SESSION, limits = {}) => {
    last().open()
    last().say(welcome(session, limits))
    await clock.pass()
  }
  return { live, clock, sockets, last, greet }
}

export const proposal = (number: number, type: RunProposeItem['state']['type'] = 'RUNNING'): RunProposeItem => ({
  type: 'run.propose',
  run: RUN,
  epoch: 1,
  transition_id: TransitionId.parse(`0198c0de-0000-4000-8000-${String(number).padStart(12, '0')}`),
  state: { type },
})
export const state = (ordinal: number, type: 'PENDING' | 'RUNNING' | 'COMPLETED' = 'RUNNING'): TaskItem['states'][number] => ({
  id: StateId.parse(`0198c0de-0000-7000-8000-00000002000${ordinal}`),
  type,
  name: type,
  timestamp: ordinal,
  message: null,
  state_details: {},
})
export const taskItem = (from: number, ...states: TaskItem['states']): TaskItem => ({
  type: 'task',
  run: RUN,
  epoch: 1,
  id: TASK,
  from,
  states,
})
export const logLine = (message: string, level = 20) => ({ t: 1, l: level, m: message, n: 'flowcell.flow_runs' })
export const log = (...messages: string[]) => ({ run: RUN, epoch: 1, lines: messages.map((message) => logLine(message)) })
export const ack = (socket: FakeSocket, n: number, answers: readonly ItemAnswer[]) => socket.say({ type: 'ack', n, answers })
/** Acks every frame that has come up and is not acked, in order. */
export function ackAll(socket: FakeSocket, from = 1): void {
  for (const { n, items } of socket.frames)
    if (n >= from)
      ack(
        socket,
        n,
        items.map(() => done),
      )
}
export async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ApiError) return error
  throw new Error(`expected an ApiError, got ${String(error)}`)
}
