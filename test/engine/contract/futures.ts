import { asCompleted, wait } from '#sdk/engine/as-completed.ts'
import type { TaskFuture } from '#sdk/engine/futures.ts'
import { allowFailure, quote, unmapped } from '#sdk/engine/inputs.ts'
import type { Engine } from '#sdk/engine/engine.ts'
import type { Orchestrator } from '#sdk/engine/ports.ts'
import { failureOf, same, World, type Case } from './case.ts'

/** Tasks that end after some milliseconds of virtual time. */
function tasksOf(world: World) {
  const { task } = world.engine
  const after = task(
    async (ms: number) => {
      await world.clock.sleep(ms)
      return ms
    },
    { name: 'after' },
  )
  const failAfter = task(
    async (ms: number): Promise<number> => {
      await world.clock.sleep(ms)
      throw new Error(`failed after ${ms}`)
    },
    { name: 'failAfter' },
  )
  const echo = task(async (x: unknown) => x, { name: 'echo' })
  return { after, failAfter, echo }
}

const inFlow = <T>({ flow }: Engine, body: () => T) =>
  flow(async () => ({ it: await body() }), { name: 'f', unobservedFailures: 'ignore' })().then(({ it }) => it)

export const FUTURE_CASES: readonly Case[] = [
  {
    id: 'FU1',
    sentence: 'result() gives the value, throws the error of the task, or answers it where raiseOnFailure is false',
    run: async (make) => {
      const world = new World(make)
      const { after, failAfter } = tasksOf(world)
      await inFlow(world.engine, async () => {
        const [good, bad] = [after.submit(5), failAfter.submit(5)]
        same([good.name, good.taskRunId.length, good.state.name], ['after-0', 36, 'Pending'])
        same(await good.result(), 5)
        same((await failureOf(() => bad.result())).message, 'failed after 5')
        same(String(await bad.result({ raiseOnFailure: false })), 'Error: failed after 5')
        same([String(good.state), good.state.result(), bad.state.name], ['Completed()', 5, 'Failed'])
      })
    },
  },
  {
    id: 'FU2',
    sentence: 'result() and wait() end after timeoutSeconds, the one with TimeoutError, the other silently; the task goes on',
    run: async (make) => {
      const world = new World(make)
      const { after } = tasksOf(world)
      await inFlow(world.engine, async () => {
        const future = after.submit(10_000)
        const error = await failureOf(() => future.result({ timeoutSeconds: 1 }))
        same([error.name, error.message], ['TimeoutError', "Waited 1 s for task run 'after-0', which has not ended yet."])
        await future.wait({ timeoutSeconds: 1 })
        same(future.state.name, 'Running')
        same((await failureOf(() => future.wait({ timeoutSeconds: -1 }))).name, 'OptionError')
        same(await future.result(), 10_000)
      })
    },
  },
  {
    id: 'FU3',
    sentence: 'a list keeps the order of its elements and fails with the first failure in time',
    run: async (make) => {
      const world = new World(make)
      const { after, failAfter } = tasksOf(world)
      await inFlow(world.engine, async () => {
        same(await after.map([30, 10, 20]).result(), [30, 10, 20])
        const list = failAfter.map([500, 100, 300])
        same((await failureOf(() => list.result())).message, 'failed after 100')
        same((await list.result({ raiseOnFailure: false })).map(String), [
          'Error: failed after 500',
          'Error: failed after 100',
          'Error: failed after 300',
        ])
        const [late, early] = [after.map([9_000]), after.map([1])]
        same((await failureOf(() => late.result({ timeoutSeconds: 1 }))).name, 'TimeoutError')
        await late.wait({ timeoutSeconds: 1 })
        same([late.at(0)?.state.name, [...early].length, early.length], ['Running', 1, 1])
      })
    },
  },
  {
    id: 'FU4',
    sentence: 'asCompleted yields futures as they end, wait tells which have',
    run: async (make) => {
      const world = new World(make)
      const { after } = tasksOf(world)
      await inFlow(world.engine, async () => {
        const order: number[] = []
        for await (const future of asCompleted(after.map([30, 10, 20]))) order.push(await future.result())
        same(order, [10, 20, 30])
        const { done, notDone } = await wait(after.map([1, 5_000]), { timeoutSeconds: 1 })
        const names = (futures: ReadonlySet<TaskFuture<number>>) => [...futures].map(({ name }) => name)
        same([names(done), names(notDone)], [['after-3'], ['after-4']])
        const slow = asCompleted(after.map([5_000]), { timeoutSeconds: 1 })
        same((await failureOf(() => slow.next())).name, 'TimeoutError')
      })
    },
  },
  {
    id: 'FU5',
    sentence:
      'futures inside plain arrays and objects are replaced by their values and become edges; what holds none is passed on untouched',
    run: async (make) => {
      const world = new World(make)
      const { after } = tasksOf(world)
      const { task } = world.engine
      const plain = { deep: [1, 2] }
      const look = task(
        async (given: { a: number; list: readonly number[]; plain: object }, rest: readonly number[]) => ({
          given,
          rest,
          isSame: given.plain === plain,
        }),
        { name: 'look' },
      )
      const answer = await inFlow(world.engine, async () =>
        look.submit({ a: after.submit(1), list: [after.submit(2), 3], plain }, after.map([4, 5])).result(),
      )
      same(answer, { given: { a: 1, list: [2, 3], plain }, rest: [4, 5], isSame: true })
      const id = (name: string) => ({ input_type: 'task_run', id: world.taskRuns.find((run) => run.name === name)?.id })
      same(world.taskRuns.find((run) => run.name === 'look-0')?.task_inputs, {
        given: [id('after-0'), id('after-1')],
        rest: [id('after-2'), id('after-3')],
      })
    },
  },
  {
    id: 'FU6',
    sentence: 'a task whose upstream did not complete is NotReady and never runs; so is what depends on it',
    run: async (make) => {
      const world = new World(make)
      const { failAfter, echo } = tasksOf(world)
      const error = await inFlow(world.engine, () => failureOf(() => echo.submit(echo.submit(failAfter.submit(1))).result()))
      same(error.name, 'UpstreamFailedError')
      same(String((error.cause as Error).cause), 'Error: failed after 1')
      same(world.tasks, ['echo-0: Pending NotReady', 'echo-1: Pending NotReady', 'failAfter-0: Pending Running Failed'])
      const upstream = world.taskRuns.find((run) => run.name === 'failAfter-0')?.id ?? ''
      same(world.taskRuns[0]?.states[1]?.message, `Upstream task run '${upstream}' did not reach a 'COMPLETED' state.`)
    },
  },
  {
    id: 'FU7',
    sentence: 'allowFailure passes the error of a failed upstream in place of the value',
    run: async (make) => {
      const world = new World(make)
      const { failAfter, after, echo } = tasksOf(world)
      await inFlow(world.engine, async () => {
        same(String(await echo.submit(allowFailure(failAfter.submit(1))).result()), 'Error: failed after 1')
        same(await echo.submit(allowFailure(after.submit(2))).result(), 2)
        const both = await echo.map(allowFailure(failAfter.map([1, 2]))).result()
        same(both.map(String), ['Error: failed after 1', 'Error: failed after 2'])
      })
    },
  },
  {
    id: 'FU8',
    sentence: 'waitFor orders without passing anything on, and fails the same way',
    run: async (make) => {
      const world = new World(make)
      const { after, failAfter, echo } = tasksOf(world)
      await inFlow(world.engine, async () => {
        const first = after.submit(50)
        const second = echo.withOptions({ waitFor: [first] }).submit('x')
        await second.result()
        same(first.state.name, 'Completed')
        const never = echo.withOptions({ waitFor: [failAfter.submit(1)] }).submit('y')
        same((await failureOf(() => never.result())).name, 'UpstreamFailedError')
        same(
          await echo
            .withOptions({ waitFor: [allowFailure(failAfter.submit(1))] })
            .submit('z')
            .result(),
          'z',
        )
      })
      same(Object.keys(world.taskRuns.find((run) => run.name === 'echo-0')?.task_inputs ?? {}), ['wait_for'])
    },
  },
  {
    id: 'FU9',
    sentence: 'a task that waits for itself is told so and does not hang',
    run: async (make) => {
      const world = new World(make)
      const { task } = world.engine
      const echo = task(async (x: unknown) => x, { name: 'echo' })
      const own: { future?: TaskFuture<unknown> } = {}
      const snake = task(async () => own.future?.result(), { name: 'snake' })
      const feeder = task(async () => echo.submit(own.future).result(), { name: 'feeder' })
      await inFlow(world.engine, async () => {
        own.future = snake.submit()
        same((await failureOf(() => own.future?.result())).message, "Task run 'snake-0' cannot wait for itself.")
        own.future = feeder.submit()
        same((await failureOf(() => own.future?.result())).message, "Task run 'feeder-0' cannot wait for itself.")
      })
    },
  },
  {
    id: 'FU10',
    sentence: 'map runs once for each element; lists must have one length, texts, bytes and unmapped things are given whole',
    run: async (make) => {
      const world = new World(make)
      const { task } = world.engine
      const join = task(async (a: number, b: unknown, c: string) => [a, b, c], { name: 'join' })
      await inFlow(world.engine, async () => {
        const rows = await join.map([1, 2], unmapped([7, 8]), 'text').result()
        same(rows, [
          [1, [7, 8], 'text'],
          [2, [7, 8], 'text'],
        ])
        const bytes = new Uint8Array([1, 2, 3])
        same(await join.map(new Set([1]), bytes, 'x').result(), [[1, bytes, 'x']])
        same(await join.map([1], quote(['whole']), 'x').result(), [[1, ['whole'], 'x']])
        same((await failureOf(() => join.map(1, 2, 'x'))).name, 'MappingMissingIterable')
        const mismatch = await failureOf(() => join.map([1, 2], [1, 2, 3], 'x'))
        same(
          mismatch.message,
          'map: all lists must have the same length, but argument 1 has 2, argument 2 has 3. Wrap what every call shall get whole in unmapped().',
        )
        same(await join.map([], [], 'x').result(), [])
      })
    },
  },
  {
    id: 'FU11',
    sentence: 'map over a future waits for its value; how many there are is told only then',
    run: async (make) => {
      const world = new World(make)
      const { echo, failAfter } = tasksOf(world)
      const { task } = world.engine
      const list = task(async () => [1, 2, 3], { name: 'list' })
      await inFlow(world.engine, async () => {
        const mapped = echo.map(list.submit())
        same((await failureOf(() => mapped.length)).message.startsWith('It is not known yet'), true)
        same(await mapped.result(), [1, 2, 3])
        same(mapped.length, 3)
        same(await echo.map(echo.map(list.submit())).result(), [1, 2, 3])
        same((await failureOf(() => echo.map(failAfter.submit(1)).result())).message, 'failed after 1')
      })
    },
  },
  {
    id: 'FU12',
    sentence: 'quote passes a value on without looking for futures in it',
    run: async (make) => {
      const world = new World(make)
      const { after } = tasksOf(world)
      const { task } = world.engine
      const look = task(async (x: { f: TaskFuture<number> }) => x.f.result(), { name: 'look' })
      same(await inFlow(world.engine, async () => look.submit(quote({ f: after.submit(3) })).result()), 3)
    },
  },
  {
    id: 'FU13',
    sentence: 'futures may be arguments of flows: they are waited for, and a failed one keeps the flow from being created',
    run: async (make) => {
      const world = new World(make)
      const { after, failAfter } = tasksOf(world)
      const child = world.engine.flow(async (x: number) => x + 1, { name: 'child' })
      await inFlow(world.engine, async () => {
        same(await child(after.submit(1)), 2)
        same((await failureOf(() => child(failAfter.submit(1)))).name, 'UpstreamFailedError')
      })
      same(world.flowRuns.length, 2)
    },
  },
  {
    id: 'FU14',
    sentence: '10,000 mapped tasks in one run complete, each with its own record',
    run: async (make) => {
      const world = new World(make, { settings: { loggingLevel: 'WARNING' } })
      const { echo } = tasksOf(world)
      const values = Array.from({ length: 10_000 }, (_, i) => i)
      same((await inFlow(world.engine, async () => echo.map(values).result())).length, 10_000)
      same(world.memory.taskRuns.size, 10_000)
    },
  },
  {
    id: 'FU20',
    sentence: 'what was submitted starts when there is room for its reports, and what is called waits for room as well',
    run: async (make) => {
      let reports = 0
      let room: PromiseWithResolvers<void> | undefined
      const crowded = (memory: Orchestrator): Orchestrator => ({
        runUrl: () => undefined,
        create: (run) => memory.create(run),
        propose: (proposal) => memory.propose(proposal),
        report: (task) => {
          memory.report(task)
          if (++reports === 10) room = Promise.withResolvers()
        },
        log: (lines) => memory.log(lines),
        room: () => room?.promise,
        flush: () => memory.flush(),
        onStop: (run, stop) => memory.onStop(run, stop),
      })
      const world = new World(make, { orchestrator: crowded })
      const { echo } = tasksOf(world)
      const values = Array.from({ length: 200 }, (_, i) => i)
      const [mapped, called] = await inFlow(world.engine, async () => {
        const futures = echo.map(values)
        await futures.at(0)?.result()
        const call = echo(200)
        for (let turn = 0; turn < 100; turn++) await Promise.resolve()
        const before = world.memory.taskRuns.size
        const wanted = room
        room = undefined
        wanted?.resolve()
        return [before, (await futures.result()).length + Number(await call)] as const
      })
      same([mapped, called, world.memory.taskRuns.size], [64, 400, 201])
    },
  },
]
