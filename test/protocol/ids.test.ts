import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FlowRunId, StateId } from '#sdk/protocol/ids.ts'
import { hasOrdinalRoom, MAX_STATE_ORDINAL, mintFlowRunId, mintId, runIdOf, stateIdOf, type Random } from '#sdk/protocol/mint.ts'
import { MICROS_PER_MS } from '#sdk/protocol/instants.ts'

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const NOW = 1_795_323_600_000_000
const always =
  (value: number): Random =>
  () =>
    value
const chance = fc
  .array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 4, maxLength: 4 })
  .map((values): Random => {
    let next = 0
    return () => values[next++ % values.length] ?? 0
  })

test('[ID1] what we mint is a UUIDv7 of its millisecond, with room for an ordinal', () => {
  expect(mintId(NOW, always(0))).toBe('01a201a0-1c80-7000-8000-000000000000')
  expect(mintId(NOW, always(1 - 2 ** -53))).toBe('01a201a0-1c80-7fff-bfff-ffffffff0000')
  fc.assert(
    fc.property(fc.nat(2 ** 50), chance, (now, random) => {
      const id = mintId(now, random)
      expect(id).toMatch(UUID_V7)
      expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(Math.floor(now / MICROS_PER_MS))
      expect(hasOrdinalRoom(id)).toBe(true)
    }),
  )
})

test('[ID2] ids sort by their time', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 50), fc.integer({ min: MICROS_PER_MS, max: 2 ** 40 }), chance, chance, (now, later, one, other) => {
      expect(mintId(now, one) < mintId(now + later, other)).toBe(true)
    }),
  )
})

test("[ID3] a state's id is its run's id with the state's number, and tells its run", () => {
  fc.assert(
    fc.property(chance, fc.integer({ min: 1, max: MAX_STATE_ORDINAL }), (random, ordinal) => {
      const run = mintFlowRunId(NOW, random)
      const state = stateIdOf(run, ordinal, NOW, random)
      expect(StateId.parse(state)).toBe(state)
      expect(runIdOf(state)).toBe(run)
      expect(Number.parseInt(state.slice(-4), 16)).toBe(ordinal)
    }),
  )
})

test('[ID4] a run whose id has no room, or that counted too far, gets state ids of their own', () => {
  const foreign = FlowRunId.parse('f47ac10b-58cc-4372-a567-0e02b2c3d479')
  const minted = mintFlowRunId(NOW, always(0.5))
  expect(hasOrdinalRoom(foreign)).toBe(false)
  expect(hasOrdinalRoom('f47ac10b-58cc-4372-a567-0e02b2c30000')).toBe(false)
  const ids = [
    stateIdOf(foreign, 1, NOW, always(0.25)),
    stateIdOf(minted, MAX_STATE_ORDINAL + 1, NOW, always(0.25)),
    stateIdOf(minted, 0, NOW, always(0.25)),
  ]
  expect(ids.map((id) => [UUID_V7.test(id), runIdOf(id) === minted])).toEqual([
    [true, false],
    [true, false],
    [true, false],
  ])
})

test('[ID5] any UUID is accepted and made lower case; anything else is not', () => {
  expect(FlowRunId.parse('F47AC10B-58CC-4372-A567-0E02B2C3D479')).toBe('f47ac10b-58cc-4372-a567-0e02b2c3d479')
  expect(FlowRunId.parse('00000000-0000-0000-0000-000000000000')).toBe('00000000-0000-0000-0000-000000000000')
  const others = [
    '',
    'x',
    'f47ac10b58cc4372a5670e02b2c3d479',
    '{f47ac10b-58cc-4372-a567-0e02b2c3d479}',
    ' f47ac10b-58cc-4372-a567-0e02b2c3d479',
    7,
    null,
  ]
  expect(others.filter((other) => FlowRunId.safeParse(other).success)).toEqual([])
})
