/** States of flow runs and task runs. */
import * as z from 'zod'
import { FlowRunId, StateId, TaskRunId } from '../ids.ts'
import { op, type Operation } from '../operation.ts'
import { StateOutput } from '../states.ts'

const stateId = z.strictObject({ id: StateId })

export const STATE_OPERATIONS = {
  'flow_run_states.read': op({
    method: 'GET',
    path: '/flow_run_states/:id',
    summary: 'Reads one state of a flow run.',
    role: 'viewer',
    at: 'workspace',
    params: stateId,
    output: StateOutput,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'flow_run_states.list': op({
    method: 'GET',
    path: '/flow_run_states/',
    summary: 'The states of a flow run, oldest first.',
    role: 'viewer',
    at: 'workspace',
    query: z.strictObject({ flow_run_id: FlowRunId }),
    output: z.array(StateOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'task_run_states.read': op({
    method: 'GET',
    path: '/task_run_states/:id',
    summary: 'Reads one state of a task run.',
    role: 'viewer',
    at: 'workspace',
    params: stateId,
    output: StateOutput,
    status: 200,
    kernel: true,
    prefect: true,
  }),
  'task_run_states.list': op({
    method: 'GET',
    path: '/task_run_states/',
    summary: 'The states of a task run, oldest first.',
    role: 'viewer',
    at: 'workspace',
    query: z.strictObject({ task_run_id: TaskRunId }),
    output: z.array(StateOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),
} as const satisfies Record<string, Operation>
