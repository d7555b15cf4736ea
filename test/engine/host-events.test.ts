import { expect, test } from 'vitest'
import { lastState, World } from './contract/case.ts'
import { testHost, type Captured } from './test-host.ts'

/** A world whose host tells what the engine asked it to capture. */
function watched(): { readonly world: World; readonly captured: Captured } {
  const captured: Captured = {}
  return { captured, world: new World((surroundings) => testHost(surroundings, captured)) }
}

test('[LG8] with logPrints prints become lines of the innermost run; flows hand it on to what they call', async () => {
  const { world, captured } = watched()
  const { flow, task } = world.engine
  const taken: (boolean | undefined)[] = []
  const say = (text: string) => taken.push(captured.print?.('INFO', text))
  const inner = task(() => say('from the task'), { name: 'inner' })
  const silent = task(() => say('nobody wants this'), { name: 'silent', logPrints: false })
  await flow(() => say('not yet wanted'), { name: 'plain' })()
  await flow(
    async () => {
      say('from the flow')
      await inner()
      await silent()
    },
    { name: 'loud', logPrints: true },
  )()
  say('outside')
  expect(taken).toEqual([undefined, true, true, false, false])
  expect(world.lines.filter((line) => line.includes('from the'))).toEqual([
    "INFO | Flow run 'run2' - from the flow",
    "INFO | Task run 'inner-0' - from the task",
  ])
})

test('[LG9] a rejection that nobody awaits is a line of the run it happened in, and not ours outside', async () => {
  const { world, captured } = watched()
  const answers: (boolean | undefined)[] = []
  const slip = world.engine.task(() => answers.push(captured.rejection?.(new Error('let fall'))), { name: 'slip' })
  await world.engine.flow(async () => slip(), { name: 'f' })()
  answers.push(captured.rejection?.(new Error('elsewhere')))
  expect(answers).toEqual([true, false])
  expect(world.linesWith('nobody awaited')).toEqual(["ERROR | Task run 'slip-0' - A promise was rejected and nobody awaited it:"])
})

test("[LG10] the stack of a user's error is trimmed by the host, in the log and in the record of flow and task, causes too", async () => {
  const world = new World((surroundings) => ({
    ...testHost(surroundings),
    trimStack: (stack) => stack.split('\n').slice(0, 2).join('\n'),
  }))
  const error = new Error('outer', { cause: new Error('inner') })
  const bad = world.engine.task(
    async () => {
      throw error
    },
    { name: 'bad' },
  )
  await world.engine.flow(async () => bad(), { name: 'f' }).state()
  const short = (one: unknown) =>
    String(Reflect.get(Object(one), 'stack'))
      .split('\n')
      .slice(0, 2)
      .join('\n')
  const record = {
    name: 'Error',
    message: 'outer',
    stack: short(error),
    cause: { name: 'Error', message: 'inner', stack: short(error.cause) },
  }
  const told = `Encountered exception during execution:\n${short(error)}\nCaused by: ${short(error.cause)}`
  expect([...world.taskRuns, ...world.flowRuns].map((run) => lastState(run)?.data)).toEqual([
    { kind: 'error', error: record },
    { kind: 'error', error: record },
  ])
  expect(world.printed.filter(({ message }) => message.startsWith('Encountered')).map(({ message }) => message)).toEqual([told, told])
})
