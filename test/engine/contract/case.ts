/** What a case of the contract is, and what it works with. No test runner here: the cases run in Node and inside a browser's Worker. */
import { createEngine, type Engine } from '#sdk/engine/engine.ts'
import { MemoryOrchestrator } from '#sdk/engine/memory.ts'
import type { ConsoleLine, Declaration, EngineSettings, Host, Orchestrator } from '#sdk/engine/ports.ts'
import type { FlowRun } from '#sdk/protocol/flow-run.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import { checkedOrchestrator } from './checked-orchestrator.ts'
import { seeded, VirtualClock } from './virtual-clock.ts'

/** What a host under test must take from the case: everything else is its own. */
export interface Surroundings {
  readonly now: Host['now']
  readonly random: Host['random']
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly orchestrator: () => Promise<Orchestrator>
  readonly settings: EngineSettings
  readonly print: (line: ConsoleLine) => void
  /** By call site; a host with a reader of its own may leave `callSite` and `declarationAt` to these. */
  readonly callSite: () => string | undefined
  readonly declarationAt: Host['declarationAt']
}
export type MakeHost = (surroundings: Surroundings) => Host

export interface Case {
  /** `EN1` */
  readonly id: string
  readonly sentence: string
  readonly run: (make: MakeHost) => Promise<void>
}

export interface WorldOptions {
  readonly settings?: Partial<EngineSettings>
  readonly declarations?: Readonly<Record<string, Declaration>>
  readonly orchestrator?: (memory: MemoryOrchestrator) => Orchestrator
}

/** An engine on the host under test, and all that can be seen from outside. */
export class World {
  readonly clock = new VirtualClock()
  readonly memory: MemoryOrchestrator
  readonly printed: ConsoleLine[] = []
  readonly engine: Engine
  readonly host: Host
  nextCallSite: string | undefined

  constructor(make: MakeHost, { settings, declarations, orchestrator }: WorldOptions = {}) {
    const random = seeded(7)
    this.memory = new MemoryOrchestrator({ now: this.clock.now, random })
    const recorder = checkedOrchestrator(orchestrator?.(this.memory) ?? this.memory)
    this.host = make({
      now: this.clock.now,
      random,
      sleep: this.clock.sleep,
      orchestrator: async () => recorder,
      settings: {
        loggingLevel: 'INFO',
        logPrints: false,
        persistResults: false,
        taskRetries: 0,
        taskRetryDelaySeconds: 0,
        flowRetries: 0,
        ...settings,
      },
      print: (line) => this.printed.push(line),
      callSite: () => this.nextCallSite,
      declarationAt: async (site) => {
        const declaration = declarations?.[site]
        return declaration === undefined ? { reason: 'the test gives none' } : { declaration }
      },
    })
    this.engine = createEngine(this.host)
  }

  get flowRuns(): readonly FlowRun[] {
    return [...this.memory.flowRuns.values()]
  }
  /** In the order of their names. */
  get taskRuns(): readonly TaskRun[] {
    return [...this.memory.taskRuns.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }
  /** `x-0: Pending Running Completed` */
  get tasks(): readonly string[] {
    return this.taskRuns.map((run) => `${run.name}: ${stateNames(run)}`)
  }
  /** `INFO | source - first line`, names of flow runs numbered in order: run1, run2. */
  get lines(): readonly string[] {
    const names = this.flowRuns.map(({ name }) => name)
    return this.printed.map(({ level, source, message }) => {
      const text = `${level} | ${source} - ${message.split('\n')[0] ?? ''}`
      return names.reduce((line, name, i) => line.replaceAll(name, `run${i + 1}`), text)
    })
  }
  linesWith(part: string): readonly string[] {
    return this.lines.filter((line) => line.includes(part))
  }
}

export const stateNames = (run: FlowRun | TaskRun): string => run.states.map(({ name }) => name).join(' ')
export const lastState = (run: FlowRun | TaskRun | undefined) => run?.states.at(-1)

/** Throws when the two are not the same all the way down. */
export function same(actual: unknown, expected: unknown): void {
  if (!isSame(actual, expected)) throw new Error(`expected ${shown(expected)}\n     got ${shown(actual)}`)
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime()
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(Reflect.get(a, key), Reflect.get(b, key)))
  )
}

function shown(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  return (
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' || inner === undefined ? String(inner) : inner), 1) ??
    String(value)
  )
}

/** The error of what must fail. */
export async function failureOf(body: () => unknown): Promise<Error> {
  try {
    await body()
  } catch (error) {
    if (error instanceof Error) return error
    throw new Error(`expected an Error to be thrown, got ${String(error)}`, { cause: error })
  }
  throw new Error('expected it to fail, and it did not')
}

/** A promise that somebody else resolves. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => (resolve = done))
  return { promise, resolve }
}
