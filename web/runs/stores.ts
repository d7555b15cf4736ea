/** The models of flow runs on this page: one for each run, shared by whoever shows it. */
import { workspace } from '../app/current.ts'
import { RunStore, type RunSource } from './run-store.ts'

/** Runs that are kept when nobody shows them any more, so that going back finds them. */
const MAX_KEPT = 8

const stores = new Map<string, { readonly store: RunStore; users: number }>()

const source: RunSource = {
  subscribe: (topic, listener) => workspace().live.subscribe(topic, listener),
  timeline: (id, after) => workspace().call('flow_runs.timeline', { params: { id }, query: after === undefined ? {} : { after } }),
  log: (id, before) => workspace().call('flow_runs.log', { params: { id }, query: before === undefined ? {} : { before: String(before) } }),
}

export interface HeldRun {
  readonly store: RunStore
  /** The run is no longer shown here. */
  end(): void
}

/** The model of a run, listening until it is ended. */
export function holdRun(id: string): HeldRun {
  const entry = stores.get(id) ?? { store: new RunStore(source, id), users: 0 }
  stores.delete(id)
  stores.set(id, entry)
  entry.users += 1
  forgetOld()
  const stop = entry.store.hold()
  let isOver = false
  return {
    store: entry.store,
    end: () => {
      if (isOver) return
      isOver = true
      entry.users -= 1
      stop()
    },
  }
}

function forgetOld(): void {
  let unused = [...stores.values()].filter(({ users }) => users === 0).length
  for (const [id, { users }] of stores) {
    if (unused <= MAX_KEPT) return
    if (users > 0) continue
    stores.delete(id)
    unused -= 1
  }
}
