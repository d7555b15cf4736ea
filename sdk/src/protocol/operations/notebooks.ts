/** Notebooks: ours, in the manner of the rest. `operate` and `report_run` are the twins of what pages say over the socket. */
import * as z from 'zod'
import { CellRun } from '../cell-output.ts'
import { NotebookQuery } from '../filters.ts'
import { MAX_BODY_BYTES, MAX_HEADER_VALUE_LENGTH } from '../limits.ts'
import { CellId, Notebook, NotebookBatch, NotebookId, NotebookState, NotebookSummary, Placed, PlacedBatch } from '../notebook.ts'
import { op, type Operation } from '../operation.ts'

const notebookId = z.strictObject({ id: NotebookId })

export const NotebookCreate = z.strictObject({
  /** In place of the title that `source` has. */
  title: z.string().min(1).max(MAX_HEADER_VALUE_LENGTH).optional(),
  /** The text of a `.nb.ts` file, or a notebook as `notebooks.read` answers it. Empty without. */
  source: z.union([z.string().max(MAX_BODY_BYTES), Notebook]).optional(),
})

/** `cell_runs`: the newest run of each cell, as far as they are small together; `more_runs` are read by themselves. */
export const NotebookOutput = NotebookState.extend({ cell_runs: z.array(CellRun), more_runs: z.array(CellId) })
export type NotebookOutput = Readonly<z.infer<typeof NotebookOutput>>

/** `notices`: what was odd in a file, and what became of it. */
export const NotebookCreated = NotebookOutput.extend({
  notices: z.array(z.object({ code: z.string(), sentence: z.string(), line: z.int().optional(), cell: z.int().optional() })).readonly(),
})

/** A number as an address has it. */
const VersionInput = z
  .string()
  .regex(/^\d{1,15}$/, 'a version is a whole number')
  .transform(Number)

export const NOTEBOOK_OPERATIONS = {
  'notebooks.create': op({
    method: 'POST',
    path: '/notebooks/',
    summary: 'Makes a notebook, empty or out of a .nb.ts file.',
    role: 'editor',
    at: 'workspace',
    body: NotebookCreate,
    bodyOptional: true,
    output: NotebookCreated,
    status: 201,
    creates: true,
  }),
  'notebooks.filter': op({
    method: 'POST',
    path: '/notebooks/filter',
    summary: 'Lists notebooks.',
    role: 'viewer',
    at: 'workspace',
    body: NotebookQuery,
    bodyOptional: true,
    output: z.array(NotebookSummary),
    status: 200,
  }),
  'notebooks.read': op({
    method: 'GET',
    path: '/notebooks/:id',
    summary: 'Reads a notebook and what its cells show.',
    role: 'viewer',
    at: 'workspace',
    params: notebookId,
    output: NotebookOutput,
    status: 200,
  }),
  'notebooks.export': op({
    method: 'GET',
    path: '/notebooks/:id/export',
    summary: 'The notebook as a .nb.ts file.',
    role: 'viewer',
    at: 'workspace',
    params: notebookId,
    output: 'text/plain',
    status: 200,
  }),
  'notebooks.delete': op({
    method: 'DELETE',
    path: '/notebooks/:id',
    summary: 'Deletes a notebook for good.',
    role: 'owner',
    at: 'workspace',
    params: notebookId,
    output: null,
    status: 204,
  }),
  'notebooks.operate': op({
    method: 'POST',
    path: '/notebooks/:id/operations',
    summary: 'Edits a notebook. The same batch sent again changes nothing.',
    role: 'editor',
    at: 'workspace',
    params: notebookId,
    body: NotebookBatch,
    output: Placed,
    status: 200,
  }),
  'notebooks.operations': op({
    method: 'GET',
    path: '/notebooks/:id/operations',
    summary: 'The edits after a version, in their order, as long as all of them are known.',
    role: 'viewer',
    at: 'workspace',
    params: notebookId,
    query: z.strictObject({ after: VersionInput }),
    output: z.array(PlacedBatch),
    status: 200,
  }),
  'notebooks.report_run': op({
    method: 'POST',
    path: '/notebooks/:id/runs',
    summary: 'Stores what a cell shows; an older run than the stored one changes nothing.',
    role: 'editor',
    at: 'workspace',
    params: notebookId,
    body: CellRun,
    output: null,
    status: 204,
  }),
  'notebooks.read_run': op({
    method: 'GET',
    path: '/notebooks/:id/runs/:cell',
    summary: 'Reads what one cell shows.',
    role: 'viewer',
    at: 'workspace',
    params: z.strictObject({ id: NotebookId, cell: CellId }),
    output: CellRun,
    status: 200,
  }),
} as const satisfies Record<string, Operation>
