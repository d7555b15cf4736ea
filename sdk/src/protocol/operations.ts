/**
 * The one table of operations. Router, OpenAPI document, typed client, command line and role test are made from it.
 * An operation that is missing here does not exist; one whose role is missing does not compile.
 */
import type * as z from 'zod'
import type { Operation } from './operation.ts'
import { ADMIN_OPERATIONS } from './operations/admin.ts'
import { FLOW_OPERATIONS } from './operations/flows.ts'
import { FLOW_RUN_OPERATIONS } from './operations/flow-runs.ts'
import { TASK_RUN_OPERATIONS } from './operations/task-runs.ts'
import { STATE_OPERATIONS } from './operations/states.ts'
import { LOG_OPERATIONS } from './operations/logs.ts'
import { NOTEBOOK_OPERATIONS } from './operations/notebooks.ts'
import { OVERVIEW_OPERATIONS } from './operations/overviews.ts'

export const OPERATIONS = {
  ...ADMIN_OPERATIONS,
  ...FLOW_OPERATIONS,
  ...FLOW_RUN_OPERATIONS,
  ...TASK_RUN_OPERATIONS,
  ...STATE_OPERATIONS,
  ...LOG_OPERATIONS,
  ...NOTEBOOK_OPERATIONS,
  ...OVERVIEW_OPERATIONS,
} as const satisfies Record<string, Operation>

export type Operations = typeof OPERATIONS
export type OperationId = keyof Operations
type Shape<T, K extends string> = T extends { readonly [P in K]: infer S extends z.ZodType } ? z.output<S> : undefined
/** What an operation gets, validated and decoded: path parameters, query and body. */
export interface OperationInput<Id extends OperationId> {
  readonly params: Shape<Operations[Id], 'params'>
  readonly query: Shape<Operations[Id], 'query'>
  readonly body: Shape<Operations[Id], 'body'>
}
type Raw<T, K extends string> = T extends { readonly [P in K]: infer S extends z.ZodType } ? z.input<S> : undefined
/** What a client sends: the same before decoding (times are text). */
export interface OperationRequest<Id extends OperationId> {
  readonly params: Raw<Operations[Id], 'params'>
  readonly query: Raw<Operations[Id], 'query'>
  readonly body: Raw<Operations[Id], 'body'>
}
export type OperationOutput<Id extends OperationId> = Operations[Id]['output'] extends infer S extends z.ZodType
  ? z.output<S>
  : Operations[Id]['output'] extends null
    ? undefined
    : string
