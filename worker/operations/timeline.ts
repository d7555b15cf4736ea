/** The timeline of a flow run: its task runs in short rows. */
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import type { RunFacts } from '#sdk/protocol/flow-run.ts'
import { MAX_TIMELINE_ROWS, MAX_TIMELINE_STATES } from '#sdk/protocol/limits.ts'
import type { History, Timeline, TimelineRow } from '#sdk/protocol/overviews.ts'
import type { State } from '#sdk/protocol/states.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import { flowRunOrProblem } from './flow-runs.ts'
import type { Handler } from './unit.ts'

const MAX_MESSAGE = 200

export const timelineOfFlowRun: Handler<'flow_runs.timeline'> = (unit, { params, query }) => {
  const { store } = unit
  const run = flowRunOrProblem(unit, params.id)
  const found = store.taskRuns.ofFlowRun(run.id, MAX_TIMELINE_ROWS + 1, query.after)
  const tasks = found.slice(0, MAX_TIMELINE_ROWS)
  const subflows = store.flowRuns.subflowIdsOf(run.id)
  const next = found.length > tasks.length ? (tasks.at(-1)?.id ?? null) : null
  const output: Timeline = { ...pack(tasks, subflows, run.created), total: store.taskRuns.countOf(run.id, true), next }
  return { output }
}

function pack(
  tasks: readonly TaskRun[],
  subflows: ReadonlyMap<TaskRunId, FlowRunId>,
  base: number,
): Pick<Timeline, 'base' | 'keys' | 'states' | 'rows'> {
  const keys = new Places<string>((key) => key)
  const states = new Places<Timeline['states'][number]>(([type, name]) => `${type} ${name}`)
  const places = new Map(tasks.map(({ id }, place) => [id, place]))
  const rows = tasks.map((task): TimelineRow => {
    const shown = shownStates(task)
    return [
      task.id,
      task.name,
      keys.of(task.task_key),
      shown.flatMap(({ type, name, timestamp }) => [states.of([type, name]), timestamp - base]),
      parentsOf(task).map((id) => places.get(id) ?? id),
      subflows.get(task.id) ?? null,
      wrongOf(shown.at(-1)),
    ]
  })
  return { base, keys: keys.all, states: states.all, rows }
}

/** Values that stand once; others say where. */
class Places<T> {
  readonly all: T[] = []
  readonly #places = new Map<string, number>()
  readonly #keyOf: (value: T) => string
  constructor(keyOf: (value: T) => string) {
    this.#keyOf = keyOf
  }

  of(value: T): number {
    const key = this.#keyOf(value)
    const known = this.#places.get(key)
    if (known !== undefined) return known
    const place = this.all.push(value) - 1
    this.#places.set(key, place)
    return place
  }
}

/** The first one and the last ones: of a run with a thousand attempts nobody sees more. */
function shownStates({ states }: RunFacts): readonly State[] {
  return states.length <= MAX_TIMELINE_STATES ? states : [...states.slice(0, 1), ...states.slice(1 - MAX_TIMELINE_STATES)]
}

/** The states of a run as one short list, for watchers. */
export const historyOf = (run: RunFacts): History => shownStates(run).flatMap(({ type, name, timestamp }) => [type, name, timestamp])

/** Task runs that arguments came from, each once. */
function parentsOf({ id, task_inputs }: TaskRun): readonly TaskRunId[] {
  const parents = new Set<TaskRunId>()
  for (const inputs of Object.values(task_inputs)) {
    for (const input of inputs) if (input.input_type === 'task_run' && input.id !== id) parents.add(input.id)
  }
  return [...parents]
}

function wrongOf(state: State | undefined): string | null {
  const isWrong = state?.type === 'FAILED' || state?.type === 'CRASHED' || state?.name === 'NotReady' || state?.name === 'AwaitingRetry'
  if (!isWrong || state.message === null) return null
  return (state.message.split('\n', 1)[0] ?? '').slice(0, MAX_MESSAGE)
}
