import { runInThisContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { linkCell } from '#sdk/compiler/link-cell.ts'
import { installContext, type AsyncContext } from '#sdk/hosts/async-context.ts'
import { compiled } from './cell-run.ts'

let context: AsyncContext | undefined
afterEach(() => {
  context?.uninstall()
  context = undefined
})

test('[CC25] a linked cell keeps its run through every kind of waiting, also where types were, and none leaks', async () => {
  context = installContext(() => undefined)
  const store = context.newStore<string>()
  const seen: [string, string | undefined][] = []
  const source = `
const note = () => seen.push([name, store.current()])
async function* numbers(): AsyncGenerator<number> {
  for (let n = 0; n < 3; n++) { note(); yield (await later(n)) as number; note() }
  return await later(9) as any
}
for await (const n of numbers() as AsyncIterable<number>) { note(); await later(n)!; note() }
await Promise.all([1, 2].map(async (n): Promise<void> => { note(); await later(n); note() }))
const { value } = await import('m') as { value: number }
note()
await later(value) as number
note()
`
  const cell = compiled(source)
  const made: unknown = runInThisContext(linkCell(cell, ['name', 'store', 'seen', 'later']).code)
  const later = (value: unknown): Promise<unknown> => new Promise((resolve) => void setTimeout(resolve, 0, value))
  const runs = Array.from({ length: 40 }, (_, n) => `run ${n}`)
  await Promise.all(
    runs.map((name) =>
      store.run(name, async () => {
        const host = { scope: { name, store, seen, later }, modules: [], import: async () => ({ value: 1 }), show: () => undefined }
        const { $$await, $$iterate } = context?.helpers ?? {}
        if (typeof made === 'function') await Reflect.apply(made, undefined, [host, $$await, $$iterate])
      }),
    ),
  )
  expect(seen.filter(([name, current]) => name !== current)).toEqual([])
  expect(seen).toHaveLength(runs.length * 18)
  expect(store.current()).toBeUndefined()
})
