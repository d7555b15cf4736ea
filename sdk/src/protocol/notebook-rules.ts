/** What names and texts of a notebook may be, free of schemas: notebook.ts makes its schemas of the same rules. */
import { MAX_ATTRIBUTE_LENGTH, MAX_CELL_ATTRIBUTES, MAX_HEADER_KEYS, MAX_HEADER_VALUE_LENGTH } from './limits.ts'
import type { CellAttributes, NotebookHeader } from './notebook.ts'

export const CELL_KIND = /^[A-Za-z][\w.+-]{0,31}$/
/** A letter first: so neither `__proto__` nor a number, which an object would put before all others. */
export const ATTRIBUTE_NAME = /^(?!id$)[A-Za-z][\w-]{0,63}$/
export const HEADER_KEY = /^[A-Za-z][\w.-]{0,63}$/
/** `title: Daily ETL` opens an entry of the header; every other line belongs to the entry above it. */
export const HEADER_ENTRY = /^([A-Za-z][\w.-]{0,63}):(?: ([^]*)|$)/
/** Text as an editor has it: lines end with a line feed. */
export const EDITOR_TEXT = /^[^\r\0]*$/

/** A further line of a value may neither open an entry nor be `---`. */
const continuesValue = (line: string): boolean => !HEADER_ENTRY.test(line) && !/^---\s*$/.test(line)
export const hasOnlyContinuations = (value: string): boolean => value.split('\n').slice(1).every(continuesValue)

/** Whether a value from elsewhere is what {@link CellAttributes} admits. */
export function isCellAttributes(value: unknown): value is CellAttributes {
  const isAttribute = ([name, one]: [string, unknown]): boolean =>
    ATTRIBUTE_NAME.test(name) && (one === true || (typeof one === 'string' && one.length <= MAX_ATTRIBUTE_LENGTH))
  return isRecordOf(value, MAX_CELL_ATTRIBUTES, isAttribute)
}

/** Whether a value from elsewhere is what {@link NotebookHeader} admits. */
export function isNotebookHeader(value: unknown): value is NotebookHeader {
  const isEntry = ([key, text]: [string, unknown]): boolean =>
    HEADER_KEY.test(key) &&
    typeof text === 'string' &&
    text.length <= MAX_HEADER_VALUE_LENGTH &&
    EDITOR_TEXT.test(text) &&
    hasOnlyContinuations(text)
  return isRecordOf(value, MAX_HEADER_KEYS, isEntry) && Object.hasOwn(value, 'nb')
}

function isRecordOf(value: unknown, most: number, fits: (entry: [string, unknown]) => boolean): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries = Object.entries(value)
  return entries.length <= most && entries.every(fits)
}
