/**
 * A notebook: a header, cells in order and a bin; and the operations that change it. The workspace puts operations in one order, and
 * whoever applies them in that order has the same notebook.
 */
import * as z from 'zod'
import {
  MAX_ATTRIBUTE_LENGTH,
  MAX_BIN_CELLS,
  MAX_CELL_ATTRIBUTES,
  MAX_CELL_BYTES,
  MAX_CELLS,
  MAX_HEADER_KEYS,
  MAX_HEADER_VALUE_LENGTH,
  MAX_TEXT_SPANS,
} from './limits.ts'

export const NotebookId = z.guid().toLowerCase().brand<'NotebookId'>()
export type NotebookId = z.infer<typeof NotebookId>

/** What nbformat allows, but no leading sign. We mint four or more of `0-9a-z`. */
export const CellId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'a cell id has 1 to 64 letters, digits, - and _')
  .brand<'CellId'>()
export type CellId = z.infer<typeof CellId>

/** `ts` runs, `md` is shown, every other kind is kept. */
export const CellKind = z.string().regex(/^[A-Za-z][\w.+-]{0,31}$/, 'a kind of cell is one word of up to 32 letters, digits, . + - and _')

/** Text as an editor has it: lines end with a line feed. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\r\0]*$/, 'lines end with a line feed only, and there is no NUL')
export const CellSource = text(MAX_CELL_BYTES)

/** A letter first: so neither `__proto__` nor a number, which an object would put before all others. */
export const AttributeName = z
  .string()
  .regex(/^(?!id$)[A-Za-z][\w-]{0,63}$/, 'an attribute is one word of letters, digits, - and _; the id is no attribute')
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

/** `title: Daily ETL` opens an entry of the header; every other line belongs to the entry above it. */
export const HEADER_ENTRY = /^([A-Za-z][\w.-]{0,63}):(?: ([^]*)|$)/
const isContinuation = (line: string): boolean => !HEADER_ENTRY.test(line) && !/^---\s*$/.test(line)
export const HeaderKey = z.string().regex(/^[A-Za-z][\w.-]{0,63}$/, 'a key of the header is one word of letters, digits, . - and _')
export const HeaderValue = text(MAX_HEADER_VALUE_LENGTH).refine(
  (value) => value.split('\n').slice(1).every(isContinuation),
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
  /** `next` stands directly below `cell`, and its text is added to it. */
  operation('mergeCells', { cell: CellId, next: CellId, glue }),
  operation('setHeader', { key: HeaderKey, value: HeaderValue.nullable(), before: HeaderKey.optional() }),
  operation('replaceText', { cell: CellId, source: CellSource }),
  /** Spans in order, none over another. */
  operation('changeText', { cell: CellId, length: offset, spans: z.array(TextSpan).max(MAX_TEXT_SPANS).readonly() }),
])
export type NotebookOperation = z.infer<typeof NotebookOperation>
