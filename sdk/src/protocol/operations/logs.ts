/** Log lines. */
import * as z from 'zod'
import { LogQuery } from '../filters.ts'
import { LogCreate, LogOutput } from '../log.ts'
import { op, type Operation } from '../operation.ts'

export const LOG_OPERATIONS = {
  'logs.create': op({
    method: 'POST',
    path: '/logs/',
    summary: 'Adds log lines.',
    role: 'editor',
    at: 'workspace',
    body: z.array(LogCreate),
    output: null,
    status: 201,
    kernel: true,
    prefect: true,
  }),
  'logs.filter': op({
    method: 'POST',
    path: '/logs/filter',
    summary: 'Lists log lines. A whole log is read with `cursor` (of the header x-flowcell-next-cursor), which costs less than `offset`.',
    role: 'viewer',
    at: 'workspace',
    body: LogQuery,
    bodyOptional: true,
    output: z.array(LogOutput),
    status: 200,
    kernel: true,
    prefect: true,
  }),
} as const satisfies Record<string, Operation>
