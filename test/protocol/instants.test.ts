import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatInstant, parseInstant } from '#sdk/protocol/instants.ts'
import { InstantInput, InstantMicros } from '#sdk/protocol/instant-schemas.ts'

test('[ID6] an instant that is written can be read: parse after format is the same microsecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }), (instant) => {
      expect(parseInstant(formatInstant(instant))).toBe(instant)
    }),
  )
  expect(formatInstant(0)).toBe('1970-01-01T00:00:00.000000Z')
  expect(formatInstant(-1)).toBe('1969-12-31T23:59:59.999999Z')
  expect(formatInstant(1_795_323_600_000_001)).toBe('2026-11-22T05:00:00.000001Z')
})

test('[ID7] RFC 3339 and its looser kin are read: zones, no zone (UTC), fractions, blanks, days', () => {
  const base = Date.UTC(2026, 10, 22, 5) * 1_000
  const read: Record<string, number> = {
    '2026-11-22T05:00:00Z': 0,
    '2026-11-22t05:00:00z': 0,
    ' 2026-11-22 05:00:00 ': 0,
    '2026-11-22T05:00': 0,
    '2026-11-22T05:00:00+00:00': 0,
    '2026-11-22T10:30:00+05:30': 0,
    '2026-11-21T22:00:00-0700': 0,
    '2026-11-22T05:00:00.5Z': 500_000,
    '2026-11-22T05:00:00,123456Z': 123_456,
    '2026-11-22T05:00:00.1234569Z': 123_456,
    '2026-11-22': -5 * 3_600_000_000,
  }
  expect(Object.fromEntries(Object.keys(read).map((text) => [text, (parseInstant(text) ?? Number.NaN) - base]))).toEqual(read)
})

test('[ID8] what is no instant is refused', () => {
  const wrong = [
    '',
    'now',
    '2026',
    '2026-11',
    '2026-13-01',
    '2026-00-01',
    '2026-02-30',
    '2026-01-00',
    '2025-02-29',
    '0050-01-01',
    '2026-11-22T24:00:00Z',
    '2026-11-22T05:60:00Z',
    '2026-11-22T05:00:60Z',
    '2026-11-22T5:00:00Z',
    '2026-11-22T05:00:00.Z',
    '2026-11-22T05:00:00+24:00',
    '2026-11-22T05:00:00+05:60',
    '2026-11-22T05:00:00 CET',
    '9999-01-01T00:00:00Z',
    '1795323600',
  ]
  expect(wrong.filter((text) => parseInstant(text) !== undefined)).toEqual([])
  expect(InstantInput.safeParse('soon').error?.issues).toMatchObject([{ message: 'expected a time such as 2026-11-22T05:00:00Z' }])
  expect(InstantInput.parse('2024-02-29')).toBe(Date.UTC(2024, 1, 29) * 1_000)
})

test('[ID9] on our socket an instant is a whole number of microseconds since 1970', () => {
  expect([0, 1_795_323_600_000_000].every((value) => InstantMicros.safeParse(value).success)).toBe(true)
  expect([-1, 0.5, Number.NaN, Infinity, 2 ** 53, '0', null].filter((value) => InstantMicros.safeParse(value).success)).toEqual([])
})
