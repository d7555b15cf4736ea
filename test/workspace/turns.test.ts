import { reset } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { Turns } from '../../worker/workspace/turns.ts'
import { newWorkspace } from './harness.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

test('[WS35] calls that come together go together: the first at once, the others in the next turn, and alone nobody waits', async () => {
  const turns = new Turns()
  const done: string[] = []
  const work = async (name: string): Promise<void> => {
    await turns.take()
    done.push(name)
  }
  for (const name of ['a', 'b', 'c']) void work(name)
  await Promise.resolve()
  await Promise.resolve()
  expect(done).toEqual(['a'])
  await turn()
  expect(done).toEqual(['a', 'b', 'c'])
  void work('d')
  await turn()
  await turn()
  expect(done).toEqual(['a', 'b', 'c', 'd'])
  expect(turns.take()).toBeUndefined()
})

test('[WS36] calls that share a turn are judged one by one: a refused one takes no other with it', async () => {
  const workspace = await newWorkspace()
  const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const
  const outcomes = await Promise.all(
    names.map((name) =>
      name < 'd'
        ? workspace.call('flows.create', { body: { name } })
        : workspace.call('flow_runs.create', { body: { flow_id: crypto.randomUUID(), name } }),
    ),
  )
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, false, false, false])
  expect([await workspace.ok('flows.count'), await workspace.ok('flow_runs.count')]).toEqual([3, 0])
  await reset()
})
