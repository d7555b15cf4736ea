import { expect, test } from 'vitest'
import { runExample, type Ended } from './run-example.ts'

/** With this seed the calls go: works, fails · works, fails, fails · fails, works, fails, works, fails · fails · fails, works. */
const SEED = '9'
let ended: Promise<Ended> | undefined
/** Run once for all tests: its retry waits three real seconds. */
const story = (): Promise<Ended> => (ended ??= runExample('seeds/000-getting-started.ts', { EXAMPLE_SEED: SEED }))
const WROTE = (message: string) => `Wrote { data: 42, message: '${message}' } to database successfully!`

/** A flow of three tasks of which the first may fail, in the words of the seed. */
function pipelineLines(works: boolean, first = 'callUnreliableApi'): string[] {
  const ends = ['augmentData', 'writeResultsToDatabase']
  const created = [first, ...ends].map((name) => `INFO    | Flow run 'NAME' - Created task run '${name}-0' for task '${name}'`)
  const start = [
    "INFO    | flowcell.engine - Created flow run 'NAME' for flow 'pipeline'",
    "INFO    | Flow run 'NAME' - Using task runner 'ConcurrentTaskRunner'",
    ...created,
  ]
  if (works) {
    const completed = [first, ...ends].map((name) => `INFO    | Task run '${name}-0' - Finished in state Completed()`)
    return [...start, ...completed, "INFO    | Flow run 'NAME' - Finished in state Completed('All states completed.')"]
  }
  return [
    ...start,
    `ERROR   | Task run '${first}-0' - Encountered exception during execution:`,
    `ERROR   | Task run '${first}-0' - Finished in state Failed('Task run encountered an exception: Error: Our unreliable service failed')`,
    ...ends.map(
      (name) => `ERROR   | Task run '${name}-0' - Finished in state NotReady("Upstream task run 'ID' did not reach a 'COMPLETED' state.")`,
    ),
    `ERROR   | Flow run 'NAME' - Nobody looked at the result of '${first}-0', which did not complete.`,
    "ERROR   | Flow run 'NAME' - Finished in state Failed('1/3 states failed.')",
  ]
}

test('[EX1] the story of the seed "Getting Started" is told by 000-getting-started.ts, and it ends well', async () => {
  const { code, stdout, log } = await story()
  const failure = "Failed('Flow run encountered an exception: Error: Our unreliable service failed')"
  expect(stdout).toEqual([
    '### Plain code',
    WROTE('Super Special Message'),
    'Error: Our unreliable service failed',
    '### As a flow',
    WROTE('Trying a flow!'),
    'Completed()',
    failure,
    failure,
    '### With tasks',
    'Run #0',
    'Run #1',
    WROTE('Trying a flow with tasks!'),
    'Run #2',
    'Run #3',
    WROTE('Trying a flow with tasks!'),
    'Run #4',
    '### With names',
    "Failed('1/1 states failed.')",
    '### With retries',
    WROTE('Trying a flow with tasks and retries!'),
    "Completed('All states completed.')",
  ])
  const told = log
    .map((line) => line.replaceAll(/(?<=[Ff]low run )'[a-z]+-[a-z]+'/g, "'NAME'").replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, 'ID'))
    .filter((line) => !line.includes('is defined more than once'))
  const from = told.findIndex((line) => line.includes('Created task run')) - 2
  const chapter = [false, true, false, true, false].flatMap((works) => pipelineLines(works))
  expect(told.slice(from, from + chapter.length)).toEqual(chapter)
  const [retried, ...rest] = pipelineLines(true, 'Get data from API').toReversed()
  expect(told.at(-1)).toBe(retried)
  const waited =
    "INFO    | Task run 'Get data from API-0' - Received non-final state 'AwaitingRetry' when proposing final state 'Failed' and will attempt to run again..."
  const failed = "ERROR   | Task run 'Get data from API-0' - Encountered exception during execution:"
  const expected = rest.toReversed()
  expect(told.slice(-8, -1).filter((line) => line !== waited && line !== failed)).toEqual(expected.slice(-5))
  expect([told.includes(waited), code]).toEqual([true, 0])
})

test('[EX2] names that are given twice are warned about where they are given', async () => {
  const { log } = await story()
  const warned = log.flatMap((line) => /A (\w+ named '[^']+') is defined more than once/.exec(line)?.[1] ?? [])
  expect(warned).toEqual([
    "flow named 'pipeline'",
    "task named 'Get data from API'",
    "task named 'augmentData'",
    "task named 'writeResultsToDatabase'",
    "flow named 'pipeline'",
  ])
})
