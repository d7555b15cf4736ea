import type { Engine } from '#sdk/engine/engine.ts'
import { OrchestratorError } from '#sdk/engine/ports.ts'
import { ConcurrentTaskRunner } from '#sdk/engine/task-runners.ts'
import { exponentialBackoff } from '#sdk/engine/options.ts'
import { failureOf, lastState, same, World, type Case } from './case.ts'
import { rest } from './virtual-clock.ts'

/** Options as they must not be, and what is said to them. */
const WRONG: readonly (readonly [string, (engine: Engine) => unknown, string])[] = [
  ['retries', ({ task }) => task(nothing, { retries: -1 }), 'retries: expected an integer from 0 to 1000000, got -1.'],
  ['retries', ({ flow }) => flow(nothing, { retries: 1.5 }), 'retries: expected an integer from 0 to 1000000, got 1.5.'],
  [
    'retryDelaySeconds',
    ({ task }) => task(nothing, { retryDelaySeconds: Array<number>(51).fill(1) }),
    'retryDelaySeconds: expected a list of 1 to 50 delays, got a list of 51.',
  ],
  [
    'retryDelaySeconds[1]',
    ({ task }) => task(nothing, { retryDelaySeconds: [1, -2] }),
    'retryDelaySeconds[1]: expected a number from 0 to 315360000, got -2.',
  ],
  [
    'retryJitterFactor',
    ({ task }) => task(nothing, { retryJitterFactor: -0.1 }),
    'retryJitterFactor: expected a number from 0 to 100, got -0.1.',
  ],
  ['timeoutSeconds', ({ task }) => task(nothing, { timeoutSeconds: 0 }), 'timeoutSeconds: expected a number above 0, got 0.'],
  [
    'name',
    ({ flow }) => flow(nothing, { name: 'a/b' }),
    "name: expected a name without / % & > <, because names stand in addresses, got 'a/b'.",
  ],
  ['name', ({ task }) => task(nothing, { name: '' }), "name: expected a text of 1 to 255 characters, got ''."],
  ['tags', ({ task }) => task(nothing, { tags: 'one' as never }), "tags: expected a list of at most 100 texts, got 'one'."],
  ['logPrints', ({ flow }) => flow(nothing, { logPrints: 'yes' as never }), "logPrints: expected true or false, got 'yes'."],
  [
    'taskRunner',
    ({ flow }) => flow(nothing, { taskRunner: 'fast' as never }),
    "taskRunner: expected new ConcurrentTaskRunner() or new SequentialTaskRunner(), got 'fast'.",
  ],
  ['maxWorkers', () => new ConcurrentTaskRunner({ maxWorkers: 0 }), 'maxWorkers: expected an integer of at least 1, got 0.'],
  ['factor', () => exponentialBackoff({ factor: -1 }), 'factor: expected a number of seconds from 0 on, got -1.'],
  [
    'unobservedFailures',
    ({ flow }) => flow(nothing, { unobservedFailures: 'drop' as never }),
    "unobservedFailures: expected 'fail' or 'ignore', got 'drop'.",
  ],
  [
    'waitFor',
    ({ task }) => task(nothing, { waitFor: [] } as never),
    'waitFor: belongs to one call; write myTask.withOptions({ waitFor: [future] }).submit(…).',
  ],
  [
    'cachePolicy',
    ({ task }) => task(nothing, { cachePolicy: 'INPUTS' } as never),
    'cachePolicy: a task has no such option. It has retries, retryDelaySeconds, retryJitterFactor, retryCondition, timeoutSeconds, persistResult, logPrints, version, name, taskRunName, tags.',
  ],
  ['options', ({ task }) => task(nothing, null as never), 'task: expected an object of options, got null.'],
  ['options', ({ flow }) => flow(nothing, [] as never), 'flow: expected an object of options, got a list of 0.'],
  ['options', ({ task }) => task(nothing, [{ retries: 1 }] as never), 'task: expected an object of options, got a list of 1.'],
  ['fn', ({ flow }) => flow('nothing' as never), 'flow: expected a function as its first argument, got string.'],
]
async function nothing() {}

export const TROUBLE_CASES: readonly Case[] = [
  {
    id: 'EN50',
    sentence: 'every option is checked when it is given, with a TypeError that names the field and the rule; unknown ones are refused',
    run: async (make) => {
      const { engine } = new World(make)
      for (const [field, give, message] of WRONG) {
        const error = await failureOf(() => give(engine))
        same([error.name, error instanceof TypeError, Reflect.get(error, 'field'), error.message], ['OptionError', true, field, message])
      }
    },
  },
  {
    id: 'EN51',
    sentence: 'whatever is thrown is told in words: texts, objects, undefined, errors that cannot be read',
    run: async (make) => {
      const world = new World(make)
      const nasty = new Error('x')
      Object.defineProperty(nasty, 'message', {
        get: () => {
          throw new Error('no')
        },
      })
      const cyclic: { self?: unknown } = {}
      cyclic.self = cyclic
      const ends: string[] = []
      for (const thrown of ['plain text', { code: 7 }, undefined, 12n, Symbol('s'), cyclic, nasty]) {
        const state = await world.engine
          .task(
            () => {
              throw thrown as Error
            },
            { name: 'thrower' },
          )
          .state()
        ends.push(String(state.message))
      }
      const prefix = 'Task run encountered an exception: '
      same(
        ends.map((end) => end.slice(prefix.length)),
        [
          'Thrown: plain text',
          'Thrown: {"code":7}',
          'Thrown: undefined undefined',
          'Thrown: bigint 12',
          'Thrown: symbol Symbol(s)',
          'Thrown: (an error that cannot be read)',
          'Thrown: (an error that cannot be read)',
        ],
      )
    },
  },
  {
    id: 'EN52',
    sentence: 'results with cycles are kept, results with getters that throw are not and say why; both reach the caller',
    run: async (make) => {
      const world = new World(make)
      const { task } = world.engine
      const cyclic: { self?: unknown } = {}
      cyclic.self = cyclic
      const trap = {
        get value(): never {
          throw new Error('do not look')
        },
      }
      same((await task(async () => cyclic, { name: 'cyclic', persistResult: true })()) === cyclic, true)
      same((await task(async () => trap, { name: 'trap', persistResult: true })()) === trap, true)
      same(
        world.taskRuns.map((run) => lastState(run)?.data),
        [
          { kind: 'inline', serializer: 'devalue', value: '[{"self":0}]' },
          { kind: 'unkept', reason: 'The result cannot be kept: Error: do not look' },
        ],
      )
    },
  },
  {
    id: 'EN53',
    sentence: 'failures that nobody awaits inside a run do not trouble the process: the flow ends, and says what failed',
    run: async (make) => {
      const world = new World(make)
      const { flow, task } = world.engine
      const bad = task(
        async (_?: number) => {
          throw new Error('down')
        },
        { name: 'bad' },
      )
      const careless = flow(
        async () => {
          void bad.submit().result()
          void bad.map([1, 2]).result()
          void bad()
          await rest()
        },
        { name: 'careless' },
      )
      same((await careless.state()).isFinal(), true)
    },
  },
  {
    id: 'EN54',
    sentence: 'an orchestrator that cannot be reached is an error of the call, and the next call asks again',
    run: async (make) => {
      let tries = 0
      const world = new World(make, {
        orchestrator: (memory) => ({
          runUrl: () => 'http://localhost/run',
          create: async (run) => {
            if (++tries === 1) throw new OrchestratorError('unreachable', 'The workspace does not answer.')
            return memory.create(run)
          },
          propose: (proposal) => memory.propose(proposal),
          report: (task) => memory.report(task),
          log: (lines) => memory.log(lines),
          room: () => memory.room(),
          flush: () => memory.flush(),
          onStop: (run, stop) => memory.onStop(run, stop),
        }),
      })
      const one = world.engine.flow(async () => 1, { name: 'one' })
      const error = await failureOf(() => one())
      same([error.name, error.message], ['OrchestratorError', 'The workspace does not answer.'])
      same(await one(), 1)
      same(world.linesWith('View at').at(-1), 'INFO | flowcell.engine - View at http://localhost/run')
    },
  },
]
