import { expect, test } from 'vitest'
import { STATE_NAMES, STATE_TYPES } from '#sdk/protocol/state-types.ts'
import { stateKind, stateWords } from '../../web/ui/state-kind.ts'
import { agoWords, durationWords, runSeconds } from '../../web/ui/time-words.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

test.each([
  [0, 'now'],
  [-4 * SECOND, 'now'],
  [-42 * SECOND, '42s ago'],
  [-(3 * MINUTE + 59 * SECOND), '3m ago'],
  [12 * SECOND, 'in 12s'],
  [-2 * HOUR, '2h ago'],
  [-1.5 * DAY, 'yesterday'],
  [-6 * DAY, '6d ago'],
  [-40 * DAY, 'Oct 12, 2026'],
])('[SH24] a time %i ms from now is said in one or two words', (distance, words) => {
  const now = Date.UTC(2026, 10, 21, 12)
  expect([agoWords(now + distance, now), agoWords(new Date(now + distance).toISOString(), now)]).toEqual([words, words])
})

test.each([
  [0, '0 ms'],
  [0.0423, '42 ms'],
  [0.9994, '999 ms'],
  [0.9996, '1.0 s'],
  [1.26, '1.3 s'],
  [59.94, '59.9 s'],
  [59.97, '1m 00s'],
  [245, '4m 05s'],
  [3_599.6, '1h 00m'],
  [7_620, '2h 07m'],
  [273_600, '3d 4h'],
  [-1, '–'],
  [Number.NaN, '–'],
])('[SH24] %d seconds are said in two figures', (seconds, words) => {
  expect(durationWords(seconds)).toBe(words)
})

test('[SH24] a run that runs is as old as its start; one that ended, or waits again, ran as long as the workspace says', () => {
  const start = Date.UTC(2026, 10, 21, 12)
  const run = { start_time: new Date(start).toISOString(), end_time: null, total_run_time: 1.5 }
  expect([
    runSeconds({ ...run, state_type: 'RUNNING' }, start + 4_000),
    runSeconds({ ...run, state_type: 'SCHEDULED' }, start + 4_000),
    runSeconds({ ...run, state_type: 'COMPLETED' }, start + 4_000),
    runSeconds({ ...run, start_time: null, state_type: 'PENDING' }, start),
  ]).toEqual([4, 1.5, 1.5, undefined])
})

test('[SH25] every state has a kind and words of its own', () => {
  const named = Object.entries(STATE_NAMES).map(([name, type]) => [name, stateKind(type, name), stateWords(type, name)])
  expect(named).toEqual([
    ['Scheduled', 'scheduled', 'Scheduled'],
    ['Late', 'late', 'Late'],
    ['AwaitingRetry', 'retrying', 'Awaiting retry'],
    ['AwaitingConcurrencySlot', 'scheduled', 'Awaiting concurrency slot'],
    ['Resuming', 'scheduled', 'Resuming'],
    ['Pending', 'pending', 'Pending'],
    ['Submitting', 'pending', 'Submitting'],
    ['InfrastructurePending', 'pending', 'Infrastructure pending'],
    ['NotReady', 'pending', 'Not ready'],
    ['Running', 'running', 'Running'],
    ['Retrying', 'retrying', 'Retrying'],
    ['Rerunning', 'running', 'Rerunning'],
    ['Paused', 'paused', 'Paused'],
    ['Suspended', 'paused', 'Suspended'],
    ['Cancelling', 'cancelling', 'Cancelling'],
    ['Cancelled', 'cancelled', 'Cancelled'],
    ['Completed', 'completed', 'Completed'],
    ['Cached', 'cached', 'Cached'],
    ['RolledBack', 'completed', 'Rolled back'],
    ['Failed', 'failed', 'Failed'],
    ['TimedOut', 'failed', 'Timed out'],
    ['Crashed', 'crashed', 'Crashed'],
  ])
  expect(STATE_TYPES.map((type) => [stateKind(type), stateWords(type)])).toEqual([
    ['scheduled', 'Scheduled'],
    ['pending', 'Pending'],
    ['running', 'Running'],
    ['completed', 'Completed'],
    ['failed', 'Failed'],
    ['cancelled', 'Cancelled'],
    ['crashed', 'Crashed'],
    ['paused', 'Paused'],
    ['cancelling', 'Cancelling'],
  ])
  expect([stateKind(null), stateWords(null), stateWords('RUNNING', 'waiting for approval')]).toEqual([
    'pending',
    'No state yet',
    'waiting for approval',
  ])
})
