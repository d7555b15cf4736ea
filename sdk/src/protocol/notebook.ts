/**
 * A notebook: a header, cells in order and a bin; and the operations that change it. The workspace puts operations in one order, and
 * whoever applies them in that order has the same notebook.
 */
import * as z from 'zod'
import { SessionId } from './ids.ts'
import { InstantOutput } from './instant-schemas.ts'
import {
  MAX_ATTRIBUTE_LENGTH,
  MAX_BATCH_OPERATIONS,
  MAX_BIN_CELLS,
  MAX_CELL_ATTRIBUTES,
  MAX_CELL_BYTES,
  MAX_CELLS,
  MAX_HEADER_KEYS,
  MAX_HEADER_VALUE_LENGTH,
  MAX_TEXT_SPANS,
} from './limits.ts'
import { ATTRIBUTE_NAME, CELL_KIND, EDITOR_TEXT, HEADER_KEY, hasOnlyContinuations } from './notebook-rules.ts'

export const NotebookId = z.guid().toLowerCase().brand<'NotebookId'>()
export type NotebookId = z.infer<typeof NotebookId>

/** What nbformat allows, but no leading sign. We mint four or more of `0-9a-z`. */
export const CellId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'a cell id has 1 to 64 letters, digits, - and _')
  .brand<'CellId'>()
export type CellId = z.infer<typeof CellId>

/** `ts` runs, `md` is shown, every other kind is kept. */
const CellKind = z.string().regex(CELL_KIND, 'a kind of cell is one word of up to 32 letters, digits, . + - and _')

/** Text as an editor has it: lines end with a line feed. */
const text = (max: number) => z.string().max(max).regex(EDITOR_TEXT, 'lines end with a line feed only, and there is no NUL')
export const CellSource = text(MAX_CELL_BYTES)

const AttributeName = z.string().regex(ATTRIBUTE_NAME, 'an attribute is one word of letters, digits, - and _; the id is no attribute')
export const AttributeValue = z.union([z.string().max(MAX_ATTRIBUTE_LENGTH), z.literal(true)])
export type AttributeValue = z.infer<typeof AttributeValue>
export const CellAttributes = z
  .record(AttributeName, AttributeValue)
  .refine((attributes) => Object.keys(attributes).length <= MAX_CELL_ATTRIBUTES, `at most ${MAX_CELL_ATTRIBUTES} attributes`)
  .readonly()
/** `title`, `runs`, `hidden`, `folded` and whatever else stood there, in the order of the file. */
export type CellAttributes = z.infer<typeof CellAttributes>

export const Cell = z.strictObject({ id: CellId, type: CellKind, source: CellSource, attributes: CellAttributes }).readonly()
export type Cell = z.infer<typeof Cell>

export const HeaderKey = z.string().regex(HEADER_KEY, 'a key of the header is one word of letters, digits, . - and _')
export const HeaderValue = text(MAX_HEADER_VALUE_LENGTH).refine(
  hasOnlyContinuations,
  'a further line of a value may neither open an entry nor be ---',
)
export const NotebookHeader = z
  .record(HeaderKey, HeaderValue)
  .refine((header) => Object.hasOwn(header, 'nb'), 'the header names the version of the format: nb')
  .refine((header) => Object.keys(header).length <= MAX_HEADER_KEYS, `at most ${MAX_HEADER_KEYS} keys`)
  .readonly()
/** `nb`, `title`, `network` and whatever else stood there, as text, in the order of the file. */
export type NotebookHeader = z.infer<typeof NotebookHeader>

/** Between two cells. The first neighbour that is still there counts; null stands for the beginning and the end. */
export const Place = z.strictObject({ after: CellId.nullable(), before: CellId.nullable() }).readonly()
export type Place = z.infer<typeof Place>

export const BinnedCell = z.strictObject({ cell: Cell, place: Place }).readonly()
export type BinnedCell = z.infer<typeof BinnedCell>

export const Notebook = z
  .strictObject({
    header: NotebookHeader,
    cells: z.array(Cell).max(MAX_CELLS).readonly(),
    /** What was deleted, the newest last. It is no part of any file. */
    bin: z.array(BinnedCell).max(MAX_BIN_CELLS).readonly(),
  })
  .readonly()
export type Notebook = z.infer<typeof Notebook>

const offset = z.int().min(0).max(MAX_CELL_BYTES)
/** White space that a split leaves out and a merge puts in. */
const glue = z
  .string()
  .max(16)
  .regex(/^[ \t\n]*$/, 'only white space goes missing between two cells')
/** `from` and `to` count UTF-16 units of the text before the change. */
export const TextSpan = z.strictObject({ from: offset, to: offset, insert: CellSource }).readonly()
export type TextSpan = z.infer<typeof TextSpan>

const operation = <const Name extends string, Shape extends z.ZodRawShape>(op: Name, shape: Shape) =>
  z.strictObject({ op: z.literal(op), ...shape }).readonly()

export const NotebookOperation = z.discriminatedUnion('op', [
  operation('insertCell', { cell: Cell, place: Place }),
  operation('deleteCell', { cell: CellId }),
  /** Without a place it goes back to where it was. */
  operation('restoreCell', { cell: CellId, place: Place.optional() }),
  operation('moveCell', { cell: CellId, place: Place }),
  operation('setCellType', { cell: CellId, type: CellKind }),
  /** Null removes it. A new one goes before the attribute `before`, else to the end. */
  operation('setAttribute', { cell: CellId, name: AttributeName, value: AttributeValue.nullable(), before: AttributeName.optional() }),
  /** `length` is that of the whole text: whoever knew another text is refused. */
  operation('splitCell', {
    cell: CellId,
    at: offset,
    without: glue,
    length: offset,
    into: z.strictObject({ id: CellId, type: CellKind, attributes: CellAttributes }).readonly(),
  }),
  /**
   * `next` stands directly below `cell`, and its text is added to it. `at` and `length` are those of `cell` before and after, filled in by
   * whoever applies it first: edits that did not know of the merge find their place by them.
   */
  operation('mergeCells', { cell: CellId, next: CellId, glue, at: offset.optional(), length: z.int().min(0).optional() }),
  operation('setHeader', { key: HeaderKey, value: HeaderValue.nullable(), before: HeaderKey.optional() }),
  /** Whoever applies it first makes it a change of what differs, so that what others type meanwhile stays. */
  operation('replaceText', { cell: CellId, source: CellSource }),
  /** Spans in order, none over another. Of a cell in the bin, too: it may have been deleted while somebody typed. */
  operation('changeText', { cell: CellId, length: offset, spans: z.array(TextSpan).max(MAX_TEXT_SPANS).readonly() }),
])
export type NotebookOperation = z.infer<typeof NotebookOperation>

/** Minted by who edits. A batch that is sent again by the same id changes nothing. */
export const BatchId = z.guid().toLowerCase().brand<'BatchId'>()
export type BatchId = z.infer<typeof BatchId>
const version = z.int().min(0)

/**
 * Edits that are sent together. The first stands on version `base` of the notebook, each further one on the one before it; the workspace
 * finds their place after what came since.
 */
const batch = { id: BatchId, base: version, ops: z.array(NotebookOperation).min(1).max(MAX_BATCH_OPERATIONS).readonly() }
export const NotebookBatch = z.strictObject(batch)
export type NotebookBatch = Readonly<z.infer<typeof NotebookBatch>>

/** An edit that changed nothing: the one with that index in its batch. */
export const RefusedOperation = z.strictObject({ index: z.int().min(0), code: z.string(), detail: z.string() }).readonly()
export type RefusedOperation = z.infer<typeof RefusedOperation>

/** The answer to a batch. `version`: the one that it made; null when nothing of it was left to do. */
export const Placed = z.strictObject({ version: version.nullable(), refused: z.array(RefusedOperation).readonly() })
export type Placed = Readonly<z.infer<typeof Placed>>

/** A batch in the order of the workspace: operations as they apply to the version before. */
export const PlacedBatch = z.strictObject({
  version,
  id: BatchId,
  ops: z.array(NotebookOperation).readonly(),
  refused: z.array(RefusedOperation).readonly().optional(),
  /** Whose edits; null over REST. */
  session: SessionId.nullable(),
})
export type PlacedBatch = Readonly<z.infer<typeof PlacedBatch>>

/** A notebook in a list. */
export const NotebookSummary = z.object({
  id: NotebookId,
  /** Null without one. */
  title: z.string().nullable(),
  created: InstantOutput,
  updated: InstantOutput,
  version,
  /** How many it has; those in the bin are not counted. */
  cell_count: z.int(),
})
export type NotebookSummary = Readonly<z.infer<typeof NotebookSummary>>

/** A notebook as it is now. */
export const NotebookState = NotebookSummary.extend({ notebook: Notebook })
export type NotebookState = Readonly<z.infer<typeof NotebookState>>
