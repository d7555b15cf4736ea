/** Runs as a REST client makes them, for commands to show. */
import type { Client } from '#sdk/client/http.ts'
import type { FlowRunOutput } from '#sdk/protocol/flow-run.ts'
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import { formatInstant, parseInstant } from '#sdk/protocol/instants.ts'
import type { StateType } from '#sdk/protocol/states.ts'
import type { TaskRunOutput } from '#sdk/protocol/task-run.ts'

export async function flowRun(
  client: Client,
  flow: string,
  name: string,
  states: readonly StateType[],
  more: object = {},
): Promise<FlowRunOutput> {
  const { id: flow_id } = await client.call('flows.create', { body: { name: flow } })
  const { id } = await client.call('flow_runs.create', { body: { flow_id, name, state: { type: 'PENDING' }, ...more } })
  for (const type of states) await propose(client, id, type)
  return client.call('flow_runs.read', { params: { id } })
}

export async function propose(client: Client, id: FlowRunId, type: StateType, message?: string): Promise<void> {
  const state = { type, ...(message === undefined ? {} : { message }) }
  const { status, details } = await client.call('flow_runs.set_state', { params: { id }, body: { state } })
  if (status !== 'ACCEPT') throw new Error(`${type} was not accepted: ${details.reason ?? status}`)
}

export async function taskRun(client: Client, run: FlowRunId | null, name: string, states: readonly StateType[]): Promise<TaskRunOutput> {
  const task_key = name.replace(/-\d+$/, '')
  const dynamic_key = name.slice(task_key.length + 1)
  const { id } = await client.call('task_runs.create', {
    body: { flow_run_id: run, name, task_key, dynamic_key, state: { type: 'PENDING' } },
  })
  for (const type of states) {
    const { status } = await client.call('task_runs.set_state', { params: { id }, body: { state: { type } } })
    if (status !== 'ACCEPT') throw new Error(`${type} was not accepted.`)
  }
  return client.call('task_runs.read', { params: { id } })
}

export interface Line {
  readonly message: string
  readonly level?: number
  readonly task?: TaskRunId
}

/** Adds lines to a run's log, one millisecond apart from `start`. */
export async function log(client: Client, run: FlowRunId | null, start: string, lines: readonly Line[]): Promise<void> {
  const first = parseInstant(start) ?? 0
  const rows = lines.map(({ message, level = 20, task }, i) => ({
    name: task === undefined ? 'flowcell.flow_runs' : 'flowcell.task_runs',
    level,
    message,
    timestamp: formatInstant(first + i * 1_000),
    flow_run_id: run,
    ...(task === undefined ? {} : { task_run_id: task }),
  }))
  await client.call('logs.create', { body: rows })
}
