import { afterEach, expect, test, vi } from 'vitest'
import { newWallClock } from '#sdk/hosts/time.ts'

afterEach(() => void vi.restoreAllMocks())

test('[HO38] the wall clock tells no time twice, also where the platform’s stands still, and is set back with it', () => {
  const now = newWallClock()
  const at = Date.now()
  let steady = at - performance.timeOrigin
  vi.spyOn(performance, 'now').mockImplementation(() => steady)
  const wall = vi.spyOn(Date, 'now').mockReturnValue(at)
  const first = now()
  expect([now(), now(), now()]).toEqual([first + 1, first + 2, first + 3])
  wall.mockReturnValue(at - 60_000)
  steady += 1
  expect(now()).toBe((at - 60_000) * 1_000)
})
