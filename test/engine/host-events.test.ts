import { expect, test } from 'vitest'
import { World } from './contract/case.ts'
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
