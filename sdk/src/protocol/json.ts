/** JSON values and the objects that users attach to things. */
import * as z from 'zod'
import { MAX_LABELS, MAX_NAME_LENGTH, MAX_TAGS } from './limits.ts'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }
/** Anything that JSON can say. What arrives here was read by `JSON.parse`, so it is not walked again. */
export const JsonValue = z.unknown().refine((value) => value !== undefined, 'expected a value') as unknown as z.ZodType<JsonValue>
export type JsonObject = { readonly [key: string]: JsonValue }
export const JsonObject = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject>

export const Tags = z.array(z.string().min(1).max(MAX_NAME_LENGTH)).max(MAX_TAGS).readonly()
export type Tags = z.infer<typeof Tags>
export const Labels = z
  .record(z.string().max(MAX_NAME_LENGTH), z.union([z.string().max(MAX_NAME_LENGTH), z.number(), z.boolean()]))
  .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `at most ${MAX_LABELS} labels`)
  .readonly()
export type Labels = z.infer<typeof Labels>
