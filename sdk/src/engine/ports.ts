/**
 * The one port of the engine: everything that it cannot do itself. A host (Node, a browser Worker, an edge isolate, a test) supplies it.
 * The engine never knows where it runs.
 */
import type { ItemAnswer, LogItem, RunCreateItem, RunProposeItem, TaskItem } from '../protocol/frames.ts'
import type { FlowRunId } from '../protocol/ids.ts'
import type { Instant } from '../protocol/instants.ts'
import type { LogLevelName } from '../protocol/log-levels.ts'
import type { ParameterInfo, ParametersSchema } from '../protocol/parameters.ts'

/** Carries a value through awaits, timers and callbacks: AsyncLocalStorage where there is one. */
export interface ContextStore<T> {
  run<R>(value: T, body: () => R): R
  current(): T | undefined
}

export type Created = Extract<ItemAnswer, { readonly type: 'created' }>
export type Verdict = Extract<ItemAnswer, { readonly type: 'verdict' }>

/**
 * Who records and decides. A workspace over the socket, or the machine over Maps.
 * `create` and `propose` answer when it is decided and durable; a refusal is thrown as {@link OrchestratorError}.
 * `report` and `log` never wait: they are gathered and sent in order with what follows. `flush` resolves when all of them are durable.
 */
export interface Orchestrator {
  /** What people open to see a run; undefined where nobody can look. */
  runUrl(run: FlowRunId): string | undefined
  create(run: Omit<RunCreateItem, 'type'>): Promise<Created>
  propose(proposal: Omit<RunProposeItem, 'type'>): Promise<Verdict>
  report(task: Omit<TaskItem, 'type'>): void
  log(lines: Omit<LogItem, 'type' | 'first'>): void
  flush(): Promise<void>
  /**
   * Called when the workspace wants the run stopped (`cancel`), or when its lease has ended (`lost`: write nothing more). Answers how to stop
   * listening. Only for a run that `create` was asked for already.
   */
  onStop(run: FlowRunId, stop: (why: { readonly kind: 'cancel' } | { readonly kind: 'lost'; readonly reason: string }) => void): () => void
}

/** The orchestrator refused, or cannot be reached. `code` is a problem code of the protocol, or `unreachable`. */
export class OrchestratorError extends Error {
  override readonly name = 'OrchestratorError'
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A line on its way to a person's eyes. `source`: `flowcell.engine`, `Flow run 'thundering-goshawk'`, `Task run 'x-0'`. */
export interface ConsoleLine {
  readonly at: Instant
  readonly level: LogLevelName
  readonly source: string
  readonly message: string
}

/** What the host's reading of the source says about a `flow()` or `task()` call. */
export interface Declaration {
  /** The `const` that it is assigned to. */
  readonly constName?: string
  /** Undefined where the function is not written out at the call, so that its signature could not be read. */
  readonly parameters?: readonly ParameterInfo[]
  readonly schema?: ParametersSchema
}

/** Settings that change how the engine behaves; the host reads them from where its settings are. */
export interface EngineSettings {
  readonly loggingLevel: LogLevelName
  readonly logPrints: boolean
  readonly persistResults: boolean
  readonly taskRetries: number
  readonly taskRetryDelaySeconds: number
  readonly flowRetries: number
}

/** The platform's own AbortSignal where there is one, so that `fetch(url, { signal })` type-checks; else the little of it that we use. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Platform } } ? Platform : MinimalSignal
interface MinimalSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}
export interface Controller {
  readonly signal: Signal
  abort(reason: unknown): void
}

export interface Host {
  /** Wall clock, microseconds. */
  now(): Instant
  /** Chance in [0, 1). */
  random(): number
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: Signal): Promise<void>
  newController(): Controller
  newContext<T>(): ContextStore<T>
  /** Asked at the first run of a flow or task, so that imports cost nothing. Throws OrchestratorError when a configured workspace does not answer. */
  orchestrator(): Promise<Orchestrator>
  settings(): EngineSettings
  print(line: ConsoleLine): void
  /** From now on `console.log` and its siblings are offered to `onPrint` first; what it does not take (false) is printed as ever. Called once. */
  capturePrints(onPrint: (level: LogLevelName, message: string) => boolean): void
  /** The stack frame that called `flow()` or `task()`, taken when it is called; cheap. Undefined where there is none. */
  callSite(): string | undefined
  /** Reads the declaration at a call site; undefined (and a reason) where the source cannot be read. Called once, at the first run. */
  declarationAt(callSite: string): Promise<{ readonly declaration: Declaration } | { readonly reason: string }>
  /**
   * Where the platform can tell in whose context a promise was rejected that nobody awaits: from now on such errors are offered to `onRejection`
   * first; what it does not take (false) is treated as ever. Called once.
   */
  captureRejections?(onRejection: (reason: unknown) => boolean): void
  /** The stack of an error without the frames at its end that are the engine's or the platform's own; as it is when there are no others. */
  trimStack?(stack: string): string
  /** Shows any value as a person would like to see it in a log line. Never throws. */
  inspect(value: unknown): string
}
