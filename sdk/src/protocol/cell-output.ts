/**
 * What a cell showed when it ran, as it is stored, watched by other tabs and exported. Never code: pages draw it from data.
 *
 * `data` is a bundle by media type; `text/plain` is always there, so that search, screen readers and other notebooks have something to read.
 */
import * as z from 'zod'
import { InstantMicros } from './instant-schemas.ts'
import { JsonObject } from './json.ts'
import { MAX_NAME_LENGTH } from './limits.ts'
import { CellId } from './notebook.ts'

export const CellOutput = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('stream'),
    name: z.enum(['stdout', 'stderr']),
    text: z.string(),
    /** What was printed before this text and is not kept. */
    omitted: z.strictObject({ characters: z.int().min(0), lines: z.int().min(0) }).optional(),
  }),
  z.strictObject({
    kind: z.enum(['display', 'result']),
    /** A later output with the same id takes its place. */
    id: z.string().max(MAX_NAME_LENGTH).optional(),
    data: JsonObject,
  }),
  z.strictObject({
    kind: z.literal('error'),
    name: z.string(),
    message: z.string(),
    stack: z.array(z.string()).readonly(),
    /** Where it stands in cells, the innermost first; lines and columns count from 1. */
    places: z
      .array(z.strictObject({ cell: CellId, line: z.int().min(1), column: z.int().min(1), name: z.string().optional() }))
      .readonly()
      .optional(),
  }),
])
export type CellOutput = Readonly<z.infer<typeof CellOutput>>

const CELL_RUN_STATES = ['running', 'done', 'failed', 'interrupted'] as const

/** The newest run of a cell that the workspace knows. */
export const CellRun = z.strictObject({
  cell: CellId,
  /** The kernel that ran it: one per tab and boot. */
  kernel: z.guid(),
  /** Hash of the code that it ran; with the cell's present one it tells whether the output is of this code. */
  code: z.string().max(MAX_NAME_LENGTH),
  state: z.enum(CELL_RUN_STATES),
  started: InstantMicros,
  /** Null while it runs. */
  duration_ms: z.number().min(0).nullable(),
  /** Where it ran: `browser`. */
  place: z.string().max(MAX_NAME_LENGTH),
  outputs: z.array(CellOutput).readonly(),
  /** Outputs and bytes that were left out. */
  omitted: z.strictObject({ outputs: z.int().min(0), bytes: z.int().min(0) }).optional(),
})
export type CellRun = Readonly<z.infer<typeof CellRun>>
