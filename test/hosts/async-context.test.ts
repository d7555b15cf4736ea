/* oxlint-disable typescript/await-thenable, unicorn/no-unnecessary-await -- code that awaits what is no promise is the case */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { afterEach, expect, test } from 'vitest'
import { instrumentAwaits } from '#sdk/compiler/instrument.ts'
import { installContext, type AsyncContext } from '#sdk/hosts/async-context.ts'
import type { interleave, Tally } from './context-cases.ts'

let context: AsyncContext | undefined
let lost = 0
const install = (): AsyncContext => (context = installContext(() => void lost++))
afterEach(() => {
  context?.uninstall()
  context = undefined
  lost = 0
})

/** Instruments and evaluates `source`, which returns something, with these names in scope. */
function evaluate(source: string, { helpers }: AsyncContext, scope: Readonly<Record<string, unknown>> = {}): unknown {
  const instrumented = instrumentAwaits(source)
  if (!instrumented.ok) throw new Error(instrumented.error.message)
  const names = { ...helpers, ...scope }
  // oxlint-disable-next-line typescript/no-implied-eval -- that is how a cell is run
  const evaluated: unknown = new Function(...Object.keys(names), instrumented.code)(...Object.values(names))
  return evaluated
}

test('[CX4] 200 interleaved runs keep their own context wherever they can be interrupted, and none leaks', async () => {
  const source = stripTypeScriptTypes(readFileSync(new URL('context-cases.ts', import.meta.url), 'utf8')).replace(/^export /gm, '')
  const installed = install()
  const store = installed.newStore<string>()
  const run = evaluate(`${source}\nreturn interleave`, installed) as typeof interleave
  const tally: Tally = { right: 0, wrong: [] }
  await run(store, 200, tally)
  expect({ ...tally, enough: tally.right > 10_000 }).toEqual({ right: tally.right, wrong: [], enough: true })
  expect(store.current()).toBeUndefined()
})

test('[CX5] code of a library that was not instrumented never sees the context of another run', async () => {
  const installed = install()
  const store = installed.newStore<string>()
  const seen = new Set<string | undefined>()
  const library = async (callback: () => Promise<void>): Promise<void> => {
    await null
    seen.add(store.current())
    await callback()
  }
  const user = evaluate(
    `return async (name) => {
      for (let turn = 0; turn < 20; turn++) {
        await library(async () => { seen.add(store.current()); await null; seen.add(store.current()) })
        if (store.current() !== name) throw new Error('lost after the library: ' + store.current())
      }
    }`,
    installed,
    { library, store, seen },
  ) as (name: string) => Promise<void>
  await Promise.all(['a', 'b', 'c'].map((name) => store.run(name, () => user(name))))
  expect(seen).toEqual(new Set([undefined]))
})

test('[CX6] inside a cell, code that has lost its context is told; outside, having none is no loss', async () => {
  const installed = install()
  const store = installed.newStore<string>()
  store.current()
  expect(lost).toBe(0)
  const cell = evaluate(
    `return async () => { store.current(); await null; store.current(); await library(() => store.current()) }`,
    installed,
    { store, library: async (callback: () => void) => (await null, callback()) },
  ) as () => Promise<void>
  await installed.enter(cell)
  expect(lost).toBe(1)
})

test('[CX7] an error, also one that is thrown synchronously, puts the context before it back', () => {
  const store = install().newStore<string>()
  store.run('outer', () => {
    expect(() =>
      store.run('inner', () => {
        throw new Error('thrown')
      }),
    ).toThrow('thrown')
    expect(store.current()).toBe('outer')
  })
  expect(store.current()).toBeUndefined()
})

test('[CX8] two stores do not disturb each other', async () => {
  const installed = install()
  const first = installed.newStore<number>()
  const second = installed.newStore<string>()
  const both = () => [first.current(), second.current()]
  const run = evaluate(`return async () => { await null; return both() }`, installed, { both }) as () => Promise<unknown>
  expect(await first.run(1, () => second.run('a', () => first.run(2, run)))).toEqual([2, 'a'])
})
