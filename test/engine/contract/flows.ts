import { Cancelled, Completed, Failed } from '#sdk/engine/run-state.ts'
import type { Orchestrator } from '#sdk/engine/ports.ts'
import { deferred, failureOf, lastState, same, stateNames, World, type Case } from './case.ts'
import { rest } from './virtual-clock.ts'

export const FLOW_CASES: readonly Case[] = [
  {
    id: 'EN1',
    sentence: 'a flow that is called resolves to its value; its run is Pending, Running, Completed',
    run: async (make) => {
      const world = new World(make)
      const add = world.engine.flow(async function add(a: number, b: number) {
        return a + b
      })
      same(await add(2, 3), 5)
      same(world.flowRuns.map(stateNames), ['Pending Running Completed'])
      same(
        world.flowRuns.map(({ parameters, run_count }) => ({ parameters, run_count })),
        [{ parameters: { a: 2, b: 3 }, run_count: 1 }],
      )
      same(add.fn.length, 2)
    },
  },
  {
    id: 'EN2',
    sentence: 'a flow that throws rejects with that very error, and state() answers Failed without rejecting',
    run: async (make) => {
      const world = new World(make)
      const error = new RangeError('too far')
      const broken = world.engine.flow(async function broken() {
        throw error
      })
      same(Object.is(await failureOf(() => broken()), error), true)
      const state = await broken.state()
      same(String(state), "Failed('Flow run encountered an exception: RangeError: too far')")
      same(Object.is(state.result({ raiseOnFailure: false }), error), true)
      same(world.flowRuns.map(stateNames), ['Pending Running Failed', 'Pending Running Failed'])
    },
  },
  {
    id: 'EN3',
    sentence: 'a run is created and started in one breath: RUNNING is proposed before the creation is answered',
    run: async (make) => {
      const asked: string[] = []
      const gate = deferred()
      const slow = (memory: Orchestrator): Orchestrator => ({
        runUrl: () => undefined,
        create: async (run) => {
          asked.push('create')
          const answer = memory.create(run)
          await gate.promise
          return answer
        },
        propose: (proposal) => {
          asked.push(proposal.state.type)
          return memory.propose(proposal)
        },
        report: (task) => memory.report(task),
        log: (lines) => memory.log(lines),
        room: () => memory.room(),
        flush: () => memory.flush(),
        onStop: (run, stop) => memory.onStop(run, stop),
      })
      const world = new World(make, { orchestrator: slow })
      const running = world.engine.flow(() => 'done', { name: 'quick' })()
      await rest()
      same(asked, ['create', 'RUNNING'])
      gate.resolve()
      same(await running, 'done')
      same(asked, ['create', 'RUNNING', 'COMPLETED'])
    },
  },
  {
    id: 'EN4',
    sentence: 'a flow is called by its option, else its function in kebab-case, else the const that the source names',
    run: async (make) => {
      const world = new World(make, { declarations: { here: { constName: 'nightlyReport' } } })
      const { flow } = world.engine
      await flow(async function showStars() {})()
      await flow(async function show_stars_HTMLPage2() {})()
      await flow(async () => undefined, { name: 'My Awesome Flow' })()
      world.nextCallSite = 'here'
      await flow(async () => undefined)()
      const names = [...world.memory.flows.keys()]
      same(names, ['show-stars', 'show-stars-html-page2', 'My Awesome Flow', 'nightly-report'])
    },
  },
  {
    id: 'EN5',
    sentence: 'flowRunName is a template or a function of the checked parameters, and the run has that name before it is Running',
    run: async (make) => {
      const world = new World(make)
      const { flow } = world.engine
      const report = flow(async function report(_repo: string, _days: number) {}, { flowRunName: '{_repo} over {_days} days' })
      await report('a/b', 3)
      await flow(async function other(_x: number) {}, { flowRunName: ({ _x: x }) => `x is ${String(x)}` })(4)
      same(
        world.flowRuns.map(({ name }) => name),
        ['a/b over 3 days', 'x is 4'],
      )
      const wrong = flow(async function wrong(_x: number) {}, { flowRunName: '{y}' })
      const state = await wrong.state(1)
      same(String(state), 'Failed("flowRunName: there is no parameter \'y\' to put in; there are _x.")')
    },
  },
  {
    id: 'EN6',
    sentence: 'a flow that returns nothing ends as the sum of task runs that nobody looked at, those never ready counted too',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const good = task(async (x: unknown) => x, { name: 'good' })
      const bad = task(
        async () => {
          throw new Error('down')
        },
        { name: 'bad' },
      )
      const fine = await flow(() => void good.submit(good.submit(1)), { name: 'fine' }).state()
      same(String(fine), "Completed('All states completed.')")
      const third = flow(
        () => {
          good.submit(good.submit(bad.submit()))
        },
        { name: 'third' },
      )
      same(String(await third.state()), "Failed('1/3 states failed.')")
      same((await failureOf(() => third())).message, 'down')
      same(world.linesWith('Nobody looked')[0], "ERROR | Flow run 'run2' - Nobody looked at the result of 'bad-0', which did not complete.")
      const ignored = await flow(() => void bad.submit(), { name: 'ignored', unobservedFailures: 'ignore' }).state()
      same(String(ignored), 'Completed()')
    },
  },
  {
    id: 'EN7',
    sentence:
      'a flow whose futures were all looked at ends Completed(), also those that fed an observed one, also when a failure was caught',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const double = task(async (x: number) => x * 2, { name: 'double' })
      const bad = task(
        async (): Promise<number> => {
          throw new Error('down')
        },
        { name: 'bad' },
      )
      const chain = flow(async () => double.map(double.map([1, 2])).result(), { name: 'chain' })
      const state = await chain.state()
      same([String(state), state.result()], ['Completed()', [4, 8]])
      const caught = flow(
        async () => {
          await bad
            .submit()
            .result()
            .catch(() => undefined)
          await bad().catch(() => undefined)
          return bad.submit().state.name
        },
        { name: 'caught' },
      )
      same(String(await caught.state()), 'Completed()')
    },
  },
  {
    id: 'EN8',
    sentence: 'returned data does not hide a failure that nobody looked at',
    run: async (make) => {
      const { flow, task } = new World(make).engine
      const bad = task(
        async () => {
          throw new Error('down')
        },
        { name: 'bad' },
      )
      const submitted = flow(() => (bad.submit(), { rows: 3 }), { name: 'submitted' })
      same(String(await submitted.state()), "Failed('1/1 states failed.')")
      const fallen = flow(
        () => {
          void bad()
          return 3
        },
        { name: 'fallen' },
      )
      same(String(await fallen.state()), "Failed('1/1 states failed.')")
    },
  },
  {
    id: 'EN9',
    sentence: 'returned futures and states decide the end: all completed, some cancelled, some failed, some not final',
    run: async (make) => {
      const { flow, task } = new World(make).engine
      const echo = task(async (x: unknown) => x, { name: 'echo' })
      const bad = task(
        async () => {
          throw new Error('down')
        },
        { name: 'bad' },
      )
      const ends = async (body: () => unknown) => String(await flow(body, { name: 'f' }).withOptions({}).state())
      same(
        [
          await ends(() => [echo.submit(1), echo.submit(2)]),
          await ends(() => [echo.submit(1), bad.submit(), bad.submit()]),
          await ends(() => echo.map([1, 2])),
          await ends(() => echo.submit(5)),
          await ends(() => [Completed(), Cancelled(), Failed()]),
          await ends(() => Failed({ message: 'no data today' })),
          await ends(() => Completed({ name: 'Skipped', message: 'nothing to do' })),
          await ends(() => [echo.submit(1), 'and more']),
          await ends(() => []),
        ],
        [
          "Completed('All states completed.')",
          "Failed('2/3 states failed.')",
          "Completed('All states completed.')",
          'Completed()',
          "Cancelled('1/3 states cancelled.')",
          "Failed('no data today')",
          "Skipped('nothing to do')",
          "Completed('All states completed.')",
          'Completed()',
        ],
      )
      same(await flow(() => [echo.submit(1), echo.submit(2)], { name: 'values' })(), [1, 2] as never)
      same(await flow(() => echo.submit(7), { name: 'value' })(), 7)
      same((await failureOf(() => flow(() => [bad.submit()], { name: 'throws' })())).message, 'down')
    },
  },
  {
    id: 'EN10',
    sentence: 'a flow called by a flow is a subflow: its run hangs on a task run of the parent that follows its states',
    run: async (make) => {
      const world = new World(make)
      const { flow, runtime } = world.engine
      const child = flow(async function child(x: number) {
        return { x, parent: runtime.flowRun.parentFlowRunId, root: runtime.flowRun.rootFlowRunId }
      })
      const parent = flow(async function parent() {
        const answers = [await child(1), await child(2)]
        return { answers, id: runtime.flowRun.id }
      })
      const { answers, id } = await parent()
      same(answers, [
        { x: 1, parent: id, root: id },
        { x: 2, parent: id, root: id },
      ])
      same(world.tasks, ['child-0: Pending Running Completed', 'child-1: Pending Running Completed'])
      const [, first, second] = world.flowRuns
      same(
        [first?.parent_task_run_id, second?.parent_task_run_id],
        world.taskRuns.map((run) => run.id),
      )
      same(
        world.taskRuns.map((run) => lastState(run)?.state_details.child_flow_run_id),
        [first?.id, second?.id],
      )
      same(world.linesWith('Created subflow'), [
        "INFO | Flow run 'run1' - Created subflow run 'run2' for flow 'child'",
        "INFO | Flow run 'run1' - Created subflow run 'run3' for flow 'child'",
      ])
    },
  },
  {
    id: 'EN11',
    sentence: 'when a flow is tried again, a subflow that completed is not run again and one that failed gets a new run',
    run: async (make) => {
      const world = new World(make)
      const { flow } = world.engine
      const calls = { good: 0, bad: 0 }
      const good = flow(async () => ++calls.good, { name: 'good' })
      const bad = flow(
        async () => {
          if (++calls.bad === 1) throw new Error('first time')
          return calls.bad
        },
        { name: 'bad' },
      )
      const parent = flow(async () => [await good(), await bad()], { name: 'parent', retries: 1 })
      same(await parent(), [1, 2])
      same(calls, { good: 1, bad: 2 })
      same(world.tasks, ['bad-0: Pending Running Failed Retrying Completed', 'good-0: Pending Running Completed'])
      same(world.flowRuns.map(stateNames), [
        'Pending Running AwaitingRetry Retrying Completed',
        'Pending Running Completed',
        'Pending Running Failed',
        'Pending Running Completed',
      ])
    },
  },
  {
    id: 'EN12',
    sentence: 'retries of a flow are decided by the orchestrator, waited for here, and told in the words of the seeds',
    run: async (make) => {
      const world = new World(make)
      let calls = 0
      const flaky = world.engine.flow(
        async () => {
          if (++calls < 3) throw new Error(`no ${calls}`)
          return calls
        },
        { name: 'flaky', retries: 3, retryDelaySeconds: [3, 1] },
      )
      same(await flaky(), 3)
      same(world.clock.slept, [3_000, 1_000])
      same(world.flowRuns.map(stateNames), ['Pending Running AwaitingRetry Retrying AwaitingRetry Retrying Completed'])
      const told =
        "INFO | Flow run 'run1' - Received non-final state 'AwaitingRetry' when proposing final state 'Failed' and will attempt to run again..."
      same(world.linesWith('non-final'), [told, told])
    },
  },
  {
    id: 'EN13',
    sentence: 'a flow is tried again only while retryCondition says so',
    run: async (make) => {
      const world = new World(make)
      const asked: unknown[] = []
      const picky = world.engine.flow(
        async () => {
          throw new Error('no')
        },
        {
          name: 'picky',
          retries: 5,
          retryCondition: (error, { runCount }) => {
            asked.push([String(error), runCount])
            return runCount < 2
          },
        },
      )
      same((await picky.state()).name, 'Failed')
      same(asked, [
        ['Error: no', 1],
        ['Error: no', 2],
      ])
      same(world.flowRuns[0]?.run_count, 2)
    },
  },
  {
    id: 'EN14',
    sentence: 'a flow over its timeout is Failed as TimedOut; its signal aborts and what it left is cancelled',
    run: async (make) => {
      const world = new World(make)
      const { flow, task, runtime } = world.engine
      const reasons: string[] = []
      const forever = task(
        () =>
          new Promise<void>(() => {
            const { signal } = runtime
            signal.addEventListener('abort', () => reasons.push(String(signal.reason)))
          }),
        { name: 'forever' },
      )
      const slow = flow(async () => forever(), { name: 'slow', timeoutSeconds: 2 })
      same(String(await slow.state()), "TimedOut('Flow run exceeded timeout of 2 second(s)')")
      same(reasons, ['TimeoutError: Flow run exceeded timeout of 2 second(s)'])
      same(world.tasks, ['forever-0: Pending Running Cancelled'])
    },
  },
  {
    id: 'EN15',
    sentence: 'parameters are converted by the schema of the source before user code runs',
    run: async (make) => {
      const parameters = [{ name: 'count', position: 0, required: true, rest: false }]
      const schema = {
        title: 'Parameters',
        type: 'object',
        properties: { count: { title: 'count', position: 0, type: 'number' } },
        required: ['count'],
        definitions: {},
      } as const
      const world = new World(make, { declarations: { here: { parameters, schema } } })
      world.nextCallSite = 'here'
      let calls = 0
      const counted = world.engine.flow(
        async function counted(count: number) {
          calls++
          return count + 1
        },
        { retries: 3 },
      )
      same(await counted('41' as unknown as number), 42)
      const state = await counted.state('x' as unknown as number)
      same(String(state), 'Failed(\'Validation of flow parameters failed with error: count: expected a number, got string "x"\')')
      same([calls, world.flowRuns.map(stateNames)], [1, ['Pending Running Completed', 'Pending Failed']])
    },
  },
  {
    id: 'EN16',
    sentence: "the user's own Standard Schema comes before that of the source, and validateParameters: false switches both off",
    run: async (make) => {
      const world = new World(make)
      const upper = {
        '~standard': {
          version: 1,
          vendor: 'test',
          validate: (value: unknown) => {
            const name: unknown = typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined
            return typeof name === 'string'
              ? { value: { name: name.toUpperCase() } }
              : { issues: [{ message: 'expected a name', path: ['name'] }] }
          },
        },
      } as const
      const greet = world.engine.flow(async (name: string) => `hello ${name}`, { name: 'greet', parameters: upper })
      same(await greet('ada'), 'hello ADA')
      same(
        String(await greet.state(5 as unknown as string)),
        "Failed('Validation of flow parameters failed with error: name: expected a name')",
      )
      same(await greet.withOptions({ validateParameters: false })('ada'), 'hello ada')
    },
  },
  {
    id: 'EN17',
    sentence: 'parameters that JSON cannot say, or that are too large to be recorded, leave a word in the record and reach the flow whole',
    run: async (make) => {
      const world = new World(make)
      const cyclic: { self?: unknown } = {}
      cyclic.self = cyclic
      const seen = await world.engine.flow(async function look(text: string, odd: object, big: bigint) {
        return [text.length, odd === cyclic, big]
      })('x'.repeat(600_000), cyclic, 12n)
      same(seen, [600_000, true, 12n])
      same(world.flowRuns[0]?.parameters, { text: '<600014 bytes, not recorded>', odd: '<Object>', big: '12' })
      same(world.linesWith('too large').length, 1)
    },
  },
  {
    id: 'EN18',
    sentence: 'a verdict WAIT is waited for and proposed again; ABORT ends the call with the reason and writes nothing more',
    run: async (make) => {
      let waits = 0
      const fussy = (memory: Orchestrator): Orchestrator => ({
        runUrl: () => undefined,
        create: (run) => memory.create(run),
        propose: async (proposal) => {
          const verdict = await memory.propose(proposal)
          if (proposal.state.type === 'RUNNING' && waits++ === 0) return { ...verdict, status: 'WAIT', delay_seconds: 5 }
          return proposal.state.type === 'COMPLETED' ? { ...verdict, status: 'ABORT', reason: 'not today' } : verdict
        },
        report: (task) => memory.report(task),
        log: (lines) => memory.log(lines),
        room: () => memory.room(),
        flush: () => memory.flush(),
        onStop: (run, stop) => memory.onStop(run, stop),
      })
      const world = new World(make, { orchestrator: fussy })
      const error = await failureOf(() => world.engine.flow(async () => 1, { name: 'f' })())
      same([error.name, error.message, world.clock.slept], ['AbortedError', 'not today', [5_000]])
    },
  },
]
