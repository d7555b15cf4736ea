/** Which runs a list shows: read from the address and written to it, asked of the workspace, and tried on rows that come live. */
import type { StateType } from '#sdk/protocol/states.ts'
import { instantOf } from './instant.ts'

export type Range =
  | { readonly is: 'last'; readonly hours: number }
  /** Microseconds. */
  | { readonly is: 'between'; readonly from: number; readonly to: number }

export interface RunFilters {
  readonly range: Range
  /** Ids of {@link STATE_CHOICES}. */
  readonly states: readonly string[]
  /** Names. */
  readonly flows: readonly string[]
  readonly tags: readonly string[]
  /** Part of the run's name. */
  readonly name: string
}

export const RANGES = [
  { id: '1h', title: '1 h', hours: 1 },
  { id: '24h', title: '24 h', hours: 24 },
  { id: '7d', title: '7 d', hours: 168 },
  { id: '30d', title: '30 d', hours: 720 },
] as const
const DEFAULT_HOURS = 24

interface StateChoice {
  readonly id: string
  readonly title: string
  readonly type: StateType
  /** Only states of this name; without it all of the type. */
  readonly name?: string
}
export const STATE_CHOICES: readonly StateChoice[] = [
  { id: 'completed', title: 'Completed', type: 'COMPLETED' },
  { id: 'failed', title: 'Failed', type: 'FAILED' },
  { id: 'crashed', title: 'Crashed', type: 'CRASHED' },
  { id: 'running', title: 'Running', type: 'RUNNING' },
  { id: 'late', title: 'Late', type: 'SCHEDULED', name: 'Late' },
  { id: 'awaiting-retry', title: 'Awaiting retry', type: 'SCHEDULED', name: 'AwaitingRetry' },
  { id: 'cached', title: 'Cached', type: 'COMPLETED', name: 'Cached' },
  { id: 'pending', title: 'Pending', type: 'PENDING' },
  { id: 'scheduled', title: 'Scheduled', type: 'SCHEDULED' },
  { id: 'paused', title: 'Paused', type: 'PAUSED' },
  { id: 'cancelling', title: 'Cancelling', type: 'CANCELLING' },
  { id: 'cancelled', title: 'Cancelled', type: 'CANCELLED' },
]

const HOUR = 3_600_000_000
export const NO_FILTERS: RunFilters = { range: { is: 'last', hours: DEFAULT_HOURS }, states: [], flows: [], tags: [], name: '' }

export function filtersOf(query: URLSearchParams): RunFilters {
  const known = new Set(STATE_CHOICES.map(({ id }) => id))
  return {
    range: rangeOf(query),
    states: unique(query.getAll('state')).filter((id) => known.has(id)),
    flows: unique(query.getAll('flow')),
    tags: unique(query.getAll('tag')),
    name: query.get('name')?.trim() ?? '',
  }
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values.filter((value) => value !== ''))]

function rangeOf(query: URLSearchParams): Range {
  const [from, to] = [Date.parse(query.get('from') ?? ''), Date.parse(query.get('to') ?? '')]
  if (from < to) return { is: 'between', from: from * 1_000, to: to * 1_000 }
  const hours = RANGES.find(({ id }) => id === query.get('range'))?.hours ?? DEFAULT_HOURS
  return { is: 'last', hours }
}

/** The query of the address, in one order, without what is the rule. */
export function queryOf({ range, states, flows, tags, name }: RunFilters): URLSearchParams {
  const query = new URLSearchParams()
  if (range.is === 'between') {
    query.set('from', new Date(range.from / 1_000).toISOString())
    query.set('to', new Date(range.to / 1_000).toISOString())
  } else if (range.hours !== DEFAULT_HOURS) query.set('range', RANGES.find(({ hours }) => hours === range.hours)?.id ?? '')
  for (const state of states) query.append('state', state)
  for (const flow of flows) query.append('flow', flow)
  for (const tag of tags) query.append('tag', tag)
  if (name !== '') query.set('name', name)
  return query
}

/** Shows only runs in that state too, or no longer. */
export function toggleState(filters: RunFilters, id: string): RunFilters {
  const { states } = filters
  return { ...filters, states: states.includes(id) ? states.filter((other) => other !== id) : [...states, id] }
}

/** The same of another time: RFC 3339. */
export const within = (filters: RunFilters, from: string, to: string): RunFilters => ({
  ...filters,
  range: { is: 'between', from: Date.parse(from) * 1_000, to: Date.parse(to) * 1_000 },
})

/** Anything but time is asked for. */
export const isFiltered = ({ states, flows, tags, name }: RunFilters): boolean =>
  states.length + flows.length + tags.length > 0 || name !== ''

export interface Window {
  readonly from: number
  readonly to: number
}

/** The time that is asked about. Microseconds. */
export const windowOf = ({ range }: RunFilters, now: number): Window =>
  range.is === 'between' ? range : { from: now - range.hours * HOUR, to: now }

/** As the schemas of the API take it, which is why the lists are not readonly. */
export interface Asked {
  readonly flows?: { readonly name: { readonly any_: string[] } }
  readonly runs: {
    readonly state?: {
      readonly operator: 'or_'
      readonly type?: { readonly any_: StateType[] }
      readonly name?: { readonly any_: string[] }
    }
    readonly tags?: { readonly all_: string[] }
    readonly name?: { readonly like_: string }
    readonly expected_start_time: { readonly after_: string; readonly before_?: string }
  }
}

/** The filter as the API takes it: by flow, and by what runs are. A range that ends now has no end, so that what starts meanwhile is in it. */
export function askedOf(filters: RunFilters, now: number): Asked {
  const { states, flows, tags, name, range } = filters
  const { from, to } = windowOf(filters, now)
  const choices = STATE_CHOICES.filter(({ id }) => states.includes(id))
  const types = choices.flatMap(({ type, name: only }) => (only === undefined ? [type] : []))
  const names = choices.flatMap(({ name: only }) => only ?? [])
  const state = {
    operator: 'or_' as const,
    ...(types.length > 0 && { type: { any_: types } }),
    ...(names.length > 0 && { name: { any_: names } }),
  }
  return {
    ...(flows.length > 0 && { flows: { name: { any_: [...flows] } } }),
    runs: {
      ...(choices.length > 0 && { state }),
      ...(tags.length > 0 && { tags: { all_: [...tags] } }),
      ...(name !== '' && { name: { like_: name } }),
      expected_start_time: { after_: textOf(from), ...(range.is === 'between' && { before_: textOf(to) }) },
    },
  }
}

const textOf = (instant: number): string => new Date(instant / 1_000).toISOString()

interface Row {
  readonly name: string
  readonly flow_name: string
  readonly tags: readonly string[]
  readonly state_type: string | null
  readonly state_name: string | null
  readonly expected_start_time: string | null
}

/** Whether the workspace would have answered this row. */
export function matches(row: Row, filters: RunFilters, now: number): boolean {
  const { states, flows, tags, name, range } = filters
  const { from, to } = windowOf(filters, now)
  const at = row.expected_start_time === null ? undefined : instantOf(row.expected_start_time)
  if (at === undefined || at < from || (range.is === 'between' && at > to)) return false
  if (flows.length > 0 && !flows.includes(row.flow_name)) return false
  if (!tags.every((tag) => row.tags.includes(tag))) return false
  if (name !== '' && !row.name.toLowerCase().includes(name.toLowerCase())) return false
  const choices = STATE_CHOICES.filter(({ id }) => states.includes(id))
  return (
    choices.length === 0 ||
    choices.some((choice) => (choice.name === undefined ? row.state_type === choice.type : row.state_name === choice.name))
  )
}

/** What somebody typed: `state:failed flow:etl tag:ml "part of a name"`. What is no field is part of the name. */
export function typed(text: string): Partial<Pick<RunFilters, 'states' | 'flows' | 'tags' | 'name'>> {
  const found: { states: string[]; flows: string[]; tags: string[]; name: string[] } = { states: [], flows: [], tags: [], name: [] }
  for (const [, field, quoted, plain] of text.matchAll(/(?:(state|flow|tag):)?(?:"([^"]*)"?|(\S+))/gi)) {
    const value = quoted ?? plain ?? ''
    if (field === undefined) found.name.push(value)
    else if (field.toLowerCase() === 'flow') found.flows.push(value)
    else if (field.toLowerCase() === 'tag') found.tags.push(value)
    else {
      const wanted = value.toLowerCase().replaceAll(/[\s_-]/g, '')
      const choice = STATE_CHOICES.find(({ id }) => id.replaceAll('-', '') === wanted)
      if (choice === undefined) found.name.push(`state:${value}`)
      else found.states.push(choice.id)
    }
  }
  return { states: found.states, flows: found.flows, tags: found.tags, name: found.name.join(' ') }
}
