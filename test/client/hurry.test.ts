import { expect, test } from 'vitest'
import { openLink } from '#sdk/client/link.ts'
import { fakeSockets, FakeClock, SESSION, welcome } from './fake-workspace.ts'

test('[LV38] a link that waits before its next try can be told not to; one that is up, or over, is not disturbed', async () => {
  const clock = new FakeClock()
  const { sockets, constructor, last } = fakeSockets()
  const hello = { protocol: 1, kind: 'page', name: 'test' } as const
  const silent = { welcome: nothing, acked: nothing, refused: nothing, down: nothing, lost: nothing, trouble: nothing, closed: nothing }
  const link = openLink({ apiUrl: 'http://127.0.0.1:1/w/abc/api', hello, socket: constructor, clock, probe: async () => undefined }, silent)
  clock.chance = 0.999999
  link.hurry?.()
  expect(sockets).toHaveLength(1)
  last().lose()
  await clock.pass()
  link.hurry?.()
  link.hurry?.()
  expect(sockets).toHaveLength(2)
  last().open()
  last().say(welcome(SESSION))
  await clock.pass(10_000)
  link.hurry?.()
  expect(sockets).toHaveLength(2)
  last().lose()
  await clock.pass()
  link.close()
  link.hurry?.()
  await clock.pass(60_000)
  expect(sockets).toHaveLength(2)
})

const nothing = (): void => undefined
