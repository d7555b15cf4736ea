import { ConcurrentTaskRunner, SequentialTaskRunner, type TaskRunner } from '#sdk/engine/task-runners.ts'
import { exponentialBackoff } from '#sdk/engine/options.ts'
import { Failed } from '#sdk/engine/run-state.ts'
import { deferred, failureOf, lastState, same, World, type Case } from './case.ts'

const failing = (times: number) => {
  let calls = 0
  return async () => {
    if (++calls <= times) throw new Error(`failure ${calls}`)
    return calls
  }
}

export const TASK_CASES: readonly Case[] = [
  {
    id: 'EN20',
    sentence: "a task run's key is its task's name and the index of the call in its flow run, and that is its name",
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const a = task(async function fetchStats() {})
      const twice = flow(
        async () => {
          await a()
          await a.submit().result()
          await a.withOptions({ tags: ['x'] })()
        },
        { name: 'twice' },
      )
      await twice()
      await twice()
      same(
        world.taskRuns.map(({ name, task_key, dynamic_key }) => [name, task_key, dynamic_key]),
        ['0', '0', '1', '1', '2', '2'].map((index) => [`fetchStats-${index}`, 'fetchStats', index]),
      )
      same(
        world.taskRuns.map(({ tags }) => tags.length),
        [0, 0, 0, 0, 1, 1],
      )
    },
  },
  {
    id: 'EN21',
    sentence: 'tasks run outside flows, and tasks call tasks',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const inner = task(async (x: number) => x + 1, { name: 'inner' })
      const outer = task(async (x: number) => (await inner(x)) * 2, { name: 'outer' })
      same(await outer(1), 4)
      same(await inner.submit(1).result(), 2)
      same(
        world.taskRuns.map(({ flow_run_id }) => flow_run_id),
        [null, null, null],
      )
      same(await flow(async () => outer(4), { name: 'f' })(), 10)
      same(
        world.taskRuns.filter((run) => run.flow_run_id !== null).map((run) => run.name),
        ['inner-0', 'outer-0'],
      )
    },
  },
  {
    id: 'EN22',
    sentence: 'delays [3,1] with four retries wait 3, 1, 1, 1; each attempt is a Retrying',
    run: async (make) => {
      const world = new World(make)
      const flaky = world.engine.task(failing(4), { name: 'flaky', retries: 4, retryDelaySeconds: [3, 1] })
      same(await flaky(), 5)
      same(world.clock.slept, [3_000, 1_000, 1_000, 1_000])
      same(world.tasks, [`flaky-0: Pending Running${' AwaitingRetry Retrying'.repeat(4)} Completed`])
    },
  },
  {
    id: 'EN23',
    sentence: 'three retries make four calls; without a delay there is no AwaitingRetry between them',
    run: async (make) => {
      const world = new World(make)
      let calls = 0
      const bad = world.engine.task(
        async () => {
          throw new Error(`failure ${++calls}`)
        },
        { name: 'bad', retries: 3 },
      )
      same((await failureOf(() => bad())).message, 'failure 4')
      same([calls, world.tasks], [4, ['bad-0: Pending Running Retrying Retrying Retrying Failed']])
      same(world.taskRuns[0]?.run_count, 4)
    },
  },
  {
    id: 'EN24',
    sentence: 'exponentialBackoff doubles from its factor on, and jitter keeps the delays near what was asked for',
    run: async (make) => {
      const world = new World(make)
      await world.engine.task(failing(3), { name: 'backoff', retries: 3, retryDelaySeconds: exponentialBackoff({ factor: 2 }) })()
      same(world.clock.slept, [2_000, 4_000, 8_000])
      await world.engine.task(failing(1), { name: 'jitter', retries: 1, retryDelaySeconds: 10, retryJitterFactor: 0.3 })()
      const jittered = world.clock.slept.at(-1) ?? 0
      same(jittered >= 7_000 && jittered <= 13_000 && jittered !== 10_000, true)
    },
  },
  {
    id: 'EN25',
    sentence: 'a task is tried again only while retryCondition says so; an error in it counts as no',
    run: async (make) => {
      const world = new World(make)
      const bad = async () => {
        throw new Error('no')
      }
      const { task } = world.engine
      await task(bad, { name: 'never', retries: 3, retryCondition: () => false }).state()
      const broken = () => {
        throw new Error('confused')
      }
      await task(bad, { name: 'broken', retries: 3, retryCondition: broken }).state()
      await task(bad, { name: 'once', retries: 3, retryCondition: async (_, { runCount }) => runCount === 1 }).state()
      same(world.tasks, ['broken-0: Pending Running Failed', 'never-0: Pending Running Failed', 'once-0: Pending Running Retrying Failed'])
      same(world.linesWith('retryCondition'), [
        "ERROR | Task run 'broken-0' - retryCondition failed, so there is no retry: Error: confused",
      ])
    },
  },
  {
    id: 'EN26',
    sentence: 'an attempt over its timeout fails as TimedOut, counts for retries, and its own signal aborts',
    run: async (make) => {
      const world = new World(make)
      const { task, runtime } = world.engine
      const aborted: boolean[] = []
      const slow = task(
        () =>
          new Promise<void>(() => {
            const { signal } = runtime
            signal.addEventListener('abort', () => aborted.push(signal.aborted))
          }),
        { name: 'slow', timeoutSeconds: 2, retries: 1 },
      )
      same(String(await slow.state()), "TimedOut('Task run exceeded timeout of 2 second(s)')")
      same([world.tasks, aborted], [['slow-0: Pending Running Retrying TimedOut'], [true, true]])
      same(await task(async () => 'quick', { name: 'quick', timeoutSeconds: 2 })(), 'quick')
    },
  },
  {
    id: 'EN27',
    sentence: 'a returned Failed state is a failure like a thrown error, and is retried',
    run: async (make) => {
      const world = new World(make)
      let calls = 0
      const moody = world.engine.task(() => (++calls < 3 ? Failed({ message: 'not yet' }) : 'now'), { name: 'moody', retries: 2 })
      same(await moody(), 'now')
      same(world.tasks, ['moody-0: Pending Running Retrying Retrying Completed'])
    },
  },
  {
    id: 'EN28',
    sentence: 'a task run has the same id in every attempt of its flow run, and runs again there',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      let calls = 0
      const count = task(async () => ++calls, { name: 'count' })
      const again = flow(
        async () => {
          const value = await count()
          if (value === 1) throw new Error('again')
          return value
        },
        { name: 'again', retries: 1 },
      )
      same(await again(), 2)
      same(world.tasks, ['count-0: Pending Running Completed Retrying Completed'])
    },
  },
  {
    id: 'EN29',
    sentence: 'a kept result of an earlier attempt counts for the same call with the same arguments only',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const calls: string[] = []
      const note = task(async (text: string) => (calls.push(text), new Date(0)), { name: 'note', persistResult: true })
      let attempt = 0
      const again = flow(
        async () => {
          attempt++
          const date = await note('same')
          await note(`attempt ${attempt}`)
          if (attempt === 1) throw new Error('again')
          return date
        },
        { name: 'again', retries: 1 },
      )
      same(await again(), new Date(0))
      same(calls, ['same', 'attempt 1', 'attempt 2'])
      same(world.tasks, ['note-0: Pending Running Completed', 'note-1: Pending Running Completed Retrying Completed'])
    },
  },
  {
    id: 'EN30',
    sentence: 'results are kept when asked for: as text that comes back as it was, up to 64 KiB',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const make10 = task(async () => new Map([['a', 1n]]), { name: 'map' })
      const large = task(async () => 'x'.repeat(10_000_000), { name: 'large' })
      const odd = task(async () => ({ deep: [() => 1] }), { name: 'odd' })
      const keep = flow(
        async () => {
          await make10()
          same((await large()).length, 10_000_000)
          await odd()
          await make10.withOptions({ persistResult: false })()
        },
        { name: 'keep', persistResult: true },
      )
      await keep()
      same(
        world.taskRuns.map((run) => lastState(run)?.data),
        [
          { kind: 'unkept', reason: 'The result is not kept: it has 10000004 bytes and at most 65536 can be kept.' },
          { kind: 'inline', serializer: 'devalue', value: '[["Map",1,2],"a",["BigInt","1"]]' },
          { kind: 'unkept', reason: 'Not asked for.' },
          { kind: 'unkept', reason: 'The result cannot be kept: DevalueError: Cannot stringify a function at result.deep[0]' },
        ],
      )
      same(world.lines.filter((line) => line.startsWith('WARNING')).length, 2)
    },
  },
  {
    id: 'EN31',
    sentence: 'taskRunName is a template or a function of the arguments by name',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const get = task(async (repo: string) => repo, { name: 'get', taskRunName: 'get {repo}' })
      await flow(async () => [await get('a'), await get.submit(get.submit('b')).result()], { name: 'g' })()
      same(
        world.taskRuns.map(({ name }) => name),
        ['get a', 'get b', 'get b'],
      )
      const wrong = task(async () => 1, { name: 'wrong', taskRunName: '{nothing}' })
      same((await failureOf(() => wrong())).message, "taskRunName: there is no parameter 'nothing' to put in; there are none.")
    },
  },
  {
    id: 'EN32',
    sentence: 'SequentialTaskRunner runs submitted tasks one after another, ConcurrentTaskRunner as many as maxWorkers says',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      let now = 0
      let most = 0
      const busy = task(
        async (_: number) => {
          most = Math.max(most, ++now)
          await world.clock.sleep(10)
          now--
        },
        { name: 'busy' },
      )
      const mostAtOnce = async (taskRunner: TaskRunner) => {
        most = 0
        await flow(async () => busy.map([1, 2, 3, 4, 5]).result(), { name: 'f', taskRunner })()
        return most
      }
      same(await mostAtOnce(new SequentialTaskRunner()), 1)
      same(await mostAtOnce(new ConcurrentTaskRunner({ maxWorkers: 2 })), 2)
      same(await mostAtOnce(new ConcurrentTaskRunner()), 5)
      same(
        world.linesWith('Using task runner').map((line) => line.slice(line.indexOf('Using'))),
        [
          "Using task runner 'SequentialTaskRunner'",
          "Using task runner 'ConcurrentTaskRunner'",
          "Using task runner 'ConcurrentTaskRunner'",
        ],
      )
    },
  },
  {
    id: 'EN33',
    sentence: 'a task that waits for another gives up its turn, and so does one that sleeps before a retry: one worker is enough',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const leaf = task(async (x: number) => x, { name: 'leaf' })
      const branch = task(async (x: number) => (await leaf.map([x, x + 1]).result()).reduce((a, b) => a + b), { name: 'branch' })
      const order: string[] = []
      const flaky = failing(1)
      const retried = task(
        async () => {
          order.push('retried')
          return flaky()
        },
        { name: 'retried', retries: 1, retryDelaySeconds: 60 },
      )
      const other = task(async () => void order.push('other'), { name: 'other' })
      const tree = flow(
        async () => {
          const sums = await branch.map([1, 2, 3]).result()
          const [slow, quick] = [retried.submit(), other.submit()]
          await slow.result()
          await quick.result()
          return sums
        },
        { name: 'tree', taskRunner: new SequentialTaskRunner() },
      )
      same(await tree(), [3, 5, 7])
      same(order, ['retried', 'other', 'retried'])
    },
  },
  {
    id: 'EN34',
    sentence: 'generators stream: values go out as they are asked for, the run ends with the generator or with its reader',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const made: number[] = []
      const count = task(function* count(to: number) {
        for (let i = 1; i <= to; i++) {
          made.push(i)
          yield i
        }
        return 'end'
      })
      const pages = flow(async function* pages() {
        for await (const x of count(3)) yield x * 10
      })
      const seen: number[] = []
      for await (const page of pages()) seen.push(page)
      same(
        [seen, made],
        [
          [10, 20, 30],
          [1, 2, 3],
        ],
      )
      made.length = 0
      for await (const x of count(9)) if (x === 2) break
      same(made, [1, 2])
      same(await count.submit(2).result(), [1, 2])
      same(await pages.state().then((state) => state.result()), [10, 20, 30])
      same(new Set(world.tasks.map((line) => line.slice(line.indexOf(':')))), new Set([': Pending Running Completed']))
    },
  },
  {
    id: 'EN35',
    sentence: 'at most one message for each state of a task run and three for its flow run',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const wait = deferred()
      const quick = task(() => 1, { name: 'quick' })
      const slow = task(() => wait.promise, { name: 'slow' })
      const dependent = task(async (_: void) => undefined, { name: 'dependent' })
      await flow(
        async () => {
          await quick()
          const future = slow.submit()
          const last = dependent.submit(future)
          wait.resolve()
          await last.result()
        },
        { name: 'f' },
      )()
      const { create, propose, report } = world.memory.counts
      // quick: one with all three states. slow: begun, ended. dependent: waits, begins, ends.
      same({ create, propose, report }, { create: 1, propose: 2, report: 6 })
    },
  },
]
