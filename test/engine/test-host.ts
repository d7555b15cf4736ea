/** A host in which nothing is left to chance: virtual time, seeded chance, collected lines. Context is the platform's own. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { inspect } from 'node:util'
import type { ConsoleLine, Declaration, EngineSettings, Host, Orchestrator } from '#sdk/engine/ports.ts'
import { MemoryOrchestrator } from '#sdk/engine/memory.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface TestHostOptions {
  readonly settings?: Partial<EngineSettings>
  /** What the source says, by call site; nothing where it is not given. */
  readonly declarations?: Readonly<Record<string, Declaration>>
  readonly orchestrator?: () => Promise<Orchestrator>
}

export class TestHost implements Host {
  readonly clock = new VirtualClock()
  readonly lines: ConsoleLine[] = []
  readonly memory: MemoryOrchestrator
  /** Answered by `callSite`. */
  nextCallSite: string | undefined
  onPrint: ((level: ConsoleLine['level'], message: string) => boolean) | undefined
  onRejection: ((reason: unknown) => boolean) | undefined
  readonly #options: TestHostOptions
  #seed = 1

  constructor(options: TestHostOptions = {}) {
    this.#options = options
    this.memory = new MemoryOrchestrator({ now: () => this.now(), random: this.random })
  }

  now = (): number => this.clock.now()
  random = (): number => {
    // Mulberry32.
    let t = (this.#seed += 0x6d2b79f5)
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.clock.sleep(ms, signal)
  }
  newController(): AbortController {
    return new AbortController()
  }
  newContext<T>() {
    const storage = new AsyncLocalStorage<T>()
    return { run: <R>(value: T, body: () => R): R => storage.run(value, body), current: () => storage.getStore() }
  }
  async orchestrator(): Promise<Orchestrator> {
    return this.#options.orchestrator?.() ?? this.memory
  }
  settings(): EngineSettings {
    const defaults = {
      loggingLevel: 'INFO',
      logPrints: false,
      persistResults: false,
      taskRetries: 0,
      taskRetryDelaySeconds: 0,
      flowRetries: 0,
    } as const
    return { ...defaults, ...this.#options.settings }
  }
  print(line: ConsoleLine): void {
    this.lines.push(line)
  }
  capturePrints(onPrint: (level: ConsoleLine['level'], message: string) => boolean): void {
    this.onPrint = onPrint
  }
  captureRejections(onRejection: (reason: unknown) => boolean): void {
    this.onRejection = onRejection
  }
  callSite(): string | undefined {
    return this.nextCallSite
  }
  async declarationAt(callSite: string): ReturnType<Host['declarationAt']> {
    const declaration = this.#options.declarations?.[callSite]
    return declaration === undefined ? { reason: 'the test gives none' } : { declaration }
  }
  inspect(value: unknown): string {
    return inspect(value)
  }
}
