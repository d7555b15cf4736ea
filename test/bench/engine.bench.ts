/** What the engine costs, with a host that does nothing else: no printing, no network. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createEngine, type Engine } from '#sdk/engine/engine.ts'
import { MemoryOrchestrator } from '#sdk/engine/memory.ts'
import type { Host, Orchestrator } from '#sdk/engine/ports.ts'
import { median, type Bench, type Row } from './row.ts'

const TASKS = 10_000
const ROUNDS = 7

/** Decides flow runs like the memory orchestrator and lets the rest go, as a sender does once it was acked. */
class Sink extends MemoryOrchestrator {
  override report(): void {}
  override log(): void {}
}

function engineOn(persistResults: boolean): Engine {
  const now = () => performance.timeOrigin * 1_000 + Math.floor(performance.now() * 1_000)
  const orchestrator: Orchestrator = new Sink({ now, random: Math.random })
  const host: Host = {
    now,
    random: Math.random,
    sleep: () => Promise.resolve(),
    newController: () => new AbortController(),
    newContext<T>() {
      const storage = new AsyncLocalStorage<T>()
      return { run: <R>(value: T, body: () => R): R => storage.run(value, body), current: () => storage.getStore() }
    },
    orchestrator: async () => orchestrator,
    settings: () => ({ loggingLevel: 'INFO', logPrints: false, persistResults, taskRetries: 0, taskRetryDelaySeconds: 0, flowRetries: 0 }),
    print: () => undefined,
    capturePrints: () => undefined,
    callSite: () => undefined,
    declarationAt: async () => ({ reason: 'a bench has none' }),
    inspect: String,
  }
  return createEngine(host)
}

const noop = async (x: number) => x

/** Microseconds per call. */
async function microsPer(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    await run()
    times.push(((performance.now() - began) * 1_000) / TASKS)
  }
  return median(times)
}

function callsOf(engine: Engine) {
  const one = engine.task(noop, { name: 'noop' })
  const loop = async () => {
    for (let i = 0; i < TASKS; i++) await one(i)
  }
  const numbers = Array.from({ length: TASKS }, (_, i) => i)
  return { called: engine.flow(loop, { name: 'called' }), mapped: engine.flow(() => one.map(numbers).result(), { name: 'mapped' }) }
}

/** The most that was used at any look, above what was used before. */
async function heapOfMap(): Promise<number> {
  const { mapped } = callsOf(engineOn(true))
  const looks: number[] = []
  const watch = setInterval(() => looks.push(process.memoryUsage().rss), 5)
  await mapped()
  looks.push(process.memoryUsage().rss)
  clearInterval(watch)
  return Math.max(...looks) / 1e6
}

export const bench: Bench = {
  title: `the engine, ${TASKS} no-op tasks in one run`,
  run: async (): Promise<readonly Row[]> => {
    const megabytes = await heapOfMap()
    const bare = await microsPer(async () => {
      for (let i = 0; i < TASKS; i++) await noop(i)
    })
    const without = callsOf(engineOn(false))
    const kept = callsOf(engineOn(true))
    const row = { unit: 'µs', better: 'less' } as const
    const called = await microsPer(without.called)
    return [
      { ...row, what: 'a task called, result not kept', ours: called, beside: 'limit', reference: 50 },
      { ...row, what: 'a task called, result kept', ours: await microsPer(kept.called), beside: 'limit', reference: 120 },
      { ...row, what: 'a task mapped, result not kept', ours: await microsPer(without.mapped), beside: 'limit', reference: 50 },
      { ...row, what: 'a task mapped, result kept', ours: await microsPer(kept.mapped), beside: 'limit', reference: 120 },
      { ...row, what: 'a task called, result not kept', ours: called, beside: 'a bare async call', reference: bare },
      {
        what: `resident memory of the engine alone, ${TASKS} mapped tasks, results kept`,
        ours: megabytes,
        beside: 'limit',
        reference: 200,
        unit: 'MB',
        better: 'less',
      },
    ]
  },
}
