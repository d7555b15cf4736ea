/**
 * All flows with their newest runs.
 *
 * 1. Every flow is here, so that all can be searched and put in order; of each its last run, and of those that are shown ({@link FlowList.show})
 *    the {@link MAX_BARS} newest. Two questions for 200 flows.
 * 2. Runs that are heard of take their place among the newest of their flow; a flow that is not here yet is asked for.
 */
import type { FlowOutput } from '#sdk/protocol/flow.ts'
import type { FlowId } from '#sdk/protocol/ids.ts'
import { MAX_PAGE } from '#sdk/protocol/limits.ts'
import type { RecentRun } from '#sdk/protocol/overviews.ts'
import type { FlowRunRow } from '../app/flow-runs-store.ts'
import { messageOf } from '../ui/message-of.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import { instantOf, instantOrNull } from './instant.ts'
import { newestKnown } from './newest-known.ts'

/** Where a list asks. */
export interface FlowSource {
  /** By name, at most {@link MAX_PAGE}. */
  page(offset: number): Promise<readonly FlowOutput[]>
  byId(ids: readonly FlowId[]): Promise<readonly FlowOutput[]>
  recent(ids: readonly FlowId[], limit: number): Promise<readonly { readonly flow_id: FlowId; readonly runs: readonly RecentRun[] }[]>
}

export interface Flows {
  readonly flows: readonly FlowOutput[]
  /** Newest first, by the flow's id. */
  readonly recent: ReadonlyMap<string, readonly RecentRun[]>
}
export type FlowOrder = 'name' | 'last'

export const MAX_BARS = 24

export class FlowList {
  readonly #source: FlowSource
  /** Undefined until the first answer. */
  readonly #flows = new Signal<Flows | undefined>(undefined)
  readonly #trouble = new Signal<string | undefined>(undefined)
  /** Flows whose newest runs were asked for, beside the last. */
  readonly #shown = new Set<string>()
  /** Flows that are here or were asked for. */
  readonly #known = new Set<string>()
  #heard: readonly FlowRunRow[] = []
  #isReading = false

  constructor(source: FlowSource) {
    this.#source = source
  }

  get flows(): ReadonlySignal<Flows | undefined> {
    return this.#flows
  }
  get trouble(): ReadonlySignal<string | undefined> {
    return this.#trouble
  }

  /** Reads all flows, page by page; those that were here before stay until all are read. */
  async read(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    this.#shown.clear()
    await this.#try(() => this.#readAll().finally(() => (this.#isReading = false)))
  }

  async #readAll(): Promise<void> {
    const isFirst = this.#flows.value === undefined
    const flows: FlowOutput[] = []
    const recent = new Map<string, readonly RecentRun[]>()
    for (let isAll = false; !isAll;) {
      const page = await this.#source.page(flows.length)
      isAll = page.length < MAX_PAGE
      const isSmall = isAll && flows.length === 0
      flows.push(...page)
      for (const [id, runs] of await this.#ask(page, isSmall ? MAX_BARS : 1)) recent.set(id, runs)
      this.#isReading = !isAll
      if (isFirst || isAll) this.#put({ flows: [...flows], recent: new Map(recent) })
    }
  }

  /** These are looked at: of each its newest runs are wanted. Nothing is asked while all are read: which are the first may change. */
  show(flows: readonly FlowOutput[]): void {
    const wanted = flows.filter(({ id }) => !this.#shown.has(id)).slice(0, MAX_PAGE)
    if (wanted.length === 0 || this.#isReading) return
    void this.#try(async () => {
      const found = await this.#ask(wanted, MAX_BARS)
      const { value } = this.#flows
      if (value !== undefined) this.#put({ ...value, recent: new Map([...value.recent, ...found]) })
    })
  }

  /** The newest runs of the workspace, as they are now. */
  hear(rows: readonly FlowRunRow[]): void {
    this.#heard = rows
    const { value } = this.#flows
    if (value === undefined) return
    for (const { id } of value.flows) this.#known.add(id)
    const fresh = [...new Set(rows.map(({ flow_id }) => flow_id))].filter((id) => !this.#known.has(id)).slice(0, MAX_PAGE)
    this.#put(value)
    if (fresh.length > 0) void this.#try(() => this.#add(fresh))
  }

  async #add(ids: readonly FlowId[]): Promise<void> {
    for (const id of ids) this.#known.add(id)
    const added = await this.#source.byId(ids)
    const { flows, recent } = this.#flows.value ?? { flows: [], recent: new Map() }
    const here = new Set<string>(flows.map(({ id }) => id))
    this.#put({ flows: [...flows, ...added.filter(({ id }) => !here.has(id))], recent })
  }

  async #ask(flows: readonly FlowOutput[], limit: number): Promise<readonly (readonly [string, readonly RecentRun[]])[]> {
    if (flows.length === 0) return []
    if (limit > 1) for (const { id } of flows) this.#shown.add(id)
    try {
      const answers = await this.#source.recent(
        flows.map(({ id }) => id),
        limit,
      )
      return answers.map(({ flow_id, runs }) => [flow_id, runs] as const)
    } catch (error) {
      for (const { id } of flows) this.#shown.delete(id)
      throw error
    }
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      this.#trouble.value = undefined
    } catch (error) {
      this.#trouble.value = messageOf(error)
    }
  }

  #put({ flows, recent }: Flows): void {
    this.#flows.value = { flows, recent: withHeard(recent, this.#heard) }
  }
}

/** Runs that were heard of in their places, and without those that are gone. */
function withHeard(recent: Flows['recent'], rows: readonly FlowRunRow[]): Flows['recent'] {
  if (rows.length === 0) return recent
  const { isOlder } = newestKnown(rows)
  const heard = Map.groupBy(rows, ({ flow_id }): string => flow_id)
  const merged = new Map<string, readonly RecentRun[]>()
  for (const [id, runs] of recent) merged.set(id, runs.filter(isOlder))
  for (const [id, news] of heard) merged.set(id, [...news.map(recentRunOf), ...(merged.get(id) ?? [])].slice(0, MAX_BARS))
  return merged
}

function recentRunOf(run: FlowRunRow): RecentRun {
  return {
    id: run.id,
    name: run.name,
    state_type: run.state_type ?? 'PENDING',
    state_name: run.state_name ?? 'Pending',
    created: instantOf(run.created),
    expected_start_time: instantOrNull(run.expected_start_time),
    start_time: instantOrNull(run.start_time),
    end_time: instantOrNull(run.end_time),
    run_time: Math.round(Math.max(run.total_run_time, run.estimated_run_time) * 1_000_000),
  }
}

/** Those whose name or tag has the text, in order. */
export function flowsFor({ flows, recent }: Flows, text: string, order: FlowOrder): readonly FlowOutput[] {
  const wanted = text.toLowerCase()
  const found = flows.filter(
    ({ name, tags }) => name.toLowerCase().includes(wanted) || tags.some((tag) => tag.toLowerCase().includes(wanted)),
  )
  if (order === 'name') return found.toSorted((a, b) => byName.compare(a.name, b.name))
  const last = new Map(found.map(({ id, created }) => [id, recent.get(id)?.[0]?.created ?? instantOf(created)]))
  return found.toSorted((a, b) => (last.get(b.id) ?? 0) - (last.get(a.id) ?? 0))
}

const byName = new Intl.Collator()
