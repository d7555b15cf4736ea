import { deferred, failureOf, lastState, same, stateNames, World, type Case } from './case.ts'
import { rest } from './virtual-clock.ts'

/** The only flow run of a world; there must be one. */
function onlyRun(world: World) {
  const [run] = world.flowRuns
  if (run === undefined) throw new Error('there is no flow run')
  return run
}

export const STOP_CASES: readonly Case[] = [
  {
    id: 'EN40',
    sentence: 'a cancelled run is told by its signal, starts no new task, and ends Cancelled whatever its code does then',
    run: async (make) => {
      const world = new World(make)
      const { flow, task, runtime } = world.engine
      const started = deferred()
      const waiting = task(
        () =>
          new Promise<string>((_, fail) => {
            const { signal } = runtime
            signal.addEventListener('abort', () => fail(signal.reason as Error))
            started.resolve()
          }),
        { name: 'waiting' },
      )
      const late = task(async () => 1, { name: 'late' })
      const errors: string[] = []
      const long = flow(
        async () => {
          await waiting().catch((error: unknown) => errors.push(String(error)))
          await late().catch((error: unknown) => errors.push(String(error)))
          return 'nevertheless'
        },
        { name: 'long' },
      )
      const running = long.state()
      await started.promise
      world.memory.cancel(onlyRun(world).id)
      const state = await running
      same([state.name, state.type], ['Cancelled', 'CANCELLED'])
      same(errors, ['CancelledError: The flow run was cancelled.', 'CancelledError: The flow run was cancelled.'])
      same([world.tasks, stateNames(onlyRun(world))], [['waiting-0: Pending Running Cancelled'], 'Pending Running Cancelling Cancelled'])
    },
  },
  {
    id: 'EN75',
    sentence: 'a cancelled run that has ended leaves no timer behind that keeps its process alive',
    run: async (make) => {
      const world = new World(make)
      const { flow, runtime } = world.engine
      const started = deferred()
      const stopped = (fail: (reason: Error) => void) => {
        const { signal } = runtime
        signal.addEventListener('abort', () => fail(signal.reason as Error))
        started.resolve()
      }
      const running = flow(() => new Promise((_, fail) => stopped(fail)), { name: 'long' }).state()
      await started.promise
      const before = world.clock.now()
      world.memory.cancel(onlyRun(world).id)
      same((await running).name, 'Cancelled')
      for (let turn = 0; turn < 3; turn++) await rest()
      same([world.clock.slept, world.clock.now() - before], [[5_000], 0])
    },
  },
  {
    id: 'EN41',
    sentence: 'a task that never ends does not keep a cancelled run from ending',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const started = deferred()
      const deaf = task(
        () => {
          started.resolve()
          return new Promise<void>(() => undefined)
        },
        { name: 'deaf' },
      )
      const waiting = task(async (_: void) => undefined, { name: 'waiting' })
      const running = flow(() => waiting.submit(deaf.submit()).result(), { name: 'long' }).state()
      await started.promise
      world.memory.cancel(onlyRun(world).id)
      same((await running).name, 'Cancelled')
      same(world.tasks, ['deaf-0: Pending Running Cancelled', 'waiting-0: Pending Cancelled'])
      same(world.clock.slept, [5_000])
    },
  },
  {
    id: 'EN42',
    sentence: 'a run can be cancelled while it waits for its retry, and its subflows are cancelled with it',
    run: async (make) => {
      const world = new World(make)
      const { flow } = world.engine
      const asleep = flow(
        async () => {
          throw new Error('no')
        },
        { name: 'asleep', retries: 1, retryDelaySeconds: 3_600 },
      )
      const parent = flow(async () => asleep(), { name: 'parent' })
      const running = parent.state()
      while (lastState(world.flowRuns[1])?.name !== 'AwaitingRetry') await Promise.resolve()
      world.memory.cancel(onlyRun(world).id)
      same((await running).name, 'Cancelled')
      same(world.flowRuns.map(stateNames), ['Pending Running Cancelling Cancelled', 'Pending Running AwaitingRetry Cancelled'])
      same(world.tasks, ['asleep-0: Pending Running AwaitingRetry Cancelled'])
    },
  },
  {
    id: 'EN43',
    sentence: 'a run that was lost stops at once and writes nothing more',
    run: async (make) => {
      const world = new World(make)
      const { flow, task, getRunLogger } = world.engine
      const started = deferred()
      const goOn = deferred()
      const held = task(
        async () => {
          started.resolve()
          await goOn.promise
          getRunLogger().info('too late')
        },
        { name: 'held' },
      )
      const running = failureOf(() => flow(async () => held(), { name: 'long' })())
      await started.promise
      const before = { ...world.memory.counts, log: 0 }
      const lines = world.memory.logs.length
      world.memory.lose(onlyRun(world).id, 'no sign of life')
      const error = await running
      goOn.resolve()
      await rest()
      same([error.name, error.message], ['AbortedError', 'This executor has lost the flow run: no sign of life'])
      same([{ ...world.memory.counts, log: 0 }, world.memory.logs.length], [before, lines])
    },
  },
  {
    id: 'EN44',
    sentence: 'a task of a run that has ended cannot start any more',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const late = task(async () => 1, { name: 'late' })
      const leaked: (() => Promise<number>)[] = []
      const leaky = flow(
        async () => {
          const gate = deferred()
          const wait = (async () => {
            await gate.promise
            return late()
          })()
          leaked.push(async () => {
            gate.resolve()
            return wait
          })
        },
        { name: 'leaky' },
      )
      await leaky()
      const error = await failureOf(async () => leaked[0]?.())
      same([error.name, world.taskRuns.length], ['AbortedError', 0])
    },
  },
]
