/** Frames that a workspace cannot read: one bad item costs itself, never the session. */
import { expect, test } from 'vitest'
import type { Live } from '#sdk/client/live.ts'
import type { Item, ItemAnswer } from '#sdk/protocol/frames.ts'
import { done, type FakeSocket } from './fake-workspace.ts'
import { ack, log, proposal, start } from './live-harness.ts'

const BAD = 'nested too deep'
const unreadable = { code: 'malformed_frame', detail: 'A frame may nest 100 levels.' }
const isBad = (item: Item): boolean => JSON.stringify(item).includes(BAD)
const ask = (live: Live, number: number, message = 'fine') => live.request({ ...proposal(number), state: { type: 'RUNNING', message } })

/** A workspace that takes frames in the order of their numbers and cannot read one with a bad item. `namesFrame`: it can read the number. */
function workspace({ namesFrame }: { readonly namesFrame: boolean }) {
  const taken: string[] = []
  const at = new WeakMap<FakeSocket, number>()
  const listen = (socket: FakeSocket): void => {
    socket.onText = (text) => {
      const frame: { type: string; n: number; items: readonly Item[] } = JSON.parse(text)
      if (frame.type !== 'frame') return
      const before = at.get(socket) ?? 0
      const say = (problem: object) => queueMicrotask(() => !socket.isClosed && socket.say({ type: 'problem', ...problem }))
      if (frame.items.some(isBad)) return say({ n: namesFrame ? frame.n : null, ...unreadable })
      if (before > 0 && frame.n > before + 1) return say({ n: frame.n, code: 'frame_out_of_order', detail: `Send frame ${before + 1}.` })
      at.set(socket, Math.max(before, frame.n))
      for (const name of frame.items.map(nameOf)) if (!taken.includes(name)) taken.push(name) // a frame that comes again changes nothing
      queueMicrotask(
        () =>
          !socket.isClosed &&
          ack(
            socket,
            frame.n,
            frame.items.map(() => done),
          ),
      )
    }
  }
  return { taken, listen }
}
const nameOf = (item: Item): string => (item.type === 'run.propose' ? item.transition_id.slice(-2) : item.type)

async function connect(options: { readonly namesFrame: boolean }) {
  const told: unknown[] = []
  const around = start({ onTrouble: (failure) => told.push(failure), onReportRefused: (refused) => told.push(refused) })
  const { listen, taken } = workspace(options)
  listen(around.last())
  await around.greet()
  /** Every socket that is opened is greeted, until nothing happens any more. */
  const settle = async () => {
    for (let greeted = around.sockets.length; ;) {
      await around.clock.pass(500)
      if (around.sockets.length === greeted) return
      greeted = around.sockets.length
      listen(around.last())
      await around.greet()
    }
  }
  return { ...around, taken, told, settle }
}

test.each([{ namesFrame: true }, { namesFrame: false }])(
  '[LV28] an item that makes a frame unreadable is found and refused with the reason; every other item arrives once: %o',
  async (options) => {
    const { live, clock, taken, told, settle } = await connect(options)
    const asked = [ask(live, 1)]
    await clock.pass()
    for (const number of [2, 3, 4, 5]) asked.push(ask(live, number, number === 4 ? BAD : 'fine'))
    await clock.pass(3)
    asked.push(ask(live, 6))
    await settle()
    const refused: ItemAnswer = { type: 'refused', ...unreadable }
    expect(await Promise.all(asked)).toEqual([done, done, done, refused, done, done])
    expect([taken, told]).toEqual([['01', '02', '03', '05', '06'], []])
    const later = ask(live, 7)
    await settle()
    expect(await later).toEqual(done)
  },
)

test.each([{ namesFrame: true }, { namesFrame: false }])(
  '[LV29] with several frames on their way only the unreadable ones are refused, reports too: %o',
  async (options) => {
    const { live, last, clock, taken, told, settle } = await connect(options)
    last().onText = () => undefined // it is slow: four frames are on their way
    const asked = [ask(live, 1)]
    await clock.pass(3)
    asked.push(ask(live, 2, BAD))
    await clock.pass(3)
    live.log(log(BAD))
    await clock.pass(503)
    asked.push(ask(live, 3))
    await clock.pass(3)
    last().lose()
    await settle()
    expect((await Promise.all(asked)).map(({ type }) => type)).toEqual(['done', 'refused', 'done'])
    expect([taken, told]).toEqual([['01', '03'], [expect.objectContaining({ what: 'log', failure: { type: 'refused', ...unreadable } })]])
  },
)

test('[LV30] a workspace that misses a frame is sent it again from there on, over a new connection', async () => {
  const { live, last, clock, taken, told, settle } = await connect({ namesFrame: true })
  const asked = [ask(live, 1)]
  await clock.pass(3)
  const listening = last().onText
  last().onText = () => undefined // it forgets a frame
  asked.push(ask(live, 2))
  await clock.pass(3)
  last().onText = listening
  asked.push(ask(live, 3))
  await settle()
  expect([await Promise.all(asked), taken, told]).toEqual([[done, done, done], ['01', '02', '03'], []])
})

test('[LV31] a workspace that never takes the order of frames refuses them in the end, and is not asked for ever', async () => {
  const { live, last, sockets, clock, greet } = start()
  await greet()
  const asked = ask(live, 1)
  await clock.pass()
  for (let greeted = 1; greeted < 10; greeted++) {
    const [frame] = last().frames
    if (frame !== undefined && !last().isClosed) last().say({ type: 'problem', n: frame.n, code: 'frame_out_of_order', detail: 'no' })
    await clock.pass(500)
    if (sockets.length > greeted) await greet()
  }
  expect([await asked, sockets.length]).toEqual([{ type: 'refused', code: 'frame_out_of_order', detail: 'no' }, 6])
})
