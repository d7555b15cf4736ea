/** `runtime`: what a run may know of itself. Prefect's fields in camelCase; outside runs each is null, an empty list or an empty object. */
import type { Core } from './core.ts'
import { formatInstant } from '../protocol/instants.ts'
import type { Parameters } from './parameters.ts'
import type { Signal } from './ports.ts'

export interface Runtime {
  readonly flowRun: FlowRunRuntime
  readonly taskRun: TaskRunRuntime
  readonly deployment: DeploymentRuntime
  /** Aborts when the run shall stop: it was cancelled, or its time is over. Pass it on: `fetch(url, { signal: runtime.signal })`. */
  readonly signal: Signal
}
export interface FlowRunRuntime {
  readonly id: string | null
  readonly name: string | null
  readonly tags: readonly string[]
  /** Which attempt this is, from 1 on. */
  readonly runCount: number | null
  /** RFC 3339. */
  readonly scheduledStartTime: string | null
  readonly flowName: string | null
  readonly flowVersion: string | null
  readonly parameters: Parameters
  readonly parentFlowRunId: string | null
  readonly parentDeploymentId: string | null
  readonly rootFlowRunId: string | null
  readonly uiUrl: string | null
  readonly jobVariables: Readonly<Record<string, unknown>>
}
export interface TaskRunRuntime {
  readonly id: string | null
  readonly name: string | null
  readonly taskName: string | null
  readonly tags: readonly string[]
  readonly runCount: number | null
  readonly parameters: Parameters
  /** The same in every attempt: for side effects that shall happen once. */
  readonly idempotencyKey: string | null
}
export interface DeploymentRuntime {
  readonly id: string | null
  readonly name: string | null
  readonly version: string | null
  readonly flowRunId: string | null
  readonly parameters: Parameters
}

export function newRuntime(core: Core): Runtime {
  const flow = () => core.contexts.current()?.flow ?? null
  const task = () => core.contexts.current()?.task ?? null
  let never: Signal | undefined
  return {
    flowRun: {
      get id() {
        return flow()?.id ?? null
      },
      get name() {
        return flow()?.name ?? null
      },
      get tags() {
        return flow()?.tags ?? []
      },
      get runCount() {
        return flow()?.runCount ?? null
      },
      get scheduledStartTime() {
        const at = flow()?.createdAt
        return at === undefined ? null : formatInstant(at)
      },
      get flowName() {
        return flow()?.flowName ?? null
      },
      get flowVersion() {
        return flow()?.version ?? null
      },
      get parameters() {
        return flow()?.parameters ?? {}
      },
      get parentFlowRunId() {
        return flow()?.caller?.flow?.id ?? null
      },
      parentDeploymentId: null,
      get rootFlowRunId() {
        return flow()?.rootId ?? null
      },
      get uiUrl() {
        const scope = flow()
        return scope === null ? null : (scope.orchestrator?.runUrl(scope.id) ?? null)
      },
      jobVariables: {},
    },
    taskRun: {
      get id() {
        return task()?.id ?? null
      },
      get name() {
        return task()?.name ?? null
      },
      get taskName() {
        return task()?.taskName ?? null
      },
      get tags() {
        return task()?.tags ?? []
      },
      get runCount() {
        return task()?.runCount ?? null
      },
      get parameters() {
        return task()?.parameters ?? {}
      },
      get idempotencyKey() {
        return task()?.idempotencyKey ?? null
      },
    },
    deployment: { id: null, name: null, version: null, flowRunId: null, parameters: {} },
    get signal() {
      const context = core.contexts.current()
      return context?.task?.signal ?? context?.signal ?? (never ??= core.host.newController().signal)
    },
  }
}
