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
const NOTHING = { outputs: 0, bytes: 0 }
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
  const runs = new CellRuns({ show: (_, shown) => words.push(shown && originWords(shown)), store: () => Promise.resolve() })
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
  runs.close(Date.now())
})

test('[NP78] what runs is stored after a second, and as interrupted when the notebook is closed, with what it has shown', () => {
  const stored: CellRun[] = []
  const runs = new CellRuns({ show: () => undefined, store: async (run) => void stored.push(run) })
  runs.begin(id('a'), { run: 1, kernel: 'own', code: 'x', startedAt: 1_000 })
  runs.outputs({
    type: 'outputs',
    cell: 'a',
    run: 1,
    clear: false,
    outputs: [{ kind: 'stream', name: 'stdout', text: '1\n' }],
    omitted: { outputs: 0, bytes: 0 },
  })
  vi.advanceTimersByTime(1_500)
  runs.close(3_000)
  vi.advanceTimersByTime(100_000)
  const shown = {
    cell: 'a',
    kernel: 'own',
    code: 'x',
    started: 1_000_000,
    place: 'browser',
    outputs: [{ kind: 'stream', name: 'stdout', text: '1\n' }],
  }
  expect(stored).toEqual([
    { ...shown, state: 'running', duration_ms: null },
    { ...shown, state: 'interrupted', duration_ms: 2_000 },
  ])
})

test('[NP98] what the workspace has not confirmed is known: outputs of what runs, ends that are on their way, what came late', async () => {
  const confirm: (() => void)[] = []
  const runs = new CellRuns({ show: () => undefined, store: () => new Promise((resolve) => confirm.push(resolve)) })
  const print = (text: string) =>
    runs.outputs({
      type: 'outputs',
      cell: 'a',
      run: 1,
      clear: false,
      omitted: NOTHING,
      outputs: [{ kind: 'stream', name: 'stdout', text }],
    })
  const told = (isFinal = true) =>
    runs
      .unstored(3_000, isFinal)
      .map(({ state, outputs }) => `${state} ${outputs.map((one) => one.kind === 'stream' && one.text).join('')}`)
  runs.begin(id('a'), { run: 1, kernel: 'own', code: 'x', startedAt: 1_000 })
  print('1')
  expect([told(), told(false)]).toEqual([['interrupted 1'], ['running 1']])
  runs.end(id('a'), 1, 'done', 5)
  expect(told()).toEqual(['done 1'])
  confirm[0]?.()
  await vi.advanceTimersByTimeAsync(0)
  expect(told()).toEqual([])
  print('2')
  expect(told()).toEqual(['done 12'])
  await vi.advanceTimersByTimeAsync(5_000)
  confirm[1]?.()
  await vi.advanceTimersByTimeAsync(0)
  expect(told()).toEqual([])
})
