import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isCellId } from '#sdk/notebook/document.ts'
import type { CellRun } from '#sdk/protocol/cell-output.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import { CellRuns } from '../../web/notebook/cell-runs.ts'
import { originWords } from '../../web/notebook/cell-words.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const id = (name: string): CellId => {
  if (!isCellId(name)) throw new Error(`${name} is no id`)
  return name
}
const runOf = (state: CellRun['state'], started: number): CellRun => ({
  cell: id('a'),
  kernel: 'other',
  code: 'x',
  state,
  started,
  duration_ms: state === 'running' ? null : 5,
  place: 'browser',
  outputs: [],
})

test('[NP75] a cell runs in another tab as long as that tab says so; one that was closed is not said to run for ever', () => {
  const words: (string | undefined)[] = []
  const runs = new CellRuns({ show: (_, shown) => words.push(shown && originWords(shown)), store: () => undefined })
  const tell = (run: CellRun) => runs.told([run], 'another tab', () => false)
  tell(runOf('running', 1))
  vi.advanceTimersByTime(60_000)
  tell(runOf('running', 1))
  vi.advanceTimersByTime(60_000)
  expect(words).toEqual(['runs in another tab', 'runs in another tab'])
  vi.advanceTimersByTime(20_000)
  expect(words.at(-1)).toBe('was running when it was last stored')
  tell(runOf('running', 1))
  expect(words.at(-1)).toBe('runs in another tab')
  tell(runOf('done', 1))
  vi.advanceTimersByTime(100_000)
  expect(words.at(-1)).toBe('ran in another tab')
  runs.close()
})
