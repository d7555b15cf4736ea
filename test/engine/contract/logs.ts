import { deferred, failureOf, same, World, type Case } from './case.ts'

export const LOG_CASES: readonly Case[] = [
  {
    id: 'LG1',
    sentence: 'a run tells its life in the words of the seeds',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const call = task(async function callUnreliableApi() {
        throw new Error('Our unreliable service failed')
      })
      const write = task(async function writeResults(_: unknown) {})
      const pipeline = flow(
        () => {
          write.submit(call.submit())
        },
        { name: 'pipeline' },
      )
      await pipeline.state()
      const id = world.taskRuns.find(({ name }) => name === 'callUnreliableApi-0')?.id ?? ''
      same(world.lines, [
        "INFO | flowcell.engine - Created flow run 'run1' for flow 'pipeline'",
        "INFO | Flow run 'run1' - Using task runner 'ConcurrentTaskRunner'",
        "INFO | Flow run 'run1' - Created task run 'callUnreliableApi-0' for task 'callUnreliableApi'",
        "INFO | Flow run 'run1' - Created task run 'writeResults-0' for task 'writeResults'",
        "ERROR | Task run 'callUnreliableApi-0' - Encountered exception during execution:",
        "ERROR | Task run 'callUnreliableApi-0' - Finished in state Failed('Task run encountered an exception: Error: Our unreliable service failed')",
        `ERROR | Task run 'writeResults-0' - Finished in state NotReady("Upstream task run '${id}' did not reach a 'COMPLETED' state.")`,
        "ERROR | Flow run 'run1' - Nobody looked at the result of 'callUnreliableApi-0', which did not complete.",
        "ERROR | Flow run 'run1' - Finished in state Failed('1/2 states failed.')",
      ])
      const stack = world.printed.find(({ message }) => message.startsWith('Encountered'))?.message ?? ''
      same([stack.includes('\nError: Our unreliable service failed\n    at '), stack.includes('callUnreliableApi')], [true, true])
    },
  },
  {
    id: 'LG2',
    sentence:
      'getRunLogger writes at five levels into the log of the innermost run; lower levels than the setting are neither printed nor kept',
    run: async (make) => {
      const world = new World(make, { settings: { loggingLevel: 'WARNING' } })
      const { flow, task, getRunLogger } = world.engine
      const talk = () => {
        const logger = getRunLogger()
        logger.debug('d')
        logger.info('i')
        logger.warning('w', 1)
        logger.error('e')
        logger.critical('c')
      }
      const inner = task(async () => talk(), { name: 'inner' })
      await flow(
        async () => {
          talk()
          await inner()
        },
        { name: 'f' },
      )()
      same(world.lines, [
        "WARNING | Flow run 'run1' - w 1",
        "ERROR | Flow run 'run1' - e",
        "CRITICAL | Flow run 'run1' - c",
        "WARNING | Task run 'inner-0' - w 1",
        "ERROR | Task run 'inner-0' - e",
        "CRITICAL | Task run 'inner-0' - c",
      ])
      const [flowRun, taskRun] = [world.flowRuns[0]?.id, world.taskRuns[0]?.id]
      same(
        world.memory.logs.map(({ l, m, n, run, task: of }) => [l, m, n, run === flowRun, of === taskRun]),
        [
          [30, 'w 1', 'flowcell.flow_runs', true, false],
          [40, 'e', 'flowcell.flow_runs', true, false],
          [50, 'c', 'flowcell.flow_runs', true, false],
          [30, 'w 1', 'flowcell.task_runs', true, true],
          [40, 'e', 'flowcell.task_runs', true, true],
          [50, 'c', 'flowcell.task_runs', true, true],
        ],
      )
    },
  },
  {
    id: 'LG3',
    sentence: 'getRunLogger outside runs says what to do',
    run: async (make) => {
      const error = await failureOf(() => new World(make).engine.getRunLogger())
      same(
        [error.name, error.message],
        ['MissingContextError', 'getRunLogger: there is no run here. Call it inside a flow or a task, not while the module is loaded.'],
      )
    },
  },
  {
    id: 'LG4',
    sentence: 'the second flow or task of one name is warned about; the same place again is not',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      for (const site of ['a.ts:1:1', 'a.ts:1:1', 'b.ts:2:2']) {
        world.nextCallSite = site
        flow(async function pipeline() {})
        task(async function step() {})
      }
      same(world.lines, [
        "WARNING | flowcell.engine - A flow named 'pipeline' is defined more than once. The first one is at a.ts:1:1. Give each a name of its own: flow(fn, { name: 'my-unique-name' })",
        "WARNING | flowcell.engine - A task named 'step' is defined more than once. The first one is at a.ts:1:1. Give each a name of its own: task(fn, { name: 'my-unique-name' })",
      ])
    },
  },
  {
    id: 'LG5',
    sentence: 'a line that is too long is cut, and says so',
    run: async (make) => {
      const world = new World(make)
      const { flow, getRunLogger } = world.engine
      await flow(async () => getRunLogger().info('x'.repeat(2_000_000)), { name: 'f' })()
      const line = world.memory.logs.find(({ m }) => m.startsWith('xxx'))?.m ?? ''
      same([line.length, line.endsWith('… [cut, 2000000 characters in all]')], [64 * 1024, true])
    },
  },
  {
    id: 'LG6',
    sentence: 'lines, tags and runtime follow the code through Promise.all and timers, also when flows run side by side',
    run: async (make) => {
      const world = new World(make)
      const { flow, task, runtime, getRunLogger } = world.engine
      const where = task(
        async (label: string) => {
          await world.clock.sleep(3)
          getRunLogger().info(`inside ${label}`)
          return [runtime.flowRun.name, runtime.taskRun.taskName, label]
        },
        { name: 'where' },
      )
      const gate = deferred()
      const spread = flow(
        async (label: string) => {
          const before = runtime.flowRun.name
          await gate.promise
          const rows = await Promise.all([
            where(`${label}1`),
            where.submit(`${label}2`).result(),
            world.clock.sleep(1).then(() => runtime.flowRun.name),
          ])
          return [before, rows]
        },
        { name: 'spread' },
      )
      const both = [spread('a'), spread('b')]
      gate.resolve()
      const answers = await Promise.all(both)
      const names = ['a', 'b'].map((label) => world.flowRuns.find(({ parameters }) => parameters['label'] === label)?.name)
      same(
        answers,
        ['a', 'b'].map((label, i) => [names[i], [[names[i], 'where', `${label}1`], [names[i], 'where', `${label}2`], names[i]]]),
      )
      const owners = world.memory.logs
        .filter(({ m }) => m.startsWith('inside'))
        .map(({ m, run }) => [m, world.memory.flowRuns.get(run as never)?.name])
      same(
        owners.toSorted().map(([m, name]) => [m, name]),
        [
          ['inside a1', names[0]],
          ['inside a2', names[0]],
          ['inside b1', names[1]],
          ['inside b2', names[1]],
        ],
      )
      same(
        [runtime.flowRun.id, runtime.flowRun.tags, runtime.taskRun.parameters, runtime.deployment.name, runtime.signal.aborted],
        [null, [], {}, null, false],
      )
    },
  },
  {
    id: 'LG7',
    sentence: 'runtime tells a run its names, parameters, attempt and tags; tags() adds to those of all runs inside',
    run: async (make) => {
      const world = new World(make)
      const { flow, task, runtime, tags } = world.engine
      const inner = task(
        async (y: number) => ({
          y,
          name: runtime.taskRun.name,
          task: runtime.taskRun.taskName,
          tags: runtime.taskRun.tags,
          runCount: runtime.taskRun.runCount,
          parameters: runtime.taskRun.parameters,
          flow: runtime.flowRun.parameters,
        }),
        { name: 'inner', tags: ['own'] },
      )
      const outer = flow(
        async (x: number) => {
          const { name, flowName, flowVersion, runCount, tags: own } = runtime.flowRun
          return { named: name, flowName, flowVersion, runCount, own, inner: await tags(['extra'], () => inner(2)), x }
        },
        { name: 'outer', version: 'v7' },
      )
      const answer = await tags(['night'], () => outer(1))
      same(answer, {
        named: world.flowRuns[0]?.name,
        flowName: 'outer',
        flowVersion: 'v7',
        runCount: 1,
        own: ['night'],
        inner: { y: 2, name: 'inner-0', task: 'inner', tags: ['night', 'extra', 'own'], runCount: 1, parameters: { y: 2 }, flow: { x: 1 } },
        x: 1,
      })
      same(
        [world.flowRuns[0]?.tags, world.taskRuns[0]?.tags, world.flowRuns[0]?.flow_version],
        [['night'], ['night', 'extra', 'own'], 'v7'],
      )
    },
  },
]
