/** The models of runs on this page; of a flow run there is one, shared by whoever shows it. */
import { workspace } from '../app/current.ts'
import { RunStore, type RunSource } from './run-store.ts'
import { TaskRunModel, type TaskRunSource } from './task-run-model.ts'

/** Runs that are kept when nobody shows them any more, so that going back finds them. */
const MAX_KEPT = 8

const stores = new Map<string, RunStore>()

const source: RunSource = {
  subscribe: (topic, listener) => workspace().live.subscribe(topic, listener),
  timeline: (id, after) => workspace().call('flow_runs.timeline', { params: { id }, query: after === undefined ? {} : { after } }),
  log: (id, before) => workspace().call('flow_runs.log', { params: { id }, query: pageBefore(before) }),
}
const pageBefore = (number: number | undefined) => (number === undefined ? {} : { before: String(number) })

export interface HeldRun {
  readonly store: RunStore
  /** The run is no longer shown here. */
  end(): void
}

/** The model of a run, listening until it is ended. */
export function holdRun(id: string): HeldRun {
  const store = stores.get(id) ?? new RunStore(source, id)
  stores.delete(id)
  stores.set(id, store)
  const end = store.hold()
  forgetOld()
  return { store, end }
}

function forgetOld(): void {
  let unused = [...stores.values()].filter(({ isHeld }) => !isHeld).length
  for (const [id, { isHeld }] of stores) {
    if (unused <= MAX_KEPT) return
    if (isHeld) continue
    stores.delete(id)
    unused -= 1
  }
}

const taskSource: TaskRunSource = {
  task: (id) => workspace().call('task_runs.read', { params: { id } }),
  names: (ids) => workspace().call('task_runs.filter', { body: { task_runs: { id: { any_: [...ids] } }, limit: ids.length } }),
  log: (id, before) => workspace().call('task_runs.log', { params: { id }, query: pageBefore(before) }),
  subscribe: (topic, listener) => workspace().live.subscribe(topic, listener),
  holdRun,
}

/** A model of the page that opens it. */
export const openTaskRun = (id: string): TaskRunModel => new TaskRunModel(taskSource, id)
