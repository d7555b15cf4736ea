/**
 * What an operation is. Paths are below `/w/{workspace}/api`. `prefect`: Prefect's API has it too, with the same path, fields and status codes.
 * `kernel`: a notebook's kernel may use it. `creates`: honours `Idempotency-Key`.
 */
import * as z from 'zod'
import type { RequiredRole } from './roles.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
export interface Operation {
  readonly method: Method
  readonly path: string
  readonly summary: string
  readonly role: RequiredRole
  /** Where it is answered: by the workspace's object, or before it is reached. */
  readonly at: 'workspace' | 'edge'
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** The body may be left out. */
  readonly bodyOptional?: true
  /** Null: no body. A string: that media type, streamed or not JSON. */
  readonly output: z.ZodType | null | 'text/csv' | 'text/plain' | 'text/html' | 'websocket'
  readonly status: 200 | 201 | 204 | 101
  readonly kernel?: true
  readonly prefect?: true
  readonly creates?: true
}

/** Keeps the literal types of an entry. */
export const op = <const T extends Operation>(operation: T): T => operation

/** A page of rows, as Prefect's `paginate` answers it. */
export const paginated = <T extends z.ZodType>(row: T) =>
  z.object({ results: z.array(row), count: z.int(), limit: z.int(), pages: z.int(), page: z.int() })
export const count = z.int()
