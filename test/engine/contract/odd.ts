/** Odd values and odd code: whatever users do, what the engine sends is what a workspace takes, and runs end as they should. */
import { Completed, Failed } from '#sdk/engine/run-state.ts'
import { MAX_TASK_RUNS_PER_FLOW_RUN } from '#sdk/protocol/limits.ts'
import { failureOf, lastState, same, stateNames, World, type Case } from './case.ts'

function nested(levels: number): object {
  const root: { inner?: object } = {}
  let innermost = root
  for (let level = 1; level < levels; level++) innermost = innermost.inner = {}
  return root
}
const throwing = (): never => {
  throw new Error('hands off')
}
/** Throws at whatever is done with it. */
const trap = (): object =>
  new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing, getPrototypeOf: throwing, getOwnPropertyDescriptor: throwing })

const MEGABYTE = 'x'.repeat(1_000_000)
/** Six bytes each in JSON. */
const CONTROL = '\u0001'.repeat(200_000)

export const ODD_CASES: readonly Case[] = [
  {
    id: 'EN64',
    sentence:
      'a parameter that nests too deep, or that throws when it is read, is recorded as a word with a warning; the flow gets it whole',
    run: async (make) => {
      const world = new World(make)
      const given = {
        fine: nested(80),
        deep: nested(81),
        deeper: nested(97),
        abyss: nested(10_000),
        odd: trap(),
        keys: new Proxy({}, { ownKeys: throwing }),
      }
      const look = world.engine.flow(async function look(
        fine: object,
        deep: object,
        deeper: object,
        abyss: object,
        odd: object,
        keys: object,
      ) {
        return [
          fine === given.fine,
          deep === given.deep,
          deeper === given.deeper,
          abyss === given.abyss,
          odd === given.odd,
          keys === given.keys,
        ]
      })
      same(await look(given.fine, given.deep, given.deeper, given.abyss, given.odd, given.keys), [true, true, true, true, true, true])
      const deep = '<Object, nested deeper than 80 levels, not recorded>'
      same(world.flowRuns[0]?.parameters, { fine: nested(80), deep, deeper: deep, abyss: deep, odd: '<Object>', keys: '<Object>' })
      const gets = 'the flow gets it all the same.'
      same(world.linesWith('WARNING'), [
        `WARNING | Flow run 'run1' - Parameter 'deep' is nested deeper than 80 levels and is not recorded; ${gets}`,
        `WARNING | Flow run 'run1' - Parameter 'deeper' is nested deeper than 80 levels and is not recorded; ${gets}`,
        `WARNING | Flow run 'run1' - Parameter 'abyss' is nested deeper than 80 levels and is not recorded; ${gets}`,
        `WARNING | Flow run 'run1' - Parameter 'odd' cannot be recorded: Error: hands off; ${gets}`,
        `WARNING | Flow run 'run1' - Parameter 'keys' cannot be recorded: Error: hands off; ${gets}`,
      ])
    },
  },
  {
    id: 'EN65',
    sentence: 'arguments of tasks may nest as deep as they like, throw when they are read, and hold futures at any depth and in circles',
    run: async (make) => {
      const { flow, task } = new World(make).engine
      const pass = task((value: unknown) => [value], { name: 'pass' })
      const one = task(() => 1, { name: 'one' })
      const odd = trap()
      const abyss = nested(10_000)
      const answers = await flow(
        async () => {
          const bottom: { inner?: unknown; value?: unknown } = {}
          let top: { inner?: unknown } = bottom
          for (let level = 0; level < 10_000; level++) top = { inner: top }
          bottom.value = one.submit()
          let found = Object((await pass(top))[0]) as typeof bottom
          while (found.inner !== undefined) found = found.inner as typeof bottom
          const ring: { next?: { back: unknown; value: unknown } } = {}
          ring.next = { back: ring, value: one.submit() }
          const round = Object((await pass(ring))[0]) as { next: { back: unknown; value: unknown } }
          return [
            (await pass(odd))[0] === odd,
            (await pass.submit(abyss).result())[0] === abyss,
            found.value,
            round.next.value,
            round.next.back === round,
          ]
        },
        { name: 'f' },
      )()
      same(answers, [true, true, 1, 1, true])
    },
  },
  {
    id: 'EN66',
    sentence:
      'results that nest too deep or throw when they are read reach the caller; their state says why they are not kept, in few words',
    run: async (make) => {
      const world = new World(make, { settings: { persistResults: true } })
      const { task } = world.engine
      const keys = new Proxy({}, { ownKeys: throwing })
      const wide = Object.defineProperty({}, MEGABYTE, { enumerable: true, get: throwing })
      const deep = nested(10_000)
      same(Object.is((await task(() => [keys], { name: 'a' })())[0], keys), true)
      same(Object.is(await task(() => deep, { name: 'b' })(), deep), true)
      same(Object.is(await task(() => wide, { name: 'c' })(), wide), true)
      same(world.tasks, ['a-0: Pending Running Completed', 'b-0: Pending Running Completed', 'c-0: Pending Running Completed'])
      same(lastState(world.taskRuns[0])?.data, { kind: 'unkept', reason: 'The result cannot be kept: Error: hands off' })
    },
  },
  {
    id: 'EN67',
    sentence: 'errors with names, messages, stacks and causes of any length fit a state; the flow and its tasks end Failed',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      let error: Error | undefined
      for (const text of [MEGABYTE, CONTROL, MEGABYTE, CONTROL, MEGABYTE, CONTROL]) {
        error = new Error(text, { cause: error })
        error.name = text
        error.stack = text
      }
      const bad = task(
        async () => {
          throw error
        },
        { name: 'bad' },
      )
      same((await flow(async () => bad(), { name: 'f' }).state()).name, 'Failed')
      same([world.flowRuns.map(stateNames), world.tasks], [['Pending Running Failed'], ['bad-0: Pending Running Failed']])
    },
  },
  {
    id: 'EN68',
    sentence: 'names of any length and kind become names that a workspace takes: of functions, of templates, of states',
    run: async (make) => {
      const world = new World(make)
      const { flow, task, getRunLogger } = world.engine
      const named = (name: string, body: (...args: never[]) => unknown) => Object.defineProperty(body, 'name', { value: name })
      const step = task(named(MEGABYTE, () => Completed({ name: MEGABYTE, message: MEGABYTE })))
      const run = flow(
        named(`a/b%c&d<e>f${MEGABYTE}`, async () => {
          await step()
          await step.withOptions({ taskRunName: () => MEGABYTE })()
          getRunLogger().info(CONTROL)
          return Failed({ name: MEGABYTE, message: CONTROL })
        }),
        { flowRunName: () => MEGABYTE },
      )
      same((await run.state()).type, 'FAILED')
      const [name = ''] = world.memory.flows.keys()
      same([name.slice(0, 11), name.length], ['a-b-c-d-e-f', 255])
      same(
        world.taskRuns.map((one) => [one.task_key.length, one.name.length <= 255]),
        [
          [255, true],
          [255, true],
        ],
      )
    },
  },
  {
    id: 'EN69',
    sentence: 'the history of a task that was tried hundreds of times is reported in pieces that fit a frame',
    run: async (make) => {
      const world = new World(make)
      const stubborn = world.engine.task(
        () => {
          throw new Error(MEGABYTE)
        },
        { name: 'stubborn', retries: 300 },
      )
      same((await stubborn.state()).name, 'Failed')
      same(world.taskRuns[0]?.states.length, 303)
    },
  },
  {
    id: 'EN70',
    sentence:
      'parameters that are too many to be recorded are not, with a warning; so is a schema of them that is too large or nests too deep',
    run: async (make) => {
      const world = new World(make)
      const { flow } = world.engine
      const parameters = {
        '~standard': {
          version: 1 as const,
          vendor: 'test',
          validate: (value: unknown) => ({ value }),
          jsonSchema: { input: () => ({ type: 'object', properties: { x: nested(200) } }) },
        },
      }
      same(await flow(async (x: number) => x, { name: 'deep', parameters })(1), 1)
      const many = Array.from({ length: 20_000 }, () => 'fifteen letters')
      same(await flow(async (...all: string[]) => all.length, { name: 'rest' })(...many.slice(0, 1_000)), 1_000)
      const count = (...all: string[]): number => all.length
      const native = flow(count.bind(null), { name: 'native' })
      same(await native(...many), 20_000)
      same(
        world.flowRuns.map((run) => run.parameters),
        [{ x: 1 }, { all: many.slice(0, 1_000) }, {}],
      )
      same(world.linesWith('WARNING'), [
        "WARNING | Flow run 'run1' - The schema of the parameters is too large to be recorded, only their names are.",
        "WARNING | Flow run 'run3' - The 20000 parameters are too large to be recorded; the flow gets them all the same.",
      ])
    },
  },
  {
    id: 'EN71',
    sentence: 'map refuses more elements than a flow run may have task runs, before it begins any; also when they never end',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const step = task((x: number) => x, { name: 'step' })
      let returned = 0
      function* endless() {
        try {
          for (let i = 0; ; i++) yield i
        } finally {
          returned++
        }
      }
      const message = `A flow run may have ${MAX_TASK_RUNS_PER_FLOW_RUN} task runs; 'step' would be one more.`
      const state = await flow(async () => step.map(endless()).result(), { name: 'f' }).state()
      same(String(state.message), `Flow run encountered an exception: RangeError: ${message}`)
      const late = await flow(
        async () => [await step(0), await step.map(Array.from({ length: MAX_TASK_RUNS_PER_FLOW_RUN }, () => 0)).result()],
        {
          name: 'g',
        },
      ).state()
      same(String(late.message), `Flow run encountered an exception: RangeError: ${message}`)
      const outside = await failureOf(() => step.map(endless()))
      same(outside.message, `map: at most ${MAX_TASK_RUNS_PER_FLOW_RUN} elements at once; 'step' was given more.`)
      same([returned, world.tasks], [2, ['step-0: Pending Running Completed']])
    },
  },
  {
    id: 'EN72',
    sentence: 'a taskRunName that makes no name ends the task Failed with the sentence, and its code never runs',
    run: async (make) => {
      const world = new World(make)
      const { task } = world.engine
      let runs = 0
      const wrong = task((_x: number) => runs++, { name: 'wrong', taskRunName: '{nope}', retries: 3 })
      const sentence = "taskRunName: there is no parameter 'nope' to put in; there are _x."
      same(String(await wrong.state(1)), `Failed("${sentence}")`)
      const broken = task((_x: number) => runs++, { name: 'broken', taskRunName: () => throwing() })
      same(String(await broken.state(1)), "Failed('The name of the task run could not be made: Error: hands off')")
      same((await failureOf(() => wrong(1))).name, 'OptionError')
      same(runs, 0)
      same(world.linesWith("'wrong-0'"), [
        `ERROR | Task run 'wrong-0' - ${sentence}`,
        `ERROR | Task run 'wrong-0' - Finished in state Failed("${sentence}")`,
      ])
    },
  },
  {
    id: 'EN73',
    sentence: 'code that blocks past its timeout ends TimedOut, in a flow and in a task; its own error stays its own',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const block = () => world.clock.block(400)
      const late = 'exceeded timeout of 0.2 second(s)'
      same(String(await flow(block, { name: 'f', timeoutSeconds: 0.2 }).state()), `TimedOut('Flow run ${late}')`)
      same(String(await flow(async () => block(), { name: 'g', timeoutSeconds: 0.2 }).state()), `TimedOut('Flow run ${late}')`)
      same(String(await task(block, { name: 't', timeoutSeconds: 0.2 }).state()), `TimedOut('Task run ${late}')`)
      same(String(await flow(block, { name: 'h', timeoutSeconds: 0.5 }).state()), 'Completed()')
      const failing = () => {
        block()
        throw new Error('own')
      }
      same(
        String(await flow(failing, { name: 'i', timeoutSeconds: 0.2 }).state()),
        "Failed('Flow run encountered an exception: Error: own')",
      )
      same(
        String(await task(failing, { name: 'u', timeoutSeconds: 0.2 }).state()),
        "Failed('Task run encountered an exception: Error: own')",
      )
    },
  },
  {
    id: 'EN74',
    sentence: 'retry delays that a backoff of the user makes are checked when they are made',
    run: async (make) => {
      const { task, flow } = new World(make).engine
      const retryDelaySeconds = { delays: () => [1, Number.NaN] }
      const wrong = task(() => 1, { name: 'wrong', retries: 2, retryDelaySeconds })
      const message = 'retryDelaySeconds[1]: expected a number from 0 to 315360000, got NaN.'
      same((await failureOf(() => wrong())).message, message)
      same((await failureOf(() => flow(() => 1, { name: 'f', retries: 2, retryDelaySeconds })())).message, message)
    },
  },
  {
    id: 'FU16',
    sentence: 'a future as a text, and in JSON, says what it is and to await its result',
    run: async (make) => {
      const { flow, task } = new World(make).engine
      const step = task((x: number) => x, { name: 'step' })
      const texts = await flow(
        async () => {
          const future = step.submit(1)
          const list = step.map([1, 2])
          const later = step.map(task(() => [1], { name: 'list' }).submit())
          const all = [String(future), JSON.stringify({ future }), String(list), String(later)]
          await Promise.all([future.result(), list.result(), later.result()])
          return all
        },
        { name: 'f' },
      )()
      same(texts, [
        "TaskFuture('step-0'): await its result()",
        `{"future":"TaskFuture('step-0'): await its result()"}`,
        'FutureList(2 task runs): await its result()',
        'FutureList(not yet known): await its result()',
      ])
    },
  },
]
