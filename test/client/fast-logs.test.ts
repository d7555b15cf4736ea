/** Log lines that are written faster than they can be sent, and those written while the workspace is away. */
import { expect, test } from 'vitest'
import type { Link, LinkEvents } from '#sdk/client/link.ts'
import type { Item } from '#sdk/protocol/frames.ts'
import { MAX_LOG_SEGMENT_BYTES, MAX_UNSENT_LOG_LINES } from '#sdk/protocol/limits.ts'
import { done, SESSION, welcome } from './fake-workspace.ts'
import { log, start } from './live-harness.ts'

/** A link whose socket lives elsewhere: it takes frames while this thread is busy. */
function elsewhere() {
  const frames: { readonly frame: number; readonly items: readonly Item[] }[] = []
  const state = { hasRoom: true, isUp: true }
  let events: LinkEvents | undefined
  const link: Link = {
    send: (frame, items) => void frames.push({ frame, items: JSON.parse(items) }),
    close: () => undefined,
    hasRoom: () => state.hasRoom,
    isUp: () => state.isUp,
  }
  const told: string[] = []
  const { live, clock } = start({
    onTrouble: ({ code, detail }) => told.push(`${code}: ${detail}`),
    link: (given) => {
      events = given
      return link
    },
  })
  const greet = () => events?.welcome(welcome(SESSION), true)
  const lost = () => events?.lost({ code: 'unreachable', detail: 'lost' })
  greet()
  let acked = 0
  /** Answers everything until nothing comes any more. */
  const drain = async () => {
    for (await clock.pass(600); acked < frames.length; await clock.pass(600)) {
      for (const { frame, items } of frames.slice(acked))
        events?.acked(
          frame,
          items.map(() => done),
        )
      acked = frames.length
    }
  }
  const messages = () => frames.flatMap(({ items }) => items.flatMap((item) => (item.type === 'log' ? item.lines.map(({ m }) => m) : [])))
  return { live, state, frames, messages, drain, told, greet, lost }
}
const TOO_FAST = `they were written faster than they could be sent, and at most ${MAX_UNSENT_LOG_LINES} lines wait`
const AWAY = `the workspace was away, and at most ${MAX_UNSENT_LOG_LINES} lines are kept until it is back`
const lines = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `line ${index}`)

test('[LV33] lines that fill a segment are handed over at once, while nothing else has its turn, and none is lost', async () => {
  const { live, frames, messages, drain, told } = elsewhere()
  for (const line of lines(300_000)) live.log(log(line))
  const bytes = frames.map(({ items }) => JSON.stringify(items).length)
  expect([Math.max(...bytes) <= MAX_LOG_SEGMENT_BYTES, Math.min(...bytes) > MAX_LOG_SEGMENT_BYTES * 0.9]).toEqual([true, true])
  expect(messages().length).toBeGreaterThan(290_000)
  await drain()
  expect([messages(), told]).toEqual([lines(300_000), []])
})

test.each([
  ['there is no room while the workspace is there', { hasRoom: false, isUp: true }, TOO_FAST],
  ['the workspace is away', { hasRoom: false, isUp: false }, AWAY],
] as const)(
  '[LV34] lines that are dropped are told with the true reason, in the log and once to the person: %s',
  async (_name, trouble, why) => {
    const { live, state, messages, drain, told, lost, greet } = elsewhere()
    Object.assign(state, trouble)
    if (!trouble.isUp) lost()
    for (const line of lines(MAX_UNSENT_LOG_LINES + 10_000)) live.log(log(line))
    Object.assign(state, { hasRoom: true, isUp: true })
    greet()
    await drain()
    const [first, second] = messages()
    const dropped = Number(/^line (\d+)$/.exec(second ?? '')?.[1])
    expect(first).toBe(`${dropped} log lines were dropped here: ${why}.`)
    expect(messages().slice(1)).toEqual(lines(MAX_UNSENT_LOG_LINES + 10_000).slice(dropped))
    expect(told).toEqual([`log_lines_dropped: Log lines are being dropped: ${why}. The run's log says how many.`])
    state.hasRoom = false
    for (const line of lines(MAX_UNSENT_LOG_LINES + 10_000)) live.log(log(line))
    expect(told).toHaveLength(2)
  },
)
