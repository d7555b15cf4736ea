/** A task run as the pages of runs hold it: short, whether it came in a timeline's row or in an event. */
import type { JsonObject } from '#sdk/protocol/json.ts'
import type { Timeline } from '#sdk/protocol/overviews.ts'
import type { StateType } from '#sdk/protocol/states.ts'
import { instantOf } from './instant.ts'

export interface Step {
  readonly type: StateType
  readonly name: string
  readonly at: number
}

export interface TaskRow {
  readonly id: string
  readonly name: string
  readonly key: string
  /** Never empty. */
  readonly steps: readonly Step[]
  /** Task runs whose results went in. */
  readonly parents: readonly string[]
  /** The flow run that it stands for. */
  readonly subflow: string | null
  /** What its state says, where it went wrong. */
  readonly problem: string | null
  /** How often it may be tried again, and when it will be; only events tell. */
  readonly retries?: number
  readonly due?: number
}

const NO_STEP: Step = { type: 'PENDING', name: 'Pending', at: 0 }
export const stateOf = ({ steps }: TaskRow): Step => steps.at(-1) ?? NO_STEP
/** When it was made. */
export const bornAt = ({ steps }: TaskRow): number => steps[0]?.at ?? 0

export function rowsOfTimeline({ base, keys, states, rows }: Timeline): readonly TaskRow[] {
  return rows.map(([id, name, key, history, parents, subflow, problem]) => {
    const steps: Step[] = []
    for (let at = 0; at + 1 < history.length; at += 2) {
      const state = states[history[at] ?? 0]
      if (state !== undefined) steps.push({ type: state[0], name: state[1], at: base + (history[at + 1] ?? 0) })
    }
    const ids = parents.flatMap((parent) => (typeof parent === 'string' ? [parent] : (rows[parent]?.[0] ?? [])))
    return { id, name, key: keys[key] ?? '', steps, parents: ids, subflow, problem }
  })
}

/** A row of the topic `flow_run:{id}`; undefined for what is none. */
export function rowOfEvent(row: JsonObject): TaskRow | undefined {
  const { id, name, task_key, history, task_inputs, state } = row
  if (typeof id !== 'string' || typeof name !== 'string' || typeof task_key !== 'string' || !Array.isArray(history)) return undefined
  const steps = stepsOf(history)
  const last = steps.at(-1)
  if (last === undefined) return undefined
  const facts = isObject(state) ? state : {}
  const details = isObject(facts['state_details']) ? facts['state_details'] : {}
  const child = details['child_flow_run_id']
  const due = details['scheduled_time']
  const policy = isObject(row['empirical_policy']) ? row['empirical_policy'] : {}
  return {
    id,
    name,
    key: task_key,
    steps,
    parents: parentsOf(id, task_inputs),
    subflow: typeof child === 'string' ? child : null,
    problem: problemOf(last, facts['message']),
    ...(typeof policy['retries'] === 'number' && { retries: policy['retries'] }),
    ...(typeof due === 'string' && { due: instantOf(due) }),
  }
}

function stepsOf(history: readonly unknown[]): readonly Step[] {
  const steps: Step[] = []
  for (let i = 0; i + 2 < history.length; i += 3) {
    const [type, name, at] = history.slice(i, i + 3)
    // The workspace names only types that there are.
    if (typeof type === 'string' && typeof name === 'string' && typeof at === 'number') steps.push({ type: type as StateType, name, at })
  }
  return steps
}

function parentsOf(id: string, inputs: unknown): readonly string[] {
  if (!isObject(inputs)) return []
  const parents = new Set<string>()
  for (const list of Object.values(inputs)) {
    if (!Array.isArray(list)) continue
    for (const input of list) {
      if (isObject(input) && input['input_type'] === 'task_run' && typeof input['id'] === 'string' && input['id'] !== id)
        parents.add(input['id'])
    }
  }
  return [...parents]
}

function problemOf({ type, name }: Step, message: unknown): string | null {
  const isWrong = type === 'FAILED' || type === 'CRASHED' || name === 'NotReady' || name === 'AwaitingRetry'
  return isWrong && typeof message === 'string' ? (message.split('\n', 1)[0] ?? '') : null
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
