import { expectTypeOf, test } from 'vitest'
import type { FutureList } from '#sdk/engine/future-list.ts'
import type { TaskFuture } from '#sdk/engine/futures.ts'
import { unmapped } from '#sdk/engine/inputs.ts'
import type { RunState } from '#sdk/engine/run-state.ts'
import { createEngine } from '#sdk/engine/engine.ts'
import { testHost } from './test-host.ts'
import { World } from './contract/case.ts'

const { flow, task } = createEngine(new World(testHost).host)
const getPage = task(async (url: string, limit?: number) => ({ url, limit: limit ?? 1, at: new Date(0) }))
const getPrices = task(
  (pages: readonly { readonly url: string }[], options: { readonly currency: string }) => [pages.length, options.currency] as const,
)

test('[EN60] flows and tasks keep the types of their functions', () => {
  const report = flow(async (repo: string, days = 7) => ({ repo, days }))
  expectTypeOf(report).toBeCallableWith('a/b')
  expectTypeOf(report).toBeCallableWith('a/b', 3)
  expectTypeOf(report).returns.resolves.toEqualTypeOf<{ repo: string; days: number }>()
  expectTypeOf(report.state).returns.resolves.toEqualTypeOf<RunState<{ repo: string; days: number }>>()
  expectTypeOf<Parameters<typeof report.fn>>().toEqualTypeOf<[repo: string, days?: number | undefined]>()
  // @ts-expect-error a number is no text
  expectTypeOf(report).toBeCallableWith(5)
})

test('[EN61] futures are accepted where values are, also inside lists and objects', () => {
  expectTypeOf(getPage.submit).returns.toEqualTypeOf<TaskFuture<{ url: string; limit: number; at: Date }>>()
  const url = null as unknown as TaskFuture<string>
  const pages = null as unknown as FutureList<{ url: string }>
  expectTypeOf(getPage.submit).toBeCallableWith(url)
  expectTypeOf(getPage).toBeCallableWith(url, 3)
  expectTypeOf(getPrices.submit).toBeCallableWith(pages, { currency: url })
  expectTypeOf(getPrices.submit).toBeCallableWith([{ url }], { currency: 'EUR' })
  // @ts-expect-error a future of a number is no text
  expectTypeOf(getPage.submit).toBeCallableWith(null as unknown as TaskFuture<number>)
})

test('[EN62] map takes lists, futures of lists and lists of futures', () => {
  expectTypeOf(getPage.map).toBeCallableWith(['a', 'b'])
  expectTypeOf(getPage.map).toBeCallableWith(null as unknown as FutureList<string>, [1, 2])
  expectTypeOf(getPage.map).toBeCallableWith(null as unknown as TaskFuture<string[]>, unmapped(3))
  expectTypeOf(getPage.map(['a']).result()).resolves.toEqualTypeOf<{ url: string; limit: number; at: Date }[]>()
  // @ts-expect-error numbers are no texts
  expectTypeOf(getPage.map).toBeCallableWith([1, 2])
})

test('[EN63] a flow that returns a future resolves to its value, and generators stream', () => {
  expectTypeOf(flow(() => getPage.submit('a'))()).resolves.toEqualTypeOf<{ url: string; limit: number; at: Date }>()
  const count = task(function* (to: number) {
    for (let i = 0; i < to; i++) yield i
  })
  expectTypeOf(count).returns.toEqualTypeOf<AsyncGenerator<number, void, unknown>>()
  expectTypeOf(count.submit(1).result()).resolves.toEqualTypeOf<number[]>()
})
