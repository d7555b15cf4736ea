import { expect, test } from 'vitest'
import type { LinkEvents } from '#sdk/client/link.ts'
import type { Welcome } from '#sdk/protocol/frames.ts'
import { LinkHub } from '../../web/app/link-hub.ts'

/** The link below the hub, in the hands of the test. */
function lowerLink() {
  const sent: [number, string][] = []
  const lower: { events?: LinkEvents; closed: boolean } = { closed: false }
  const hub = new LinkHub((events) => {
    lower.events = events
    return { send: (frame, items) => void sent.push([frame, items]), close: () => (lower.closed = true) }
  })
  const events = (): LinkEvents => {
    if (lower.events === undefined) throw new Error('the hub opened nothing')
    return lower.events
  }
  return { hub, sent, lower, events }
}

function speaker(name: string, said: unknown[]): LinkEvents {
  return {
    welcome: (_, resumed) => said.push([name, 'welcome', resumed]),
    acked: (frame, answers) => said.push([name, 'acked', frame, answers.length]),
    refused: (frame, { code }) => said.push([name, 'refused', frame, code]),
    down: ({ type }) => said.push([name, 'down', type]),
    lost: ({ code }) => said.push([name, 'lost', code]),
    trouble: ({ code }) => said.push([name, 'trouble', code]),
    closed: ({ code }) => said.push([name, 'closed', code]),
  }
}

const FAILURE = { code: 'unreachable', detail: 'It is away.' }
const WELCOME = { type: 'welcome', session: 's' } as Welcome // the hub hands it on unread

test('[SH28] each speaker counts its own frames; an answer goes to whose frame it was, in any order', async () => {
  const { hub, sent, events } = lowerLink()
  const said: unknown[] = []
  const page = hub.open(speaker('page', said))
  const kernel = hub.open(speaker('kernel', said))
  await Promise.resolve()
  page.send(1, 'a')
  kernel.send(1, 'b')
  page.send(2, 'c')
  events().acked(3, [])
  events().refused(2, FAILURE)
  events().acked(1, [])
  events().acked(1, [])
  expect([sent, said]).toEqual([
    [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ],
    [
      ['page', 'acked', 2, 0],
      ['kernel', 'refused', 1, 'unreachable'],
      ['page', 'acked', 1, 0],
    ],
  ])
})

test('[SH28] one who comes later is greeted at once, one who has left hears nothing, and the socket stays', async () => {
  const { hub, lower, sent, events } = lowerLink()
  const said: unknown[] = []
  hub.open(speaker('page', said))
  await Promise.resolve()
  events().welcome(WELCOME, false)
  const kernel = hub.open(speaker('kernel', said))
  await Promise.resolve()
  kernel.send(1, 'b')
  kernel.close()
  kernel.send(2, 'c')
  events().acked(1, [])
  events().down({ type: 'cancel' } as Parameters<LinkEvents['down']>[0])
  events().lost(FAILURE)
  hub.open(speaker('late', said))
  await Promise.resolve()
  expect([sent, said, lower.closed]).toEqual([
    [[1, 'b']],
    [
      ['page', 'welcome', false],
      ['kernel', 'welcome', false],
      ['page', 'down', 'cancel'],
      ['page', 'lost', 'unreachable'],
    ],
    false,
  ])
})

test('[SH28] the end is told to all, and to whoever comes after it', async () => {
  const { hub, events } = lowerLink()
  const said: unknown[] = []
  hub.open(speaker('page', said))
  await Promise.resolve()
  events().closed({ code: 'unauthenticated', detail: 'It was revoked.' })
  hub.open(speaker('late', said))
  await Promise.resolve()
  expect(said).toEqual([
    ['page', 'closed', 'unauthenticated'],
    ['late', 'closed', 'unauthenticated'],
  ])
})
