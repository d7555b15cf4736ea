/** A flow: what runs have in common. Its identity in a workspace is its name. */
import * as z from 'zod'
import { FlowId } from './ids.ts'
import type { Instant } from './instants.ts'
import { InstantOutput } from './instant-schemas.ts'
import { JsonObject, Labels, Tags } from './json.ts'
import { MAX_NAME_LENGTH } from './limits.ts'

/** `/ % & > <` are banned, as in Prefect: names stand in addresses. */
export const FlowName = z
  .string()
  .min(1)
  .max(MAX_NAME_LENGTH)
  .regex(/^[^/%&<>]+$/, 'a flow name may not contain / % & > <')

export interface Flow {
  readonly id: FlowId
  readonly created: Instant
  readonly updated: Instant
  readonly name: string
  readonly tags: Tags
  readonly labels: Labels
  /** JSON Schema of the parameters as last registered; null when nobody told. */
  readonly parameter_openapi_schema: JsonObject | null
}

export const FlowCreate = z.strictObject({
  name: FlowName,
  tags: Tags.optional(),
  labels: Labels.nullish(),
  parameter_openapi_schema: JsonObject.nullish(),
})
export type FlowCreate = z.infer<typeof FlowCreate>
export const FlowUpdate = z.strictObject({ tags: Tags.optional(), labels: Labels.nullish() })
export type FlowUpdate = z.infer<typeof FlowUpdate>

export const FlowOutput = z.object({
  id: FlowId,
  created: InstantOutput,
  updated: InstantOutput,
  name: z.string(),
  tags: Tags,
  labels: Labels,
  parameter_openapi_schema: JsonObject.nullable(),
})
export type FlowOutput = z.infer<typeof FlowOutput>
